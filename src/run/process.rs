//! A real process: its start, its lines, its end.

use super::group::Group;
use super::lines::{Line, Lines};
use super::strays::Mark;
use nix::errno::Errno;
use nix::unistd::Pid;
use openjd_monitor_core::session::{Event, Exit, ProcessId, Start, Stream, Target};
use std::io::{self, ErrorKind, PipeWriter};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::net::unix::pipe::Receiver;
use tokio::process::Child;
use tokio::sync::mpsc::Sender;

/// How much is read at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// More than this, in bytes, no pipe holds.
const MAX_IN_PIPE: usize = 1024 * 1024;

/// How often the processes that a canceled action has left behind are looked for.
const POLL: Duration = Duration::from_millis(20);

/// How long what has been killed may take to end before that is worth a word, or is given up at the end. What
/// waits for a device or a file server can take as long as that does.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// What is told of a process.
pub(super) enum Told {
    /// For the Session.
    Event(Event),
    /// For the log alone.
    Note(Target, String),
    /// It is reaped, so that others can be that have ended after it.
    Reaped,
}

/// A process that has been started.
pub(super) struct Process {
    pub group: Group,
    pub of: Target,
    /// That of a check.
    mark: Option<Mark>,
    /// Whether it has been asked to end, and not been killed yet.
    is_cleaning_up: Arc<AtomicBool>,
    /// When it is to be said that it goes on although it has been killed.
    pub overdue: Option<Instant>,
}

impl Process {
    /// Starts it in a group of its own, and has `tell` told of its lines and its end.
    pub fn start(start: &Start, directory: &Path, tell: Sender<Told>) -> io::Result<Self> {
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
        // All ends but those of the child are closed, so that its pipe can end.
        drop(input);
        let id = child.id().ok_or(ErrorKind::NotFound)?;
        let group = Group(Pid::from_raw(id.cast_signed()));
        let is_cleaning_up = Arc::new(AtomicBool::new(false));
        let watch = Watch {
            id: start.process,
            of: start.target,
            group,
            mark: mark.clone(),
            is_cleaning_up: is_cleaning_up.clone(),
            lines: Lines::new(start.target),
            output: Some(output),
            tell,
        };
        tokio::spawn(watch.follow(child));
        Ok(Self {
            group,
            of: start.target,
            mark,
            is_cleaning_up,
            overdue: None,
        })
    }

    /// Asks it to end.
    pub fn notify(&self) {
        self.is_cleaning_up.store(true, Ordering::Relaxed);
        self.group.notify();
    }

    /// Ends it.
    pub fn kill(&mut self) {
        self.is_cleaning_up.store(false, Ordering::Relaxed);
        self.group.kill();
        if let Some(mark) = &self.mark {
            mark.kill_all();
        }
        self.overdue = Instant::now().checked_add(PATIENCE);
    }
}

/// Gives a command its place, its variables and its output.
fn prepare(
    mut command: Command,
    start: &Start,
    directory: &Path,
    output: &PipeWriter,
) -> io::Result<Command> {
    // One pipe for both streams, so that their lines stay in their order (OUT-3).
    command
        .current_dir(directory)
        .env("OPENJD_SESSION_WORKING_DIR", directory)
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

/// What follows a process.
struct Watch {
    id: ProcessId,
    of: Target,
    group: Group,
    mark: Option<Mark>,
    is_cleaning_up: Arc<AtomicBool>,
    lines: Lines,
    /// Where its output comes from; none once all have closed it that could write to it.
    output: Option<Receiver>,
    tell: Sender<Told>,
}

impl Watch {
    async fn follow(mut self, mut child: Child) {
        let mut buffer = vec![0; CHUNK];
        let status = loop {
            tokio::select! {
                read = read(&self.output, &mut buffer) => self.take_in(read, &buffer).await,
                status = child.wait() => break status,
            }
        };
        self.tell(Told::Reaped).await;
        if let Some(mark) = &self.mark {
            // A check leaves nothing behind.
            if !self.group.is_empty() {
                self.group.kill();
            }
            mark.kill_all();
        }
        // An action that is asked to end has ended when all have that it consists of. A kill ends the wait: what
        // it does not end is not waited for.
        while self.is_cleaning_up.load(Ordering::Relaxed) && !self.group.is_empty() {
            tokio::select! {
                read = read(&self.output, &mut buffer) => self.take_in(read, &buffer).await,
                () = tokio::time::sleep(POLL) => {}
            }
        }
        self.drain(&mut buffer).await;
        let line = self.lines.end();
        self.say(line).await;
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
        self.tell(Told::Event(event)).await;
        self.outlive(&mut buffer).await;
    }

    /// Takes in what the process wrote before it ended, and nothing of what others go on to write.
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
                    self.take_in(read, buffer).await;
                }
            }
        }
    }

    /// Keeps the pipe open for those that the process has left behind, as they may still write to it, and
    /// should not die of that.
    async fn outlive(self, buffer: &mut [u8]) {
        let mut is_told = false;
        while self.output.is_some()
            && let Ok(1..) = read(&self.output, buffer).await
        {
            if !is_told {
                is_told = true;
                let text =
                    "a process that it has left behind goes on to write, which is not logged";
                self.tell(Told::Note(self.of, text.to_owned())).await;
            }
        }
    }

    async fn take_in(&mut self, read: io::Result<usize>, buffer: &[u8]) {
        match read {
            Ok(count @ 1..) => {
                for line in self.lines.take_in(&buffer[..count]) {
                    self.say(Some(line)).await;
                }
            }
            Ok(0) => self.output = None,
            Err(error) => {
                self.output = None;
                let text = format!("its output cannot be read: {error}");
                self.tell(Told::Note(self.of, text)).await;
            }
        }
    }

    async fn say(&self, line: Option<Line>) {
        let Some(line) = line else {
            return;
        };
        let length = line.text.len();
        let event = Event::Output {
            process: self.id,
            stream: Stream::Stdout,
            line: line.text,
        };
        self.tell(Told::Event(event)).await;
        if line.is_cut {
            let text = format!("the line above is longer than the {length} bytes that are shown");
            self.tell(Told::Note(self.of, text)).await;
        }
    }

    async fn tell(&self, told: Told) {
        // Nobody listens any more when the Session is over.
        let _ = self.tell.send(told).await;
    }
}

/// Reads from the pipe; waits for ever where there is none.
async fn read(output: &Option<Receiver>, buffer: &mut [u8]) -> io::Result<usize> {
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
