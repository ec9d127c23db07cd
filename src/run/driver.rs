//! Event loop driving a Session with real processes.

use super::Observer;
use super::clock::Clock;
use super::directory::Directory;
use super::group::Group;
use super::guard::Guard;
use super::orphans;
use super::process::{Process, ProcessUpdate};
use super::refusal;
use super::signals::{SignalEvent, Signals};
use chrono::{TimeDelta, Utc};
use openjd_monitor_core::session::{
    Canceler, Effect, Event, ProcessId, Session, Start, Target, Time,
};
use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};
use thiserror::Error;
use tokio::sync::mpsc;

/// Capacity of the channel from processes; writers block when it is full.
const CHANNEL_CAPACITY: usize = 1024;

/// Upper bound on the events that are passed to the Session at once.
const MAX_BATCH: usize = 256;

/// After a stop, number of rounds without news that show that every process has caught up.
const QUIET_ROUNDS: u32 = 8;

/// Upper bound on the rounds of catching up.
const MAX_ROUNDS: u32 = 1000;

/// Time that killed processes may take to end when the Session is over.
const LAST_WAIT: Duration = Duration::from_millis(500);

/// Note in the log if there is no guard.
const UNGUARDED: &str = "without /bin/sh, nothing would clean up if this program were killed";

/// Error starting an action or a check.
#[derive(Debug, Error)]
enum StartError {
    #[error("cannot write `{0}`: {1}")]
    File(String, io::Error),
    /// The system refuses to start the process; an explanation.
    #[error("{0}")]
    Process(String),
}

/// Driver of one Session.
pub(super) struct Driver<'d> {
    clock: Clock,
    directory: &'d Directory,
    guard: &'d mut Option<Guard>,
    observer: &'d mut dyn Observer,
    /// First error of the observer.
    observer_error: Option<io::Error>,
    /// Processes that have not ended.
    processes: BTreeMap<ProcessId, Process>,
    /// Groups with processes left after their leader has ended.
    left: Vec<Group>,
    updates: mpsc::Sender<ProcessUpdate>,
    /// Events for the Session in the next round.
    events: Vec<Event>,
    /// Notes for the log after that round.
    notes: Vec<(Target, String)>,
}

impl<'d> Driver<'d> {
    /// Runs a Session to its end. Returns the groups of processes that may be left then, and the first error of
    /// the observer.
    pub async fn run(
        session: &mut Session,
        signals: &mut Signals,
        directory: &'d Directory,
        guard: &'d mut Option<Guard>,
        observer: &'d mut dyn Observer,
    ) -> (Vec<Group>, io::Result<()>) {
        let (updates, receiver) = mpsc::channel(CHANNEL_CAPACITY);
        let mut driver = Self {
            clock: Clock::start(),
            directory,
            guard,
            observer,
            observer_error: None,
            processes: BTreeMap::new(),
            left: Vec::new(),
            updates,
            events: Vec::new(),
            notes: Vec::new(),
        };
        driver.run_loop(session, signals, receiver).await;
        let mut left = driver.left;
        left.extend(driver.processes.values().map(|process| process.group));
        (left, driver.observer_error.map_or(Ok(()), Err))
    }

    async fn run_loop(
        &mut self,
        session: &mut Session,
        signals: &mut Signals,
        mut receiver: mpsc::Receiver<ProcessUpdate>,
    ) {
        if self.guard.is_none() {
            self.note(UNGUARDED);
        }
        let effects = session.begin();
        self.apply_all(effects);
        while !session.is_over() {
            if self.events.is_empty() {
                self.on_idle();
                let due = self.clock.next_update(session.wake());
                let (mut signaled, mut first) = (None, None);
                tokio::select! {
                    signal = signals.next() => signaled = Some(signal),
                    next = receiver.recv() => first = next,
                    () = sleep_until(due) => {}
                    () = sleep_until_some(self.next_overdue()) => {}
                }
                let stopped = self.clock.update(due);
                if let Some(first) = first {
                    self.handle_update(first);
                }
                if let Some(stopped) = stopped {
                    self.catch_up(session, &mut receiver, stopped).await;
                }
                match signaled {
                    Some(SignalEvent::Cancel { signal, is_first }) => {
                        self.interrupt(signal, is_first)
                    }
                    Some(SignalEvent::ChildEnded) => self.reap(),
                    None => {}
                }
                self.report_overdue();
            }
            self.handle_pending(&mut receiver);
            self.advance(session);
        }
        self.on_idle();
        // Waits for killed checks, so that they do not count as left behind.
        let _ = tokio::time::timeout(LAST_WAIT, async {
            while !self.processes.is_empty()
                && let Some(last) = receiver.recv().await
            {
                self.handle_update(last);
            }
        })
        .await;
    }

    /// Passes the pending events to the Session and applies its effects.
    fn advance(&mut self, session: &mut Session) {
        let mut effects = session.handle(self.clock.now(), std::mem::take(&mut self.events));
        effects.extend(
            self.notes
                .drain(..)
                .map(|(about, text)| Effect::Note { text, about }),
        );
        self.apply_all(effects);
    }

    fn apply_all(&mut self, effects: Vec<Effect>) {
        let now = self.clock.now();
        for effect in effects {
            self.observe(now, &effect);
            self.apply(now, &effect);
        }
    }

