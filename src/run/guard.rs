//! What cleans up when this program is killed and cannot.

use super::group::Group;
use nix::unistd::Pid;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

/// Reads lines, each with the process groups that are alive then. When they end without a `done`, the program is
/// dead: the groups are killed and the folder is removed.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
groups=
while read -r line; do
  test "$line" = done && exit
  groups=$line
done
for group in $groups; do
  kill -s KILL -- "-$group"
done
test -z "$1" || rm -rf -- "$1"
"#;

/// A shell beside the program, in a group of its own.
pub(super) struct Guard {
    shell: Child,
    tell: ChildStdin,
}

impl Guard {
    /// Has the processes guarded from now on, and the folder, if it is not to be kept.
    pub fn start(folder: Option<&Path>) -> io::Result<Self> {
        let mut shell = Command::new("/bin/sh")
            .args(["-c", SCRIPT, "openjd-monitor-guard"])
            .arg(folder.unwrap_or(Path::new("")))
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        let tell = shell.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self { shell, tell })
    }

    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.shell.id().cast_signed())
    }

    /// Names the groups that are alive now.
    pub fn watch<'g>(&mut self, groups: impl Iterator<Item = &'g Group>) {
        let groups = groups.map(|group| group.0.to_string());
        let line = groups.collect::<Vec<_>>().join(" ");
        // Without its guard the Session goes on.
        let _ = writeln!(self.tell, "{line}");
    }

    /// Lets it go: all is clean.
    pub fn dismiss(mut self) {
        let _ = writeln!(self.tell, "done");
        drop(self.tell);
        let _ = self.shell.wait();
    }
}
