//! Effective monitors of an Environment, made from its `onMonitor`.

use super::definition::MonitorSpec;
use crate::session::scope::{Scope, ScopeError};
use crate::template::defaults::PERIOD_FLOOR;
use crate::template::{Environment, Field, Number, Slot, least_value};
use openjd_expr::ExpressionError;
use openjd_model::FormatString;
use std::collections::BTreeMap;
use std::time::Duration;
use thiserror::Error;

/// Error making a monitor.
#[derive(Debug, Error)]
pub(super) enum MonitorError {
    #[error("a monitor has no {0}")]
    MissingField(&'static str),
    #[error("in the command of a monitor: {0}")]
    Command(serde_json::Error),
    #[error("{what}: {source}")]
    FormatString {
        what: String,
        source: ExpressionError,
    },
    #[error(transparent)]
    Scope(#[from] ScopeError),
    #[error("{0} is null")]
    Null(String),
    #[error("{0} is not a number")]
    NotANumber(String),
    #[error("{what} is {number}, but must be {least} or more")]
    TooSmall {
        what: String,
        number: i64,
        least: i64,
    },
}

/// Returns the monitors of the slots in scope, their numbers resolved in the `scope` of job creation (SCH-5).
///
/// # Errors
///
/// Fails if a number is missing or one that SCH-6 or SCH-7 forbids. Other mistakes in the monitor are for `check`
/// to report.
pub(super) fn monitors(
    environment: &Environment<'_>,
    scope: &Scope<'_>,
) -> Result<BTreeMap<Slot, MonitorSpec>, MonitorError> {
    let Some(monitor) = environment.monitor() else {
        return Ok(BTreeMap::new());
    };
    let spec = |slot: Slot| -> Result<(Slot, MonitorSpec), MonitorError> {
        let effective = monitor.effective(slot);
        let command = effective
            .command
            .as_ref()
            .ok_or(MonitorError::MissingField("command"))?;
        let check = serde_json::from_value(command.value.clone());
        let number = |field: &Option<Field<'_>>| match field {
            Some(field) => number_of_monitor(scope, slot, field).map(Some),
            None => Ok(None),
        };
        let period = number(&effective.period)?;
        let period = period
            .map(seconds)
            .ok_or(MonitorError::MissingField("period"))?;
        let initial_delay = number(&effective.initial_delay)?;
        let threshold = number(&effective.failure_threshold)?;
        Ok((
            slot,
            MonitorSpec {
                check: check.map_err(MonitorError::Command)?,
                period,
                initial_delay: initial_delay.map_or(period, seconds),
                threshold: threshold.unwrap_or(1).unsigned_abs(),
                on_failure: effective
                    .acts_as()
                    .ok_or(MonitorError::MissingField("onFailure"))?,
            },
        ))
    };
    monitor.slots().into_iter().map(spec).collect()
}

fn seconds(number: i64) -> Duration {
    Duration::from_secs(number.unsigned_abs())
}

/// Resolves a numeric field of the monitor in `slot` (SCH-5).
///
/// # Errors
///
/// Fails if it cannot be resolved, or SCH-6 or SCH-7 forbids its value.
pub(super) fn number_of_monitor(
    scope: &Scope<'_>,
    slot: Slot,
    field: &Field<'_>,
) -> Result<i64, MonitorError> {
    let name = field.path.last_key().unwrap_or_default();
    let what = format!("`{name}` of the monitor in {}", slot.name());
    let least = match name {
        "period" => PERIOD_FLOOR,
        name => least_value(name).unwrap_or(i64::MIN),
    };
    let number = number(scope, field, &what)?;
    match number >= least {
        true => Ok(number),
        false => Err(MonitorError::TooSmall {
            what,
            number,
            least,
        }),
    }
}

/// Resolves a field that is a number. `what` names it in errors.
pub(super) fn number(
    scope: &Scope<'_>,
    field: &Field<'_>,
    what: &str,
) -> Result<i64, MonitorError> {
    match field.number() {
        Some(Number::Literal(number)) => Ok(number),
        Some(Number::Format(text)) => {
            let string = FormatString::new(text).map_err(|source| MonitorError::FormatString {
                what: what.to_owned(),
                source,
            })?;
            let number = scope.integer(&string, what)?;
            number.ok_or_else(|| MonitorError::Null(what.to_owned()))
        }
        None => Err(MonitorError::NotANumber(what.to_owned())),
    }
}
