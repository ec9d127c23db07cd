//! Everything about an action resolved before it starts, its monitor included (VAR-4).

use super::effect::Effect;
use super::event::{File, Invocation, Target};
use super::job::Monitoring;
use super::machine::Session;
use super::monitor::Plan;
use super::resolve::{Scope, Unresolved};
use super::scope::{self, NOTIFY_PERIOD, Prepared, TASK_NOTIFY_PERIOD, Wrapped};
use crate::template::defaults::EXIT_TIMEOUT;
use crate::template::{OnFailure, Slot};
use openjd_model::job::Action;
use std::sync::Arc;
use std::time::Duration;

/// A check's timeout that declares none, at most (SCH-8).
const CHECK_TIMEOUT: Duration = Duration::from_secs(30);

/// An action that is ready to start, everything about it resolved.
pub(super) struct Ready {
    pub invocation: Invocation,
    pub timeout: Option<Duration>,
    pub notify_period: Option<Duration>,
    pub plan: Option<Plan>,
    pub files: Vec<File>,
}

impl Session {
    /// The hook of a wrapping Environment, ready to start, with the files of what it replaces and its own.
    pub(super) fn ready_hook(
        &self,
        wrapper: usize,
        hook: Slot,
        wrapped: &Wrapped<'_, '_>,
        mut files: Vec<File>,
        effects: &mut Vec<Effect>,
    ) -> Result<Ready, Unresolved> {
        let environment = &self.job.environments[wrapper];
        let prepared = scope::of_hook(environment, wrapped, &self.job.library)?;
        let action = environment.action(hook).ok_or("there is no such hook")?;
        let mut ready = self.ready(wrapper, hook, action, prepared, effects)?;
        files.append(&mut ready.files);
        Ok(Ready { files, ..ready })
    }

    /// The action of a slot, ready to start with its monitor.
    pub(super) fn ready(
        &self,
        index: usize,
        slot: Slot,
        action: &Action,
        mut prepared: Prepared<'_>,
        effects: &mut Vec<Effect>,
    ) -> Result<Ready, Unresolved> {
        let is_exit = slot.is_exit();
        let notify_period = match slot {
            Slot::OnWrapTaskRun => TASK_NOTIFY_PERIOD,
            _ => NOTIFY_PERIOD,
        };
        let mut ready = resolve(
            action,
            &mut prepared,
            is_exit
                .then_some(EXIT_TIMEOUT.unsigned_abs())
                .map(Duration::from_secs),
            notify_period,
        )?;
        let environment = &self.job.environments[index];
        if let Some(monitoring) = environment.monitors.get(&slot) {
            match self.plan(monitoring, &prepared.scope) {
                Ok(plan) => ready.plan = Some(plan),
                // The strings of a monitor never prevent cleanup (VAR-4).
                Err(why) if is_exit => {
                    let name = environment.name();
                    let text = format!(
                        "{} of environment '{name}' runs unmonitored: {why}",
                        slot.name()
                    );
                    self.note(Target::Action, &text, effects);
                }
                Err(why) => return Err(format!("its monitor: {why}")),
            }
        }
        Ok(ready)
    }

    /// A monitor for one run of an action (VAR-4).
    fn plan(&self, monitoring: &Monitoring, scope: &Scope<'_>) -> Result<Plan, Unresolved> {
        let scope = scope::of_check(scope);
        let invocation = Arc::new(scope.invocation(&monitoring.check)?);
        let period = monitoring.period;
        let timeout = match scope.timeout(&monitoring.check)? {
            None => CHECK_TIMEOUT.min(period.saturating_sub(Duration::from_secs(1))),
            Some(seconds) => Duration::from_secs(seconds.unsigned_abs()),
        };
        if timeout >= period {
            return Err(format!(
                "the timeout of its check is {} s, which is not less than its period of {} s",
                timeout.as_secs(),
                period.as_secs()
            ));
        }
        Ok(Plan {
            invocation,
            period,
            initial_delay: monitoring.initial_delay,
            timeout,
            threshold: monitoring.threshold,
            // ACT-8.
            on_failure: match self.verdict {
                Some(_) => OnFailure::Log,
                None => monitoring.on_failure,
            },
        })
    }
}

/// An action, ready to start without a monitor.
pub(super) fn resolve(
    action: &Action,
    prepared: &mut Prepared<'_>,
    timeout: Option<Duration>,
    notify_period: Duration,
) -> Result<Ready, Unresolved> {
    let scope = &prepared.scope;
    let declared = scope.timeout(action)?;
    Ok(Ready {
        invocation: scope.invocation(action)?,
        timeout: declared
            .map(|seconds| Duration::from_secs(seconds.unsigned_abs()))
            .or(timeout),
        notify_period: scope.cancelation(action)?.notify_period(notify_period),
        plan: None,
        files: std::mem::take(&mut prepared.files),
    })
}
