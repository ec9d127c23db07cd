//! Effective monitors in words.

use super::{Hindrance, Notice, Quantity, Watch};
use crate::shown::code;
use crate::template::OnFailure;

/// Tells what happens in a slot when what is watched fails.
pub fn story(watch: &Watch) -> String {
    if let Some(hindrance) = watch.hindrance {
        return hindered(watch, hindrance);
    }
    let effect = match (watch.acts_as, watch.failures_to_fire) {
        (OnFailure::Log, _) if watch.on_failure != OnFailure::Log => format!(
            "each failure is reported as a status, and nothing ends the action: in exit slots, `onFailure: {}` applies \
             only if the override of the slot gives it. A failure is noticed",
            watch.on_failure.name()
        ),
        (OnFailure::Log, _) => {
            "each failure is reported as a status, and nothing ends the action. A failure is noticed"
                .to_owned()
        }
        (OnFailure::Warn, Some(count)) => format!(
            "each failure is reported as a status, and number {count} in a row ends the action,"
        ),
        (OnFailure::Terminate, Some(1)) => "the first failure ends the action,".to_owned(),
        (OnFailure::Terminate, Some(count)) => format!("{count} failures in a row end the action,"),
        (_, None) => "failures in a row end the action,".to_owned(),
    };
    let Some(notice) = watch.notice else {
        return format!("{effect} after a time that depends on {}.", unknown(watch));
    };
    let Notice { least, most, .. } = notice;
    let start = match notice.is_from_start {
        true => " The longest time is that of what has failed when the action starts.",
        false => "",
    };
    format!(
        "{effect} {least} s to {most} s after what is watched has failed.{start}{}",
        limit(watch)
    )
}

/// Says that the action's own timeout may come first.
fn limit(watch: &Watch) -> String {
    match &watch.action_timeout {
        Some(timeout) => format!(
            " The action times out after {} in any case.",
            seconds(timeout)
        ),
        None => String::new(),
    }
}

fn hindered(watch: &Watch, hindrance: Hindrance) -> String {
    let limit = watch.action_timeout.as_ref().map(seconds);
    let limit = limit.unwrap_or_default();
    match hindrance {
        Hindrance::CheckTimeout => {
            let follows = match watch.slot.is_exit() {
                true => "the action runs without a monitor",
                false => "the action is not started, and FAILED",
            };
            format!(
                "{follows}, because the timeout of the check ({}) is not less than its period ({}).",
                seconds(&watch.check_timeout),
                seconds(&watch.period)
            )
        }
        Hindrance::NoCheck => {
            format!("no check runs, because the action times out after {limit}.")
        }
        Hindrance::NoFiring => format!(
            "the monitor never ends the action, because that times out after {limit}; failures before are only logged."
        ),
    }
}

/// Returns the format strings that the time to notice depends on.
fn unknown(watch: &Watch) -> String {
    let all = [
        &watch.first_check,
        &watch.period,
        &watch.check_timeout,
        &watch.threshold,
    ];
    let unknown = all.into_iter().filter(|quantity| quantity.value.is_none());
    let mut written: Vec<_> = unknown
        .filter_map(|quantity| quantity.written.as_deref())
        .map(code)
        .collect();
    written.dedup();
    written.join(", ")
}

/// Returns a number of seconds, or the format string in its place.
pub fn seconds(quantity: &Quantity) -> String {
    match quantity.value {
        Some(_) => {
            let (value, note) = quantity_and_note(quantity);
            format!("{value} s{note}")
        }
        None => number(quantity),
    }
}

/// Returns a number, or the format string in its place, and how it is written.
pub fn number(quantity: &Quantity) -> String {
    let (value, note) = quantity_and_note(quantity);
    format!("{value}{note}")
}

fn quantity_and_note(quantity: &Quantity) -> (String, String) {
    let written = quantity.written.as_deref().map(code);
    match (quantity.value, written) {
        (Some(value), Some(written)) if quantity.is_by_default => {
            (value.to_string(), format!(" ({written}, default)"))
        }
        (Some(value), Some(written)) => (value.to_string(), format!(" ({written})")),
        (Some(value), None) if quantity.is_by_default => {
            (value.to_string(), " (default)".to_owned())
        }
        (Some(value), None) => (value.to_string(), String::new()),
        (None, Some(written)) => (written, String::new()),
        (None, None) => ("not known".to_owned(), String::new()),
    }
}
