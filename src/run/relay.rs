//! Task that passes the output of an attached action on to the runtime that has started it.

use super::exit::exit_of;
use super::lines::LineSplitter;
use super::passage::Passage;
use super::watcher::{CHUNK, ProcessUpdate, read};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::Pid;
use openjd_monitor_core::session::{Event, Exit, ProcessId, Redactions, Stream, Target};
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::net::unix::pipe::Receiver;
use tokio::sync::{mpsc, oneshot, watch};

/// Bytes for the runtime from which on the relay reads no more.
const MAX_QUEUE: usize = 256 * 1024;

/// Bytes of lines of this program that wait for the relay; more lines are dropped.
const MAX_WAITING: usize = 1024 * 1024;

/// Interval between two looks at the runtime.
const BEAT: Duration = Duration::from_millis(100);

/// Time for the rest of the output of an action that has ended.
const MOMENT: Duration = Duration::from_millis(500);

/// Interval between two attempts to write, if the runtime has made the pipe non-blocking.
const PAUSE: Duration = Duration::from_millis(5);

/// Start of the names of all messages.
const MESSAGE: &[u8] = b"openjd_";

/// Way of the lines of this program into the output of the action. It never blocks.
pub(crate) struct Speaker {
    /// `None` once the last lines are said.
    open: Option<(mpsc::UnboundedSender<String>, oneshot::Sender<Vec<String>>)>,
    /// Bytes of lines that the relay has not taken yet.
    waiting: Arc<AtomicUsize>,
    dropped: usize,
}

impl Speaker {
    /// Says a line. Drops it if too much waits for a runtime that takes no output.
    pub fn say(&mut self, line: String) {
        if self.waiting.load(Ordering::Relaxed) > MAX_WAITING {
            self.dropped += 1;
            return;
        }
        if self.dropped > 0 {
            let dropped = std::mem::take(&mut self.dropped);
            self.send(format!("[onMonitor] ({dropped} lines are lost here)"));
        }
        self.send(line);
    }

    fn send(&self, line: String) {
        if let Some((lines, _)) = &self.open {
            self.waiting.fetch_add(line.len(), Ordering::Relaxed);
            // Fails if there is no relay any more.
            let _ = lines.send(line);
        }
    }

    /// Says the last lines.
    pub fn end(&mut self, last: Vec<String>) {
        if let Some((_, sender)) = self.open.take() {
            // Fails if there is no relay any more.
            let _ = sender.send(last);
        }
    }
}

/// The task, before it runs.
pub(super) struct Relay {
    /// Pipe from the action; `None` once every writer has closed it.
    input: Option<Receiver>,
    lines: LineSplitter,
    passage: Passage,
    said: mpsc::UnboundedReceiver<String>,
    /// Bytes of lines that are said and not taken yet.
    waiting: Arc<AtomicUsize>,
    /// Secrets to hide.
    redactions: watch::Receiver<Redactions>,
    /// Last lines, after all that was said.
    last: Option<oneshot::Receiver<Vec<String>>>,
    /// Way to the thread that writes, and the file that it writes to.
    writer: mpsc::Sender<Vec<u8>>,
    out: Arc<File>,
}

impl Relay {
    /// Creates the relay from `input` to `out`, the way into it, and the thread that ends with it. It hides the secrets of
    /// `redactions`.
    pub fn new(
        input: OwnedFd,
        out: File,
        redactions: watch::Receiver<Redactions>,
    ) -> io::Result<(Self, Speaker, JoinHandle<()>)> {
        let (lines, said) = mpsc::unbounded_channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let (end, last) = oneshot::channel();
        let (sender, receiver) = mpsc::channel(1);
        let out = Arc::new(out);
        let file = out.clone();
        let writer = thread::Builder::new().spawn(move || write(&file, receiver))?;
        let relay = Self {
            input: Some(Receiver::from_owned_fd(input)?),
            lines: LineSplitter::new(Target::Action),
            passage: Passage::default(),
            said,
            waiting: waiting.clone(),
            redactions,
            last: Some(last),
            writer: sender,
            out,
        };
        let speaker = Speaker {
            open: Some((lines, end)),
            waiting,
            dropped: 0,
        };
        Ok((relay, speaker, writer))
    }

