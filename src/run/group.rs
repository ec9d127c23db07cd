//! Process groups, and descendants that leave them.

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

/// Interval between two looks at the processes that are left.
const POLL: Duration = Duration::from_millis(10);

/// The group of a process that leads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Group(pub Pid);

impl Group {
    /// Sends SIGTERM to the group.
    pub fn notify(self) {
        self.signal(Signal::SIGTERM);
    }

    /// Sends SIGKILL to the group, and to descendants of its leader in other groups.
    pub fn kill(self) {
        let strayed = below(self.0);
        self.signal(Signal::SIGKILL);
        for process in strayed {
            let _ = kill(process.pid, Signal::SIGKILL);
        }
    }

    /// Returns true if no process is left, not even a zombie.
    pub fn is_empty(self) -> bool {
        killpg(self.0, None) == Err(Errno::ESRCH)
    }

    pub fn signal(self, signal: Signal) {
        // Fails only if the group is empty.
        let _ = killpg(self.0, signal);
    }
}

/// A process that is alive.
#[derive(Debug, Clone)]
pub(super) struct Alive {
    pub pid: Pid,
    pub name: String,
}

/// Time that a killed process may take to end before it is reported, or given up at the end of the Session. One that
/// waits for a device or a file server takes as long as that does.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Time for processes that have been killed before to end, so that they do not count as left behind.
const DYING: Duration = Duration::from_millis(500);

/// Kills all descendants of this process but `spared`. Returns the killed ones and true, or the survivors and false.
pub(super) fn end_all(groups: &[Group], spared: Option<Pid>) -> (Vec<Alive>, bool) {
    let start = Instant::now();
    let mut killed = BTreeMap::new();
    loop {
        let mut left = below(Pid::this());
        left.retain(|process| Some(process.pid) != spared);
        if left.is_empty() || start.elapsed() > DYING {
            for group in groups {
                group.signal(Signal::SIGKILL);
            }
            for process in &left {
                let _ = kill(process.pid, Signal::SIGKILL);
                killed.insert(process.pid, process.clone());
            }
        }
        if left.is_empty() {
            return (killed.into_values().collect(), true);
        }
        if start.elapsed() > DYING + PATIENCE {
            return (left, false);
        }
        thread::sleep(POLL);
    }
}

/// Returns the descendants of `root`. Reaps zombies that are children of this process.
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

/// Returns the descendants of this process with the environment variable `mark`, and the descendants of those.
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

/// Lists all processes of this machine; `None` if the system does not tell.
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
