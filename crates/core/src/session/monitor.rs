//! The monitor of one run of one action: when a check starts, what its result is, and what follows from
//! it. It knows the time that it is told, and nothing of processes but their names.

use super::effect::{CheckResult, Reason};
use super::event::{Exit, Invocation, ProcessId, Time};
use super::report::Report;
use crate::template::OnFailure;
use std::sync::Arc;
use std::time::Duration;

/// An effective monitor, its format strings resolved for one run of an action (VAR-4).
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// What to run.
    pub invocation: Arc<Invocation>,
    /// From tick to tick.
    pub period: Duration,
    /// From t0 to the first tick.
    pub initial_delay: Duration,
    /// What a check may take at most (SCH-8).
    pub timeout: Duration,
    /// N.
    pub threshold: u64,
    /// What unhealthy checks lead to in this slot (ACT-9), in this Session (ACT-8).
    pub on_failure: OnFailure,
}

/// How a check came to its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    Exited(Exit),
    TimedOut,
    NotStarted(String),
}

/// What a result leads to, beside being known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Consequence {
    None,
    /// To emit a failure status.
    Status,
    /// To fire (ACT-4).
    Fire,
}

/// What a tick leads to (TIM-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tick {
    Starts,
    IsSkipped,
}

/// The monitor beside a running action.
#[derive(Debug)]
pub(super) struct Monitor {
    pub plan: Plan,
    /// The next tick; none once it is inactive (TIM-3).
    next_tick: Option<Time>,
    /// The check process that is alive.
    check: Option<Check>,
    /// Consecutive unhealthy results (RES-2).
    failures: u64,
}

#[derive(Debug)]
struct Check {
    process: ProcessId,
    /// Its timeout and what it has said; none once its result is known or discarded.
    pending: Option<(Time, Report)>,
}

impl Monitor {
    /// The monitor of an action whose process starts at `t0` (TIM-1).
    pub fn new(plan: Plan, t0: Time) -> Self {
        Self {
            next_tick: Some(t0.saturating_add(plan.initial_delay)),
            check: None,
            failures: 0,
            plan,
        }
    }

    /// When it next has something to do by itself.
    pub fn wake(&self) -> Option<Time> {
        self.next_tick.into_iter().chain(self.check_timeout()).min()
    }

    /// The next tick (TIM-1).
    pub fn next_tick(&self) -> Option<Time> {
        self.next_tick
    }

    /// When the check that runs times out (TIM-5).
    pub fn check_timeout(&self) -> Option<Time> {
        self.check
            .as_ref()?
            .pending
            .as_ref()
            .map(|pending| pending.0)
    }

    /// The check process that is alive, its result known or not.
    pub fn check(&self) -> Option<ProcessId> {
        self.check.as_ref().map(|check| check.process)
    }

    /// What the check that runs has said so far; none once its result is known (OUT-1).
    pub fn report(&mut self) -> Option<&mut Report> {
        self.check
            .as_mut()?
            .pending
            .as_mut()
            .map(|pending| &mut pending.1)
    }

    /// A tick at `now` (TIM-2): a check starts as `process`, unless one is alive.
    pub fn tick(&mut self, now: Time, process: ProcessId) -> Tick {
        self.next_tick = self.next_tick.map(|due| self.tick_after(due, now));
        if self.check.is_some() {
            return Tick::IsSkipped;
        }
        let deadline = now.saturating_add(self.plan.timeout);
        self.check = Some(Check {
            process,
            pending: Some((deadline, Report::default())),
        });
        Tick::Starts
    }

    /// The first tick of the grid on which `due` lies that is after `now`: a driver that is late makes up
    /// for nothing.
    fn tick_after(&self, due: Time, now: Time) -> Time {
        let period = self.plan.period.as_nanos();
        let missed = now.saturating_sub(due).as_nanos().checked_div(period);
        let steps = u32::try_from(missed.unwrap_or(0) + 1).unwrap_or(u32::MAX);
        due.saturating_add(self.plan.period.saturating_mul(steps))
    }

    /// The result of the check that runs (RES-1, RES-2), with what it has said; `None` if it was known or
    /// discarded before. A process that has ended is alive no more (TIM-2).
    pub fn end_check(&mut self, outcome: Outcome) -> Option<(CheckResult, Report)> {
        let check = self.check.as_mut()?;
        let pending = check.pending.take();
        if outcome != Outcome::TimedOut {
            self.check = None;
        }
        let (_, report) = pending?;
        let reason = match outcome {
            Outcome::Exited(Exit::Status(0)) => {
                self.failures = 0;
                return Some((CheckResult::Healthy, report));
            }
            Outcome::Exited(Exit::Status(status)) => Reason::Exit(status),
            Outcome::Exited(Exit::Signal(signal)) => Reason::Signal(signal),
            Outcome::TimedOut => Reason::Timeout(self.plan.timeout),
            Outcome::NotStarted(error) => Reason::Spawn(error),
        };
        self.failures += 1;
        let failures = self.failures;
        Some((CheckResult::Unhealthy { reason, failures }, report))
    }

    /// What the unhealthy result that made the counter `failures` leads to (ACT-1 to ACT-3).
    pub fn consequence(&self, failures: u64) -> Consequence {
        let threshold = self.plan.threshold;
        match self.plan.on_failure {
            OnFailure::Log => Consequence::Status,
            OnFailure::Warn if failures <= threshold => Consequence::Status,
            OnFailure::Terminate if failures < threshold => Consequence::None,
            OnFailure::Warn | OnFailure::Terminate => Consequence::Fire,
        }
    }

    /// Makes it inactive (TIM-3); returns the check that is to be killed and discarded (TIM-6).
    pub fn stop(&mut self) -> Option<ProcessId> {
        self.next_tick = None;
        let check = self.check.as_mut()?;
        check.pending.take().map(|_| check.process)
    }
}
