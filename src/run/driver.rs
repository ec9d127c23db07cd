//! Event loop driving a Session with real processes.

use super::Observer;
use super::attached::Attached;
use super::clock::Clock;
use super::directory::Directory;
use super::group::Group;
use super::guard::Guard;
use super::processes::Processes;
use super::signals::{SignalEvent, Signals};
use super::watcher::ProcessUpdate;
use openjd_monitor_core::session::{Canceler, Effect, Event, Session, Target, Time};
use std::io;
use std::time::{Duration, Instant};
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

/// Driver of one Session.
pub(super) struct Driver<'d> {
    clock: Clock,
    observer: &'d mut dyn Observer,
    /// First error of the observer.
    observer_error: Option<io::Error>,
    processes: Processes<'d>,
    /// Events for the Session in the next round; the notes of the processes follow them.
    events: Vec<Event>,
}

impl<'d> Driver<'d> {
    /// Runs a Session to its end; its action is the `attached` one, if there is one. Returns the groups of processes that
    /// may be left then, and the first error of the observer.
    pub async fn run(
        session: &mut Session,
        signals: &mut Signals,
        directory: &'d Directory,
        guard: &'d mut Option<Guard>,
        attached: Option<Attached>,
        observer: &'d mut dyn Observer,
    ) -> (Vec<Group>, io::Result<()>) {
        let (updates, receiver) = mpsc::channel(CHANNEL_CAPACITY);
        let mut driver = Self {
            clock: Clock::start(),
            observer,
            observer_error: None,
            processes: Processes::new(directory, guard, attached, updates),
            events: Vec::new(),
        };
        driver.run_loop(session, signals, receiver).await;
        let groups = driver.processes.into_groups();
        (groups, driver.observer_error.map_or(Ok(()), Err))
    }

    async fn run_loop(
        &mut self,
        session: &mut Session,
        signals: &mut Signals,
        mut receiver: mpsc::Receiver<ProcessUpdate>,
    ) {
        if let Some(note) = self.processes.unguarded() {
            self.note(note);
        }
        let effects = session.begin();
        self.apply_all(effects);
        while !session.is_over() {
            if self.events.is_empty() {
                self.on_idle();
                let due = self.clock.next_update(session.wake());
                let (mut signaled, mut first) = (None, None);
                tokio::select! {
                    // A user's cancel comes before the end of a process (TIM-4).
                    biased;
                    signal = signals.next() => signaled = Some(signal),
                    next = receiver.recv() => first = next,
                    () = sleep_until(due) => {}
                    () = sleep_until_some(self.processes.next_overdue()) => {}
                }
                let stopped = match self.processes.have_ending() {
                    // The rest of an output falls on the end of its process.
                    true => {
                        self.clock.skip();
                        None
                    }
                    false => self.clock.update(due),
                };
                if let Some(signal) = signaled {
                    self.handle_signal(&signal);
                }
                if let Some(first) = first {
                    self.handle_update(first);
                }
                if let Some(stopped) = stopped {
                    self.catch_up(session, signals, &mut receiver, stopped)
                        .await;
                }
                self.processes.report_overdue();
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
        // Before a check that ends or is to start can have an effect (TIM-4).
        if self.processes.is_canceled() {
            self.events.push(Event::Cancel {
                by: Canceler::User,
                notify_period: None,
            });
        }
        let mut effects = session.handle(self.clock.now(), std::mem::take(&mut self.events));
        self.processes.redact(session.redactions());
        effects.extend(
            self.processes
                .notes
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
        signals: &mut Signals,
        receiver: &mut mpsc::Receiver<ProcessUpdate>,
        stopped: Duration,
    ) {
        // In the log of another runtime, its action's lines are not to be interrupted for that.
        if !self.processes.has_attached() {
            let text = format!(
                "this program did not run for {:.1} s, which no timeout and no period counts",
                stopped.as_secs_f64()
            );
            self.note(&text);
        }
        let mut quiet = 0;
        for _ in 0..MAX_ROUNDS {
            tokio::task::yield_now().await;
            self.handle_signals(signals).await;
            self.handle_pending(receiver);
            if !self.events.is_empty() || !self.processes.notes.is_empty() {
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

    /// Handles the signals that have come.
    async fn handle_signals(&mut self, signals: &mut Signals) {
        loop {
            tokio::select! {
                biased;
                signal = signals.next() => self.handle_signal(&signal),
                () = std::future::ready(()) => return,
            }
        }
    }

    fn handle_signal(&mut self, signal: &SignalEvent) {
        match *signal {
            SignalEvent::Cancel { signal, is_first } => self.interrupt(signal, is_first),
            SignalEvent::ChildEnded => self.processes.reap(),
        }
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
            && self.processes.notes.is_empty()
            && let Ok(next) = receiver.try_recv()
        {
            self.handle_update(next);
        }
    }

    fn handle_update(&mut self, update: ProcessUpdate) {
        match update {
            ProcessUpdate::Event(event) => self.events.extend(self.processes.pass(event)),
            ProcessUpdate::Ending(process) => self.processes.set_ending(process),
            ProcessUpdate::Note(about, text) => self.processes.notes.push((about, text)),
            ProcessUpdate::Reaped => self.processes.reap(),
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
                if let Err(error) = self.processes.start(start.reveal()) {
                    self.events.push(Event::SpawnFailed {
                        process: start.process,
                        error: error.to_string(),
                    });
                }
            }
            Effect::Notify { process, kill_at } => {
                let left = kill_at.saturating_sub(now);
                self.processes.notify(*process, left);
            }
            Effect::Kill { process, .. } => self.processes.kill(*process),
            _ => {}
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