    /// Passes on the events of the time when this program was stopped, before the clock goes on: a process that ended
    /// meanwhile ended before any deadline, and the others keep the time that they had.
    async fn catch_up(
        &mut self,
        session: &mut Session,
        receiver: &mut mpsc::Receiver<ProcessUpdate>,
        stopped: Duration,
    ) {
        let text = format!(
            "this program did not run for {:.1} s, which no timeout and no period counts",
            stopped.as_secs_f64()
        );
        self.note(&text);
        let mut quiet = 0;
        for _ in 0..MAX_ROUNDS {
            tokio::task::yield_now().await;
            self.handle_pending(receiver);
            if !self.events.is_empty() || !self.notes.is_empty() {
                quiet = 0;
                self.advance(session);
            } else if quiet == QUIET_ROUNDS {
                break;
            } else {
                quiet += 1;
            }
        }
        self.clock.skip();
    }

    /// The first interrupt is a user's cancel (SES-6); a later one lets no notify period go on.
    fn interrupt(&mut self, signal: i32, is_first: bool) {
        let (text, notify_period) = match is_first {
            true => ("interrupted: the session is canceled", None),
            false => ("interrupted again", Some(Duration::ZERO)),
        };
        self.note(text);
        self.events.push(Event::Cancel {
            by: Canceler::Signal(signal),
            notify_period,
        });
    }

    /// Logs a note of this program at once.
    fn note(&mut self, text: &str) {
        let note = Effect::Note {
            text: text.to_owned(),
            about: Target::Action,
        };
        self.observe(self.clock.now(), &note);
    }

    /// Handles pending updates, up to the first note: it must follow directly on the events before it.
    fn handle_pending(&mut self, receiver: &mut mpsc::Receiver<ProcessUpdate>) {
        while self.events.len() < MAX_BATCH
            && self.notes.is_empty()
            && let Ok(next) = receiver.try_recv()
        {
            self.handle_update(next);
        }
    }

    fn handle_update(&mut self, update: ProcessUpdate) {
        match update {
            ProcessUpdate::Event(event) => {
                if let Event::Exited { process, .. } | Event::SpawnFailed { process, .. } = &event {
                    self.remove(*process);
                }
                self.events.push(event);
            }
            ProcessUpdate::Note(about, text) => self.notes.push((about, text)),
            ProcessUpdate::Reaped => self.reap(),
        }
    }

    fn observe(&mut self, at: Time, effect: &Effect) {
        if self.observer_error.is_none() {
            let result = self.observer.observe(at, effect);
            self.cancel_on_error(result);
        }
    }

    fn on_idle(&mut self) {
        if self.observer_error.is_none() {
            let result = self.observer.on_idle();
            self.cancel_on_error(result);
        }
    }

    /// Cancels the Session after an error of the observer, so that it is cleaned up.
    fn cancel_on_error(&mut self, result: io::Result<()>) {
        if let Err(error) = result {
            self.observer_error = Some(error);
            self.events.push(Event::Cancel {
                by: Canceler::LostOutput,
                notify_period: None,
            });
        }
    }

    fn apply(&mut self, now: Time, effect: &Effect) {
        match effect {
            Effect::Start(start) => {
                if let Err(error) = self.start(start.reveal()) {
                    self.events.push(Event::SpawnFailed {
                        process: start.process,
                        error: error.to_string(),
                    });
                }
            }
            Effect::Notify { process, kill_at } => {
                let left = kill_at.saturating_sub(now);
                let left = TimeDelta::from_std(left).unwrap_or_default();
                if let Err(error) = self.directory.write_cancel_info(Utc::now() + left) {
                    let text = format!("cannot write cancel_info.json: {error}");
                    self.notes.push((Target::Action, text));
                }
                if let Some(process) = self.processes.get(process) {
                    process.notify();
                }
            }
            Effect::Kill { process, .. } => {
                if let Some(process) = self.processes.get_mut(process) {
                    process.kill();
                }
            }
            _ => {}
        }
    }

    fn start(&mut self, start: &Start) -> Result<(), StartError> {
        for file in &start.files {
            self.directory
                .write_file(file)
                .map_err(|error| StartError::File(file.path.clone(), error))?;
        }
        let process = Process::start(start, self.directory.path(), self.updates.clone()).map_err(
            |error| StartError::Process(refusal::explain(start, self.directory.path(), &error)),
        )?;
        self.processes.insert(start.process, process);
        self.update_guard();
        Ok(())
    }

    /// Reaps orphans that have ended.
    fn reap(&mut self) {
        if self.guard.as_mut().is_some_and(Guard::has_ended) {
            self.update_guard();
        }
        orphans::reap(|pid| {
            let mut followed = self.processes.values();
            followed.any(|process| process.group == Group(pid))
                || self.guard.as_ref().is_some_and(|guard| guard.pid() == pid)
        });
    }

    /// Returns the time to report the next killed process that has not ended.
    fn next_overdue(&self) -> Option<Instant> {
        let processes = self.processes.values();
        processes.filter_map(|process| process.overdue).min()
    }

    /// Notes killed processes that have not ended, once each: they hold the Session up.
    fn report_overdue(&mut self) {
        for process in self.processes.values_mut() {
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
        if let Some(process) = self.processes.remove(&process)
            && !process.group.is_empty()
        {
            self.left.push(process.group);
        }
        self.update_guard();
    }

    /// Updates the guard's list of live process groups.
    fn update_guard(&mut self) {
        if let Some(guard) = &mut self.guard {
            let alive = self.processes.values().map(|process| &process.group);
            if guard.update(alive.chain(&self.left)).is_err() {
                *self.guard = None;
                self.notes.push((Target::Action, UNGUARDED.to_owned()));
            }
        }
    }
}

async fn sleep_until(wake: Instant) {
    tokio::time::sleep_until(wake.into()).await;
}

async fn sleep_until_some(wake: Option<Instant>) {
    match wake {
        Some(wake) => sleep_until(wake).await,
        None => std::future::pending().await,
    }
}
