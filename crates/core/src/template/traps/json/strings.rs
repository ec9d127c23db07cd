//! Strings that are not written as JSON writes them.

use super::reader::{Expected, Stop};
use crate::template::problem::{Problem, Repair};
use crate::template::replacement::Edit;
use crate::template::syntax::Syntax;
use crate::template::traps::{escapes, line_at, suspicion};
use std::ops::Range;

/// Quotation marks that are none in JSON.
const OTHER_MARKS: [char; 7] = ['\'', '`', '“', '”', '„', '‘', '’'];

/// Upper bound on the places at which a string with quotes in it may be meant to end.
const MAX_ENDS: usize = 4;

/// Returns what may be wrong with the string at `stop`, or with the one before it.
pub(super) fn suspect(text: &str, stop: &Stop) -> Vec<Problem> {
    let rest = &text[stop.at..];
    if let Some(start) = stop.string {
        let escapes = escapes::suspect(text, start, Syntax::Json);
        let unclosed = unclosed_on_line(text, start);
        let controls = controls(text, start, stop.at);
        return escapes
            .into_iter()
            .chain(unclosed)
            .chain(controls)
            .collect();
    }
    match stop.expected {
        Expected::Value | Expected::Key if rest.starts_with(OTHER_MARKS) => {
            other_marks(text, stop.at).into_iter().collect()
        }
        Expected::Colon | Expected::Separator if text[stop.last.clone()].starts_with('"') => {
            let mut found = Vec::new();
            found.extend(three_quotes(text, stop));
            // A backslash before the closing quote makes the string end at the next one.
            found.extend(escapes::suspect(text, stop.last.start, Syntax::Json));
            found.extend(ends_early(text, stop));
            found
        }
        _ => Vec::new(),
    }
}

/// A string that ends with its line, without a quote.
fn unclosed_on_line(text: &str, start: usize) -> Option<Problem> {
    let line = line_at(text, start);
    let next = text[line.end..].trim_start();
    if !(next.is_empty() || next.starts_with(['"', '}', ']'])) {
        return None;
    }
    let written = text[start..line.end].trim_end();
    let kept = written.trim_end_matches([',', ']', '}', ' ']);
    Some(unclosed(start, start + kept.len()))
}

fn unclosed(start: usize, end: usize) -> Problem {
    let repair = Repair::not_safe("close the quote", vec![Edit::insert(end, "\"")]);
    suspicion(
        start..start + 1,
        "the quote that starts here is not closed",
        "put a `\"` after the value, or remove the first",
        repair,
    )
}

/// Line breaks and tabs in the string at `start`, the first of them at `at`.
fn controls(text: &str, start: usize, at: usize) -> Option<Problem> {
    let character = text[at..].chars().next().filter(|c| *c < ' ')?;
    let mut edits = Vec::new();
    let (mut is_escaped, mut is_closed) = (false, false);
    for (found, c) in text[start + 1..].char_indices() {
        let found = start + 1 + found;
        is_closed = c == '"' && !is_escaped;
        if is_closed {
            break;
        }
        let written = match c {
            // A part of the line break behind it.
            '\r' if text[found + 1..].starts_with('\n') => Some(String::new()),
            '\r' => Some(escaped('\n')),
            _ if c < ' ' => Some(escaped(c)),
            _ => None,
        };
        is_escaped = c == '\\' && !is_escaped;
        edits.extend(written.map(|text| Edit {
            span: found..found + 1,
            text,
        }));
    }
    if !is_closed {
        return None;
    }
    let (span, message, help) = match character {
        '\n' | '\r' => (
            start..line_at(text, start).end,
            "a string of JSON stands on one line".to_owned(),
            "write `\\n` for each of its line breaks".to_owned(),
        ),
        _ => {
            let name = crate::characters::name(character);
            let written = escaped(character);
            let message = format!(
                "a {name} stands here, which a string of JSON has as an escape sequence only"
            );
            (at..at + 1, message, format!("write `{written}`"))
        }
    };
    let repair = Repair {
        title: "write escape sequences".to_owned(),
        // A quote may be missing at the end of a line.
        is_safe: span.start == at,
        edits,
    };
    Some(suspicion(span, message, help, repair))
}

/// Returns a control character as an escape sequence.
fn escaped(character: char) -> String {
    match character {
        '\t' => "\\t".to_owned(),
        '\n' => "\\n".to_owned(),
        _ => format!("\\u{:04x}", u32::from(character)),
    }
}

/// Strings in other quotation marks: all of them, because a text that has one has more.
fn other_marks(text: &str, start: usize) -> Option<Problem> {
    let first = text[start..].chars().next()?;
    let mut edits: Vec<Edit> = Vec::new();
    let mut span = None;
    let mut at = start;
    let mut can_start = true;
    while let Some(c) = text[at..].chars().next() {
        let end = match c {
            '"' => Some(at + super::string_length(&text[at..])),
            _ if can_start && OTHER_MARKS.contains(&c) => end_of_string(text, at),
            _ => None,
        };
        match end {
            Some(end) => {
                if c != '"' {
                    edits.extend(requoted(text, at..end));
                    span.get_or_insert(at..end);
                }
                at = end;
            }
            None => at += c.len_utf8(),
        }
        can_start = "[{,:".contains(c) || can_start && c.is_whitespace();
    }
    let message = match first {
        '\'' | '`' => "JSON strings need double quotes".to_owned(),
        _ => format!("JSON strings need `\"`, and `{first}` is another quotation mark"),
    };
    let help = match first {
        '`' => "write `\"` instead".to_owned(),
        _ => format!("write `\"` instead of `{first}`"),
    };
    let repair = Repair {
        title: "write double quotes".to_owned(),
        // Another language may have meant an escape sequence.
        is_safe: !edits.iter().any(|edit| edit.text.contains("\\\\")),
        edits,
    };
    Some(suspicion(span?, message, help, repair))
}

