//! The Session itself: takes events and returns effects.

use super::effect::{Effect, SessionState, Start};
use super::ending::{ActionState, Cause, Ending, Sent};
use super::event::{Canceler, Event, Exit, ProcessId, Target, Time};
use super::instant::{self, Occurrence};
use super::job::Job;
use super::monitor::{Monitor, Outcome};
use super::plan::{Beside, Plan, PlanBeside, PlannedAction, Planner, Refusal};
use super::redaction::Redactions;
use super::running::{Canceled, Running};
use std::sync::Arc;
use std::time::Duration;

/// State machine of a Session, which runs a [`Job`] once.
///
/// It does no I/O and reads no clock. Its caller, the driver, must
///
/// 1. call [`begin`](Self::begin) once, before all else, for the effects of instant 0;
/// 2. carry out the effects of each call, in order;
/// 3. stop when [`is_over`](Self::is_over) returns `true`;
/// 4. otherwise call [`handle`](Self::handle) as soon as an event has happened, and no later than at the instant that
///    [`wake`](Self::wake) returns; then go on with (2).
///
/// A driver keeps these rules:
///
/// - `now` never decreases from call to call.
/// - Each [`Event`] is reported once. The lines of a process come in the order in which it wrote them, and before its
///   end. Events of the same instant belong in the same call, because the Session sorts them (TIM-4).
/// - Each [`Effect::Start`] is followed by one [`Event::Exited`] or one [`Event::SpawnFailed`], however late. The
///   Session waits for the end of an action without limit, and does not wait for checks.
/// - `wake` may change with each call. It may return the present instant; `handle` is then called again with the same
///   `now`.
/// - Timeouts, periods and the order of events are the Session's alone: a driver kills or restarts nothing by itself.
///
/// Events of processes that no longer matter are ignored. After a late call, missed ticks are not caught up.
///
/// All texts in effects are redacted: they have no secret that the Session knows by then. The real command line,
/// variables and files of a process are in [`Effect::Start`], behind [`Redacted::reveal`](super::Redacted::reveal).
pub struct Session {
    pub(super) plan: Box<dyn Plan>,
    /// True if another runtime runs the action: it cancels the action by itself, unless the monitor fires.
    pub(super) is_beside: bool,
    pub(super) running: Option<Running>,
    pub(super) redactions: Redactions,
    /// Effects of the present call, in order.
    effects: Vec<Effect>,
    /// Final state, once it is settled (SES-5).
    verdict: Option<SessionState>,
    /// The user or signal that canceled the Session, if that settled its state.
    canceled_by: Option<Canceler>,
    /// Number of processes named so far.
    processes: u64,
    is_over: bool,
}

impl Session {
    /// Creates a Session that has not begun.
    pub fn new(job: Job) -> Self {
        Self::with_plan(Box::new(Planner::new(job)), false)
    }

    /// Creates the Session of one action that another runtime runs, for the sake of its monitor. It has not begun.
    ///
    /// Its [`Effect::Start`] of the action says that the action has started: t0 of the monitor. [`Event::Cancel`] says
    /// that the other runtime has begun to cancel the action. No effect signals the action unless the monitor fires.
    pub fn beside(beside: Beside) -> Self {
        Self::with_plan(Box::new(PlanBeside::new(beside)), true)
    }

    fn with_plan(plan: Box<dyn Plan>, is_beside: bool) -> Self {
        Self {
            plan,
            is_beside,
            running: None,
            redactions: Redactions::default(),
            effects: Vec::new(),
            verdict: None,
            canceled_by: None,
            processes: 0,
            is_over: false,
        }
    }

    /// Starts the first action, at instant 0, and returns the effects. Must be called once, before all else.
    #[must_use = "effects are to be carried out"]
    pub fn begin(&mut self) -> Vec<Effect> {
        self.proceed(Time::ZERO);
        std::mem::take(&mut self.effects)
    }

