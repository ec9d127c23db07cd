//! Process groups, and the trees of processes that leave them.

use super::process::PATIENCE;
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill, killpg};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};
use sysinfo::{ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System};

/// How often they are looked for.
const POLL: Duration = Duration::from_millis(10);

/// The group of a process that leads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group(pub Pid);

impl Group {
    /// Asks all of the group to end.
    pub fn notify(self) {
        self.signal(Signal::SIGTERM);
    }

    /// Ends all of the group, and what its leader has started in groups of their own.
    pub fn kill(self) {
        let strayed = below(self.0);
        self.signal(Signal::SIGKILL);
        for process in strayed {
            let _ = kill(process.pid, Signal::SIGKILL);
        }
    }

    /// Whether none of it is left, not even one that is to be reaped.
    pub fn is_empty(self) -> bool {
        killpg(self.0, None) == Err(Errno::ESRCH)
    }

    fn signal(self, signal: Signal) {
        // There is nobody left to signal when it fails.
        let _ = killpg(self.0, signal);
    }
}

/// A process that is alive.
#[derive(Debug, Clone)]
pub(super) struct Alive {
    pub pid: Pid,
    pub name: String,
}

/// Ends every process that is left of those that this one has started, but for the `spared`. Returns those
/// that it had to kill, and whether all have ended.
pub(super) fn end_all(groups: &[Group], spared: Option<Pid>) -> (Vec<Alive>, bool) {
    let deadline = Instant::now() + PATIENCE;
    let mut killed = BTreeMap::new();
    loop {
        let mut left = below(Pid::this());
        left.retain(|process| Some(process.pid) != spared);
        for group in groups {
            group.signal(Signal::SIGKILL);
        }
        if left.is_empty() {
            return (killed.into_values().collect(), true);
        }
        if Instant::now() > deadline {
            return (left, false);
        }
        for process in left {
            let _ = kill(process.pid, Signal::SIGKILL);
            killed.insert(process.pid, process);
        }
        thread::sleep(POLL);
    }
}

/// The processes that `root` has started, and those that they have. Those that have ended and are this process's
/// to reap are reaped.
fn below(root: Pid) -> Vec<Alive> {
    let Ok(mut system) = System::new() else {
        return Vec::new();
    };
    let kind = ProcessRefreshKind::nothing().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
    let mut found = Vec::new();
    let mut parents = vec![root];
    while let Some(parent) = parents.pop() {
        let number = sysinfo::Pid::from_u32(parent.as_raw().cast_unsigned());
        let children = system.processes().values();
        for child in children.filter(|child| child.parent() == Some(number)) {
            let pid = Pid::from_raw(child.pid().as_u32().cast_signed());
            if child.status() == ProcessStatus::Zombie {
                let _ = waitpid(pid, Some(WaitPidFlag::WNOHANG));
                continue;
            }
            parents.push(pid);
            found.push(Alive {
                pid,
                name: child.name().to_string_lossy().into_owned(),
            });
        }
    }
    found
}