/// Returns the end of the string that a quotation mark other than `"` starts at `start`, on its line.
pub(super) fn end_of_string(text: &str, start: usize) -> Option<usize> {
    let first = text[start..].chars().next()?;
    let closes = |c: char| match first {
        '\'' | '`' => c == first,
        _ => c == '"' || OTHER_MARKS[2..].contains(&c),
    };
    let inside = start + first.len_utf8();
    let line = text[inside..]
        .char_indices()
        .take_while(|(_, c)| *c != '\n');
    let marks = line
        .filter(|(_, c)| closes(*c))
        .map(|(at, c)| inside + at + c.len_utf8());
    marks.take(MAX_ENDS).find(|end| is_end(&text[*end..], true))
}

/// Returns true for what may follow a string.
fn is_end(rest: &str, or_colon: bool) -> bool {
    let rest = rest.trim_start_matches([' ', '\t']);
    rest.is_empty()
        || rest.starts_with([',', ']', '}', '\n', '\r'])
        || or_colon && rest.starts_with(':')
}

/// Returns the edits that write `"` for the first and the last character of a string.
fn requoted(text: &str, span: Range<usize>) -> Vec<Edit> {
    let written = &text[span.clone()];
    let mut chars = written.chars();
    let lengths = (
        chars.next().map_or(0, char::len_utf8),
        chars.next_back().map_or(0, char::len_utf8),
    );
    let inside = span.start + lengths.0..span.end - lengths.1;
    let content = &text[inside.clone()];
    if content.contains(['"', '\\']) || content.contains(char::is_control) {
        let meant = content
            .replace("\\'", "'")
            .replace("\\\"", "\"")
            .replace("\\\\", "\\");
        return vec![Edit {
            span,
            text: serde_json::Value::from(meant).to_string(),
        }];
    }
    let mark = |span: Range<usize>| Edit {
        span,
        text: "\"".to_owned(),
    };
    vec![mark(span.start..inside.start), mark(inside.end..span.end)]
}

/// `"""text"""`.
fn three_quotes(text: &str, stop: &Stop) -> Option<Problem> {
    let start = stop.last.start;
    let content = text[start..].strip_prefix("\"\"\"")?;
    let content = &content[..content.find("\"\"\"")?];
    let span = start..start + content.len() + 6;
    let written = serde_json::Value::from(content).to_string();
    let edits = vec![Edit {
        span,
        text: written,
    }];
    Some(suspicion(
        start..start + 3,
        "there are no strings in three quotes in JSON",
        "write one quote on each side, and `\\n` for each line break",
        Repair::safe("write one quote on each side", edits),
    ))
}

/// A string that lacks its closing quote and so ends where the next one starts, or one with quotes in it.
fn ends_early(text: &str, stop: &Stop) -> Vec<Problem> {
    let span = stop.last.clone();
    let content = text[span.start + 1..span.end - 1].trim_end();
    let kept = content.trim_end_matches([',', ':', ' ', ']', '}', '{', '[']);
    let mut found = Vec::new();
    if kept.len() < content.len() {
        found.push(unclosed(span.start, span.start + 1 + kept.len()));
    }
    let next = text[span.end..].trim_start().chars().next();
    if next.is_none_or(|c| ",:]}".contains(c)) {
        return found;
    }
    let line = line_at(text, span.start);
    let word = text[span.end..line.end]
        .split_whitespace()
        .next()
        .unwrap_or_default();
    let word = word.trim_end_matches([']', '}', ',', '"']);
    let message = match word {
        "" => "the quote that starts here ends before the end of the text".to_owned(),
        _ => format!("the quote that starts here ends before `{word}`"),
    };
    let quotes = |from: usize| {
        text[from..line.end]
            .match_indices('"')
            .map(move |(at, _)| from + at)
    };
    let is_part = |c: char| !c.is_whitespace() && !";，、；：=-".contains(c);
    let is_bare = text[span.end..].starts_with(is_part);
    let ends = quotes(span.end)
        .filter(|end| is_bare && is_end(&text[end + 1..], stop.expected == Expected::Colon));
    found.extend(ends.take(MAX_ENDS).map(|end| {
        let is_free = |at: &usize| *at < end && !text[..*at].ends_with('\\');
        let inner = quotes(span.end - 1).filter(is_free);
        let edits = inner.map(|at| Edit::insert(at, "\\")).collect();
        let help = "write `\\\"` for a quote in a text";
        let repair = Repair::not_safe("escape the quotes in the text", edits);
        suspicion(span.clone(), message.clone(), help, repair)
    }));
    found
}
