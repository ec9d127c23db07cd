//! Between the Session and its processes.

use super::Observer;
use super::clock::Clock;
use super::directory::Directory;
use super::group::Group;
use super::guard::Guard;
use super::orphans;
use super::process::{Process, Told};
use super::refusal;
use super::signals::{Said, Signals};
use chrono::{TimeDelta, Utc};
use openjd_monitor_core::session::{
    Canceler, Effect, Event, ProcessId, Session, Start, Target, Time,
};
use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// So many lines wait for the Session at most; those that write more wait, too.
const MAX_WAITING: usize = 1024;

/// So many are taken in at once.
const MAX_BATCH: usize = 256;

/// After a stop, as many rounds without news show that all has been told that happened meanwhile.
const QUIET_ROUNDS: u32 = 8;

/// Upper bound on the rounds that are waited for that.
const MAX_ROUNDS: u32 = 1000;

/// How long what has been killed may take to end when the Session is over.
const MOMENT: Duration = Duration::from_millis(500);

/// Said when there is no guard.
const UNGUARDED: &str = "there is no /bin/sh that would clean up if this program were killed";

/// A Session on its way.
pub(super) struct Driver<'d> {
    clock: Clock,
    directory: &'d Directory,
    guard: &'d mut Option<Guard>,
    observer: &'d mut dyn Observer,
    /// The first error of the observer.
    broken: Option<io::Error>,
    /// The processes that have not ended.
    processes: BTreeMap<ProcessId, Process>,
    /// The groups of those that have, if they have left something behind.
    left: Vec<Group>,
    tell: mpsc::Sender<Told>,
    /// What is to be told to the Session in the next round.
    events: Vec<Event>,
    /// What the log is to say after that.
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
        let (tell, told) = mpsc::channel(MAX_WAITING);
        let mut driver = Self {
            clock: Clock::start(),
            directory,
            guard,
            observer,
            broken: None,
            processes: BTreeMap::new(),
            left: Vec::new(),
            tell,
            events: Vec::new(),
            notes: Vec::new(),
        };
        driver.go_on(session, signals, told).await;
        let mut left = driver.left;
        left.extend(driver.processes.values().map(|process| process.group));
        (left, driver.broken.map_or(Ok(()), Err))
    }

    async fn go_on(
        &mut self,
        session: &mut Session,
        signals: &mut Signals,
        mut told: mpsc::Receiver<Told>,
    ) {
        if self.guard.is_none() {
            self.note(UNGUARDED);
        }
        let effects = session.begin();
        self.carry_out_all(effects);
        while !session.is_over() {
            if self.events.is_empty() {
                self.rest();
                let due = self.clock.next_look(session.wake());
                let (mut said, mut first) = (None, None);
                tokio::select! {
                    signal = signals.next() => said = Some(signal),
                    next = told.recv() => first = next,
                    () = sleep_until(due) => {}
                    () = sleep_until_some(self.overdue()) => {}
                }
                let stopped = self.clock.look(due);
                if let Some(first) = first {
                    self.take_in(first);
                }
                if let Some(stopped) = stopped {
                    self.catch_up(session, &mut told, stopped).await;
                }
                match said {
                    Some(Said::Cancel { signal, is_first }) => self.interrupt(signal, is_first),
                    Some(Said::ChildEnded) => self.reap(),
                    None => {}
                }
                self.complain();
            }
            self.take_in_batch(&mut told);
            self.advance(session);
        }
        self.rest();
        // A check that was killed at the end is none that was left behind.
        let _ = tokio::time::timeout(MOMENT, async {
            while !self.processes.is_empty()
                && let Some(last) = told.recv().await
            {
                self.take_in(last);
            }
        })
        .await;
    }

    /// Tells the Session what has been taken in, and carries out what it wants then.
    fn advance(&mut self, session: &mut Session) {
        let mut effects = session.handle(self.clock.now(), std::mem::take(&mut self.events));
        effects.extend(
            self.notes
                .drain(..)
                .map(|(about, text)| Effect::Note { text, about }),
        );
        self.carry_out_all(effects);
    }

    fn carry_out_all(&mut self, effects: Vec<Effect>) {
        let now = self.clock.now();
        for effect in effects {
            self.observe(now, &effect);
            self.carry_out(now, &effect);
        }
    }

    /// Lets the Session know what has happened while this program was stopped, before its clock goes on: what has
    /// ended meanwhile has ended before any limit, and what goes on has as long as it had.
    async fn catch_up(
        &mut self,
        session: &mut Session,
        told: &mut mpsc::Receiver<Told>,
        stopped: Duration,
    ) {
        let text = format!(
            "this program did not run for {:.1} s, which count towards no timeout and no period",
            stopped.as_secs_f64()
        );
        self.note(&text);
        let mut quiet = 0;
        for _ in 0..MAX_ROUNDS {
            tokio::task::yield_now().await;
            self.take_in_batch(told);
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

    /// Says something of its own at once.
    fn note(&mut self, text: &str) {
        let note = Effect::Note {
            text: text.to_owned(),
            about: Target::Action,
        };
        self.observe(self.clock.now(), &note);
    }

    /// Takes in what waits to be told. A note belongs right behind what came before it.
    fn take_in_batch(&mut self, told: &mut mpsc::Receiver<Told>) {
        while self.events.len() < MAX_BATCH
            && self.notes.is_empty()
            && let Ok(next) = told.try_recv()
        {
            self.take_in(next);
        }
    }

    fn take_in(&mut self, told: Told) {
        match told {
            Told::Event(event) => {
                if let Event::Exited { process, .. } | Event::SpawnFailed { process, .. } = &event {
                    self.forget(*process);
                }
                self.events.push(event);
            }
            Told::Note(about, text) => self.notes.push((about, text)),
            Told::Reaped => self.reap(),
        }
    }

    fn observe(&mut self, at: Time, effect: &Effect) {
        if self.broken.is_none() {
            let observed = self.observer.observe(at, effect);
            self.mind(observed);
        }
    }

    fn rest(&mut self) {
        if self.broken.is_none() {
            let rested = self.observer.rest();
            self.mind(rested);
        }
    }

    /// A Session that nobody can follow is canceled, so that it is cleaned up.
    fn mind(&mut self, observed: io::Result<()>) {
        if let Err(error) = observed {
            self.broken = Some(error);
            self.events.push(Event::Cancel {
                by: Canceler::LostOutput,
                notify_period: None,
            });
        }
    }

    fn carry_out(&mut self, now: Time, effect: &Effect) {
        match effect {
            Effect::Start(start) => {
                if let Err(error) = self.start(start.reveal()) {
                    self.events.push(Event::SpawnFailed {
                        process: start.process,
                        error,
                    });
                }
            }
            Effect::Notify { process, kill_at } => {
                let left = kill_at.saturating_sub(now);
                let left = TimeDelta::from_std(left).unwrap_or_default();
                if let Err(error) = self.directory.put_cancel_info(Utc::now() + left) {
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

    fn start(&mut self, start: &Start) -> Result<(), String> {
        for file in &start.files {
            self.directory
                .put(file)
                .map_err(|error| format!("cannot write `{}`: {error}", file.path))?;
        }
        let process = Process::start(start, self.directory.path(), self.tell.clone())
            .map_err(|error| refusal::explain(start, self.directory.path(), &error))?;
        self.processes.insert(start.process, process);
        self.watch();
        Ok(())
    }

    /// Reaps what has ended and nobody else reaps.
    fn reap(&mut self) {
        if self.guard.as_mut().is_some_and(Guard::has_ended) {
            self.watch();
        }
        orphans::reap(|pid| {
            let mut followed = self.processes.values();
            followed.any(|process| process.group == Group(pid))
                || self.guard.as_ref().is_some_and(|guard| guard.pid() == pid)
        });
    }

    /// When something is to be said of a process that goes on although it has been killed.
    fn overdue(&self) -> Option<Instant> {
        let processes = self.processes.values();
        processes.filter_map(|process| process.overdue).min()
    }

    /// Says it, once of each: otherwise nothing tells why the Session does not go on.
    fn complain(&mut self) {
        for process in self.processes.values_mut() {
            if process
                .overdue
                .take_if(|due| *due <= Instant::now())
                .is_some()
            {
                let pid = process.group.0;
                let text =
                    format!("process {pid} has been killed and has not ended: the system holds it");
                self.notes.push((process.of, text));
            }
        }
    }

    /// A process has ended.
    fn forget(&mut self, process: ProcessId) {
        self.left.retain(|group| !group.is_empty());
        if let Some(process) = self.processes.remove(&process)
            && !process.group.is_empty()
        {
            self.left.push(process.group);
        }
        self.watch();
    }

    /// Has the guard know what is alive.
    fn watch(&mut self) {
        if let Some(guard) = &mut self.guard {
            let alive = self.processes.values().map(|process| &process.group);
            if guard.watch(alive.chain(&self.left)).is_err() {
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
