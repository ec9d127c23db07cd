//! Template cases: templates that a runtime has to accept or to refuse.

use super::command::{self, Ended};
use super::file::CaseFile;
use super::outcome::Judgement;
use include_dir::{Dir, include_dir};
use std::io;
use std::path::Path;
use std::time::Duration;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/conformance/templates");

/// Every template case, in the order of their names.
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

/// Runs `command` with the template's path as its last argument; it accepts the template with exit status 0 and
/// refuses it with another.
///
/// # Errors
///
/// If the command cannot be run at all.
pub fn check(case: CaseFile, command: &[String], limit: Duration) -> io::Result<Judgement> {
    let folder = tempfile::tempdir()?;
    // A name that does not tell what is expected.
    let path = folder.path().join("template");
    let path = path.with_extension(Path::new(case.name).extension().unwrap_or_default());
    std::fs::write(&path, case.text)?;
    let ended = command::run(command, &[path.into()], limit)?;
    Ok(match ended {
        Ended::Exited { succeeded, .. } if succeeded != case.is_invalid() => Judgement::Pass,
        Ended::Exited {
            succeeded: true, ..
        } => Judgement::Fail("it is invalid and was accepted".to_owned()),
        Ended::Exited { output, .. } => {
            let message = format!("it is valid and was refused{}", command::tail(&output));
            Judgement::Fail(message)
        }
        Ended::Broken(message) => Judgement::Error(message),
        Ended::TimeOut => Judgement::TimeOut,
    })
}
