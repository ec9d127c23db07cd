//! Child processes of the suite: commands and adapters under test.

#[cfg(unix)]
use crate::run::{Group, Guard};
#[cfg(unix)]
use nix::{sys::signal::Signal, unistd::Pid};
use std::io;
use std::process::{self, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus};
use std::time::{Duration, Instant};

/// Interval between two looks at a running process.
pub(super) const POLL: Duration = Duration::from_millis(10);

/// Time that a process has after SIGTERM before SIGKILL.
#[cfg(unix)]
const GRACE: Duration = Duration::from_secs(2);

/// A process that leads a group of its own, where the system has process groups. Dropping it kills the group; so does
/// the end of this program, however it comes.
pub(super) struct Child {
    process: process::Child,
    /// Held for its effect. Without a shell there is none.
    #[cfg(unix)]
    _guard: Option<Guard>,
}

impl Child {
    /// Starts `command`, a program and its first arguments; `complete` adds what else it needs.
    ///
    /// # Errors
    ///
    /// Fails if there is no program or it cannot be started.
    pub fn start(command: &[String], complete: impl FnOnce(&mut Command)) -> io::Result<Self> {
        let (program, arguments) = command
            .split_first()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no command"))?;
        let mut command = Command::new(program);
        command.args(arguments);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        complete(&mut command);
        // Before the process, which is guarded then from its first instants on.
        #[cfg(unix)]
        let mut guard = Guard::start(None).ok();
        let process = command.spawn()?;
        #[cfg(unix)]
        if let Some(running) = &mut guard
            && running.update(std::iter::once(&group(&process))).is_err()
        {
            guard = None;
        }
        Ok(Self {
            process,
            #[cfg(unix)]
            _guard: guard,
        })
    }

    /// Returns the pipes to standard input, from standard output and from standard error, once.
    pub fn pipes(&mut self) -> Option<(ChildStdin, ChildStdout, ChildStderr)> {
        let process = &mut self.process;
        Some((
            process.stdin.take()?,
            process.stdout.take()?,
            process.stderr.take()?,
        ))
    }

    /// Returns the exit status if the process has ended.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        self.process.try_wait()
    }

    /// Waits until the process ends.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        self.process.wait()
    }

    /// Waits up to `limit` until the process ends; `None` if it does not.
    pub fn wait_for(&mut self, limit: Duration) -> io::Result<Option<ExitStatus>> {
        let start = Instant::now();
        loop {
            let status = self.try_wait()?;
            if status.is_some() || start.elapsed() >= limit {
                return Ok(status);
            }
            std::thread::sleep(POLL);
        }
    }

    /// Sends SIGTERM and waits up to 2 s, so that the process can end those of other groups.
    #[cfg(unix)]
    pub fn terminate(&mut self) -> io::Result<()> {
        group(&self.process).notify();
        self.wait_for(GRACE).map(drop)
    }

    /// Kills the group, and descendants of the process that have left it.
    pub fn kill(&mut self) {
        #[cfg(unix)]
        match self.process.try_wait() {
            Ok(None) => group(&self.process).kill(),
            // Nothing descends from it any more; the rest of its group may be there.
            _ => group(&self.process).signal(Signal::SIGKILL),
        }
        let _ = self.process.kill();
    }
}

#[cfg(unix)]
fn group(process: &process::Child) -> Group {
    Group(Pid::from_raw(process.id().cast_signed()))
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
        let _ = self.wait();
    }
}
