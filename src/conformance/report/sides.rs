//! Excerpt of a failed case: expected and actual events side by side, around the first difference.

use super::shown;
use crate::conformance::outcome::{Outcome, Verdict};
use openjd_monitor_core::trace::{Fields, Row, align};
use serde_json::Value;

/// Number of rows shown before the instant of the difference.
const BEFORE: usize = 3;
/// Number of rows shown after it.
const AFTER: usize = 2;

/// Upper bound on the rows shown.
const MOST: usize = 40;

/// Returns the rows around the first difference; without one, as after an error, around the last actual event.
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

/// Returns the mark of a row: ` ` if it does not differ, `!` in a field, `-` or `+` if one side is missing.
pub(super) fn mark(row: &Row<'_>) -> char {
    match (row.is_as_expected(), row.expected, row.actual) {
        (true, ..) => ' ',
        (_, Some(_), None) => '-',
        (_, None, Some(_)) => '+',
        _ => '!',
    }
}

/// Formats the expected event.
pub(super) fn expected(row: &Row<'_>) -> Option<String> {
    row.expected.map(|entry| words(entry, &|_| true))
}

/// Formats the actual event; only the expected fields, if they match.
pub(super) fn actual(row: &Row<'_>) -> Option<String> {
    let asked = row.expected.filter(|_| row.is_as_expected());
    let is_shown = |name: &str| asked.is_none_or(|entry| entry.get(name).is_some());
    row.actual.map(|event| words(event, &is_shown))
}

/// Formats time, name and fields of an event.
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
