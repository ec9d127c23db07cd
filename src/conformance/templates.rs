//! Template cases: templates that a command must accept or refuse.

use super::command::{self, Ended};
use super::file::CaseFile;
use super::outcome::CommandVerdict;
use include_dir::{Dir, include_dir};
use std::io;
use std::path::Path;
use std::time::Duration;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/conformance/templates");

/// Returns every template case, ordered by name.
pub fn all() -> Vec<CaseFile> {
    let kinds = FILES.dirs().flat_map(|validity| validity.dirs());
    let files = kinds.flat_map(|kind| {
        let folder = kind.path().file_name().and_then(|name| name.to_str());
        kind.files().filter_map(move |file| {
            Some(CaseFile {
                name: file.path().file_name()?.to_str()?,
                folder: folder?,
                text: file.contents_utf8()?,
            })
        })
    });
    let mut cases: Vec<_> = files.collect();
    cases.sort_by_key(CaseFile::id);
    cases
}

/// Runs `command` with the template's path as its last argument. Exit status 0 accepts the template, any other refuses
/// it.
///
/// # Errors
///
/// Fails if the command cannot be run.
pub fn check(case: CaseFile, command: &[String], limit: Duration) -> io::Result<CommandVerdict> {
    let folder = tempfile::tempdir()?;
    // The name must not give away the expectation.
    let path = folder.path().join("template");
    let path = path.with_extension(Path::new(case.name).extension().unwrap_or_default());
    std::fs::write(&path, case.text)?;
    let ended = command::run(command, &[path.into()], limit)?;
    Ok(match ended {
        Ended::Exited { succeeded, .. } if succeeded != case.is_invalid() => CommandVerdict::Pass,
        Ended::Exited {
            succeeded: true, ..
        } => CommandVerdict::Fail("it is invalid, but was accepted".to_owned()),
        Ended::Exited { output, .. } => {
            let message = format!("it is valid, but was refused{}", command::tail(&output));
            CommandVerdict::Fail(message)
        }
        Ended::Broken(message) => CommandVerdict::Error(message),
        Ended::TimeOut => CommandVerdict::TimeOut,
    })
}
