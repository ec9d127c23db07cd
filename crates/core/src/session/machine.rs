//! The Session: what it does at each instant.

use super::effect::{ActionState, Effect, Phase, SessionState};
use super::event::{ActionName, Event, Exit, ProcessId, Target, Time, Variables};
use super::instant::{self, Happening};
use super::job::{Item, Job};
use super::monitor::Outcome;
use super::redaction::Redactions;
use super::running::{Cause, Running, Signal};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// A Session: a pure state machine. A driver tells it the time and what has happened, and carries out
/// what it wants done.
pub struct Session {
    pub(super) job: Job,
    /// The Environments that were entered or attempted and not yet exited, outermost first.
    pub(super) entered: Vec<usize>,
    /// The changes that each Environment, by its index, has made to the Session's variables.
    pub(super) changes: Vec<Variables>,
    /// The variables that actions have set by messages, in whatever slot, less those unset since (RFC 0008).
    pub(super) emitted: Variables,
    /// How it will end, if that is fixed already (SES-5).
    pub(super) verdict: Option<SessionState>,
    /// The Environments whose monitor is known to be silent (SES-2).
    pub(super) silent: BTreeSet<usize>,
    pub(super) running: Option<Running>,
    pub(super) redactions: Redactions,
    processes: u64,
    is_over: bool,
}

impl Session {
    /// A Session that has not begun.
    pub fn new(job: Job) -> Self {
        Self {
            entered: Vec::new(),
            changes: vec![Variables::new(); job.environments.len()],
            emitted: Variables::new(),
            verdict: None,
            silent: BTreeSet::new(),
            running: None,
            redactions: Redactions::default(),
            processes: 0,
            is_over: false,
            job,
        }
    }

    /// Begins it, at instant 0; to be called once and first.
    pub fn begin(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.proceed(Time::ZERO, &mut effects);
        effects
    }

    /// What `events`, everything that has happened by the instant `now` and has not been told before, and
    /// the Session's own deadlines lead to. They are applied in the order of TIM-4; what they make due at the
    /// same instant is left for another call with the same `now`, as [`Self::wake`] says.
    pub fn handle(&mut self, now: Time, events: Vec<Event>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let Some(running) = &self.running else {
            return effects;
        };
        let process = running.process;
        for happening in instant::in_order(running, events, now) {
            // What was due beside an action that has ended in this round is void.
            if self.running.as_ref().map(|running| running.process) != Some(process) {
                break;
            }
            self.apply(now, happening, &mut effects);
        }
        effects
    }

