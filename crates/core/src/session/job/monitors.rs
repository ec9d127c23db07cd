//! Effective monitors of an Environment, made from its `onMonitor`.

use super::definition::MonitorSpec;
use crate::session::scope::{Scope, ScopeError};
use crate::template::defaults::PERIOD_FLOOR;
use crate::template::{Environment, Field, Number, Slot};
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
        let period = number(scope, slot, effective.period.as_ref(), PERIOD_FLOOR)?;
        let period = period
            .map(seconds)
            .ok_or(MonitorError::MissingField("period"))?;
        let initial_delay = number(scope, slot, effective.initial_delay.as_ref(), 0)?;
        let threshold = number(scope, slot, effective.failure_threshold.as_ref(), 1)?;
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

/// Resolves a numeric field of a monitor, which must be `least` or more; `None` if the field is absent.
fn number(
    scope: &Scope<'_>,
    slot: Slot,
    field: Option<&Field<'_>>,
    least: i64,
) -> Result<Option<i64>, MonitorError> {
    let Some(field) = field else {
        return Ok(None);
    };
    let name = field.path.last_key().unwrap_or_default();
    let what = format!("`{name}` of the monitor in {}", slot.name());
    let number = match field.number() {
        Some(Number::Literal(number)) => number,
        Some(Number::Format(text)) => {
            let string = FormatString::new(text).map_err(|source| MonitorError::FormatString {
                what: what.clone(),
                source,
            })?;
            let number = scope.integer(&string, &what)?;
            number.ok_or(MonitorError::Null(what.clone()))?
        }
        None => return Err(MonitorError::NotANumber(what)),
    };
    match number >= least {
        true => Ok(Some(number)),
        false => Err(MonitorError::TooSmall {
            what,
            number,
            least,
        }),
    }
}
