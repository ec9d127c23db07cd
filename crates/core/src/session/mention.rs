//! Mentions of `openjd_redacted_env` in a line, and what may be the value there (OUT-2).

use super::message::REDACTED_ENV;
use crate::search;

/// Place of the possible value in a line with an `openjd_redacted_env`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Start of the text behind the word and its colon, in bytes.
    pub payload: usize,
    /// Start of the text behind the first `=` of the payload; of the payload itself if it has none.
    pub value: usize,
}

impl Place {
    /// Finds the first mention that may have a value behind it.
    pub fn in_line(line: &str) -> Option<Self> {
        let mut words = search::all_in_any_case(line, REDACTED_ENV);
        let behind = words.find_map(|start| {
            let behind = &line[start + REDACTED_ENV.len()..];
            let is_alone = behind.is_empty() || behind.starts_with(char::is_whitespace);
            let mut before = line[..start].rsplit('\r');
            let starts_line = before.next().is_none_or(|before| before.trim().is_empty());
            (behind.starts_with([':', '=']) || (is_alone && starts_line)).then_some(behind)
        })?;
        let payload = behind.trim_start_matches(|c: char| c == ':' || c.is_whitespace());
        let start = line.len() - payload.len();
        // An escape in the name may be a `=`.
        let ends: &[char] = if payload.starts_with('"') {
            &['=', '\\']
        } else {
            &['=']
        };
        let equals = payload
            .find(ends)
            .filter(|at| payload[*at..].starts_with('='));
        Some(Self {
            payload: start,
            value: equals.map_or(start, |at| start + at + 1),
        })
    }

    /// Returns `true` if the payload is a JSON string, or was meant as one.
    pub fn is_quoted(self, line: &str) -> bool {
        line[self.payload..].starts_with('"')
    }

    /// Returns `false` if there is nothing to hide.
    pub fn has_value(self, line: &str) -> bool {
        let value = &line[self.value..];
        let is_end_of_string = self.is_quoted(line) && value.trim_end() == "\"";
        !value.is_empty() && !is_end_of_string
    }
}

/// Reads a JSON string that does not end, without an escape that is cut off at its end; `None` if it is invalid.
pub(super) fn unended_string(text: &str) -> Option<String> {
    const LONGEST_ESCAPE: usize = r"\ud83d\ude00".len();
    (0..LONGEST_ESCAPE).find_map(|cut| {
        let start = text.get(..text.len().checked_sub(cut)?)?;
        serde_json::from_str(&format!("{start}\"")).ok()
    })
}
