//! Backslashes in double quotes that are meant as such, mostly those of a path of Windows.

use super::suspicion;
use crate::template::problem::{Problem, Repair};
use crate::template::replacement::Edit;
use crate::template::syntax::Syntax;
use std::ops::Range;

/// Returns the problem of the first string in double quotes that its backslashes spoil, between `start`, where one
/// starts, and the end of the line on which that one ends. Its repair mends all of them: the parser stops at the first.
pub(super) fn suspect(text: &str, start: usize, syntax: Syntax) -> Option<Problem> {
    let mut mends = Vec::new();
    let mut next = Some(start);
    while let Some(string) = next.and_then(|start| Text::of(text, start, syntax)) {
        mends.extend(string.mend());
        next = match syntax {
            Syntax::Yaml => next_string(text, string.span.end, string.is_open),
            Syntax::Json => None,
        };
    }
    let edits = mends.iter().flat_map(|mend| mend.edits.clone()).collect();
    let title = "keep the backslashes";
    let repair = match mends.iter().all(|mend| mend.is_safe) {
        true => Repair::safe(title, edits),
        false => Repair::not_safe(title, edits),
    };
    let first = mends.into_iter().next()?;
    let help = match syntax {
        Syntax::Yaml => {
            "use single quotes, which have no escape sequences, or write a path with `/`"
        }
        Syntax::Json => "write `\\\\` for a backslash, or a path with `/`",
    };
    Some(suspicion(first.span, first.message, help, repair))
}

/// Returns the start of the next string in double quotes on the line, or on the next one if the string before it goes
/// on there.
fn next_string(text: &str, from: usize, goes_on: bool) -> Option<usize> {
    let on_line = |start: usize| Some(start + first_string(&text[start..])?);
    on_line(from).or_else(|| {
        let end = from + text[from..].find('\n').filter(|_| goes_on)?;
        on_line(end + 1)
    })
}

/// Returns the start of the first string in double quotes on the line that `rest` starts with.
fn first_string(rest: &str) -> Option<usize> {
    let (mut before, mut is_single) = (' ', false);
    for (at, c) in rest.char_indices() {
        let is_start = [' ', '[', '{', ',', ':'].contains(&before);
        match c {
            '\n' => return None,
            '\'' => is_single = !is_single && is_start,
            '#' if before == ' ' && !is_single => return None,
            '"' if is_start && !is_single => return Some(at),
            _ => {}
        }
        before = c;
    }
    None
}

/// A string in double quotes as its author meant it.
struct Text<'t> {
    text: &'t str,
    /// Its bytes, quotes included.
    span: Range<usize>,
    /// The backslashes that start no escape sequence.
    invalid: Vec<usize>,
    /// True if some start one for a character that is neither a backslash nor a quote.
    has_others: bool,
    /// True if the backslash before the last quote would escape it.
    is_open: bool,
    syntax: Syntax,
}

struct Mend {
    span: Range<usize>,
    message: String,
    edits: Vec<Edit>,
    is_safe: bool,
}

impl<'t> Text<'t> {
    fn of(text: &'t str, start: usize, syntax: Syntax) -> Option<Self> {
        let mut found = Self {
            text,
            span: start..start,
            invalid: Vec::new(),
            has_others: false,
            is_open: false,
            syntax,
        };
        let mut at = start + 1;
        loop {
            at += text[at..].find(['"', '\\'])?;
            if text[at..].starts_with('"') {
                found.span.end = at + 1;
                return Some(found);
            }
            if text[at + 1..].starts_with('"') && is_end_of_path(text, start + 1, at) {
                found.span.end = at + 2;
                found.is_open = true;
                return Some(found);
            }
            let named = text[at + 1..].chars().next()?;
            match length(&text[at..], syntax) {
                Some(length) => {
                    found.has_others |= !['\\', '"', '/'].contains(&named);
                    at += length;
                }
                None => {
                    found.invalid.push(at);
                    at += 1;
                }
            }
        }
    }

