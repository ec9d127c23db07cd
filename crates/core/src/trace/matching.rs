//! Comparison of the events of one instant with the entries that are expected.

use super::fields::Fields;
use serde_json::Value;
use thiserror::Error;

/// Returns true if the order of an event within its instant counts.
pub(super) fn is_fixed(event: &Fields) -> bool {
    let name = event.text("event");
    matches!(
        name,
        Some("action_started" | "action_ended" | "session_ended")
    )
}

/// Returns true for an event that needs no entry.
pub(super) fn is_optional(event: &Fields) -> bool {
    match event.text("event") {
        Some("check_ended") => true,
        Some("kill") => event.text("target") == Some("check"),
        _ => false,
    }
}

/// Returns the first field of `entry` in which `event` differs.
pub(super) fn mismatch<'e>(entry: &'e Fields, event: &Fields) -> Option<(&'e str, &'e Value)> {
    entry.iter().find(|(name, expected)| match event.get(name) {
        // Instants are compared before.
        _ if *name == "at" => false,
        None => !expected.is_null(),
        Some(actual) => expected.is_null() || !equal(expected, actual),
    })
}

/// Compares two values; numbers by value, however they are written.
fn equal(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        _ => expected == actual,
    }
}

/// Compares the entries and the events of an instant.
pub(super) fn compare_instant(entries: &[&Fields], events: &[Fields]) -> Result<(), Fault> {
    let events: Vec<_> = events.iter().collect();
    let expected: Vec<_> = entries.split_inclusive(|entry| is_fixed(entry)).collect();
    let actual: Vec<_> = events.split_inclusive(|event| is_fixed(event)).collect();
    for stretch in 0..expected.len().max(actual.len()) {
        let entries = expected.get(stretch).copied().unwrap_or_default();
        let events = actual.get(stretch).copied().unwrap_or_default();
        let (entries, fixed_entry) = split_fixed(entries);
        let (events, fixed_event) = split_fixed(events);
        match_up(entries, events)?;
        match (fixed_entry, fixed_event) {
            (None, None) => {}
            (Some(entry), None) => return Err(Fault::missing(entry)),
            (None, Some(event)) => return Err(Fault::unexpected(event)),
            (Some(entry), Some(event)) => {
                if let Some((name, value)) = mismatch(entry, event) {
                    return Err(Fault::differs(event, name, value));
                }
            }
        }
    }
    Ok(())
}

fn split_fixed<'s, 'f>(stretch: &'s [&'f Fields]) -> (&'s [&'f Fields], Option<&'f Fields>) {
    match stretch.split_last() {
        Some((last, init)) if is_fixed(last) => (init, Some(last)),
        _ => (stretch, None),
    }
}

/// Matches entries and events one to one in any order: all entries, and all events that are not optional.
fn match_up(entries: &[&Fields], events: &[&Fields]) -> Result<(), Fault> {
    let fits = |entry: usize, event: usize| mismatch(entries[entry], events[event]).is_none();
    let mut matching = Matching {
        of_entry: vec![None; entries.len()],
        of_event: vec![None; events.len()],
        fits: &fits,
    };
    for event in (0..events.len()).filter(|&event| !is_optional(events[event])) {
        if !matching.match_event(event, &mut vec![false; entries.len()]) {
            return Err(nearest(entries, events[event]));
        }
    }
    for (entry, fields) in entries.iter().enumerate() {
        if matching.of_entry[entry].is_none()
            && !matching.match_entry(entry, &mut vec![false; events.len()])
        {
            return Err(Fault::missing(fields));
        }
    }
    Ok(())
}

/// A bipartite matching that grows by augmenting paths: matched entries stay matched.
struct Matching<'f> {
    of_entry: Vec<Option<usize>>,
    of_event: Vec<Option<usize>>,
    fits: &'f dyn Fn(usize, usize) -> bool,
}

impl Matching<'_> {
    fn match_event(&mut self, event: usize, seen: &mut [bool]) -> bool {
        for entry in 0..self.of_entry.len() {
            if seen[entry] || !(self.fits)(entry, event) {
                continue;
            }
            seen[entry] = true;
            if self.of_entry[entry].is_none_or(|other| self.match_event(other, seen)) {
                self.pair(entry, event);
                return true;
            }
        }
        false
    }

    fn match_entry(&mut self, entry: usize, seen: &mut [bool]) -> bool {
        for event in 0..self.of_event.len() {
            if seen[event] || !(self.fits)(entry, event) {
                continue;
            }
            seen[event] = true;
            if self.of_event[event].is_none_or(|other| self.match_entry(other, seen)) {
                self.pair(entry, event);
                return true;
            }
        }
        false
    }

    fn pair(&mut self, entry: usize, event: usize) {
        self.of_entry[entry] = Some(event);
        self.of_event[event] = Some(entry);
    }
}

/// Explains an event that no entry fits: by the field in which an entry of its kind differs, if there is one.
fn nearest(entries: &[&Fields], event: &Fields) -> Fault {
    let same_kind = entries
        .iter()
        .find(|entry| entry.get("event") == event.get("event"));
    match same_kind.and_then(|entry| mismatch(entry, event)) {
        Some((name, value)) => Fault::differs(event, name, value),
        None => Fault::unexpected(event),
    }
}

fn kind(fields: &Fields) -> &str {
    fields.text("event").unwrap_or("event")
}

/// Fault of the events of an instant.
#[derive(Debug, Error)]
pub(super) enum Fault {
    #[error("`{0}` is expected, and does not happen")]
    Missing(String),
    #[error("`{0}` happens, and is not expected")]
    Unexpected(String),
    #[error("`{name}` of `{event}` is {actual}, where {expected} is expected")]
    Differs {
        event: String,
        name: String,
        actual: String,
        expected: String,
    },
}

impl Fault {
    pub fn missing(entry: &Fields) -> Self {
        Self::Missing(kind(entry).to_owned())
    }

    fn unexpected(event: &Fields) -> Self {
        Self::Unexpected(kind(event).to_owned())
    }

    fn differs(event: &Fields, name: &str, expected: &Value) -> Self {
        Self::Differs {
            event: kind(event).to_owned(),
            name: name.to_owned(),
            actual: event.get(name).map_or("none".to_owned(), Value::to_string),
            expected: match expected {
                Value::Null => "none".to_owned(),
                value => value.to_string(),
            },
        }
    }
}
