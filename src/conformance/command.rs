//! Runs a command under test to its end, within limits.

#[cfg(unix)]
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Upper bound on the output on one stream, in bytes.
const MAX_OUTPUT: u64 = 16 * 1024 * 1024;

/// Number of lines of output shown with a failure.
const TAIL: usize = 12;

/// Interval between two looks at a running command.
const POLL: Duration = Duration::from_millis(10);

/// Time that a command has after SIGTERM, at a time-out, before SIGKILL.
#[cfg(unix)]
const GRACE: Duration = Duration::from_secs(2);

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
    let (program, first) = command
        .split_first()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no command"))?;
    let mut streams = [tempfile::tempfile()?, tempfile::tempfile()?];
    let mut command = Command::new(program);
    command
        .args(first)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(streams[0].try_clone()?)
        .stderr(streams[1].try_clone()?);
    let mut group = Group::start(&mut command)?;
    let deadline = Instant::now() + limit;
    let status = loop {
        if let Some(status) = group.0.try_wait()? {
            break status;
        }
        if is_too_much(&streams)? {
            return Ok(too_much());
        }
        if Instant::now() >= deadline {
            #[cfg(unix)]
            group.ask_to_end()?;
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

/// A process in a group of its own, where the system has process groups. Dropping it kills the group.
struct Group(Child);

impl Group {
    fn start(command: &mut Command) -> io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        command.spawn().map(Self)
    }

    /// Sends SIGTERM and waits up to [`GRACE`], so that the command can end processes in other groups.
    #[cfg(unix)]
    fn ask_to_end(&mut self) -> io::Result<()> {
        self.signal(Signal::SIGTERM);
        let deadline = Instant::now() + GRACE;
        while self.0.try_wait()?.is_none() && Instant::now() < deadline {
            std::thread::sleep(POLL);
        }
        Ok(())
    }

    #[cfg(unix)]
    fn signal(&self, signal: Signal) {
        let group = Pid::from_raw(self.0.id().cast_signed());
        // Fails only if the group is empty.
        let _ = killpg(group, signal);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        self.signal(Signal::SIGKILL);
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
