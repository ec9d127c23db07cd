//! The processes of a Session: started, signaled, reaped, and known to the guard.

use super::attached::Attached;
use super::directory::Directory;
use super::group::Group;
use super::guard::Guard;
use super::orphans;
use super::process::Process;
use super::refusal;
use super::watcher::ProcessUpdate;
use chrono::{TimeDelta, Utc};
use nix::sys::signal::Signal;
use openjd_monitor_core::session::{Event, ProcessId, Redactions, Start, Target};
use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};
use thiserror::Error;
use tokio::sync::mpsc;

/// Note in the log if there is no guard.
const UNGUARDED: &str = "without /bin/sh, nothing would clean up if this program were killed";

/// Error starting an action or a check.
#[derive(Debug, Error)]
pub(super) enum StartError {
    #[error("cannot write `{0}`: {1}")]
    File(String, io::Error),
    /// The system refuses to start the process; an explanation.
    #[error("{0}")]
    Process(String),
}

/// Processes that the driver of a Session has started.
pub(super) struct Processes<'d> {
    directory: &'d Directory,
    guard: &'d mut Option<Guard>,
    /// Action that another runtime has started. It is not the guard's, and none of `running`.
    attached: Option<Attached>,
    /// Those that have not ended.
    running: BTreeMap<ProcessId, Process>,
    /// Groups with processes left after their leader has ended.
    left: Vec<Group>,
    updates: mpsc::Sender<ProcessUpdate>,
    /// Events of a check after the end of its action.
    held: Vec<Event>,
    /// Notes for the log, to be passed on after the events so far.
    pub notes: Vec<(Target, String)>,
}

