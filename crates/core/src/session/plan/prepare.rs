//! Resolves everything about an action before it starts, its monitor included (VAR-4).

use super::action_scope::{self, ActionScope, Wrapped};
use super::command;
use super::error::PlanError;
use crate::session::ending::Limit;
use crate::session::event::{File, Invocation};
use crate::session::job::{Environment, MonitorSpec};
use crate::session::scope::Scope;
use crate::template::{OnFailure, Slot, defaults};
use openjd_expr::FunctionLibrary;
use openjd_model::job::Action;
use std::sync::Arc;
use std::time::Duration;

/// An action with all its strings resolved.
pub(in crate::session) struct PreparedAction {
    pub invocation: Invocation,
    pub limit: Option<Limit>,
    /// Time from notify to kill; `None` if the action is killed at once.
    pub notify_period: Option<Duration>,
    pub monitor: Option<MonitorPlan>,
    /// Error for which the monitor of an exit action is left out (VAR-4).
    pub unmonitored: Option<PlanError>,
    pub files: Vec<File>,
}

/// An effective monitor, its format strings resolved for one run of an action (VAR-4).
#[derive(Debug, Clone)]
pub struct MonitorPlan {
    /// Command line of each check.
    pub invocation: Arc<Invocation>,
    /// Time from tick to tick.
    pub period: Duration,
    /// Time from the start of the action to the first tick.
    pub initial_delay: Duration,
    /// Timeout of each check (SCH-8).
    pub timeout: Duration,
    /// N: consecutive unhealthy results.
    pub threshold: u64,
    /// Consequence of unhealthy checks in this slot (ACT-9) at this point of the Session (ACT-8).
    pub on_failure: OnFailure,
}

/// Prepares the action in a slot of an Environment, and its monitor; with `log_only`, the monitor cannot fire
/// (ACT-8).
pub(super) fn environment_action(
    environment: &Environment,
    slot: Slot,
    action: &Action,
    action_scope: ActionScope<'_>,
    log_only: bool,
) -> Result<PreparedAction, PlanError> {
    let ActionScope { scope, files } = action_scope;
    let mut prepared = resolve(&scope, action, defaults::notify_period(slot), files)?;
    if slot.is_exit() && prepared.limit.is_none() {
        prepared.limit = Some(Limit {
            timeout: seconds(defaults::EXIT_TIMEOUT),
            is_default: true,
        });
    }
    if let Some(monitor) = environment.monitors.get(&slot) {
        match monitor_plan(monitor, &scope, log_only) {
            Ok(plan) => prepared.monitor = Some(plan),
            // The strings of a monitor never prevent cleanup (VAR-4).
            Err(error) if slot.is_exit() => prepared.unmonitored = Some(error),
            Err(error) => return Err(PlanError::Monitor(Box::new(error))),
        }
    }
    Ok(prepared)
}

/// Prepares a wrap hook. Its files come after `files`, those of the action that it replaces.
pub(super) fn wrap_hook(
    wrapper: &Environment,
    hook: Slot,
    wrapped: &Wrapped<'_, '_>,
    mut files: Vec<File>,
    library: &FunctionLibrary,
    log_only: bool,
) -> Result<PreparedAction, PlanError> {
    let scope = action_scope::of_hook(wrapper, wrapped, library)?;
    let action = wrapper.action(hook).ok_or(PlanError::NoHook)?;
    let mut prepared = environment_action(wrapper, hook, action, scope, log_only)?;
    files.append(&mut prepared.files);
    Ok(PreparedAction { files, ..prepared })
}

/// Prepares the `onRun` of a task, which has no monitor of its own.
pub(super) fn task_action(
    action: &Action,
    action_scope: ActionScope<'_>,
) -> Result<PreparedAction, PlanError> {
    let ActionScope { scope, files } = action_scope;
    resolve(&scope, action, defaults::TASK_NOTIFY_PERIOD, files)
}

fn resolve(
    scope: &Scope<'_>,
    action: &Action,
    notify_period: Duration,
    files: Vec<File>,
) -> Result<PreparedAction, PlanError> {
    let timeout = command::timeout(scope, action)?;
    Ok(PreparedAction {
        invocation: command::invocation(scope, action)?,
        limit: timeout.map(|timeout| Limit {
            timeout: seconds(timeout),
            is_default: false,
        }),
        notify_period: command::cancelation(scope, action)?.notify_period(notify_period),
        monitor: None,
        unmonitored: None,
        files,
    })
}

fn monitor_plan(
    monitor: &MonitorSpec,
    action: &Scope<'_>,
    log_only: bool,
) -> Result<MonitorPlan, PlanError> {
    let scope = action_scope::of_check(action);
    let invocation = Arc::new(command::invocation(&scope, &monitor.check)?);
    let period = monitor.period;
    let declared = command::timeout(&scope, &monitor.check)?;
    let timeout = seconds(declared.unwrap_or_else(|| {
        let period = i64::try_from(period.as_secs()).unwrap_or(i64::MAX);
        defaults::check_timeout(period)
    }));
    if timeout >= period {
        return Err(PlanError::CheckTimeout { timeout, period });
    }
    Ok(MonitorPlan {
        invocation,
        period,
        initial_delay: monitor.initial_delay,
        timeout,
        threshold: monitor.threshold,
        on_failure: match log_only {
            true => OnFailure::Log,
            false => monitor.on_failure,
        },
    })
}

fn seconds(number: i64) -> Duration {
    Duration::from_secs(number.unsigned_abs())
}
