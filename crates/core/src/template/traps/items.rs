//! One line of YAML as its author meant it: the keys and values on it, whatever a parser makes of them.

use super::line::{indentation, is_anchor_char, is_dash, is_key_char};
use super::lines_below;
use super::signs::{COMMAS, Slip, ahead};
use std::ops::Range;

/// Upper bound on the lines below one that its last value goes on in.
const MAX_LINES_BELOW: usize = 4;

/// A value on a line, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Its bytes, quotes included.
    pub span: Range<usize>,
    pub quote: Option<char>,
    /// The end of what the quotes hold: before the end of the item if text follows the closing quote.
    pub closes: usize,
    /// True if the quote is closed.
    pub is_closed: bool,
    /// True between brackets or braces.
    pub is_in_flow: bool,
}

/// Returns the values on the line at `line` of `text`, and the slips between them.
pub(super) fn items(text: &str, line: &Range<usize>) -> (Vec<Item>, Vec<Slip>) {
    let inside = &text[..end_of_reference(text, line)];
    let last_bracket = inside[line.start..].rfind(']').map(|at| line.start + at);
    let mut reader = Reader {
        whole: text,
        text: inside,
        last_bracket,
        ends_with_bracket: last_bracket.is_some_and(|at| inside[at + 1..].trim().is_empty()),
        at: line.start + indentation(&text[line.clone()]),
        line: line.start..line.start,
        // A line of a list that is written on several lines.
        open: match is_inside_flow(text, line) {
            true => vec!['['],
            false => Vec::new(),
        },
        last: None,
        key: None,
        column: 0,
        items: Vec::new(),
        slips: Vec::new(),
    };
    reader.read();
    (reader.items, reader.slips)
}

/// Returns true if a line looks like one between the brackets of a list.
fn is_inside_flow(text: &str, line: &Range<usize>) -> bool {
    let next = lines_below(text, line).next();
    let content = &text[line.clone()];
    let is_closed = |next: Range<usize>| {
        let next = text[next].trim_start();
        let is_of_reference = next.starts_with("}}") && opens_reference(content);
        next.starts_with([']', '}']) && !is_of_reference
    };
    content.trim_end().ends_with(',') || next.is_some_and(is_closed)
}

/// Returns true for a line with the start of a reference that goes on below it.
fn opens_reference(content: &str) -> bool {
    let last = content.rfind("{{");
    last.is_some_and(|at| !content[at..].contains("}}"))
}

/// The end of the line at `line`, or of the one below it that closes the reference at its end.
fn end_of_reference(text: &str, line: &Range<usize>) -> usize {
    let is_open = opens_reference(&text[line.clone()]);
    let below = lines_below(text, line).take(MAX_LINES_BELOW);
    let mut below = below.take_while(|line| is_open && !text[line.clone()].contains("{{"));
    let last = below.find(|line| text[line.clone()].contains("}}"));
    last.map_or(line.end, |last| last.end)
}

pub(super) struct Reader<'t> {
    pub whole: &'t str,
    /// The text up to the end of the line, or of the reference that goes on below it.
    pub text: &'t str,
    /// The last `]` in it. To search for it at each bracket would take too long on a long line.
    last_bracket: Option<usize>,
    /// True if nothing stands behind that.
    ends_with_bracket: bool,
    pub at: usize,
    /// What has been read of the line that was reached last.
    line: Range<usize>,
    /// The brackets and braces that are open.
    pub open: Vec<char>,
    /// The end of the quoted or bracketed item behind which no separator has come yet.
    pub last: Option<usize>,
    /// The key before a value outside of brackets.
    pub key: Option<Range<usize>>,
    /// The column of the keys that stand on this line, or should stand below it.
    pub column: usize,
    items: Vec<Item>,
    pub slips: Vec<Slip>,
}

impl<'t> Reader<'t> {
    pub fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub fn is_in(&self, bracket: char) -> bool {
        self.open.last() == Some(&bracket)
    }

