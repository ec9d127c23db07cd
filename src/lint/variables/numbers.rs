//! The numbers of a monitor that are format strings (SCH-5): whether they may be, and what they
//! are known to resolve to.

use crate::lint::constants::NoInteger;
use crate::lint::context::Context;
use crate::lint::finding::Draft;
use crate::lint::rules::{invalid_value, wrong_type};
use crate::template::{Environment, Field, Monitor, Number, Path};
use std::collections::BTreeSet;

pub(super) fn check(
    context: &Context<'_>,
    environment: &Environment<'_>,
    monitor: &Monitor<'_>,
) -> Vec<Draft> {
    let mut seen: BTreeSet<Path> = BTreeSet::new();
    let mut drafts = Vec::new();
    for slot in monitor.slots() {
        let effective = monitor.effective(slot);
        // The floor of the period is a rule of its own.
        let numbers = [
            (effective.period, i64::MIN),
            (effective.failure_threshold, 1),
            (effective.initial_delay, 0),
        ];
        for (field, least) in numbers {
            if let Some(field) = field.filter(|field| seen.insert(field.path.clone())) {
                drafts.extend(check_number(context, environment, &field, least));
            }
        }
    }
    drafts
}

fn check_number(
    context: &Context<'_>,
    environment: &Environment<'_>,
    field: &Field<'_>,
    least: i64,
) -> Option<Draft> {
    let Some(Number::Format(_)) = field.number() else {
        return None;
    };
    let name = field.path.last_key().unwrap_or_default();
    if !context.constants().has_format_strings() {
        return Some(wrong_type::format_string(&field.path, &format!("`{name}`")));
    }
    match context.constants().integer(environment.home, field) {
        Ok(Some(number)) if number < least => {
            let message = format!("`{name}` must be {least} or more, and resolves to {number}");
            Some(invalid_value::draft(&field.path, message, None))
        }
        Ok(_) => None,
        Err(NoInteger(resolved)) => {
            let message = format!("`{name}` must be an integer, and resolves to {resolved}");
            Some(invalid_value::draft(&field.path, message, None))
        }
    }
}
