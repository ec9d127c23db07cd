//! Monitor of one run of one action: ticks, the check that runs, results, and their consequences.

use super::check_output::CheckOutput;
use super::effect::{CheckResult, Reason};
use super::event::{Exit, ProcessId, Time};
use super::plan::MonitorPlan;
use crate::template::OnFailure;

/// End of a check's process, or of its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    Exited(Exit),
    TimedOut,
    NotStarted(String),
}

/// Consequence of a result, beside being reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Consequence {
    None,
    /// A failure status is emitted.
    Status,
    /// A failure status is emitted, and the monitor fires (ACT-4).
    Fire,
}

/// Consequence of a tick (TIM-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tick {
    Start,
    Skipped,
}

/// The monitor beside a running action.
#[derive(Debug)]
pub(super) struct Monitor {
    pub plan: MonitorPlan,
    /// Next tick; `None` once the monitor is inactive (TIM-3).
    next_tick: Option<Time>,
    /// Check process that is alive.
    check: Option<RunningCheck>,
    /// Consecutive unhealthy results (RES-2).
    failures: u64,
}

#[derive(Debug)]
struct RunningCheck {
    process: ProcessId,
    /// End of its timeout, and its output; `None` once its result is known or discarded.
    pending: Option<(Time, CheckOutput)>,
}

impl Monitor {
    /// Creates the monitor of an action whose process starts at `t0` (TIM-1).
    pub fn new(plan: MonitorPlan, t0: Time) -> Self {
        Self {
            next_tick: Some(t0.saturating_add(plan.initial_delay)),
            check: None,
            failures: 0,
            plan,
        }
    }

    /// Returns the next deadline: a tick or a check's timeout.
    pub fn wake(&self) -> Option<Time> {
        self.next_tick.into_iter().chain(self.check_timeout()).min()
    }

    /// Returns the next tick (TIM-1).
    pub fn next_tick(&self) -> Option<Time> {
        self.next_tick
    }

    /// Returns the end of the running check's timeout (TIM-5).
    pub fn check_timeout(&self) -> Option<Time> {
        self.check
            .as_ref()?
            .pending
            .as_ref()
            .map(|pending| pending.0)
    }

    /// Returns the check process that is alive, its result known or not.
    pub fn check(&self) -> Option<ProcessId> {
        self.check.as_ref().map(|check| check.process)
    }

    /// Returns the output of the running check so far; `None` once its result is known (OUT-1).
    pub fn check_output(&mut self) -> Option<&mut CheckOutput> {
        self.check
            .as_mut()?
            .pending
            .as_mut()
            .map(|pending| &mut pending.1)
    }

    /// Applies a tick at `now` (TIM-2): starts a check as `process`, unless one is alive.
    pub fn tick(&mut self, now: Time, process: ProcessId) -> Tick {
        self.next_tick = self.next_tick.map(|due| self.tick_after(due, now));
        if self.check.is_some() {
            return Tick::Skipped;
        }
        let deadline = now.saturating_add(self.plan.timeout);
        self.check = Some(RunningCheck {
            process,
            pending: Some((deadline, CheckOutput::default())),
        });
        Tick::Start
    }

    /// Returns the first tick after `now` in the grid of `due`. Missed ticks are not caught up.
    fn tick_after(&self, due: Time, now: Time) -> Time {
        let period = self.plan.period.as_nanos();
        let missed = now.saturating_sub(due).as_nanos().checked_div(period);
        let steps = u32::try_from(missed.unwrap_or(0) + 1).unwrap_or(u32::MAX);
        due.saturating_add(self.plan.period.saturating_mul(steps))
    }

    /// Returns the result of the running check (RES-1, RES-2) and its output; `None` if the result was known or
    /// discarded before. After a timeout the process is still alive (TIM-2).
    pub fn end_check(&mut self, outcome: Outcome) -> Option<(CheckResult, CheckOutput)> {
        let check = self.check.as_mut()?;
        let pending = check.pending.take();
        if outcome != Outcome::TimedOut {
            self.check = None;
        }
        let (_, output) = pending?;
        let reason = match outcome {
            Outcome::Exited(Exit::Status(0)) => {
                self.failures = 0;
                return Some((CheckResult::Healthy, output));
            }
            Outcome::Exited(Exit::Status(status)) => Reason::Exit(status),
            Outcome::Exited(Exit::Signal(signal)) => Reason::Signal(signal),
            Outcome::TimedOut => Reason::Timeout(self.plan.timeout),
            Outcome::NotStarted(error) => Reason::Spawn(error),
        };
        self.failures += 1;
        let failures = self.failures;
        Some((CheckResult::Unhealthy { reason, failures }, output))
    }

    /// Returns the consequence of the unhealthy result that made the counter `failures` (ACT-1 to ACT-3).
    pub fn consequence(&self, failures: u64) -> Consequence {
        let on_failure = self.plan.on_failure;
        let threshold = i64::try_from(self.plan.threshold).unwrap_or(i64::MAX);
        let fires_at = on_failure.failures_to_fire(threshold);
        match on_failure {
            _ if fires_at.is_some_and(|least| failures >= least.unsigned_abs()) => {
                Consequence::Fire
            }
            OnFailure::Terminate => Consequence::None,
            OnFailure::Log | OnFailure::Warn => Consequence::Status,
        }
    }

    /// Makes it inactive (TIM-3); returns the check that is to be killed and discarded (TIM-6).
    pub fn stop(&mut self) -> Option<ProcessId> {
        self.next_tick = None;
        let check = self.check.as_mut()?;
        check.pending.take().map(|_| check.process)
    }
}