    fn read(&mut self) {
        while let Some(next) = self.rest().chars().next() {
            let is_lookalike = COMMAS.contains(&next) && self.last == Some(self.at);
            match next {
                ' ' | '\t' => self.at += 1,
                ',' | ':' if next == ',' || self.last.is_some() => {
                    self.at += 1;
                    self.last = None;
                }
                _ if is_lookalike && !self.open.is_empty() => {
                    let end = self.at + next.len_utf8();
                    self.slips.push(Slip::Lookalike(self.at..end));
                    (self.at, self.last) = (end, None);
                }
                '-' if self.open.is_empty() && is_dash(self.rest()) => self.at += 2,
                '#' if self.text[..self.at].ends_with([' ', '\t', '\n']) => return,
                ']' | '}' => {
                    self.open.pop();
                    self.at += 1;
                    self.last = Some(self.at);
                }
                '&' if self.anchor_length().is_some() => {
                    self.at += self.anchor_length().unwrap_or_default();
                }
                _ => self.item(next),
            }
        }
    }

    fn item(&mut self, first: char) {
        if let Some(after) = self.last.take().filter(|_| self.is_next_item(self.at)) {
            let end = match first {
                '[' | '{' => 1,
                _ => self
                    .rest()
                    .find([' ', '\t', ',', ']', '}', ':'])
                    .unwrap_or(self.rest().len()),
            };
            let before = self.at..self.at + end;
            self.slips.push(self.missing(after, before));
        }
        match first {
            '"' | '\'' => self.quoted(first),
            '[' => self.enter('['),
            '{' if !self.rest().starts_with("{{")
                && !self.rest().starts_with("{%")
                && !self.is_reference() =>
            {
                self.enter('{');
            }
            _ => match self.key_length() {
                Some(length) => {
                    let key = self.at..self.at + length - 1;
                    if self.open.is_empty() && !self.is_behind_slip() {
                        self.column = key.start - self.line_start();
                    }
                    self.key = Some(key).filter(|_| self.open.is_empty());
                    self.at += length;
                }
                None => self.plain(),
            },
        }
    }

    /// The start of the line that has been reached.
    fn line_start(&mut self) -> usize {
        let Range { start, end } = &mut self.line;
        if let Some(at) = self.text[*end..self.at].rfind('\n') {
            *start = *end + at + 1;
        }
        *end = self.at;
        *start
    }

    /// The length of an anchor before a value: `&name `.
    fn anchor_length(&self) -> Option<usize> {
        let behind = self.rest()[1..].trim_start_matches(is_anchor_char);
        let length = self.rest().len() - behind.len();
        let is_apart = behind.is_empty() || behind.starts_with([' ', '\t']);
        (length > 1 && is_apart).then_some(length)
    }

    /// Returns true at something like `{Env.File.X}`.
    fn is_reference(&self) -> bool {
        let inside = &self.rest()[1..];
        let behind = inside.trim_start_matches(is_key_char);
        let name = &inside[..inside.len() - behind.len()];
        name.contains('.') && (behind.is_empty() || behind.starts_with('}'))
    }

    fn enter(&mut self, bracket: char) {
        // A test of a shell, such as `[ -f x ] && …`, is a value.
        let is_closed = self.last_bracket.is_some_and(|at| at >= self.at);
        let is_test = bracket == '['
            && self.open.is_empty()
            && self.rest().starts_with("[ -")
            && !(is_closed && self.ends_with_bracket);
        if is_test || bracket == '[' && is_closed && self.rest().starts_with("[[ ") {
            self.plain();
        } else {
            self.open.push(bracket);
            self.at += 1;
        }
    }

