//! What a check leaves behind outside of its process group. Its processes are recognized by a variable that each of
//! them inherits, and by a parent that has it.

use openjd_monitor_core::session::ProcessId;
use std::process::Command;

/// The variable; its value is that of one check.
const VARIABLE: &str = "OPENJD_MONITOR_CHECK";

/// Upper bound on the rounds in which what a check goes on to start is killed. It is killed at the end of the Session
/// anyhow.
#[cfg(target_os = "linux")]
const MAX_ROUNDS: usize = 100;

/// What marks the processes of one check.
#[derive(Debug, Clone)]
pub(super) struct Mark(String);

impl Mark {
    pub fn new(check: ProcessId) -> Self {
        Self(format!("{}.{}", std::process::id(), check.0))
    }

    /// Marks what this command starts.
    pub fn put(&self, command: &mut Command) {
        command.env(VARIABLE, &self.0);
    }

    /// Kills the processes that have it. They are found on Linux only, where what has lost its parent is this
    /// program's child.
    pub fn kill_all(&self) {
        #[cfg(target_os = "linux")]
        {
            use nix::sys::signal::{Signal, kill};
            let mark = format!("{VARIABLE}={}", self.0);
            let mut killed = std::collections::BTreeSet::new();
            for _ in 0..MAX_ROUNDS {
                let mut found = super::group::marked(mark.as_ref());
                // What is killed starts nothing any more; what it has just started is found in the next round.
                found.retain(|pid| killed.insert(*pid));
                if found.is_empty() {
                    return;
                }
                for pid in found {
                    let _ = kill(pid, Signal::SIGKILL);
                }
            }
        }
    }
}
