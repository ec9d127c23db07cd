//! The adapter of a runtime under test, as a child process: one request a line, one answer a line.

use super::protocol::{MAX_LINE, Request};
use serde_json::Value;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

/// An adapter that runs.
pub(super) struct Adapter {
    child: Child,
    requests: Sender<Vec<u8>>,
    lines: Receiver<Line>,
    limit: Duration,
}

/// What the adapter wrote.
enum Line {
    Text(Vec<u8>),
    TooLong,
    End,
}

/// Why an adapter gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// It took too long.
    TimeOut,
    /// It died, or broke the protocol.
    Broken(String),
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeOut => f.write_str("it did not answer in time"),
            Self::Broken(message) => f.write_str(message),
        }
    }
}

impl Adapter {
    /// Starts `command`, a program and its arguments, with a limit to the time of each answer. What it
    /// writes to standard error goes to ours.
    ///
    /// # Errors
    ///
    /// If the program cannot be started.
    pub fn start(command: &[String], limit: Duration) -> io::Result<Self> {
        let (program, arguments) = command
            .split_first()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no command"))?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take());
        let (Some(stdin), Some(stdout)) = pipes else {
            return Err(io::Error::other("the adapter has no pipes"));
        };
        let (sender, lines) = sync_channel(1);
        std::thread::spawn(move || read(stdout, &sender));
        let (requests, receiver) = channel();
        std::thread::spawn(move || write(stdin, &receiver));
        Ok(Self {
            child,
            requests,
            lines,
            limit,
        })
    }

    /// Sends a request and waits for its answer.
    pub fn ask(&mut self, request: &Request) -> Result<Value, NoAnswer> {
        self.ask_line(line(request)?)
    }

    /// Sends a line, whatever it holds, and waits for its answer.
    pub fn ask_line(&mut self, line: Vec<u8>) -> Result<Value, NoAnswer> {
        self.send(line)?;
        match self.lines.recv_timeout(self.limit) {
            Ok(Line::Text(line)) => serde_json::from_slice(&line)
                .map_err(|error| NoAnswer::Broken(format!("its answer is not JSON: {error}"))),
            Ok(Line::TooLong) => {
                let text = format!("its answer is longer than {MAX_LINE} bytes");
                Err(NoAnswer::Broken(text))
            }
            Ok(Line::End) | Err(RecvTimeoutError::Disconnected) => Err(self.death()),
            Err(RecvTimeoutError::Timeout) => Err(NoAnswer::TimeOut),
        }
    }

    fn send(&mut self, line: Vec<u8>) -> Result<(), NoAnswer> {
        self.requests.send(line).map_err(|_| self.death())
    }

    /// How the adapter died.
    fn death(&mut self) -> NoAnswer {
        let _ = self.child.kill();
        NoAnswer::Broken(match self.child.wait() {
            Ok(status) => format!("it died ({status})"),
            Err(error) => format!("it died ({error})"),
        })
    }

    /// Ends it as the protocol has it: it exits 0 by itself.
    ///
    /// # Errors
    ///
    /// In words, if it does not.
    pub fn stop(mut self) -> Result<(), String> {
        line(&Request::Stop)
            .and_then(|line| self.send(line))
            .map_err(|_| "it had died before".to_owned())?;
        // Nothing is to come but the end.
        match self.lines.recv_timeout(self.limit) {
            Ok(Line::End) | Err(RecvTimeoutError::Disconnected) => {}
            Ok(_) => return Err("it answered `stop`".to_owned()),
            Err(RecvTimeoutError::Timeout) => return Err("it did not exit".to_owned()),
        }
        match self.child.wait() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("it did not exit 0 ({status})")),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Drop for Adapter {
    fn drop(&mut self) {
        // One that is still there has been given up.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A request as it is sent.
fn line(request: &Request) -> Result<Vec<u8>, NoAnswer> {
    let mut line = serde_json::to_vec(request)
        .map_err(|error| NoAnswer::Broken(format!("a request cannot be written: {error}")))?;
    line.push(b'\n');
    Ok(line)
}

/// Writes what is sent, in a thread of its own: an adapter that reads nothing holds up nobody else.
fn write(mut stdin: impl Write, requests: &Receiver<Vec<u8>>) {
    while let Ok(line) = requests.recv() {
        if stdin.write_all(&line).and_then(|()| stdin.flush()).is_err() {
            return;
        }
    }
}

fn read(stdout: impl Read, lines: &SyncSender<Line>) {
    let mut reader = BufReader::new(stdout);
    loop {
        let mut line = Vec::new();
        let limited = reader
            .by_ref()
            .take(MAX_LINE as u64 + 1)
            .read_until(b'\n', &mut line);
        let sent = match limited {
            Ok(0) | Err(_) => Line::End,
            Ok(length) if length > MAX_LINE => Line::TooLong,
            Ok(_) => Line::Text(line),
        };
        let is_last = !matches!(sent, Line::Text(_));
        // Nobody listens any more: the adapter has been given up.
        if lines.send(sent).is_err() || is_last {
            return;
        }
    }
}
