//! Mistakes in text that a parser can read, but not as its author meant it.

use super::fields::is_field;
use super::line::is_key_char;
use super::signs::COLONS;
use super::{dashes, is_confirmed, line_at, separators, trials};
use crate::template::problem::Problem;
use crate::template::yaml;
use std::ops::Range;

/// Returns the first of what the keys at `keys`, in order, were meant as: a key and its value, or a list item. If so, the
/// parser gets past its line.
pub(crate) fn meant_by_keys(text: &str, keys: &[Range<usize>]) -> Option<Problem> {
    let of_lines = keys.chunk_by(|one, next| !text[one.start..next.start].contains('\n'));
    let suspicions = of_lines.filter_map(|keys| {
        let line = line_at(text, keys.first()?.start);
        let is_inside = |problem: &Problem| {
            let at = problem.span.start;
            keys.iter().any(|key| key.start <= at && at <= key.end)
        };
        let found = dashes::of_line(text, &line).into_iter();
        let mut found = found.chain(separators::suspect_line(text, &line));
        found.find(is_inside)
    });
    let read = |text: &str| yaml::parse(text).map(drop);
    suspicions
        .take(trials(text))
        .find(|suspicion| is_confirmed(text, suspicion, suspicion, read))
}

/// Returns true for a key that has more than a key in it, even if it has a value.
pub(crate) fn has_more_than_a_key(key: &str) -> bool {
    key.contains(['{', '[']) || key.contains(COLONS)
}

/// Returns true for a text that starts as a field or a list item may. Few do.
pub(crate) fn may_mean_more(text: &str) -> bool {
    let end = text.find(|c| !is_key_char(c)).unwrap_or(text.len());
    is_field(&text[..end]) && end < text.len() || dashes::starts_item(text)
}

/// Returns what the plain text at `span`, which stands where a mapping or a list must, was meant as. It starts its line.
pub(crate) fn meant_by_text(text: &str, span: &Range<usize>, is_list: bool) -> Option<Problem> {
    let line = line_at(text, span.start);
    let before = &text[line.start..span.start];
    if !before.trim_start_matches([' ', '\t', '-']).is_empty() {
        return None;
    }
    match is_list {
        true => dashes::of_line(text, &line),
        false => separators::suspect_line(text, &line).into_iter().next(),
    }
}
