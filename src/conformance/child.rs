//! Child processes of the suite: commands and adapters under test.

#[cfg(unix)]
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use std::io;
use std::process::{self, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus};
#[cfg(unix)]
use std::time::{Duration, Instant};

/// Interval between two looks at a running process.
pub(super) const POLL: Duration = Duration::from_millis(10);

/// Time that a process has after SIGTERM before SIGKILL.
#[cfg(unix)]
const GRACE: Duration = Duration::from_secs(2);

/// A process that leads a group of its own, where the system has process groups. Dropping it kills the group.
#[derive(Debug)]
pub(super) struct Child(process::Child);

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
        command.spawn().map(Self)
    }

    /// Returns the pipes to standard input, from standard output and from standard error, once.
    pub fn pipes(&mut self) -> Option<(ChildStdin, ChildStdout, ChildStderr)> {
        let process = &mut self.0;
        Some((
            process.stdin.take()?,
            process.stdout.take()?,
            process.stderr.take()?,
        ))
    }

    /// Returns the exit status if the process has ended.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        self.0.try_wait()
    }

    /// Waits until the process ends.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        self.0.wait()
    }

    /// Sends SIGTERM and waits up to 2 s, so that the process can end those of other groups.
    #[cfg(unix)]
    pub fn terminate(&mut self) -> io::Result<()> {
        self.signal(Signal::SIGTERM);
        let deadline = Instant::now() + GRACE;
        while self.try_wait()?.is_none() && Instant::now() < deadline {
            std::thread::sleep(POLL);
        }
        Ok(())
    }

    /// Kills the group.
    pub fn kill(&mut self) {
        #[cfg(unix)]
        self.signal(Signal::SIGKILL);
        let _ = self.0.kill();
    }

    #[cfg(unix)]
    fn signal(&self, signal: Signal) {
        let group = Pid::from_raw(self.0.id().cast_signed());
        // Fails only if the group is empty.
        let _ = killpg(group, signal);
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
        let _ = self.wait();
    }
}
