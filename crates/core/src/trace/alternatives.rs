//! The comparison of a trace with several that may be expected.

use super::align::align;
use super::compare::{Comparison, Difference};
use super::fields::Fields;
use crate::session::Time;
use std::cmp::Reverse;

/// Compares a trace with alternatives side by side, each by a [`Comparison`].
pub struct Alternatives<'e>(Vec<Result<Comparison<'e>, Box<Difference>>>);

/// The alternative that a trace is closest to, by its index.
pub type Nearest = Result<usize, (usize, Box<Difference>)>;

impl<'e> Alternatives<'e> {
    /// A comparison with each of `traces`, the entries of which are in order of time.
    pub fn new(traces: impl IntoIterator<Item = &'e [(Time, Fields)]>) -> Self {
        Self(traces.into_iter().map(Comparison::new).map(Ok).collect())
    }

    /// Takes in the next event.
    pub fn push(&mut self, at: Time, event: &Fields) {
        for alternative in &mut self.0 {
            if let Ok(comparison) = alternative
                && let Err(difference) = comparison.push(at, event.clone())
            {
                *alternative = Err(difference);
            }
        }
    }

    /// Ends the comparison with a trace that may be incomplete: missing events at its end are no difference. Returns
    /// `None` without alternatives.
    pub fn stop(self) -> Option<Nearest> {
        let results = self.0.into_iter();
        nearest(results.map(|alternative| alternative.map(drop)))
    }

    /// Ends the comparison with a complete trace. Returns `None` without alternatives.
    pub fn end(self) -> Option<Nearest> {
        let results = self.0.into_iter();
        nearest(results.map(|alternative| alternative.and_then(Comparison::end)))
    }
}

/// The first alternative without a difference, else the one that the trace follows furthest.
fn nearest(results: impl Iterator<Item = Result<(), Box<Difference>>>) -> Option<Nearest> {
    let mut differences = Vec::new();
    for (index, result) in results.enumerate() {
        match result {
            Ok(()) => return Some(Ok(index)),
            Err(difference) => differences.push((index, difference)),
        }
    }
    let furthest =
        |(_, difference): &(usize, Box<Difference>)| (Reverse(difference.at), distance(difference));
    differences.into_iter().min_by_key(furthest).map(Err)
}

/// The number of events and entries of the instant of a difference that do not fit.
fn distance(difference: &Difference) -> usize {
    let timed = |fields: &[Fields]| -> Vec<(Time, Fields)> {
        let fields = fields.iter().cloned();
        fields.map(|fields| (difference.at, fields)).collect()
    };
    let (expected, actual) = (timed(&difference.expected), timed(&difference.actual));
    let rows = align(&expected, &actual);
    rows.iter().filter(|row| !row.is_as_expected()).count()
}
