//! The process that the runtime has started: leaves the watcher behind, and becomes the action.

use super::command_line::CommandLine;
use super::refusal::Refusal;
use super::watch::{self, DETACH, WATCH};
use super::{Handover, NOT_STARTED};
use crate::run::CancelInfo;
use nix::errno::Errno;
use nix::unistd::{dup2_stderr, dup2_stdout};
use openjd_monitor_core::template::Slot;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, PipeWriter, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::Command;
use thiserror::Error;

/// Reason for which this process has not become the action.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// The action was not tried (VAR-4).
    #[error("openjd_fail: onMonitor: {0}")]
    Refused(String),
    /// Its program cannot be started.
    #[error("onMonitor: cannot start {command}: {}", error.desc())]
    NotStarted {
        /// Program of the action.
        command: String,
        /// Reason.
        error: Errno,
    },
}

impl Failure {
    /// Returns true if there is no such program.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotStarted { error, .. } if *error == Errno::ENOENT)
    }
}

/// Runs one of the three processes of the supervisor, given the arguments of `supervise`. Says a line with `say`.
///
/// # Errors
///
/// Fails if this process was to become the action and could not.
pub(crate) fn supervise(
    arguments: &[OsString],
    say: impl FnOnce(&str) -> io::Result<()>,
) -> Result<(), Failure> {
    let refused = |error: io::Error| Failure::Refused(format!("cannot be run: {error}"));
    match arguments {
        [argument] if argument == DETACH => return watch::detach().map_err(refused),
        [argument] if argument == WATCH => return watch::watch().map_err(refused),
        _ => {}
    }
    let refused = |refusal: Refusal| Failure::Refused(refusal.to_string());
    let line = CommandLine::read(arguments).map_err(refused)?;
    let (own, action) = arguments.split_at(line.own);
    let action = &action[1..];
    let left = line.beside(action).map_err(|refusal| refusal.to_string());
    let left = left.and_then(|_| Watcher::leave(own).map_err(|error| error.to_string()));
    match left {
        Ok(watcher) => {
            let error = become_action(action);
            watcher.tell_failure();
            Err(error)
        }
        // Nothing about a monitor may prevent cleanup (VAR-4).
        Err(error) if line.slot().is_ok_and(Slot::is_exit) => {
            let slot = line.slot().map_or("", Slot::name);
            let text = format!("[onMonitor] {slot} runs without a monitor: {error}");
            say(&text).map_err(|error| Failure::Refused(error.to_string()))?;
            Err(become_action(action))
        }
        Err(error) => Err(Failure::Refused(error)),
    }
}

/// A watcher that waits for the start of the action.
struct Watcher {
    /// Pipe with the handover. The exec of the action closes it.
    start: PipeWriter,
}

impl Watcher {
    /// Starts a watcher that is no child of this process, and sends the output of this process through it.
    fn leave(own: &[OsString]) -> io::Result<Self> {
        let (control, mut start) = io::pipe()?;
        let (output, action_output) = io::pipe()?;
        let is_merged = is_same_file()?;
        // The child ends at once; the watcher is its child.
        let status = Command::new(std::env::current_exe()?)
            .args(["supervise", DETACH])
            .stdin(control)
            .stderr(output)
            .status()?;
        if !status.success() {
            return Err(io::Error::other("the watcher cannot be started"));
        }
        let own = own.iter().map(|text| text.to_string_lossy().into_owned());
        let handover = Handover {
            pid: std::process::id().cast_signed(),
            cancel_info: CancelInfo::current(),
            arguments: own.collect(),
        };
        start.write_all(serde_json::to_string(&handover)?.as_bytes())?;
        dup2_stdout(&action_output)?;
        if is_merged {
            dup2_stderr(&action_output)?;
        }
        Ok(Self { start })
    }

    fn tell_failure(mut self) {
        // Fails if the watcher is gone.
        let _ = self.start.write_all(NOT_STARTED.to_string().as_bytes());
    }
}

/// Returns true if standard output and standard error are one file, as the official runtimes have it.
fn is_same_file() -> io::Result<bool> {
    let number = |file: OwnedFd| {
        let file = File::from(file).metadata()?;
        io::Result::Ok((file.dev(), file.ino()))
    };
    let out = io::stdout().as_fd().try_clone_to_owned()?;
    let err = io::stderr().as_fd().try_clone_to_owned()?;
    Ok(number(out)? == number(err)?)
}

/// Replaces this process by the action. SIGPIPE, which this program ignores, is at its default there, as the official
/// runtimes have it.
fn become_action(action: &[OsString]) -> Failure {
    let [command, arguments @ ..] = action else {
        return Failure::Refused(Refusal::NoAction.to_string());
    };
    // It runs a script without `#!` with the shell, as `execvp` has it.
    let error = Command::new(command).args(arguments).exec();
    Failure::NotStarted {
        command: command.to_string_lossy().into_owned(),
        error: Errno::from_raw(error.raw_os_error().unwrap_or_default()),
    }
}
