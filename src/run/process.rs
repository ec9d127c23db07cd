//! A real process: start, output, end.

use super::directory::Directory;
use super::group::{Group, PATIENCE};
use super::lines::LineSplitter;
use super::strays::Mark;
use super::watcher::{ProcessUpdate, Watcher};
use nix::errno::Errno;
use nix::unistd::Pid;
use openjd_monitor_core::session::{Start, Target};
use std::io::{self, ErrorKind, PipeWriter};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use tokio::net::unix::pipe::Receiver;
use tokio::sync::mpsc::Sender;

/// A process that has been started.
pub(super) struct Process {
    pub group: Group,
    pub target: Target,
    /// Mark of a check.
    mark: Option<Mark>,
    /// True from SIGTERM to SIGKILL.
    is_cleaning_up: Arc<AtomicBool>,
    /// True from its end until that of its output.
    pub is_ending: bool,
    /// Time to report that it has been killed and has not ended.
    pub overdue: Option<Instant>,
}

impl Process {
    /// Starts a process in a group of its own. Its output and its end go to `updates`.
    pub fn start(
        start: &Start,
        directory: &Directory,
        updates: Sender<ProcessUpdate>,
    ) -> io::Result<Self> {
        let (output, input) = io::pipe()?;
        let output = Receiver::from_owned_fd(output.into())?;
        let mark = (start.target == Target::Check).then(|| Mark::new(start.process));
        let spawn = |command: Command| {
            let mut command = prepare(command, start, directory, &input)?;
            if let Some(mark) = &mark {
                mark.put(&mut command);
            }
            tokio::process::Command::from(command).spawn()
        };
        let mut command = Command::new(&start.invocation.command);
        command.args(&start.invocation.args);
        let child = match spawn(command) {
            Err(error) if error.raw_os_error() == Some(Errno::ENOEXEC as i32) => {
                // A script without `#!` is the shell's, as `execvp` has it.
                let mut shell = Command::new("/bin/sh");
                shell.arg(&start.invocation.command);
                shell.args(&start.invocation.args);
                spawn(shell)
            }
            child => child,
        }?;
        // Closes this end, so that the pipe ends with the child.
        drop(input);
        let id = child.id().ok_or(ErrorKind::NotFound)?;
        let group = Group(Pid::from_raw(id.cast_signed()));
        let is_cleaning_up = Arc::new(AtomicBool::new(false));
        let watcher = Watcher {
            id: start.process,
            target: start.target,
            group,
            mark: mark.clone(),
            is_cleaning_up: is_cleaning_up.clone(),
            lines: LineSplitter::new(start.target),
            output: Some(output),
            updates,
        };
        tokio::spawn(watcher.run(child));
        Ok(Self {
            group,
            target: start.target,
            mark,
            is_cleaning_up,
            is_ending: false,
            overdue: None,
        })
    }

    /// Sends SIGTERM to its group.
    pub fn notify(&self) {
        self.is_cleaning_up.store(true, Ordering::Relaxed);
        self.group.notify();
    }

    /// Sends SIGKILL to its group and to processes that left it.
    pub fn kill(&mut self) {
        self.is_cleaning_up.store(false, Ordering::Relaxed);
        self.group.kill();
        if let Some(mark) = &self.mark {
            mark.kill_all();
        }
        self.overdue = Instant::now().checked_add(PATIENCE);
    }
}

/// Sets the working directory, variables and output of a command.
fn prepare(
    mut command: Command,
    start: &Start,
    directory: &Directory,
    output: &PipeWriter,
) -> io::Result<Command> {
    directory.put(&mut command);
    // One pipe for both streams, so that their lines stay in their order (OUT-3).
    command
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output.try_clone()?)
        .process_group(0);
    for (name, value) in start.variables.iter() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Ok(command)
}