    /// Runs until every writer has closed the pipe and the last lines are said. Sends the lines of the action that may be
    /// messages, and its end, to `updates`.
    pub async fn run(mut self, pid: Pid, process: ProcessId, updates: mpsc::Sender<ProcessUpdate>) {
        let mut buffer = vec![0; CHUNK];
        let mut exit = Box::pin(exit_of(pid));
        let mut has_exited = false;
        let mut beat = tokio::time::interval(BEAT);
        let writer = self.writer.clone();
        // The runtime itself reports the status.
        let exited = || Event::Exited {
            process,
            exit: Exit::Status(0),
        };
        while self.input.is_some() || self.last.is_some() || self.passage.len() > 0 {
            let has_room = self.passage.len() < MAX_QUEUE;
            let is_at_end = has_exited || self.input.is_none();
            let may_speak = self.last.is_some() && (is_at_end || !self.passage.is_mid_line());
            let mut has_reader = true;
            let mut events = Vec::new();
            tokio::select! {
                permit = writer.reserve(), if self.passage.len() > 0 => match permit {
                    Ok(permit) => permit.send(self.passage.take()),
                    Err(_) => has_reader = false,
                },
                line = self.said.recv(), if has_room && may_speak => self.hear(line).await,
                read = read(&self.input, &mut buffer), if has_room => {
                    events = self.handle_read(read, &buffer, process);
                }
                () = &mut exit, if !has_exited => {
                    has_exited = true;
                    events.push(exited());
                }
                _ = beat.tick() => has_reader = has_reader_of(&self.out),
            }
            if !has_reader {
                // With this task, the pipe ends: the action notices as if it wrote to the runtime itself. Nobody is left to
                // run checks for.
                let _ = updates.send(ProcessUpdate::Event(exited())).await;
                return;
            }
            // A flood of output holds up no check.
            tokio::task::yield_now().await;
            for event in events {
                // Fails once the Session is over.
                let _ = updates.send(ProcessUpdate::Event(event)).await;
            }
        }
    }

    /// Passes on a line of this program; at the end of these, the last lines.
    async fn hear(&mut self, line: Option<String>) {
        if let Some(line) = line {
            if self.passage.is_mid_line() {
                self.read_rest().await;
            }
            self.waiting.fetch_sub(line.len(), Ordering::Relaxed);
            self.passage.say(&line);
        } else if let Some(last) = self.last.take() {
            let last = last.await.unwrap_or_default();
            if !last.is_empty() {
                self.read_rest().await;
                self.passage.release();
            }
            last.iter().for_each(|line| self.passage.say(line));
        }
    }

    /// Reads for a moment what is left of the output of an action that has ended, and what processes still write that it
    /// has left behind. After the last lines, the runtime may read no more.
    async fn read_rest(&mut self) {
        let mut buffer = vec![0; CHUNK];
        let mut end = std::pin::pin!(tokio::time::sleep(MOMENT));
        while self.input.is_some() && self.passage.len() < MAX_QUEUE {
            tokio::select! {
                read = read(&self.input, &mut buffer) => match read {
                    Ok(count @ 1..) => self.pass(&buffer[..count]),
                    _ => self.input = None,
                },
                () = &mut end => return,
            }
        }
    }

    /// Passes on what was read. Returns the lines that may be messages.
    fn handle_read(
        &mut self,
        read: io::Result<usize>,
        buffer: &[u8],
        process: ProcessId,
    ) -> Vec<Event> {
        let Ok(count @ 1..) = read else {
            self.input = None;
            self.passage.release();
            return Vec::new();
        };
        self.pass(&buffer[..count]);
        let lines = self.find_messages(&buffer[..count]).into_iter();
        let events = lines.map(|line| Event::Output {
            process,
            stream: Stream::Stdout,
            line,
        });
        events.collect()
    }

    /// Passes on output, without the secrets that are known by now.
    fn pass(&mut self, bytes: &[u8]) {
        if let Ok(true) = self.redactions.has_changed() {
            self.passage
                .redact(self.redactions.borrow_and_update().clone());
        }
        self.passage.push(bytes);
    }

    /// Returns the lines that end in `bytes` and may be messages. Most output has none, and is not split.
    fn find_messages(&mut self, bytes: &[u8]) -> Vec<String> {
        let whole = bytes.iter().rposition(|byte| *byte == b'\n');
        let (whole, start) = bytes.split_at(whole.map_or(0, |end| end + 1));
        let mut lines = Vec::new();
        if self.lines.is_open() || has_message(whole) {
            lines = self.lines.push(whole);
            lines.retain(|line| has_message(line.as_bytes()));
        }
        self.lines.push(start);
        lines
    }
}

/// Returns true if a line of the text, or a part of it behind a carriage return, may be a message or close to one.
fn has_message(text: &[u8]) -> bool {
    let starts = |line: &[u8]| {
        let start = line.get(..MESSAGE.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(MESSAGE))
    };
    let mut lines = text.split(|byte| matches!(byte, b'\n' | b'\r'));
    lines.any(|line| match line.trim_ascii_start() {
        // White space as Unicode defines it may come first.
        line @ [128..=255, ..] => starts(String::from_utf8_lossy(line).trim_start().as_bytes()),
        line => starts(line),
    })
}

/// Returns false if nobody can read what is written to a pipe.
fn has_reader_of(pipe: &File) -> bool {
    // macOS looks at nothing that is not asked for, and has POLLHUP where Linux has POLLERR.
    let mut files = [PollFd::new(pipe.as_fd(), PollFlags::POLLOUT)];
    let polled = poll(&mut files, PollTimeout::ZERO);
    let found = files[0].revents().unwrap_or(PollFlags::empty());
    polled.is_err() || !found.intersects(PollFlags::POLLERR | PollFlags::POLLHUP)
}

/// Writes what it receives, until the end or an error.
fn write(mut out: &File, mut queue: mpsc::Receiver<Vec<u8>>) {
    while let Some(bytes) = queue.blocking_recv() {
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            match out.write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(PAUSE),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    }
}
