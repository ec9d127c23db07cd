//! Adapter of a runtime under test, as a child process: one request a line, one response a line.

use super::child::Child;
use super::protocol::{MAX_LINE, Request, VERSION};
use crate::screen::Screen;
use serde_json::Value;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;
use thiserror::Error;

/// Time to pass on what an adapter that has ended wrote to standard error. Its children may keep that open.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// A running adapter.
pub(super) struct Adapter {
    child: Child,
    requests: Sender<Vec<u8>>,
    output: Receiver<Received>,
    /// Closed when all of standard error has been passed on.
    errors: Receiver<()>,
    limit: Duration,
}

/// Output of an adapter.
enum Received {
    Line(Vec<u8>),
    TooLong,
    End,
}

/// Error getting a response from an adapter.
#[derive(Debug, Error)]
pub enum AdapterError {
    /// The program cannot be started.
    #[error("it cannot be started: {0}")]
    Start(io::Error),
    /// No response came within the limit.
    #[error("it did not answer in time")]
    TimeOut,
    /// The process has ended; the text says how.
    #[error("it died ({0})")]
    Died(String),
    /// The response is longer than [`MAX_LINE`].
    #[error("its answer is longer than {MAX_LINE} bytes")]
    TooLong,
    /// The response is not JSON.
    #[error("its answer is not JSON: {0}")]
    NotJson(serde_json::Error),
    /// The response to [`Request::Start`] is malformed.
    #[error("its answer to `start` is not valid: {0}")]
    BadHello(serde_json::Error),
    /// The adapter speaks another version of the protocol.
    #[error("it speaks version {0} of the protocol, not {VERSION}")]
    Version(u32),
    /// A request cannot be serialized.
    #[error("a request cannot be written: {0}")]
    Request(serde_json::Error),
}

/// Error stopping an adapter.
#[derive(Debug, Error)]
pub enum StopError {
    /// The process had ended before.
    #[error("it had died before")]
    Dead,
    /// The adapter responded to [`Request::Stop`].
    #[error("it answered `stop`")]
    Responded,
    /// The process did not end within the limit.
    #[error("it did not exit")]
    TimeOut,
    /// The process ended with another status than 0.
    #[error("it did not exit 0 ({0})")]
    Status(ExitStatus),
    /// The system does not tell how the process ended.
    #[error(transparent)]
    Wait(io::Error),
}

impl Adapter {
    /// Starts `command`, a program and its arguments. `limit` is the longest time for a response. Standard error is
    /// passed on, escaped.
    ///
    /// # Errors
    ///
    /// Fails if the program cannot be started.
    pub fn start(command: &[String], limit: Duration) -> Result<Self, AdapterError> {
        Self::spawn(command, limit).map_err(AdapterError::Start)
    }

    fn spawn(command: &[String], limit: Duration) -> io::Result<Self> {
        let mut child = Child::start(command, |command| {
            command
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
        })?;
        let (stdin, stdout, mut stderr) = child
            .pipes()
            .ok_or_else(|| io::Error::other("the adapter has no pipes"))?;
        let (open, errors) = sync_channel(0);
        std::thread::spawn(move || {
            let _ = io::copy(&mut stderr, &mut Screen::new(io::stderr()));
            drop(open);
        });
        let (sender, output) = sync_channel(1);
        std::thread::spawn(move || read(stdout, &sender));
        let (requests, receiver) = channel();
        std::thread::spawn(move || write(stdin, &receiver));
        Ok(Self {
            child,
            requests,
            output,
            errors,
            limit,
        })
    }

    /// Sends a request and waits for the response.
    pub fn request(&mut self, request: &Request) -> Result<Value, AdapterError> {
        self.request_line(to_line(request)?)
    }

    /// Sends a line, whatever it holds, and waits for the response.
    pub fn request_line(&mut self, line: Vec<u8>) -> Result<Value, AdapterError> {
        self.send(line)?;
        match self.output.recv_timeout(self.limit) {
            Ok(Received::Line(line)) => {
                serde_json::from_slice(&line).map_err(AdapterError::NotJson)
            }
            Ok(Received::TooLong) => Err(AdapterError::TooLong),
            Ok(Received::End) | Err(RecvTimeoutError::Disconnected) => Err(self.died()),
            Err(RecvTimeoutError::Timeout) => Err(AdapterError::TimeOut),
        }
    }

    fn send(&mut self, line: Vec<u8>) -> Result<(), AdapterError> {
        self.requests.send(line).map_err(|_| self.died())
    }

    /// Reaps the process and returns the error that says how it ended.
    fn died(&mut self) -> AdapterError {
        self.child.kill();
        let _ = self.errors.recv_timeout(LAST_WORDS);
        AdapterError::Died(match self.child.wait() {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        })
    }

    /// Sends [`Request::Stop`] and waits until the adapter exits 0.
    ///
    /// # Errors
    ///
    /// Fails if it does anything else. It is killed then.
    pub fn stop(mut self) -> Result<(), StopError> {
        to_line(&Request::Stop)
            .and_then(|line| self.send(line))
            .map_err(|_| StopError::Dead)?;
        match self.output.recv_timeout(self.limit) {
            Ok(Received::End) | Err(RecvTimeoutError::Disconnected) => {}
            Ok(_) => return Err(StopError::Responded),
            Err(RecvTimeoutError::Timeout) => return Err(StopError::TimeOut),
        }
        // It may have closed its output and stay.
        match self.child.wait_for(self.limit) {
            Ok(None) => Err(StopError::TimeOut),
            Ok(Some(status)) if status.success() => Ok(()),
            Ok(Some(status)) => Err(StopError::Status(status)),
            Err(error) => Err(StopError::Wait(error)),
        }
    }
}

impl Drop for Adapter {
    fn drop(&mut self) {
        // A process that still runs has been given up.
        self.child.kill();
        let _ = self.errors.recv_timeout(LAST_WORDS);
    }
}

fn to_line(request: &Request) -> Result<Vec<u8>, AdapterError> {
    let mut line = serde_json::to_vec(request).map_err(AdapterError::Request)?;
    line.push(b'\n');
    Ok(line)
}

/// Writes requests, in a thread of its own: an adapter that does not read blocks nothing else.
fn write(mut stdin: impl Write, requests: &Receiver<Vec<u8>>) {
    while let Ok(line) = requests.recv() {
        if stdin.write_all(&line).and_then(|()| stdin.flush()).is_err() {
            return;
        }
    }
}

/// Reads lines, in a thread of its own.
fn read(stdout: impl Read, output: &SyncSender<Received>) {
    let mut reader = BufReader::new(stdout);
    loop {
        let mut line = Vec::new();
        let limited = reader
            .by_ref()
            .take(MAX_LINE as u64 + 1)
            .read_until(b'\n', &mut line);
        let sent = match limited {
            Ok(0) | Err(_) => Received::End,
            Ok(length) if length > MAX_LINE => Received::TooLong,
            Ok(_) => Received::Line(line),
        };
        let is_last = !matches!(sent, Received::Line(_));
        // Sending fails once the adapter has been given up.
        if output.send(sent).is_err() || is_last {
            return;
        }
    }
}
