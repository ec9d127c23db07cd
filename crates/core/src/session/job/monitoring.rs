//! From `onMonitor` to the effective monitors of a Session's Environment.

use super::Monitoring;
use crate::session::resolve::Scope;
use crate::template::defaults::PERIOD_FLOOR;
use crate::template::{Environment, Field, Number, Slot};
use openjd_model::FormatString;
use std::collections::BTreeMap;
use std::time::Duration;

/// The monitors of the slots in scope. Their numbers are resolved here and now, with `scope`, which is that
/// of job creation (SCH-5).
///
/// # Errors
///
/// If a number resolves to one that SCH-6 or SCH-7 forbids, or to none. What else `check` would report of
/// the monitor is not looked for with the same care.
pub(super) fn monitors(
    environment: &Environment<'_>,
    scope: &Scope<'_>,
) -> Result<BTreeMap<Slot, Monitoring>, String> {
    let Some(monitor) = environment.monitor() else {
        return Ok(BTreeMap::new());
    };
    let monitoring = |slot: Slot| -> Result<(Slot, Monitoring), String> {
        let effective = monitor.effective(slot);
        let command = effective
            .command
            .as_ref()
            .ok_or("a monitor has no command")?;
        let check = serde_json::from_value(command.value.clone());
        let period = number(scope, slot, effective.period.as_ref(), PERIOD_FLOOR)?;
        let period = period.map(seconds).ok_or("a monitor has no period")?;
        let initial_delay = number(scope, slot, effective.initial_delay.as_ref(), 0)?;
        let threshold = number(scope, slot, effective.failure_threshold.as_ref(), 1)?;
        Ok((
            slot,
            Monitoring {
                check: check.map_err(|error| format!("in the command of a monitor: {error}"))?,
                period,
                initial_delay: initial_delay.map_or(period, seconds),
                threshold: threshold.unwrap_or(1).unsigned_abs(),
                on_failure: effective.acts_as().ok_or("a monitor has no onFailure")?,
            },
        ))
    };
    monitor.slots().into_iter().map(monitoring).collect()
}

fn seconds(number: i64) -> Duration {
    Duration::from_secs(number.unsigned_abs())
}

/// The number that a field of a monitor is, `least` or more; `None` where there is no such field.
fn number(
    scope: &Scope<'_>,
    slot: Slot,
    field: Option<&Field<'_>>,
    least: i64,
) -> Result<Option<i64>, String> {
    let Some(field) = field else {
        return Ok(None);
    };
    let name = field.path.last_key().unwrap_or_default();
    let what = format!("`{name}` of the monitor in {}", slot.name());
    let number = match field.number() {
        Some(Number::Literal(number)) => number,
        Some(Number::Format(text)) => {
            let string = FormatString::new(text).map_err(|error| format!("{what}: {error}"))?;
            let number = scope.integer(&string, &what)?;
            number.ok_or_else(|| format!("{what} is null"))?
        }
        None => return Err(format!("{what} is no number")),
    };
    match number >= least {
        true => Ok(Some(number)),
        false => Err(format!("{what} is {number}, but must be {least} or more")),
    }
}
