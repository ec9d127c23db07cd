//! Reads JSON up to the first character that JSON does not allow at its place.

use crate::template::syntax::Syntax;
use crate::template::traps::escapes;
use std::ops::Range;

/// What JSON allows at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    Value,
    Key,
    Colon,
    /// A comma, or the bracket that closes what is open.
    Separator,
    End,
}

/// The first character that no reader of JSON takes, with what stands before it.
#[derive(Debug)]
pub(super) struct Stop {
    pub at: usize,
    pub expected: Expected,
    /// The start of the string in which it stands, if it stands in one.
    pub string: Option<usize>,
    /// The brackets that are open, each with its place.
    pub open: Vec<(usize, char)>,
    /// The token before it.
    pub last: Range<usize>,
    /// The key that was read last, quotes included.
    pub key: Range<usize>,
}

/// Characters that end a number or a word. Those that JSON does not have are written in place of its own.
const DELIMITERS: &str = "{}[]:,\"'`“”„‘’，：；;=";

/// Returns the place at which `text` stops being JSON; `None` if all of it is.
pub(super) fn stop(text: &str) -> Option<Stop> {
    let mut reader = Reader {
        text,
        at: 0,
        expected: Expected::Value,
        open: Vec::new(),
        last: 0..0,
        key: 0..0,
        is_first: false,
    };
    loop {
        match reader.step() {
            Ok(true) => {}
            Ok(false) => return None,
            Err((at, string)) => {
                return Some(Stop {
                    at,
                    expected: reader.expected,
                    string,
                    open: reader.open,
                    last: reader.last,
                    key: reader.key,
                });
            }
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    expected: Expected,
    open: Vec<(usize, char)>,
    last: Range<usize>,
    key: Range<usize>,
    /// True behind an opening bracket, where a closing one may stand.
    is_first: bool,
}

impl Reader<'_> {
    /// Reads one token; false at the end. An error is the place of a character that cannot stand there, and the start
    /// of its string.
    fn step(&mut self) -> Result<bool, (usize, Option<usize>)> {
        let rest = self.text[self.at..].trim_start_matches([' ', '\t', '\n', '\r']);
        self.at = self.text.len() - rest.len();
        let start = self.at;
        let wrong = Err((start, None));
        let Some(c) = rest.chars().next() else {
            return match self.expected {
                Expected::End => Ok(false),
                _ => wrong,
            };
        };
        let is_first = std::mem::take(&mut self.is_first);
        let next = match (self.expected, c) {
            (Expected::Value, '{' | '[') => {
                self.open.push((start, c));
                self.is_first = true;
                self.at += 1;
                if c == '{' {
                    Expected::Key
                } else {
                    Expected::Value
                }
            }
            (Expected::Value | Expected::Key | Expected::Separator, '}' | ']') => {
                let opening = if c == '}' { '{' } else { '[' };
                let is_open = self.open.last().is_some_and(|(_, open)| *open == opening);
                if !is_open || !is_first && self.expected != Expected::Separator {
                    return wrong;
                }
                self.open.pop();
                self.at += 1;
                self.behind_value()
            }
            (Expected::Value, '"') => {
                self.at += string(rest).map_err(|at| (start + at, Some(start)))?;
                self.behind_value()
            }
            (Expected::Key, '"') => {
                self.at += string(rest).map_err(|at| (start + at, Some(start)))?;
                self.key = start..self.at;
                Expected::Colon
            }
            (Expected::Colon, ':') => {
                self.at += 1;
                Expected::Value
            }
            (Expected::Separator, ',') => {
                self.at += 1;
                match self.open.last() {
                    Some((_, '{')) => Expected::Key,
                    _ => Expected::Value,
                }
            }
            (Expected::Value, _) => {
                let word = word(rest);
                let is_value = ["true", "false", "null"].contains(&word) || is_number(word);
                if !is_value || rest[word.len()..].starts_with('"') {
                    return wrong;
                }
                self.at += word.len();
                self.behind_value()
            }
            _ => return wrong,
        };
        self.expected = next;
        self.last = start..self.at;
        Ok(true)
    }

    fn behind_value(&self) -> Expected {
        match self.open.is_empty() {
            true => Expected::End,
            false => Expected::Separator,
        }
    }
}

/// Returns the word or number at the start of `text`.
pub(super) fn word(text: &str) -> &str {
    let ends = |c: char| c.is_whitespace() || DELIMITERS.contains(c);
    &text[..text.find(ends).unwrap_or(text.len())]
}

/// Returns the length of the string at the start of `text`, or the place of the first character that it cannot have.
fn string(text: &str) -> Result<usize, usize> {
    let mut at = 1;
    let is_special = |c: char| c == '"' || c == '\\' || c < ' ';
    loop {
        at += text[at..].find(is_special).ok_or(text.len())?;
        match text.as_bytes()[at] {
            b'"' => return Ok(at + 1),
            b'\\' => at += escapes::length(&text[at..], Syntax::Json).ok_or(at)?,
            _ => return Err(at),
        }
    }
}

/// Returns true for a number as JSON writes one.
pub(super) fn is_number(word: &str) -> bool {
    fn digits(text: &str) -> Option<&str> {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        (rest.len() < text.len()).then_some(rest)
    }
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let integer = unsigned.strip_prefix('0').or_else(|| digits(unsigned));
    let fraction = |rest| match str::strip_prefix(rest, '.') {
        Some(fraction) => digits(fraction),
        None => Some(rest),
    };
    let exponent = |rest| match str::strip_prefix(rest, ['e', 'E']) {
        Some(power) => digits(power.strip_prefix(['+', '-']).unwrap_or(power)),
        None => Some(rest),
    };
    integer.and_then(fraction).and_then(exponent) == Some("")
}
