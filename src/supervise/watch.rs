//! The watcher: a process beside the action, which runs the monitor.

use super::Handover;
use super::command_line::CommandLine;
use super::log::Log;
use crate::run::{ActionElsewhere, run_beside};
use nix::unistd::{self, Pid, dup2_stderr, dup2_stdin, dup2_stdout};
use openjd_monitor_core::session::{Beside, Session};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// The only argument of the process that starts the watcher.
pub(super) const DETACH: &str = "--detach";

/// The only argument of the watcher. A check that searches command lines finds neither the action's nor its own there.
pub(super) const WATCH: &str = "--watch";

/// Name of the watcher in lists of processes.
const NAME: &str = "onMonitor";

/// Upper bound on a handover, in bytes. No command line is as long.
const MAX_HANDOVER: u64 = 64 * 1024 * 1024;

/// Folder with the numbers of the files that this process has open.
const OPEN_FILES: &str = "/dev/fd";

/// Starts the watcher in a session of its own.
pub(super) fn detach() -> io::Result<()> {
    unistd::setsid()?;
    // Its child outlives it.
    Command::new(std::env::current_exe()?)
        .arg0(NAME)
        .args(["supervise", WATCH])
        .spawn()
        .map(drop)
}

/// Watches one action: that of the handover on standard input, whose output comes by the pipe on standard error and goes
/// on to standard output.
pub(super) fn watch() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_name(&std::ffi::CString::new(NAME)?)?;
    close_inherited()?;
    let (control, out, output) = take_standard_files()?;
    let mut handover = String::new();
    File::from(control)
        .take(MAX_HANDOVER)
        .read_to_string(&mut handover)?;
    let mut out = File::from(out);
    match read(&handover) {
        Some((handover, beside)) => {
            let action = ActionElsewhere {
                pid: Pid::from_raw(handover.pid),
                cancel_info: handover.cancel_info,
                output,
                out,
            };
            run_beside(&mut Session::beside(beside), action, Log::new)
        }
        // An action that cannot be started has no t0, and so no monitor (TIM-1).
        None => io::copy(&mut File::from(output), &mut out).map(drop),
    }
}

/// Reads the handover; returns `None` if the action could not be started.
fn read(handover: &str) -> Option<(Handover, Beside)> {
    let handover: Handover = serde_json::from_str(handover).ok()?;
    let line = [&handover.arguments[..], &["--".to_owned(), String::new()]].concat();
    // It has been checked before.
    let beside = CommandLine::read(&line).ok()?.beside(&[]).ok()?;
    Some((handover, beside))
}

/// Takes the three standard files for itself, and puts nothing in their place.
fn take_standard_files() -> io::Result<(OwnedFd, OwnedFd, OwnedFd)> {
    let files = (
        io::stdin().as_fd().try_clone_to_owned()?,
        io::stdout().as_fd().try_clone_to_owned()?,
        io::stderr().as_fd().try_clone_to_owned()?,
    );
    let nothing = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")?;
    dup2_stdin(&nothing)?;
    dup2_stdout(&nothing)?;
    dup2_stderr(&nothing)?;
    Ok(files)
}

/// Closes all files but the standard ones. They are the runtime's, which may wait for their end.
fn close_inherited() -> io::Result<()> {
    let numbers = fs::read_dir(OPEN_FILES)?.filter_map(|entry| {
        let number = entry.ok()?.file_name().to_str()?.parse::<i32>().ok()?;
        (number > 2).then_some(number)
    });
    for number in numbers.collect::<Vec<_>>() {
        // Fails for that of the list itself.
        let _ = unistd::close(number);
    }
    Ok(())
}
