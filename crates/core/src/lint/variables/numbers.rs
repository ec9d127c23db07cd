//! The numbers of a monitor that are format strings (SCH-5): whether they may be, and what they
//! are known to resolve to.

use crate::lint::constants::NoInteger;
use crate::lint::context::Context;
use crate::lint::fact::{Fact, FactKind};
use crate::lint::monitored::Monitored;
use crate::template::{Environment, Field, least_value};

/// Returns true if `field` is one of the monitor's numbers.
pub(super) fn is_number(field: &Field<'_>) -> bool {
    field.path.last_key().and_then(least_value).is_some()
}

pub(super) fn check<'d>(context: &Context<'d>, monitored: &Monitored<'d>) -> Vec<Fact<'static>> {
    let checked = monitored.strings.iter().filter_map(|field| {
        let name = field.path.last_key()?;
        let least = least_value(name)?;
        check_number(context, &monitored.environment, field, name, least)
    });
    checked.collect()
}

/// `field` is the string that the number `name` is written as.
fn check_number(
    context: &Context<'_>,
    environment: &Environment<'_>,
    field: &Field<'_>,
    name: &str,
    least: i64,
) -> Option<Fact<'static>> {
    let text = field.value.as_str().unwrap_or_default();
    if !text.contains("{{") && text.trim().parse::<i64>().is_err() {
        let message = format!("`{name}` must be an integer, not `{text}`");
        let help = "write a plain integer; times are in seconds, without a unit";
        return Some(Fact::invalid_value(&field.path, message, Some(help)));
    }
    if !context.constants().has_format_strings() {
        let name = name.to_owned();
        let value = text.trim().parse().ok();
        return Some(Fact::at_value(
            &field.path,
            FactKind::NumberAsString { name, value },
        ));
    }
    match context.known_integer(environment, field) {
        Ok(Some(number)) if number < least => {
            let message = format!("`{name}` must be {least} or more, but resolves to {number}");
            Some(Fact::invalid_value(&field.path, message, None))
        }
        Ok(_) => None,
        Err(NoInteger(resolved)) => {
            let message = format!("`{name}` must be an integer, but resolves to `{resolved}`");
            Some(Fact::invalid_value(&field.path, message, None))
        }
    }
}