    fn content(&self) -> &'t str {
        &self.text[self.span.start + 1..self.span.end - 1]
    }

    fn mend(&self) -> Option<Mend> {
        let last = self.span.end - 2;
        let (span, message) = match self.invalid.first() {
            Some(&at) => {
                let named = self.text[at + 1..].chars().next()?;
                let where_ = match self.syntax {
                    Syntax::Yaml => "double quotes",
                    Syntax::Json => "JSON",
                };
                let message = format!(
                    "`\\{named}` is not an escape sequence, but in {where_} a backslash starts one"
                );
                (at..at + 1 + named.len_utf8(), message)
            }
            None if self.is_open => {
                let message = "the backslash before this quote makes it a part of the text, which does not end here";
                (last..last + 2, message.to_owned())
            }
            None => return None,
        };
        let content = self.content();
        // Also that of an argument such as `--out=C:\out`.
        let is_option =
            || content.rsplit('=').next().is_some_and(is_path) && !content.contains(' ');
        let is_path = is_path(content) || is_option();
        let is_whole = self.is_open || !self.has_others || is_path;
        // Where quotes are escaped too, the author knows of escapes.
        let edits = match is_whole && (self.is_open || !content.contains("\\\"")) {
            true => vec![self.written_anew()],
            false => self
                .invalid
                .iter()
                .map(|&at| Edit::insert(at, "\\"))
                .collect(),
        };
        Some(Mend {
            span,
            message,
            edits,
            is_safe: match is_path {
                true => !self.has_others || !content.contains(' ') && !content.contains("\\n"),
                false => !self.has_others && !self.is_open,
            },
        })
    }

    /// Returns the edit that makes each backslash one of the text; two in a row are one, but not before a server.
    fn written_anew(&self) -> Edit {
        let content = self.content();
        let (start, rest) = match is_server(content) {
            true => content.split_at(2),
            false => ("", content),
        };
        let meant = format!("{start}{}", rest.replace("\\\\", "\\"));
        let text = match self.syntax {
            Syntax::Yaml => format!("'{}'", meant.replace('\'', "''")),
            Syntax::Json => format!("\"{}\"", meant.replace('\\', "\\\\")),
        };
        Edit {
            span: self.span.clone(),
            text,
        }
    }
}

/// Returns the length of the escape sequence at the start of `text`; `None` if there is none.
pub(super) fn length(text: &str, syntax: Syntax) -> Option<usize> {
    let digits = match (text.as_bytes().get(1)?, syntax) {
        (b'u', _) => 4,
        (b'x', Syntax::Yaml) => 2,
        (b'U', Syntax::Yaml) => 8,
        (known, Syntax::Json) if b"\"\\/bfnrt".contains(known) => 0,
        (known, Syntax::Yaml) if b"0abtnvfre \"/\\N_LP\t\r\n".contains(known) => 0,
        _ => return None,
    };
    let is_hexadecimal = |digits: &str| digits.chars().all(|digit| digit.is_ascii_hexdigit());
    let digits = text
        .get(2..2 + digits)
        .filter(|digits| is_hexadecimal(digits))?;
    Some(2 + digits.len())
}

/// Returns true if the backslash at `at` may be the last character of a path from `start`, before its closing quote.
fn is_end_of_path(text: &str, start: usize, at: usize) -> bool {
    let path = &text[start..at];
    let behind = text[at + 2..].trim_start_matches([' ', '\t']);
    let is_followed = behind.is_empty()
        || behind.starts_with(['\n', '\r', ',', ']', '}'])
        || behind.len() < text.len() - at - 2 && behind.starts_with('#');
    let is_name = || !path.is_empty() && !path.contains([' ', '\t', '\n', '\r', '"', ',', '\'']);
    is_followed && (is_name() || is_path(path))
}

/// Returns true for what starts as a path with a drive or a server, and has no line break in it.
fn is_path(content: &str) -> bool {
    let after_drive = content
        .strip_prefix(|c: char| c.is_ascii_alphabetic())
        .and_then(|rest| rest.strip_prefix(':'));
    let is_on_drive = after_drive.is_some_and(|rest| rest.is_empty() || rest.starts_with('\\'));
    let has_lines = content.contains(['\n', '\r', '"'])
        || content.ends_with("\\n")
        || content.contains("\\n") && content.contains(' ');
    (is_on_drive || is_server(content)) && !has_lines
}

/// Returns true for `\\server\share`, with backslashes that nothing escapes.
fn is_server(content: &str) -> bool {
    let name = content.strip_prefix("\\\\").unwrap_or_default();
    let is_part = |c: char| c.is_alphanumeric() || ['.', '-', '_', '$'].contains(&c);
    let rest = name.trim_start_matches(is_part);
    rest.len() < name.len() && rest.starts_with('\\') && !rest.starts_with("\\\\")
}
