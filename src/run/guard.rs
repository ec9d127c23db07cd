//! What cleans up when this program is killed and cannot.

use super::group::Group;
use nix::unistd::Pid;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Reads lines, each with the process groups that are alive then. When they end, the program is dead: the groups are
/// killed and the folder is removed.
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

/// A shell beside the program, in a group of its own. It is killed when this is dropped.
pub(super) struct Guard {
    folder: Option<PathBuf>,
    shell: Child,
    tell: UnixStream,
}

impl Guard {
    /// Has the processes guarded from now on, and the folder, if it is not to be kept.
    pub fn start(folder: Option<PathBuf>) -> io::Result<Self> {
        let (tell, told) = UnixStream::pair()?;
        // A guard that is stopped holds nobody up.
        tell.set_nonblocking(true)?;
        let shell = Command::new("/bin/sh")
            .args(["-c", SCRIPT, "openjd-monitor-guard"])
            .arg(folder.as_deref().unwrap_or(Path::new("")))
            .current_dir("/")
            .stdin(OwnedFd::from(told))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        Ok(Self {
            folder,
            shell,
            tell,
        })
    }

    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.shell.id().cast_signed())
    }

    /// Returns whether it has ended, which it never does by itself, and reaps it.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.shell.try_wait(), Ok(None))
    }

    /// Names the groups that are alive now. A guard that has ended, or has not read for long, is replaced.
    ///
    /// # Errors
    ///
    /// If no other one can be started.
    pub fn watch<'g>(&mut self, groups: impl Iterator<Item = &'g Group>) -> io::Result<()> {
        let groups = groups.map(|group| group.0.to_string());
        let line = groups.collect::<Vec<_>>().join(" ") + "\n";
        // Part of a line may have been written, which must not become the start of another.
        self.tell.write_all(line.as_bytes()).or_else(|_| {
            *self = Self::start(self.folder.clone())?;
            self.tell.write_all(line.as_bytes())
        })
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
