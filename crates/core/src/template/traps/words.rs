//! What the parser reports and nothing else explains, in plain words.

use super::{line, line_at};
use crate::template::problem::Problem;
use std::ops::Range;

/// Longest key that YAML allows without a `?` before it, in characters.
const MAX_KEY: usize = 1024;

/// Returns `problem`, which the parser reports of `text`, in plain words where they are known.
pub(super) fn plain(text: &str, problem: Problem) -> Problem {
    let start = problem.span.start;
    long_key(text, &problem)
        .or_else(|| no_key(text, &problem))
        .or_else(|| lone_surrogate(text, start, &problem))
        .unwrap_or(problem)
}

fn long_key(text: &str, problem: &Problem) -> Option<Problem> {
    let messages = [
        "simple key expected",
        "while parsing a flow mapping",
        "mapping values are not allowed",
    ];
    if !messages
        .iter()
        .any(|start| problem.message.starts_with(start))
    {
        return None;
    }
    // The parser stops at the key or at its colon.
    let found = text.floor_char_boundary(problem.span.start);
    let start = match text[found..].starts_with(':') {
        true => {
            let line = line_at(text, found);
            let before = &text[line.start..found];
            let key = before
                .rfind(['{', ','])
                .map_or(0, |separator| separator + 1);
            line.start + key + line::indentation(&before[key..])
        }
        false => found,
    };
    let line = line_at(text, start);
    let key = text[start..line.end].split(':').next()?.trim_end();
    let count = key.chars().count();
    (count > MAX_KEY).then(|| {
        let message =
            format!("this key has {count} characters, and a key of YAML {MAX_KEY} at the most");
        at(start..start + key.len(), message, "shorten it")
    })
}

/// A line on which a key is expected, and which has no colon.
fn no_key(text: &str, problem: &Problem) -> Option<Problem> {
    let start = text.floor_char_boundary(problem.span.start);
    let line = line_at(text, start);
    let content = text[start..line.end].trim_end();
    let is_without = !content.is_empty() && !content.contains(':');
    (problem.message.starts_with("simple key expected") && is_without).then(|| {
        let message = "this line is neither a key with a value nor a list item";
        let help = "write `KEY: VALUE`, or indent it deeper if it belongs to the value above it";
        at(start..start + content.len(), message.to_owned(), help)
    })
}

/// Returns the problem of the first escape sequence at or behind `start` that is one half of a character.
pub(super) fn lone_surrogate(text: &str, start: usize, problem: &Problem) -> Option<Problem> {
    let is_about_escapes = ["escape", "surrogate"]
        .iter()
        .any(|word| problem.message.contains(word));
    let start = text.floor_char_boundary(start);
    let mut rest = start;
    while let Some(found) = text[rest..].find('\\').filter(|_| is_about_escapes) {
        let escape = rest + found;
        let first = unit(text, escape);
        let (is_high, is_low) = (is_in(first, 0xd800..0xdc00), is_in(first, 0xdc00..0xe000));
        let is_pair = is_high && is_in(unit(text, escape + UNIT), 0xdc00..0xe000);
        if (is_high || is_low) && !is_pair {
            let written = &text[escape..escape + UNIT];
            let message =
                format!("`{written}` is half of a character, and its other half is missing");
            let help = "write the character itself, or the escape sequences of both halves";
            return Some(at(escape..escape + UNIT, message, help));
        }
        rest = match is_pair {
            true => escape + 2 * UNIT,
            // Whatever the backslash escapes is no backslash of its own.
            false => escape + 1 + text[escape + 1..].chars().next().map_or(0, char::len_utf8),
        };
    }
    None
}

/// Bytes of an escape sequence such as `\ud83d`.
const UNIT: usize = 6;

/// The number in the escape sequence `\u…` at `start`, if one is there.
fn unit(text: &str, start: usize) -> Option<u32> {
    let digits = text.get(start..start + UNIT)?.strip_prefix("\\u")?;
    u32::from_str_radix(digits, 16).ok()
}

fn is_in(unit: Option<u32>, range: Range<u32>) -> bool {
    unit.is_some_and(|unit| range.contains(&unit))
}

fn at(span: Range<usize>, message: String, help: impl Into<String>) -> Problem {
    Problem {
        span,
        ..Problem::new(0, message).help(help)
    }
}
