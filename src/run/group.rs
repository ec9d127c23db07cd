//! Process groups, and the trees of processes that leave them.

use super::process::PATIENCE;
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill, killpg};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};
#[cfg(target_os = "linux")]
use sysinfo::UpdateKind;
use sysinfo::{Process, ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System};

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

/// Time for processes that have been killed before to go, so that they are not taken for survivors.
const DYING: Duration = Duration::from_millis(500);

/// Ends every process that is left of those that this one has started, but for the `spared`. Returns those
/// that it had to kill, and true if all have ended.
pub(super) fn end_all(groups: &[Group], spared: Option<Pid>) -> (Vec<Alive>, bool) {
    let start = Instant::now();
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
        if start.elapsed() > DYING + PATIENCE {
            return (left, false);
        }
        if start.elapsed() > DYING {
            for process in left {
                let _ = kill(process.pid, Signal::SIGKILL);
                killed.insert(process.pid, process);
            }
        }
        thread::sleep(POLL);
    }
}

/// The processes that `root` has started, and those that they have. Those that have ended and are this process's
/// to reap are reaped.
fn below(root: Pid) -> Vec<Alive> {
    let Some(system) = processes() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut parents = vec![root];
    while let Some(parent) = parents.pop() {
        for child in children(&system, parent) {
            let pid = pid(child);
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

/// The processes below this one that have `mark` among their environment variables, and those below them.
#[cfg(target_os = "linux")]
pub(super) fn marked(mark: &std::ffi::OsStr) -> Vec<Pid> {
    let Some(mut system) = processes() else {
        return Vec::new();
    };
    let mut tree = vec![Pid::this()];
    let mut parents = BTreeMap::new();
    let mut next = 0;
    while let Some(&parent) = tree.get(next) {
        next += 1;
        let alive = |child: &&Process| child.status() != ProcessStatus::Zombie;
        for child in children(&system, parent).filter(alive) {
            tree.push(pid(child));
            parents.insert(pid(child), parent);
        }
    }
    let numbers: Vec<_> = parents.keys().map(|pid| number(*pid)).collect();
    let kind = ProcessRefreshKind::nothing()
        .without_tasks()
        .with_environ(UpdateKind::Always);
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&numbers), false, kind);
    let mut found = Vec::new();
    // Parents come before their children.
    for pid in tree.into_iter().skip(1) {
        let process = system.process(number(pid));
        let has_mark = process.is_some_and(|process| process.environ().iter().any(|is| is == mark));
        if has_mark
            || parents
                .get(&pid)
                .is_some_and(|parent| found.contains(parent))
        {
            found.push(pid);
        }
    }
    found
}

/// All processes of this machine, if the system tells.
fn processes() -> Option<System> {
    let mut system = System::new().ok()?;
    let kind = ProcessRefreshKind::nothing().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
    Some(system)
}

fn children(system: &System, parent: Pid) -> impl Iterator<Item = &Process> {
    let parent = Some(number(parent));
    let all = system.processes().values();
    all.filter(move |process| process.parent() == parent)
}

fn number(pid: Pid) -> sysinfo::Pid {
    sysinfo::Pid::from_u32(pid.as_raw().cast_unsigned())
}

fn pid(process: &Process) -> Pid {
    Pid::from_raw(process.pid().as_u32().cast_signed())
}
