//! A real process: start, output, end.

use super::directory::Directory;
use super::group::{Group, PATIENCE};
use super::lines::LineSplitter;
use super::strays::Mark;
use nix::errno::Errno;
use nix::unistd::Pid;
use openjd_monitor_core::session::{Event, Exit, ProcessId, Start, Stream, Target};
use std::io::{self, ErrorKind, PipeWriter};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::net::unix::pipe::Receiver;
use tokio::process::Child;
use tokio::sync::mpsc::Sender;

/// Size of the read buffer, in bytes.
pub(super) const CHUNK: usize = 64 * 1024;

/// Upper bound on pipe capacity, in bytes.
const MAX_IN_PIPE: usize = 1024 * 1024;

/// Interval between two looks at the processes of a canceled action.
const POLL: Duration = Duration::from_millis(20);

/// Message of a process to the driver.
pub(super) enum ProcessUpdate {
    /// For the Session.
    Event(Event),
    /// For the log alone.
    Note(Target, String),
    /// The process is reaped, so that orphans that ended after it can be reaped.
    Reaped,
}

/// A process that has been started.
pub(super) struct Process {
    pub group: Group,
    pub target: Target,
    /// Mark of a check.
    mark: Option<Mark>,
    /// True from SIGTERM to SIGKILL.
    is_cleaning_up: Arc<AtomicBool>,
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

/// Task that reads the output of a process and waits for its end.
struct Watcher {
    id: ProcessId,
    target: Target,
    group: Group,
    mark: Option<Mark>,
    is_cleaning_up: Arc<AtomicBool>,
    lines: LineSplitter,
    /// Pipe with the output; `None` once every writer has closed it.
    output: Option<Receiver>,
    updates: Sender<ProcessUpdate>,
}

impl Watcher {
    async fn run(mut self, mut child: Child) {
        let mut buffer = vec![0; CHUNK];
        let status = loop {
            tokio::select! {
                read = read(&self.output, &mut buffer) => self.handle_read(read, &buffer).await,
                status = child.wait() => break status,
            }
        };
        self.send(ProcessUpdate::Reaped).await;
        if let Some(mark) = &self.mark {
            // No process outlives its check.
            if !self.group.is_empty() {
                self.group.kill();
            }
            mark.kill_all();
        }
        // After SIGTERM, an action ends with the last process of its group. SIGKILL ends the wait.
        while self.is_cleaning_up.load(Ordering::Relaxed) && !self.group.is_empty() {
            tokio::select! {
                read = read(&self.output, &mut buffer) => self.handle_read(read, &buffer).await,
                () = tokio::time::sleep(POLL) => {}
            }
        }
        self.drain(&mut buffer).await;
        if let Some(line) = self.lines.finish() {
            self.send_line(line).await;
        }
        let event = match status {
            Ok(status) => Event::Exited {
                process: self.id,
                exit: exit(status),
            },
            Err(error) => Event::SpawnFailed {
                process: self.id,
                error: error.to_string(),
            },
        };
        self.send(ProcessUpdate::Event(event)).await;
        self.keep_pipe_open(&mut buffer).await;
    }

    /// Reads the output that the process wrote before its end, and not what other processes go on to write.
    async fn drain(&mut self, buffer: &mut [u8]) {
        let mut taken = 0;
        while let Some(output) = &self.output
            && taken < MAX_IN_PIPE
        {
            let read = output.try_read(buffer);
            match read {
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                read => {
                    taken += *read.as_ref().unwrap_or(&0);
                    self.handle_read(read, buffer).await;
                }
            }
        }
    }

    /// Reads on, so that processes that the ended one left behind do not die of SIGPIPE.
    async fn keep_pipe_open(self, buffer: &mut [u8]) {
        let mut is_noted = false;
        while self.output.is_some()
            && let Ok(1..) = read(&self.output, buffer).await
        {
            if !is_noted {
                is_noted = true;
                let text = "a process that it left behind still writes, which is not logged";
                self.send(ProcessUpdate::Note(self.target, text.to_owned()))
                    .await;
            }
        }
    }

    async fn handle_read(&mut self, read: io::Result<usize>, buffer: &[u8]) {
        match read {
            Ok(count @ 1..) => {
                for line in self.lines.push(&buffer[..count]) {
                    self.send_line(line).await;
                }
            }
            Ok(0) => self.output = None,
            Err(error) => {
                self.output = None;
                let text = format!("its output cannot be read: {error}");
                self.send(ProcessUpdate::Note(self.target, text)).await;
            }
        }
    }

    async fn send_line(&self, line: String) {
        let event = Event::Output {
            process: self.id,
            stream: Stream::Stdout,
            line,
        };
        self.send(ProcessUpdate::Event(event)).await;
    }

    async fn send(&self, update: ProcessUpdate) {
        // Fails once the Session is over.
        let _ = self.updates.send(update).await;
    }
}

/// Reads from the pipe; never returns if there is none.
pub(super) async fn read(output: &Option<Receiver>, buffer: &mut [u8]) -> io::Result<usize> {
    let Some(output) = output else {
        return std::future::pending().await;
    };
    loop {
        output.readable().await?;
        match output.try_read(buffer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            read => return read,
        }
    }
}

fn exit(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Status(code),
        (None, signal) => Exit::Signal(signal.unwrap_or_default()),
    }
}
