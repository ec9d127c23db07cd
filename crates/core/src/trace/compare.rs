//! Comparison of a trace with the expected one, instant by instant.

use super::fields::Fields;
use super::json::seconds;
use super::matching::{Fault, compare_instant};
use crate::session::Time;
use std::collections::VecDeque;

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
    /// Fails if an instant before the event is not as expected. Do not push more events then.
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
