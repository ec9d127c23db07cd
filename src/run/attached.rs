//! An action that another runtime has started, and may cancel.

use super::directory::{CancelInfo, Directory};
use super::group::Group;
use super::relay::Relay;
use super::watcher::ProcessUpdate;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, getpgid};
use openjd_monitor_core::session::{ProcessId, Redactions};
use std::path::PathBuf;
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;

pub(super) struct Attached {
    pid: Pid,
    leads_group: bool,
    cancel_info: PathBuf,
    /// State of that file before a cancel by the runtime.
    before: CancelInfo,
    /// Secrets to hide in its output.
    redactions: watch::Sender<Redactions>,
    /// What passes its output on, until it is followed.
    relay: Option<Relay>,
    /// Its name in the Session, once it is followed.
    process: Option<ProcessId>,
}

impl Attached {
    /// Attaches to the process `pid`. The state of cancel_info.json was `before` when it started.
    pub fn new(
        pid: Pid,
        before: CancelInfo,
        directory: &Directory,
        redactions: watch::Sender<Redactions>,
        relay: Relay,
    ) -> Self {
        Self {
            pid,
            leads_group: getpgid(Some(pid)) == Ok(pid),
            cancel_info: directory.cancel_info(),
            before,
            redactions,
            relay: Some(relay),
            process: None,
        }
    }

    /// Sends its lines and its end to `updates` from now on.
    pub fn follow(&mut self, process: ProcessId, updates: Sender<ProcessUpdate>) {
        self.process = Some(process);
        if let Some(relay) = self.relay.take() {
            tokio::spawn(relay.run(self.pid, process, updates));
        }
    }

    pub fn is(&self, process: ProcessId) -> bool {
        self.process == Some(process)
    }

    /// Returns true if the runtime has begun to cancel it since the last call: cancel_info.json is new or has changed.
    pub fn is_canceled(&mut self) -> bool {
        let now = CancelInfo::read(&self.cancel_info);
        let before = std::mem::replace(&mut self.before, now);
        before != self.before
    }

    /// Hides these secrets in its output from now on.
    pub fn redact(&self, redactions: &Redactions) {
        self.redactions.send_if_modified(|known| {
            let is_new = known != redactions;
            if is_new {
                known.clone_from(redactions);
            }
            is_new
        });
    }

    /// Signals its group, as the runtime would; itself alone, if the runtime has not given it a group of its own.
    pub fn signal(&self, signal: Signal) {
        match self.leads_group {
            true => Group(self.pid).signal(signal),
            // Fails only if it has ended.
            false => drop(kill(self.pid, signal)),
        }
    }
}