    /// Applies `events` and due deadlines up to `now` in TIM-4 order; returns the effects. What becomes due at
    /// `now` only by these is left for another call with the same `now`.
    #[must_use = "effects are to be carried out"]
    pub fn handle(&mut self, now: Time, events: Vec<Event>) -> Vec<Effect> {
        let Some(running) = &self.running else {
            return Vec::new();
        };
        let process = running.process;
        for occurrence in instant::in_order(running, events, now) {
            // The end of the action voids the rest of the round.
            if !self.is_action(process) {
                break;
            }
            self.apply(now, occurrence);
        }
        std::mem::take(&mut self.effects)
    }

    /// Returns the next deadline, at which [`handle`](Self::handle) must be called at the latest; `None` while
    /// only events can change anything.
    #[must_use]
    pub fn wake(&self) -> Option<Time> {
        self.running.as_ref().and_then(Running::wake)
    }

    /// Returns `true` once the Session has ended; its last effect was [`Effect::SessionEnded`].
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Hides the known secrets in the name of a process (OUT-2). Systems cut such names: the start of a secret at its end
    /// is hidden as well.
    pub fn redact_name(&self, name: &str) -> String {
        self.redactions.apply_to_name(name)
    }

    fn apply(&mut self, now: Time, occurrence: Occurrence) {
        match occurrence {
            Occurrence::Reported(Event::Output { process, line, .. }) => {
                if self.is_action(process) {
                    self.action_line(now, &line);
                } else {
                    self.check_line(&line);
                }
            }
            Occurrence::Reported(Event::Cancel { by, notify_period }) => {
                self.cancel(now, Cause::Canceled(by), notify_period);
            }
            Occurrence::ActionTimeout => {
                // An earlier occurrence of this round may have canceled it.
                let running = self.running.as_ref();
                let running = running.filter(|running| running.deadline.is_some());
                if let Some(limit) = running.and_then(|running| running.limit) {
                    self.cancel(now, Cause::Timeout(limit), None);
                }
            }
            Occurrence::Reported(Event::Exited { process, exit }) => {
                if self.is_action(process) {
                    self.end_action(now, Ok(exit));
                } else {
                    self.end_check(now, Outcome::Exited(exit));
                }
            }
            Occurrence::Reported(Event::SpawnFailed { process, error }) => {
                let error = self.redactions.apply_to_text(&error);
                if self.is_action(process) {
                    self.end_action(now, Err(Cause::Spawn(error)));
                } else {
                    self.end_check(now, Outcome::NotStarted(error));
                }
            }
            Occurrence::EndOfNotifyPeriod => {
                if let Some(running) = &mut self.running {
                    running.end_notify_period();
                    let process = running.process;
                    self.queue(Effect::Kill {
                        process,
                        target: Target::Action,
                    });
                }
            }
            Occurrence::CheckTimeout => self.time_out_check(now),
            Occurrence::Tick => self.tick(now),
        }
    }

