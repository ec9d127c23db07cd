//! Template cases: templates that a command must accept or refuse.

use super::command::{self, Ended};
use super::file::CaseFile;
use super::outcome::CommandVerdict;
use super::packed;
use std::io;
use std::path::Path;
use std::time::Duration;

/// Returns every template case, ordered by name.
pub fn all() -> Vec<CaseFile> {
    let files = packed::cases("templates").filter_map(|(path, text)| {
        let (folder, name) = path.rsplit_once('/')?;
        let folder = folder.rsplit_once('/').map_or(folder, |(_, last)| last);
        Some(CaseFile { name, folder, text })
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
