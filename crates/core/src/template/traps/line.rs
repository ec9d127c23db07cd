//! One line of YAML as its author meant it: the keys and values on it, whatever a parser makes of them.

use std::ops::Range;

/// A value on a line, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Its bytes, quotes included.
    pub span: Range<usize>,
    pub quote: Option<char>,
    /// True if the quote is closed.
    pub is_closed: bool,
    /// True between brackets or braces.
    pub is_in_flow: bool,
}

/// Returns the number of spaces and tabs that `line` starts with.
pub(super) fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// Returns the key of a line such as `- key: value`, and its place in the line.
pub(super) fn key(line: &str) -> Option<(Range<usize>, &str)> {
    let mut start = indentation(line);
    while let Some(rest) = line[start..].strip_prefix("- ") {
        start += 2 + indentation(rest);
    }
    let length = line[start..].find(|c: char| !is_key_char(c))?;
    let rest = &line[start + length..];
    let is_key = length > 0 && (rest == ":" || rest.starts_with(": ") || rest.starts_with(":\t"));
    is_key.then(|| (start..start + length, &line[start..start + length]))
}

pub(super) fn is_key_char(c: char) -> bool {
    c.is_alphanumeric() || ['_', '.', '-'].contains(&c)
}

/// Returns the values on the line at `line` of `text`.
pub(super) fn items(text: &str, line: &Range<usize>) -> Vec<Item> {
    let mut reader = Reader {
        text: &text[..line.end],
        at: line.start + indentation(&text[line.clone()]),
        // A line of a list that is written on several lines.
        open: match is_inside_flow(text, line) {
            true => vec!['['],
            false => Vec::new(),
        },
        items: Vec::new(),
    };
    reader.read();
    reader.items
}

/// Returns true if a line looks like one between the brackets of a list.
fn is_inside_flow(text: &str, line: &Range<usize>) -> bool {
    let next = super::lines_below(text, line).next();
    text[line.clone()].trim_end().ends_with(',')
        || next.is_some_and(|next| text[next].trim_start().starts_with([']', '}']))
}

struct Reader<'t> {
    /// The text up to the end of the line.
    text: &'t str,
    at: usize,
    /// The brackets and braces that are open.
    open: Vec<char>,
    items: Vec<Item>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn read(&mut self) {
        while let Some(next) = self.rest().chars().next() {
            match next {
                ' ' | '\t' | ',' => self.at += 1,
                '-' if self.open.is_empty() && self.rest().starts_with("- ") => self.at += 2,
                '#' if self.text[..self.at].ends_with([' ', '\t', '\n']) => return,
                '"' | '\'' => self.quoted(next),
                '[' => self.enter('['),
                '{' if !self.rest().starts_with("{{") && !self.is_reference() => self.enter('{'),
                ']' | '}' => {
                    self.open.pop();
                    self.at += 1;
                }
                _ => match self.key_length() {
                    Some(length) => self.at += length,
                    None => self.plain(),
                },
            }
        }
    }

    /// Returns true at something like `{Env.File.X}`.
    fn is_reference(&self) -> bool {
        let inside = self.rest()[1..].split('}').next().unwrap_or_default();
        inside.contains('.') && inside.chars().all(is_key_char)
    }

    fn enter(&mut self, bracket: char) {
        // A test of a shell, such as `[ -f x ] && …`, is a value.
        let closes = self.rest().rfind(']').map(|at| &self.rest()[at + 1..]);
        let is_test = bracket == '['
            && self.open.is_empty()
            && self.rest().starts_with("[ -")
            && closes.is_none_or(|behind| !behind.trim().is_empty());
        if is_test || bracket == '[' && closes.is_some() && self.rest().starts_with("[[ ") {
            self.plain();
        } else {
            self.open.push(bracket);
            self.at += 1;
        }
    }

    /// The length of a key with its colon, where one may stand.
    fn key_length(&self) -> Option<usize> {
        if self.open.last() == Some(&'[') || !self.rest().starts_with(is_key_char) {
            return None;
        }
        let length = self.rest().find(|c: char| !is_key_char(c))?;
        let is_first = self.text[..self.at]
            .trim_end_matches([' ', '-', '\t'])
            .ends_with(['\n', '{', ',']);
        let colon = &self.rest()[length..];
        (is_first && (colon == ":" || colon.starts_with(": "))).then_some(length + 1)
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
        self.push(
            start..end.unwrap_or(self.text.trim_end().len()),
            Some(quote),
            end.is_some(),
        );
    }

    /// Reads up to the end of the line, or of the item of a list: braces within it are its own.
    fn plain(&mut self) {
        let start = self.at;
        let mut depth = 0_usize;
        let mut end = self.text.len();
        for (at, c) in self.rest().char_indices() {
            match c {
                '#' if self.open.is_empty() && self.rest()[..at].ends_with(' ') => {
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
        self.push(start..end.max(start + first), None, true);
    }

    fn push(&mut self, span: Range<usize>, quote: Option<char>, is_closed: bool) {
        self.at = span.end;
        self.items.push(Item {
            span,
            quote,
            is_closed,
            is_in_flow: !self.open.is_empty(),
        });
    }
}

fn is_next(chars: &mut std::iter::Peekable<impl Iterator<Item = (usize, char)>>, c: char) -> bool {
    chars.peek().is_some_and(|(_, next)| *next == c)
}
