//! Runs a command under test to its end, within limits.

use super::child::{Child, POLL};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Upper bound on the output on one stream, in bytes.
const MAX_OUTPUT: u64 = 16 * 1024 * 1024;

/// Number of lines of output shown with a failure.
const TAIL: usize = 12;

/// First of the exit statuses that shells use for failures that are not the command's own: not executable, not found,
/// killed by a signal.
const FIRST_OF_SYSTEM: i32 = 126;

/// Exit status of a Rust program that panics.
const PANIC: i32 = 101;

/// End of a command.
#[derive(Debug)]
pub(super) enum Ended {
    /// It exited.
    Exited {
        /// True for exit status 0.
        succeeded: bool,
        /// Its standard output, then its standard error.
        output: String,
    },
    /// It crashed, or wrote too much; a description.
    Broken(String),
    /// It exceeded the time limit and was killed.
    TimeOut,
}

/// Runs `command`, a program and its first arguments, with more `arguments` and no input.
///
/// # Errors
///
/// Fails if the program cannot be started.
pub(super) fn run(
    command: &[String],
    arguments: &[OsString],
    limit: Duration,
) -> io::Result<Ended> {
    let mut streams = [tempfile::tempfile()?, tempfile::tempfile()?];
    let (stdout, stderr) = (streams[0].try_clone()?, streams[1].try_clone()?);
    let mut child = Child::start(command, |command| {
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(stderr);
    })?;
    let deadline = Instant::now() + limit;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if is_too_much(&streams)? {
            return Ok(too_much());
        }
        if Instant::now() >= deadline {
            #[cfg(unix)]
            child.terminate()?;
            return Ok(Ended::TimeOut);
        }
        std::thread::sleep(POLL);
    };
    if is_too_much(&streams)? {
        return Ok(too_much());
    }
    Ok(match breakage(status) {
        Some(words) => Ended::Broken(words),
        None => Ended::Exited {
            succeeded: status.success(),
            output: streams.iter_mut().map(text).collect::<io::Result<_>>()?,
        },
    })
}

/// Describes a crash; `None` for an ordinary exit.
fn breakage(status: ExitStatus) -> Option<String> {
    match status.code() {
        Some(PANIC) => Some("it panicked (exit status 101)".to_owned()),
        Some(code) if (0..FIRST_OF_SYSTEM).contains(&code) => None,
        _ => Some(format!("it crashed ({status})")),
    }
}

/// Formats the last lines of an output, as the end of a message.
pub(super) fn tail(output: &str) -> String {
    let lines: Vec<_> = output.trim_end().lines().collect();
    let last = &lines[lines.len().saturating_sub(TAIL)..];
    if last.is_empty() {
        return "; it wrote nothing".to_owned();
    }
    let lines = last.iter().map(|line| format!("\n    {line}"));
    format!("; the end of its output:{}", lines.collect::<String>())
}

fn is_too_much(streams: &[File]) -> io::Result<bool> {
    for stream in streams {
        if stream.metadata()?.len() > MAX_OUTPUT {
            return Ok(true);
        }
    }
    Ok(false)
}

fn too_much() -> Ended {
    Ended::Broken(format!("it wrote more than {MAX_OUTPUT} bytes"))
}

fn text(stream: &mut File) -> io::Result<String> {
    let mut bytes = Vec::new();
    stream.rewind()?;
    stream.take(MAX_OUTPUT).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
