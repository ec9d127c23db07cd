//! Guard process, which cleans up if this program is killed.

use super::group::Group;
use nix::unistd::Pid;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Reads lines with the process groups that are alive. At the end of the input the program is dead: kills the groups of
/// the last line and removes the folder.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
groups=
while read -r line; do
  groups=$line
done
for group in $groups; do
  kill -s KILL -- "-$group"
done
test -z "$1" || rm -rf -- "$1"
"#;

/// A shell in a process group of its own. Dropping this kills it.
pub(crate) struct Guard {
    folder: Option<PathBuf>,
    shell: Child,
    input: UnixStream,
}

impl Guard {
    /// Starts the guard. It removes `folder`, if there is one.
    pub fn start(folder: Option<PathBuf>) -> io::Result<Self> {
        Self::start_with(folder, "")
    }

    /// Starts the guard, which reads `line` first: it knows the groups even if this program dies at once.
    fn start_with(folder: Option<PathBuf>, line: &str) -> io::Result<Self> {
        let (mut input, stdin) = UnixStream::pair()?;
        // A stopped guard must not block this program.
        input.set_nonblocking(true)?;
        input.write_all(line.as_bytes())?;
        let shell = Command::new("/bin/sh")
            .args(["-c", SCRIPT, "openjd-monitor-guard"])
            .arg(folder.as_deref().unwrap_or(Path::new("")))
            .current_dir("/")
            .stdin(OwnedFd::from(stdin))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        Ok(Self {
            folder,
            shell,
            input,
        })
    }

    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.shell.id().cast_signed())
    }

    /// Reaps the shell; returns true if it has ended, which it never does by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.shell.try_wait(), Ok(None))
    }

    /// Updates the list of live groups. Replaces a guard that has ended or does not read.
    ///
    /// # Errors
    ///
    /// Fails if no other guard can be started.
    pub fn update<'g>(&mut self, groups: impl Iterator<Item = &'g Group>) -> io::Result<()> {
        let groups = groups.map(|group| group.0.to_string());
        let line = groups.collect::<Vec<_>>().join(" ") + "\n";
        // Part of a line may have been written, which must not become the start of another.
        if self.input.write_all(line.as_bytes()).is_err() {
            *self = Self::start_with(self.folder.clone(), &line)?;
        }
        Ok(())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.has_ended() {
            // A kill ends it even if it is stopped.
            let _ = self.shell.kill();
            let _ = self.shell.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Shutdown;
    use std::os::unix::process::ExitStatusExt;

    #[test]
    fn a_new_guard_knows_the_groups_even_if_this_program_dies_at_once() {
        let mut sleep = Command::new("sleep");
        let mut sleep = sleep.arg("100").process_group(0).spawn().expect("it runs");
        let guard = Guard::start_with(None, &format!("{}\n", sleep.id())).expect("it starts");
        guard.input.shutdown(Shutdown::Write).expect("a socket");
        let status = sleep.wait().expect("it ends");
        assert_eq!(status.signal(), Some(9));
    }
}
