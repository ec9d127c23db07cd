//! Signs between keys and values that are missing, or stick to what follows, as [`Reader`] comes upon them.

use super::fields::is_field;
use super::items::Reader;
use super::line::{indentation, is_key_char};
use super::signs::{COLONS, COMMAS, Slip, ahead};
use super::{line_at, lines_below};
use std::ops::Range;

/// Fields whose values may have anything in them, or are made of such values.
const FREE_TEXTS: [&str; 6] = [
    "args",
    "data",
    "default",
    "description",
    "groupLabel",
    "label",
];

/// Column up to which a key is moved to a line of its own.
const MAX_COLUMN: usize = 200;

impl<'t> Reader<'t> {
    /// Returns true where the next item starts at `at`, rather than more of the one before it.
    pub fn is_next_item(&self, at: usize) -> bool {
        let rest = &self.text[at..];
        let is_apart = self.text[..at].ends_with([' ', '\t']);
        let is_quoted = rest.starts_with(['"', '\'']);
        let is_item = match self.open.last() {
            Some('{') => is_quoted || self.key_ahead(at).is_some(),
            Some(_) => {
                let word = || ahead(rest).split([',', ']']).next().unwrap_or_default();
                is_quoted || !word().contains(['"', '\''])
            }
            None => self.field_behind_key(at).is_some(),
        };
        is_apart && is_item
    }

    /// The key that stands at `at` before its colon.
    fn key_ahead(&self, at: usize) -> Option<&'t str> {
        let rest = &self.text[at..];
        let length = rest.find(|c: char| !is_key_char(c))?;
        let behind = rest[length..].strip_prefix(':')?;
        let is_key = length > 0 && (behind.is_empty() || behind.starts_with([' ', '\t']));
        is_key.then_some(&rest[..length])
    }

    /// The field whose key stands at `at`, behind that of another field on the line, outside of brackets.
    fn field_behind_key(&self, at: usize) -> Option<&'t str> {
        let key = self.key.clone().filter(|_| self.open.is_empty())?;
        let field = self.key_ahead(at).filter(|key| is_field(key));
        field.filter(|_| is_field(&self.text[key]))
    }

    /// Returns true behind a key whose value is a text that may have anything in it.
    fn is_in_free_text(&self) -> bool {
        let key = self.key.clone().map_or("", |key| &self.text[key]);
        FREE_TEXTS.contains(&key)
    }

    /// What is missing between the item that ends at `after` and the one at `before`.
    pub fn missing(&self, after: usize, before: Range<usize>) -> Slip {
        match self.open.is_empty() {
            true => Slip::NoBreak {
                after,
                before,
                column: self.column,
            },
            false => Slip::NoComma { after, before },
        }
    }

    /// Notes what is wrong behind the key of this length between braces. Returns the length of both.
    pub fn slip_behind_key(&mut self, length: usize) -> Option<usize> {
        if !self.is_in('{') {
            return None;
        }
        let slip = slip_behind_key(self.text, self.at..self.at + length)?;
        let end = match &slip {
            Slip::Unspaced(span) | Slip::NoColon(span) | Slip::Lookalike(span) => span.end,
            Slip::NoComma { .. } | Slip::NoBreak { .. } => return None,
        };
        self.slips.push(slip);
        Some(end - self.at)
    }

    /// Notes what is missing if the key of a field follows the space at `end`, where a value would end.
    pub fn notes_missing(&mut self, end: usize) -> bool {
        let field = match self.is_in('{') {
            true => self.key_ahead(end + 1).filter(|key| is_field(key)),
            false => self
                .field_behind_key(end + 1)
                .filter(|_| !self.is_in_free_text()),
        };
        let Some(field) = field else {
            return false;
        };
        let last = self.text[..end].chars().next_back().unwrap_or(' ');
        let slip = match COMMAS.contains(&last) {
            true => Slip::Lookalike(end - last.len_utf8()..end),
            false => self.missing(end, end + 1..end + 1 + field.len()),
        };
        self.slips.push(slip);
        true
    }

    /// Notes the line break that is missing between a key and the first of its fields, as in `onRun: command: a`.
    pub fn notes_nested_key(&mut self) -> bool {
        let key = self.key.clone().filter(|_| !self.is_in_free_text());
        let Some((key, field)) = key.zip(self.field_behind_key(self.at)) else {
            return false;
        };
        // No template is so deep. Each key of a line without end would be written deeper than the one before.
        if self.column > MAX_COLUMN {
            return false;
        }
        let line = line_at(self.whole, self.text.len());
        let mut below = lines_below(self.whole, &line).map(|line| &self.whole[line]);
        let next = below.find(|line| !line.trim().is_empty()).map(indentation);
        let next = next.filter(|next| *next > self.column);
        self.column = next.unwrap_or(self.column + 2);
        let before = self.at..self.at + field.len();
        self.at = before.end + 1;
        self.slips.push(Slip::NoBreak {
            after: key.end + 1,
            before: before.clone(),
            column: self.column,
        });
        self.key = Some(before);
        true
    }

    /// Returns true at a key before which something is missing.
    pub fn is_behind_slip(&self) -> bool {
        self.slips.last().is_some_and(|slip| match slip {
            Slip::NoComma { before, .. } | Slip::NoBreak { before, .. } => before.start == self.at,
            _ => false,
        })
    }
}

/// Returns what is wrong behind the key at `key` of `text`, whose line goes on with its value.
pub(super) fn slip_behind_key(text: &str, key: Range<usize>) -> Option<Slip> {
    let (name, behind) = (&text[key.clone()], &text[key.end..]);
    let value = behind.trim_start_matches([' ', '\t']);
    let next = value.chars().next().filter(|c| !['\n', '\r'].contains(c))?;
    if COLONS.contains(&next) && is_field(name) {
        let start = key.end + behind.len() - value.len();
        return Some(Slip::Lookalike(start..start + next.len_utf8()));
    }
    let is_end = |behind: &str| {
        let ends = [' ', '\t', '\n', '\r', '/', ',', '}', ']'];
        behind.is_empty() || behind.starts_with(ends)
    };
    let after_colon = behind.strip_prefix(':');
    if after_colon.is_some_and(|behind| !is_end(behind)) {
        return Some(Slip::Unspaced(key.end..key.end + 1));
    }
    let is_apart = value.len() < behind.len() && !value.starts_with([':', ',', '}', ']', '#', '=']);
    (is_apart && is_field(name)).then_some(Slip::NoColon(key))
}
