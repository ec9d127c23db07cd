//! Alignment of a trace with the expected one, row by row.

use super::fields::Fields;
use super::matching::{is_fixed, is_optional, mismatch};
use crate::session::Time;

/// An expected entry beside an event; one of the two may be missing.
#[derive(Debug, Clone, Copy)]
pub struct Row<'t> {
    /// The instant.
    pub at: Time,
    /// The expected entry.
    pub expected: Option<&'t Fields>,
    /// The event.
    pub actual: Option<&'t Fields>,
}

impl Row<'_> {
    /// Returns true if the event is as expected.
    pub fn is_as_expected(&self) -> bool {
        match (self.expected, self.actual) {
            (Some(entry), Some(event)) => mismatch(entry, event).is_none(),
            (None, Some(event)) => is_optional(event),
            _ => false,
        }
    }
}

/// Pairs events with the entries that they fit, or else with one of their kind, instant by instant. Both are
/// in order of time.
pub fn align<'t>(expected: &'t [(Time, Fields)], actual: &'t [(Time, Fields)]) -> Vec<Row<'t>> {
    let mut rows = Vec::new();
    let (mut expected, mut actual) = (expected, actual);
    while let Some(at) = first(expected).into_iter().chain(first(actual)).min() {
        let entries = instant(&mut expected, at);
        let events = instant(&mut actual, at);
        let entries: Vec<_> = entries.split_inclusive(|entry| is_fixed(entry)).collect();
        let events: Vec<_> = events.split_inclusive(|event| is_fixed(event)).collect();
        for stretch in 0..entries.len().max(events.len()) {
            let entries = entries.get(stretch).copied().unwrap_or_default();
            let events = events.get(stretch).copied().unwrap_or_default();
            pair(at, entries, events, &mut rows);
        }
    }
    rows
}

fn first(trace: &[(Time, Fields)]) -> Option<Time> {
    trace.first().map(|(at, _)| *at)
}

/// Splits the events of an instant off the front.
fn instant<'t>(trace: &mut &'t [(Time, Fields)], at: Time) -> Vec<&'t Fields> {
    let end = trace.iter().take_while(|(of, _)| *of == at).count();
    let (now, later) = trace.split_at(end);
    *trace = later;
    now.iter().map(|(_, fields)| fields).collect()
}

fn pair<'t>(at: Time, entries: &[&'t Fields], events: &[&'t Fields], rows: &mut Vec<Row<'t>>) {
    let mut of_event: Vec<Option<&Fields>> = vec![None; events.len()];
    let mut left: Vec<_> = entries.to_vec();
    let fits = |entry: &Fields, event: &Fields| mismatch(entry, event).is_none();
    let is_alike = |entry: &Fields, event: &Fields| entry.get("event") == event.get("event");
    for goes_with in [&fits as &dyn Fn(&Fields, &Fields) -> bool, &is_alike] {
        for (event, with) in events.iter().zip(&mut of_event) {
            if with.is_none()
                && let Some(index) = left.iter().position(|entry| goes_with(entry, event))
            {
                *with = Some(left.remove(index));
            }
        }
    }
    let beside = events.iter().zip(of_event).map(|(event, entry)| Row {
        at,
        expected: entry,
        actual: Some(event),
    });
    rows.extend(beside);
    rows.extend(left.into_iter().map(|entry| Row {
        at,
        expected: Some(entry),
        actual: None,
    }));
}
