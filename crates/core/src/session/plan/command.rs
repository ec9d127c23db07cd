//! Fields of an action, resolved in its scope.

use super::error::{MAX_NOTIFY_PERIOD, PlanError};
use crate::session::event::Invocation;
use crate::session::scope::{Scope, ScopeError};
use openjd_expr::{ExprType, ExprValue};
use openjd_model::FormatString;
use openjd_model::job::{Action, CancelationMode};
use std::time::Duration;

/// Declared way of canceling an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancelation {
    Undeclared,
    Terminate,
    /// Notify period, in seconds; `None` where the default applies.
    NotifyThenTerminate(Option<i64>),
}

impl Cancelation {
    /// Returns the notify period, `default` if none is declared; `None` if the action is killed at once.
    pub fn notify_period(self, default: Duration) -> Option<Duration> {
        match self {
            Self::Undeclared | Self::Terminate => None,
            Self::NotifyThenTerminate(period) => {
                let declared = period.and_then(|seconds| u64::try_from(seconds).ok());
                Some(declared.map_or(default, Duration::from_secs))
            }
        }
    }
}

/// Resolves the command line. An argument that is a list as a whole becomes one argument for each element, and
/// one that is null as a whole is left out.
pub(super) fn invocation(scope: &Scope<'_>, action: &Action) -> Result<Invocation, ScopeError> {
    let command = scope.lenient_text(&action.command, "the command")?;
    let mut args = Vec::new();
    for string in action.args.iter().flatten() {
        let value = scope.value(string, None, "an argument")?;
        match value.list_elements() {
            Some(elements) => args.extend(elements.iter().map(ExprValue::to_display_string)),
            None if matches!(value, ExprValue::Null) => {}
            None => args.push(value.to_display_string()),
        }
    }
    Ok(Invocation { command, args })
}

/// Resolves the timeout, in seconds; `None` if the action has none.
pub(super) fn timeout(scope: &Scope<'_>, action: &Action) -> Result<Option<i64>, PlanError> {
    match &action.timeout {
        Some(string) => positive(scope, string, "the timeout"),
        None => Ok(None),
    }
}

/// Resolves the way of canceling the action. A mode that is a format string is decided here; a null mode is the
/// same as no `cancelation`.
pub(super) fn cancelation(scope: &Scope<'_>, action: &Action) -> Result<Cancelation, PlanError> {
    let (mode, period) = match &action.cancelation {
        None => return Ok(Cancelation::Undeclared),
        Some(CancelationMode::Terminate) => return Ok(Cancelation::Terminate),
        Some(CancelationMode::NotifyThenTerminate {
            notify_period_in_seconds: period,
        }) => {
            let period = notify_period(scope, period.as_ref())?;
            return Ok(Cancelation::NotifyThenTerminate(period));
        }
        Some(CancelationMode::DeferredMode {
            mode,
            notify_period_in_seconds: period,
        }) => (mode, period.as_ref()),
    };
    let target = ExprType::union(vec![ExprType::STRING, ExprType::NULLTYPE]);
    let mode = match scope.value(mode, Some(&target), "the mode of cancelation")? {
        ExprValue::Null => return Ok(Cancelation::Undeclared),
        mode => mode.to_display_string(),
    };
    match (mode.as_str(), notify_period(scope, period)?) {
        ("TERMINATE", None) => Ok(Cancelation::Terminate),
        ("TERMINATE", Some(_)) => Err(PlanError::NotifyPeriodOfTerminate),
        ("NOTIFY_THEN_TERMINATE", period) => Ok(Cancelation::NotifyThenTerminate(period)),
        _ => Err(PlanError::UnknownCancelation(mode)),
    }
}

fn notify_period(
    scope: &Scope<'_>,
    string: Option<&FormatString>,
) -> Result<Option<i64>, PlanError> {
    let Some(string) = string else {
        return Ok(None);
    };
    match positive(scope, string, "notifyPeriodInSeconds")? {
        Some(number) if number > MAX_NOTIFY_PERIOD => Err(PlanError::NotifyPeriodTooLong(number)),
        number => Ok(number),
    }
}

fn positive(
    scope: &Scope<'_>,
    string: &FormatString,
    what: &'static str,
) -> Result<Option<i64>, PlanError> {
    match scope.integer(string, what)? {
        Some(number) if number <= 0 => Err(PlanError::NotPositive { what, number }),
        number => Ok(number),
    }
}