impl<'d> Processes<'d> {
    /// Creates the list, which is empty. What the processes do is sent to `updates`.
    pub fn new(
        directory: &'d Directory,
        guard: &'d mut Option<Guard>,
        attached: Option<Attached>,
        updates: mpsc::Sender<ProcessUpdate>,
    ) -> Self {
        Self {
            directory,
            guard,
            attached,
            running: BTreeMap::new(),
            left: Vec::new(),
            updates,
            held: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Returns the note on a missing guard, if there is none.
    pub fn unguarded(&self) -> Option<&'static str> {
        self.guard.is_none().then_some(UNGUARDED)
    }

    /// Returns true if all have ended.
    pub fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    /// Notes that a process has ended, and that the rest of its output is awaited.
    pub fn set_ending(&mut self, process: ProcessId) {
        if let Some(process) = self.running.get_mut(&process) {
            process.is_ending = true;
        }
    }

    /// Returns true if the rest of the output of an ended process is awaited.
    pub fn have_ending(&self) -> bool {
        self.running.values().any(|process| process.is_ending)
    }

    /// Passes on an event of a process, and what was held back for it: while the rest of the action's output is awaited,
    /// what its check does comes after its end.
    pub fn pass(&mut self, event: Event) -> Vec<Event> {
        let process = match &event {
            Event::Output { process, .. } => *process,
            Event::Exited { process, .. } | Event::SpawnFailed { process, .. } => {
                self.remove(*process);
                *process
            }
            Event::Cancel { .. } => return vec![event],
        };
        let mut running = self.running.iter();
        let awaited = running.find(|(_, other)| other.is_ending && other.target == Target::Action);
        match awaited {
            None => {
                let mut passed = vec![event];
                passed.append(&mut self.held);
                passed
            }
            Some((action, _)) if *action == process => vec![event],
            Some(_) => {
                self.held.push(event);
                Vec::new()
            }
        }
    }

    /// Returns the groups that may have processes.
    pub fn into_groups(self) -> Vec<Group> {
        let running = self.running.values().map(|process| process.group);
        self.left.into_iter().chain(running).collect()
    }

    /// Returns true if another runtime has started the action.
    pub fn has_attached(&self) -> bool {
        self.attached.is_some()
    }

    /// Returns true if another runtime has begun to cancel its action since the last call.
    pub fn is_canceled(&mut self) -> bool {
        self.attached.as_mut().is_some_and(Attached::is_canceled)
    }

    /// Hides these secrets in output that does not pass the Session.
    pub fn redact(&self, redactions: &Redactions) {
        if let Some(attached) = &self.attached {
            attached.redact(redactions);
        }
    }

    /// Writes its files and starts a process; follows the action that another runtime has started.
    pub fn start(&mut self, start: &Start) -> Result<(), StartError> {
        if let Some(attached) = &mut self.attached
            && start.target == Target::Action
        {
            attached.follow(start.process, self.updates.clone());
            return Ok(());
        }
        for file in &start.files {
            self.directory
                .write_file(file)
                .map_err(|error| StartError::File(file.path.clone(), error))?;
        }
        let process =
            Process::start(start, self.directory, self.updates.clone()).map_err(|error| {
                StartError::Process(refusal::explain(start, self.directory.path(), &error))
            })?;
        self.running.insert(start.process, process);
        self.update_guard();
        Ok(())
    }

    /// Sends SIGTERM; SIGKILL is to follow after `left`.
    pub fn notify(&mut self, process: ProcessId, left: Duration) {
        let left = TimeDelta::from_std(left).unwrap_or_default();
        if let Err(error) = self.directory.write_cancel_info(Utc::now() + left) {
            let text = format!("cannot write cancel_info.json: {error}");
            self.notes.push((Target::Action, text));
        }
        if let Some(attached) = self.of_other_runtime(process) {
            // The file is this program's own.
            attached.is_canceled();
            attached.signal(Signal::SIGTERM);
        } else if let Some(process) = self.running.get(&process) {
            process.notify();
        }
    }

    /// Sends SIGKILL.
    pub fn kill(&mut self, process: ProcessId) {
        if let Some(attached) = self.of_other_runtime(process) {
            attached.signal(Signal::SIGKILL);
        } else if let Some(process) = self.running.get_mut(&process) {
            process.kill();
        }
    }

    fn of_other_runtime(&mut self, process: ProcessId) -> Option<&mut Attached> {
        let attached = self.attached.as_mut();
        attached.filter(|attached| attached.is(process))
    }

    /// Reaps orphans that have ended.
    pub fn reap(&mut self) {
        if self.guard.as_mut().is_some_and(Guard::has_ended) {
            self.update_guard();
        }
        orphans::reap(|pid| {
            let mut followed = self.running.values();
            followed.any(|process| process.group == Group(pid))
                || self.guard.as_ref().is_some_and(|guard| guard.pid() == pid)
        });
    }

    /// Returns the time to report the next killed process that has not ended.
    pub fn next_overdue(&self) -> Option<Instant> {
        let processes = self.running.values();
        processes.filter_map(|process| process.overdue).min()
    }

    /// Notes killed processes that have not ended, once each: they hold the Session up.
    pub fn report_overdue(&mut self) {
        for process in self.running.values_mut() {
            if process
                .overdue
                .take_if(|due| *due <= Instant::now())
                .is_some()
            {
                let pid = process.group.0;
                let text = format!(
                    "process {pid} has not ended after SIGKILL: it is blocked in the system"
                );
                self.notes.push((process.target, text));
            }
        }
    }

    /// Removes a process that has ended.
    fn remove(&mut self, process: ProcessId) {
        self.left.retain(|group| !group.is_empty());
        if let Some(process) = self.running.remove(&process)
            && !process.group.is_empty()
        {
            self.left.push(process.group);
        }
        self.update_guard();
    }

    /// Updates the guard's list of live process groups.
    fn update_guard(&mut self) {
        if let Some(guard) = &mut self.guard {
            let alive = self.running.values().map(|process| &process.group);
            if guard.update(alive.chain(&self.left)).is_err() {
                *self.guard = None;
                self.notes.push((Target::Action, UNGUARDED.to_owned()));
            }
        }
    }
}
