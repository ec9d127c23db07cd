//! Follows a process: its output, its end, and what its children write then.

use super::group::Group;
use super::lines::LineSplitter;
use super::strays::Mark;
use openjd_monitor_core::session::{Event, Exit, ProcessId, Stream, Target};
use std::io::{self, ErrorKind};
use std::os::unix::process::ExitStatusExt;
use std::pin::pin;
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::unix::pipe::Receiver;
use tokio::process::Child;
use tokio::sync::mpsc::Sender;

/// Size of the read buffer, in bytes.
pub(super) const CHUNK: usize = 64 * 1024;

/// Upper bound on pipe capacity, in bytes.
const MAX_IN_PIPE: usize = 1024 * 1024;

/// Interval between two looks at the processes of a canceled action.
const POLL: Duration = Duration::from_millis(20);

/// Time for the rest of the output of an ended process, which comes from children such as the filter of
/// `exec > >(tee log)`. A service that keeps the pipe open delays its action by as much, and a check each time that it
/// leaves one.
const fn moment(target: Target) -> Duration {
    match target {
        Target::Action => Duration::from_secs(1),
        Target::Check => Duration::from_millis(500),
    }
}

/// Message of a process to the driver.
pub(super) enum ProcessUpdate {
    /// For the Session.
    Event(Event),
    /// For the log alone.
    Note(Target, String),
    /// The process is reaped, so that orphans that ended after it can be reaped.
    Reaped,
    /// The process has ended, and the rest of its output is awaited.
    Ending(ProcessId),
}

/// Task that reads the output of a process and waits for its end.
pub(super) struct Watcher {
    pub id: ProcessId,
    pub target: Target,
    pub group: Group,
    pub mark: Option<Mark>,
    pub is_cleaning_up: Arc<AtomicBool>,
    pub lines: LineSplitter,
    /// Pipe with the output; `None` once every writer has closed it.
    pub output: Option<Receiver>,
    pub updates: Sender<ProcessUpdate>,
}

impl Watcher {
    /// Runs until the process and its output have ended.
    pub async fn run(mut self, mut child: Child) {
        let mut buffer = vec![0; CHUNK];
        let status = loop {
            tokio::select! {
                read = read(&self.output, &mut buffer) => self.handle_read(read, &buffer).await,
                status = child.wait() => break status,
            }
        };
        self.send(ProcessUpdate::Reaped).await;
        // After SIGTERM, an action ends with the last process of its group. SIGKILL ends the wait.
        while self.is_cleaning_up.load(Ordering::Relaxed) && !self.group.is_empty() {
            tokio::select! {
                read = read(&self.output, &mut buffer) => self.handle_read(read, &buffer).await,
                () = tokio::time::sleep(POLL) => {}
            }
        }
        self.drain(&mut buffer).await;
        self.await_rest(&mut buffer).await;
        if let Some(mark) = &self.mark {
            // No process outlives its check.
            if !self.group.is_empty() {
                self.group.kill();
            }
            mark.kill_all();
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

    /// Reads what its children write, for a moment. Nothing tells a filter of its output from a service.
    async fn await_rest(&mut self, buffer: &mut [u8]) {
        if self.output.is_none() {
            return;
        }
        self.send(ProcessUpdate::Ending(self.id)).await;
        let mut over = pin!(tokio::time::sleep(moment(self.target)));
        while self.output.is_some() {
            tokio::select! {
                read = read(&self.output, buffer) => self.handle_read(read, buffer).await,
                () = &mut over => return,
            }
        }
    }

    /// Reads the output that is in the pipe, and not what other processes go on to write.
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
