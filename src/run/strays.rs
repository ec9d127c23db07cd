//! Processes of a check outside of its process group. They are recognized by an environment variable that they
//! inherit, or by a parent with it.

use openjd_monitor_core::session::ProcessId;
use std::process::Command;

/// The variable; its value identifies the check.
const VARIABLE: &str = "OPENJD_MONITOR_CHECK";

/// Upper bound on the rounds of killing, for a check that keeps starting processes. The end of the Session kills the
/// rest.
#[cfg(target_os = "linux")]
const MAX_ROUNDS: usize = 100;

/// Mark of the processes of one check.
#[derive(Debug, Clone)]
pub(super) struct Mark(String);

impl Mark {
    pub fn new(check: ProcessId) -> Self {
        Self(format!("{}.{}", std::process::id(), check.0))
    }

    /// Marks the processes that this command starts.
    pub fn put(&self, command: &mut Command) {
        command.env(VARIABLE, &self.0);
    }

    /// Kills the marked processes. They are found on Linux only, where orphans become children of this program.
    pub fn kill_all(&self) {
        #[cfg(target_os = "linux")]
        {
            use nix::sys::signal::{Signal, kill};
            let mark = format!("{VARIABLE}={}", self.0);
            let mut killed = std::collections::BTreeSet::new();
            for _ in 0..MAX_ROUNDS {
                let mut found = super::group::marked(mark.as_ref());
                // Children that these have just started are found in the next round.
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
