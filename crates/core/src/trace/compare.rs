//! Comparison of a trace with the expected one, instant by instant.

use super::fields::Fields;
use super::json::seconds;
use crate::session::Time;
use serde_json::Value;
use std::collections::VecDeque;
use thiserror::Error;

/// Events kept before a difference, to show with it.
const NEIGHBOURS: usize = 3;

/// A comparison in progress. It keeps the events of the current instant only.
pub struct Comparison<'e> {
    /// The expected entries, in order of time.
    expected: &'e [(Time, Fields)],
    /// Number of expected entries that are matched.
    matched: usize,
    instant: Option<(Time, Vec<Fields>)>,
    /// The last events before the current instant.
    before: VecDeque<Fields>,
}

/// The first difference between a trace and the expected one.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The instant.
    pub at: Time,
    /// The difference, in a sentence without a full stop.
    pub message: String,
    /// The last events before that instant; they are as expected.
    pub before: Vec<Fields>,
    /// The expected entries of that instant.
    pub expected: Vec<Fields>,
    /// The events of that instant.
    pub actual: Vec<Fields>,
}

impl<'e> Comparison<'e> {
    /// Starts a comparison with the entries of an `expect` list, in order of time.
    pub fn new(expected: &'e [(Time, Fields)]) -> Self {
        Self {
            expected,
            matched: 0,
            instant: None,
            before: VecDeque::new(),
        }
    }

    /// Compares up to the next event.
    ///
    /// # Errors
    ///
    /// Fails if an instant before the event is not as expected; what follows a difference does not count.
    pub fn push(&mut self, at: Time, event: Fields) -> Result<(), Box<Difference>> {
        match &mut self.instant {
            Some((now, events)) if *now == at => events.push(event),
            _ => {
                self.end_instant()?;
                self.instant = Some((at, vec![event]));
            }
        }
        Ok(())
    }

    /// Ends the comparison.
    ///
    /// # Errors
    ///
    /// Fails if the last instant is not as expected, or if more is expected after it.
    pub fn end(mut self) -> Result<(), Box<Difference>> {
        self.end_instant()?;
        match self.expected.get(self.matched) {
            None => Ok(()),
            Some(entry) => Err(self.difference(entry.0, &Fault::missing(&entry.1), Vec::new())),
        }
    }

    fn end_instant(&mut self) -> Result<(), Box<Difference>> {
        let Some((now, events)) = self.instant.take() else {
            return Ok(());
        };
        let rest = &self.expected[self.matched..];
        if let Some(early) = rest.first().filter(|entry| entry.0 < now) {
            return Err(self.difference(early.0, &Fault::missing(&early.1), Vec::new()));
        }
        let entries: Vec<_> = rest
            .iter()
            .take_while(|entry| entry.0 == now)
            .map(|entry| &entry.1)
            .collect();
        if let Err(fault) = compare_instant(&entries, &events) {
            return Err(self.difference(now, &fault, events));
        }
        self.matched += entries.len();
        self.before.extend(events);
        let excess = self.before.len().saturating_sub(NEIGHBOURS);
        self.before.drain(..excess);
        Ok(())
    }

    fn difference(&self, at: Time, fault: &Fault, actual: Vec<Fields>) -> Box<Difference> {
        let expected = self.expected[self.matched..].iter();
        Box::new(Difference {
            at,
            message: fault.to_string(),
            before: self.before.iter().cloned().collect(),
            expected: expected
                .filter(|entry| entry.0 == at)
                .map(|entry| entry.1.clone())
                .collect(),
            actual,
        })
    }
}

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
fn compare_instant(entries: &[&Fields], events: &[Fields]) -> Result<(), Fault> {
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
enum Fault {
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
    fn missing(entry: &Fields) -> Self {
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

impl Difference {
    /// Describes a trace that is given up at this instant, since the Session does not end.
    pub fn without_end(at: Time, message: &str) -> Self {
        Self {
            at,
            message: message.to_owned(),
            before: Vec::new(),
            expected: Vec::new(),
            actual: Vec::new(),
        }
    }

    /// Returns the instant and the difference, without a full stop.
    pub fn sentence(&self) -> String {
        format!("at {} s: {}", seconds(self.at), self.message)
    }

    /// Returns the difference in lines, like a diff: ` ` before it, `-` expected, `+` actual.
    pub fn lines(&self) -> Vec<String> {
        let line = |mark: char, fields: &Fields| format!("  {mark} {fields}");
        let mut lines = vec![self.sentence()];
        lines.extend(self.before.iter().map(|fields| line(' ', fields)));
        lines.extend(self.expected.iter().map(|fields| line('-', fields)));
        lines.extend(self.actual.iter().map(|fields| line('+', fields)));
        lines
    }
}
