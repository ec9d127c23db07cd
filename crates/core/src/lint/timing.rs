//! Times of the checks of an effective monitor, as far as the numbers are known (clauses TIM, SCH-7).

use super::context::Context;
use super::finding::Place;
use crate::template::defaults::EXIT_TIMEOUT;
use crate::template::{Effective, Environment, Field};

/// Times of an effective monitor, in seconds.
pub(crate) struct Times<'d> {
    /// From the start of the action to the first tick.
    pub first: i64,
    /// The field that says so: `initialDelay`, or else `period`.
    pub first_field: Field<'d>,
    pub period: i64,
    /// The timeout of the monitored action.
    pub limit: i64,
    /// The action's `timeout`; `None` for the default of an exit slot.
    pub limit_field: Option<Field<'d>>,
}

impl Times<'_> {
    /// Returns the place of the timeout of the action `name`, and what it is.
    pub fn limit_of(&self, environment: &Environment<'_>, name: &str) -> (Place, String) {
        match &self.limit_field {
            Some(field) => (
                Place::Value(field.path.clone()),
                format!("`{name}` times out after {} s", self.limit),
            ),
            None => (
                Place::Key(environment.actions_path().key(name)),
                format!("`{name}` has the default timeout of {} s", self.limit),
            ),
        }
    }
}

/// Returns the times of a monitor whose action has a timeout, if all of them are known.
pub(crate) fn times<'d>(
    context: &Context<'d>,
    environment: &Environment<'d>,
    monitor: &Effective<'d>,
) -> Option<Times<'d>> {
    let seconds = |field: &Field<'d>| context.integer(environment, field);
    let period_field = monitor.period.clone()?;
    let period = seconds(&period_field).filter(|&period| period > 0)?;
    let first_field = monitor.initial_delay.clone().unwrap_or(period_field);
    let first = seconds(&first_field).filter(|&first| first >= 0)?;
    let action = environment.action(monitor.slot)?;
    let limit_field = action.child("timeout");
    let limit = match &limit_field {
        Some(field) => seconds(field).filter(|&limit| limit > 0)?,
        None if monitor.slot.is_exit() => EXIT_TIMEOUT,
        None => return None,
    };
    Some(Times {
        first,
        first_field,
        period,
        limit,
        limit_field,
    })
}

/// Returns the number of consecutive failures at which a monitor fires (SCH-7); `None` if it never fires, or the
/// number is not known.
pub(crate) fn failures_to_fire<'d>(
    context: &Context<'d>,
    environment: &Environment<'d>,
    monitor: &Effective<'d>,
) -> Option<i64> {
    let threshold = match &monitor.failure_threshold {
        Some(field) => context.integer(environment, field)?,
        None => 1,
    };
    monitor.acts_as()?.failures_to_fire(threshold)
}