    /// When it next has something to do by itself, if ever; the driver is to call [`Self::handle`] then,
    /// or when something happens before.
    pub fn wake(&self) -> Option<Time> {
        self.running.as_ref().and_then(Running::wake)
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    fn apply(&mut self, now: Time, happening: Happening, effects: &mut Vec<Effect>) {
        match happening {
            Happening::Reported(Event::Output { process, line, .. }) => {
                if self.is_action(process) {
                    self.action_line(now, &line, effects);
                } else {
                    self.check_line(&line, effects);
                }
            }
            Happening::Reported(Event::Cancel { notify_period }) => {
                self.verdict.get_or_insert(SessionState::Canceled);
                self.cancel(now, Cause::User, notify_period, effects);
            }
            Happening::ActionTimeout => {
                if self
                    .running
                    .as_ref()
                    .is_some_and(|running| running.deadline.is_some())
                {
                    self.verdict.get_or_insert(SessionState::Failed);
                    self.cancel(now, Cause::Timeout, None, effects);
                }
            }
            Happening::Reported(Event::Exited { process, exit }) => {
                if self.is_action(process) {
                    self.end_action(now, Some(exit), effects);
                } else {
                    self.end_check(now, Outcome::Exited(exit), effects);
                }
            }
            Happening::Reported(Event::SpawnFailed { process, error }) => {
                if self.is_action(process) {
                    let text = format!("could not start: {error}");
                    self.note(Target::Action, &text, effects);
                    self.end_action(now, None, effects);
                } else {
                    let error = self.redactions.apply_to_text(&error);
                    self.end_check(now, Outcome::NotStarted(error), effects);
                }
            }
            Happening::EndOfNotifyPeriod => {
                if let Some(running) = &mut self.running {
                    running.end_notify_period();
                    effects.push(Effect::Kill {
                        process: running.process,
                        target: Target::Action,
                    });
                }
            }
            Happening::CheckTimeout => self.time_check_out(now, effects),
            Happening::Tick => self.tick(now, effects),
        }
    }

    fn is_action(&self, process: ProcessId) -> bool {
        self.running
            .as_ref()
            .is_some_and(|running| running.process == process)
    }

    pub(super) fn new_process(&mut self) -> ProcessId {
        self.processes += 1;
        ProcessId(self.processes)
    }

    pub(super) fn cancel(
        &mut self,
        now: Time,
        cause: Cause,
        limit: Option<Duration>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(running) = &mut self.running else {
            return;
        };
        let process = running.process;
        match running.cancel(now, cause, limit) {
            Signal::Notify(kill_at) => effects.push(Effect::Notify { process, kill_at }),
            Signal::Kill => effects.push(Effect::Kill {
                process,
                target: Target::Action,
            }),
            Signal::None => {}
        }
        self.stop_monitor(effects);
    }

    fn end_action(&mut self, now: Time, exit: Option<Exit>, effects: &mut Vec<Effect>) {
        self.stop_monitor(effects);
        let Some(running) = self.running.take() else {
            return;
        };
        let action = running.action.clone();
        let ended = running.end(exit);
        let shown = |text: String| self.redactions.apply_to_text(&text).trim_end().to_owned();
        effects.push(Effect::ActionEnded {
            action,
            state: ended.state,
            fail_message: ended.fail_message.map(shown),
            malformed: ended.malformed,
            by_monitor: ended.by_monitor,
            exit,
        });
        if ended.state != ActionState::Success {
            self.verdict.get_or_insert(SessionState::Failed);
        }
        self.proceed(now, effects);
    }

    /// An action is not started (VAR-4).
    pub(super) fn refuse(&mut self, action: ActionName, why: &str, effects: &mut Vec<Effect>) {
        self.note(Target::Action, &format!("not started: {why}"), effects);
        self.verdict.get_or_insert(SessionState::Failed);
        effects.push(Effect::ActionEnded {
            action: Arc::new(action),
            state: ActionState::Failed,
            fail_message: None,
            malformed: None,
            by_monitor: false,
            exit: None,
        });
    }

    /// Goes on to the next action that there is to run (SES-6), or ends the Session.
    fn proceed(&mut self, now: Time, effects: &mut Vec<Effect>) {
        while self.running.is_none() {
            // Once it has failed or been canceled, all that remains is to exit (ACT-7).
            let next = match self.verdict {
                None => self.job.agenda.pop_front(),
                Some(_) => None,
            };
            match next {
                Some(Item::Begin(step)) => {
                    let name = self.job.steps[step].definition.name.clone();
                    effects.push(Effect::Phase(Phase::Step(name)));
                }
                Some(Item::Enter(environment)) => self.enter(now, environment, effects),
                Some(Item::Tasks(step, mut sets)) => {
                    if let Some(task) = sets.next() {
                        self.job.agenda.push_front(Item::Tasks(step, sets));
                        self.run_task(now, step, &task, effects);
                    }
                }
                Some(Item::ExitTo(left)) if self.entered.len() > left => {
                    self.job.agenda.push_front(Item::ExitTo(left));
                    self.exit(now, effects);
                }
                Some(Item::ExitTo(_)) => {}
                None if !self.entered.is_empty() => self.exit(now, effects),
                None => {
                    let state = self.verdict.unwrap_or(SessionState::Success);
                    effects.push(Effect::SessionEnded { state });
                    self.is_over = true;
                    return;
                }
            }
        }
    }
}