    pub(super) fn queue(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(super) fn new_process(&mut self) -> ProcessId {
        self.processes += 1;
        ProcessId(self.processes)
    }

    fn is_action(&self, process: ProcessId) -> bool {
        let running = self.running.as_ref();
        running.is_some_and(|running| running.process == process)
    }

    /// Cancels the running action by its own `cancelation` (ACT-4), with a notify period of at most `limit`, and
    /// stops its monitor. If the action is being canceled already, this can only shorten the notify period that
    /// runs; the first cause stays (ACT-5). The cause decides how the Session ends, unless that is settled (SES-5).
    pub(super) fn cancel(&mut self, now: Time, cause: Cause, limit: Option<Duration>) {
        match cause {
            Cause::Canceled(by) if self.verdict.is_none() => {
                self.canceled_by = Some(by);
                self.settle(SessionState::Canceled);
            }
            _ => self.settle(SessionState::Failed),
        }
        let Some(running) = &mut self.running else {
            return;
        };
        let latest = limit.map(|limit| now.saturating_add(limit));
        let earlier = |kill_at: Time| latest.map_or(kill_at, |latest| latest.min(kill_at));
        if let Some(canceled) = &mut running.canceled {
            canceled.kill_at = canceled.kill_at.map(earlier);
            if self.is_beside && matches!(canceled.cause, Cause::Monitor(_)) {
                // The other runtime ends it now, and has to know the first cause before it reports another.
                return self.end_action(now, Err(cause));
            }
        } else {
            let process = running.process;
            let is_ours = !self.is_beside || matches!(cause, Cause::Monitor(_));
            let kill_at = running
                .notify_period
                .filter(|_| is_ours)
                .map(|period| now.saturating_add(period));
            let kill_at = kill_at.map(earlier);
            running.deadline = None;
            running.canceled = Some(Canceled {
                cause,
                at: now,
                kill_at,
                sent: kill_at.map_or(Sent::Kill, |_| Sent::Notify),
            });
            if is_ours {
                self.queue(match kill_at {
                    Some(kill_at) => Effect::Notify { process, kill_at },
                    None => Effect::Kill {
                        process,
                        target: Target::Action,
                    },
                });
            }
        }
        self.stop_monitor();
    }

    /// Settles how the Session ends; the first to do so counts (SES-5).
    fn settle(&mut self, state: SessionState) {
        self.verdict.get_or_insert(state);
    }

    fn end_action(&mut self, now: Time, exit: Result<Exit, Cause>) {
        self.stop_monitor();
        let Some(running) = self.running.take() else {
            return;
        };
        let action = running.action.clone();
        let mut ending = running.end(exit);
        let shown = |text: &mut String| {
            *text = self.redactions.apply_to_text(text).trim_end().to_owned();
        };
        ending.own_message.as_mut().map(shown);
        if let Some(Cause::Monitor(message)) = &mut ending.cause {
            shown(message);
        }
        if ending.state != ActionState::Success {
            self.settle(SessionState::Failed);
        }
        self.queue(Effect::ActionEnded {
            action,
            ending: Box::new(ending),
        });
        self.proceed(now);
    }

    /// Goes on to the next action (SES-6), or ends the Session.
    fn proceed(&mut self, now: Time) {
        while self.running.is_none() {
            let Some(planned) = self.plan.next(self.verdict.is_some()) else {
                let state = self.verdict.unwrap_or(SessionState::Success);
                self.queue(Effect::SessionEnded {
                    state,
                    canceled_by: self.canceled_by,
                });
                self.is_over = true;
                return;
            };
            self.queue(Effect::Phase(self.redactions.redact_phase(planned.phase)));
            for remark in planned.remarks {
                self.note(Target::Action, &remark.to_string());
            }
            match planned.action {
                None => {}
                Some(Ok(action)) => self.start(now, action),
                Some(Err(refusal)) => self.refuse(refusal),
            }
        }
    }

    fn start(&mut self, now: Time, planned: PlannedAction) {
        let process = self.new_process();
        let action = Arc::new(planned.name);
        let prepared = planned.prepared;
        self.running = Some(Running {
            action: action.clone(),
            process,
            monitor: prepared.monitor.map(|plan| Monitor::new(plan, now)),
            enters: planned.enters,
            variables: planned.variables.clone(),
            limit: prepared.limit,
            deadline: prepared
                .limit
                .map(|limit| now.saturating_add(limit.timeout)),
            notify_period: prepared.notify_period,
            canceled: None,
            fail_message: None,
        });
        self.start_process(Start {
            process,
            target: Target::Action,
            action,
            invocation: Arc::new(prepared.invocation),
            variables: planned.variables,
            wraps: planned.wraps,
            parameters: planned.parameters,
            files: prepared.files,
        });
    }

    pub(super) fn start_process(&mut self, start: Start) {
        let start = self.redactions.redact_start(start);
        self.queue(Effect::Start(start));
    }

    /// Reports an action that cannot be started as failed (VAR-4).
    fn refuse(&mut self, refusal: Refusal) {
        let Refusal { action, error } = refusal;
        self.settle(SessionState::Failed);
        let why = self.redactions.apply_to_text(&error.to_string());
        self.queue(Effect::ActionEnded {
            action: Arc::new(action),
            ending: Box::new(Ending {
                state: ActionState::Failed,
                cause: Some(Cause::NotStarted(why)),
                own_message: None,
                sent: None,
                exit: None,
            }),
        });
    }
}
