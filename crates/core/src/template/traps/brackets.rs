//! Brackets that are not closed, or close nothing.

use super::suspicion;
use crate::template::problem::{Problem, Repair};
use crate::template::replacement::Edit;
use std::ops::Range;

/// Returns the first mistake in the brackets of a line, if there is one.
pub(super) fn unmatched(text: &str, line: &Range<usize>) -> Option<Problem> {
    let content = text[line.clone()].trim_end();
    let mut open: Vec<(usize, char)> = Vec::new();
    let (mut quote, mut is_escaped) = (None, false);
    for (at, c) in content.char_indices() {
        match (quote, c) {
            _ if is_escaped => is_escaped = false,
            (Some('"'), '\\') => is_escaped = true,
            (Some(mark), _) => quote = quote.filter(|_| c != mark),
            (None, '"' | '\'') if content[..at].ends_with([' ', '[', '{', ',']) => quote = Some(c),
            (None, '[' | '{') => open.push((at, c)),
            (None, ',') if !open.is_empty() && content[..at].trim_end().ends_with([',', '[']) => {
                let at = line.start + at;
                let message = "there is no item before this comma";
                let repair = Repair::safe("remove the comma", vec![Edit::delete(at..at + 1)]);
                return Some(suspicion(at..at + 1, message, "remove the comma", repair));
            }
            (None, ']' | '}') => {
                let at = line.start + at;
                let Some((opened, bracket)) = open.pop() else {
                    let message = format!("this `{c}` closes nothing");
                    let repair = Repair::not_safe("remove it", vec![Edit::delete(at..at + 1)]);
                    return Some(suspicion(at..at + 1, message, "remove it", repair));
                };
                let wanted = closing(bracket);
                if c != wanted && open.iter().any(|(_, outer)| closing(*outer) == c) {
                    return Some(unclosed(line.start + opened, bracket, at, wanted.into()));
                }
                if c != wanted {
                    let message = format!("`{c}` does not match the bracket that it closes");
                    let edits = vec![Edit {
                        span: at..at + 1,
                        text: wanted.to_string(),
                    }];
                    let repair = Repair::not_safe(format!("write `{wanted}`"), edits);
                    return Some(suspicion(
                        at..at + 1,
                        message,
                        format!("write `{wanted}`"),
                        repair,
                    ));
                }
            }
            _ => {}
        }
    }
    let (at, bracket) = open.first().copied().filter(|_| quote.is_none())?;
    let missing = open.iter().rev().map(|(_, open)| closing(*open)).collect();
    Some(unclosed(
        line.start + at,
        bracket,
        line.start + content.len(),
        missing,
    ))
}

fn closing(bracket: char) -> char {
    if bracket == '[' { ']' } else { '}' }
}

/// A `bracket` at `start` that should have been closed at `end`, by `missing`.
fn unclosed(start: usize, bracket: char, end: usize, missing: String) -> Problem {
    let message = format!("the `{bracket}` that starts here is not closed");
    let help = format!("put `{missing}` after its last value");
    let title = format!("add `{missing}`");
    let repair = Repair::not_safe(title, vec![Edit::insert(end, missing)]);
    suspicion(start..start + 1, message, help, repair)
}