    /// The length of a key with its colon, where one may stand.
    fn key_length(&mut self) -> Option<usize> {
        if self.is_in('[') || !self.rest().starts_with(is_key_char) {
            return None;
        }
        let length = self.rest().find(|c: char| !is_key_char(c))?;
        let is_first = self.text[..self.at]
            .trim_end_matches([' ', '-', '\t'])
            .ends_with(['\n', '{', ',', COMMAS[0], COMMAS[1], COMMAS[2]]);
        let behind = &self.rest()[length..];
        if !is_first && !self.is_behind_slip() {
            return None;
        }
        if behind == ":" || behind.starts_with(": ") {
            return Some(length + 1);
        }
        self.slip_behind_key(length).filter(|_| self.is_in('{'))
    }

    fn quoted(&mut self, quote: char) {
        let start = self.at;
        let mut end = None;
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            if c == '\\' && quote == '"'
                || c == quote && quote == '\'' && is_next(&mut chars, quote)
            {
                chars.next();
            } else if c == quote {
                end = Some(start + at + 1);
                break;
            }
        }
        let Some(closes) = end else {
            let end = self.text.trim_end().len();
            return self.push(start..end, Some(quote), end, false);
        };
        self.at = closes;
        let end = self.end_of_nested(quote).unwrap_or(closes);
        self.push(start..end, Some(quote), closes, true);
        self.last = Some(end);
    }

    /// The end of an item whose closing quote, which stands before this place, turns out to be a part of it.
    fn end_of_nested(&self, quote: char) -> Option<usize> {
        let rest = self.rest();
        let next = self.at + indentation(rest);
        if self.is_end(rest) || self.is_next_item(next) || rest.starts_with(COMMAS) {
            return None;
        }
        if self.open.is_empty() {
            return Some(self.at + rest.trim_end().len());
        }
        let mut quotes = ahead(rest).match_indices(quote).map(|(at, _)| at + 1);
        let end = quotes.find(|end| self.is_end(&rest[*end..]));
        let end = end.or_else(|| rest.find([',', ']', '}']));
        Some(self.at + end.unwrap_or(rest.trim_end().len()))
    }

    /// Returns true if an item may end before `rest`.
    fn is_end(&self, rest: &str) -> bool {
        let bare = rest.trim_start();
        let is_comment = bare.starts_with('#') && bare.len() < rest.len();
        let is_separator = !self.open.is_empty() && bare.starts_with([',', ']', '}']);
        bare.is_empty() || bare.starts_with(':') || is_comment || is_separator
    }

    /// Reads up to the end of the line, or of the item of a list: braces within it are its own.
    fn plain(&mut self) {
        let start = self.at;
        if self.notes_nested_key() {
            return;
        }
        let mut depth = 0_usize;
        let mut end = self.text.len();
        for (at, c) in self.rest().char_indices() {
            match c {
                '#' if self.open.is_empty() && self.rest()[..at].ends_with(' ') => {
                    end = start + at;
                    break;
                }
                ' ' if depth == 0 && self.notes_missing(start + at) => {
                    end = start + at;
                    break;
                }
                _ if self.open.is_empty() => {}
                '{' | '[' | '(' => depth += 1,
                '}' | ']' | ')' if depth > 0 => depth -= 1,
                ',' | ']' | '}' if depth == 0 => {
                    end = start + at;
                    break;
                }
                _ => {}
            }
        }
        let end = start + self.text[start..end].trim_end().len();
        // A value has a character, even if that is a space of another kind.
        let first = self.rest().chars().next().map_or(0, char::len_utf8);
        let end = end.max(start + first);
        self.push(start..end, None, end, true);
    }

    fn push(&mut self, span: Range<usize>, quote: Option<char>, closes: usize, is_closed: bool) {
        self.at = span.end;
        self.items.push(Item {
            span,
            quote,
            closes,
            is_closed,
            is_in_flow: !self.open.is_empty(),
        });
    }
}

fn is_next(chars: &mut std::iter::Peekable<impl Iterator<Item = (usize, char)>>, c: char) -> bool {
    chars.peek().is_some_and(|(_, next)| *next == c)
}
