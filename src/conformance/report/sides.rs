//! The part of a failed case that is shown: what is expected beside what happened, around the first difference.

use super::shown;
use crate::conformance::outcome::{Outcome, Verdict};
use openjd_monitor_core::trace::{Fields, Row, align};
use serde_json::Value;

/// How many rows before and after the instant of the difference are shown.
const BEFORE: usize = 3;
const AFTER: usize = 2;

/// How many rows are shown at most.
const MOST: usize = 40;

/// The rows around the first difference; without one, as in an error, around the end of what happened.
pub(super) fn neighbourhood(outcome: &Outcome) -> Vec<Row<'_>> {
    let mut rows = align(&outcome.expected, &outcome.actual);
    let at = match &outcome.verdict {
        Verdict::Fail(difference) => difference.at,
        _ => outcome.actual.last().map(|last| last.0).unwrap_or_default(),
    };
    let start = rows.iter().take_while(|row| row.at < at).count();
    let end = rows.iter().take_while(|row| row.at <= at).count();
    rows.truncate(end.saturating_add(AFTER));
    rows.drain(..start.saturating_sub(BEFORE));
    rows.truncate(MOST);
    rows
}

/// How a row differs: not, in a field, or by one side that is missing.
pub(super) fn mark(row: &Row<'_>) -> char {
    match (row.is_as_expected(), row.expected, row.actual) {
        (true, ..) => ' ',
        (_, Some(_), None) => '-',
        (_, None, Some(_)) => '+',
        _ => '!',
    }
}

/// What is expected, in words.
pub(super) fn expected(row: &Row<'_>) -> Option<String> {
    row.expected.map(|entry| words(entry, &|_| true))
}

/// What happened, in words: where it is as expected, only what is expected of it.
pub(super) fn actual(row: &Row<'_>) -> Option<String> {
    let asked = row.expected.filter(|_| row.is_as_expected());
    let is_shown = |name: &str| asked.is_none_or(|entry| entry.get(name).is_some());
    row.actual.map(|event| words(event, &is_shown))
}

/// The time and the name of an event, and its fields.
fn words(fields: &Fields, is_shown: &dyn Fn(&str) -> bool) -> String {
    let words = fields.iter().filter(|(name, _)| is_shown(name));
    let words = words.map(|(name, value)| match (name, value) {
        ("at", at) => at.to_string(),
        ("event", event) => event.as_str().unwrap_or_default().to_owned(),
        (name, Value::Null) => format!("{name}=none"),
        (name, Value::String(text)) if is_word(text) => format!("{name}={text}"),
        (name, value) => format!("{name}={value}"),
    });
    shown(&words.collect::<Vec<_>>().join(" "))
}

fn is_word(text: &str) -> bool {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    !text.is_empty() && text.chars().all(is_plain)
}
