//! Reading of a text with a cursor in it, in the middle of what is being typed.

use super::intact::intact;
use crate::template::{Document, Loaded, Path, Spot, Syntax, load};
use std::ops::Range;

/// Word at the cursor of the texts that are tried.
pub(super) const MARK: &str = "zzcursorzz";

/// A text with a cursor.
pub(super) struct Cursor<'t> {
    pub text: &'t str,
    pub offset: usize,
    /// Text of the line before the cursor.
    pub before: &'t str,
    /// Text of the line behind it.
    pub after: &'t str,
}

/// A document that the text may be about to become.
pub(super) struct Draft {
    /// The document, with [`MARK`] at the cursor.
    pub document: Document,
    /// Key or value at the cursor.
    pub spot: Spot,
}

impl<'t> Cursor<'t> {
    pub fn new(text: &'t str, offset: usize) -> Self {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let start = text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let length = text[offset..]
            .find(['\n', '\r'])
            .unwrap_or(text.len() - offset);
        Self {
            text,
            offset,
            before: &text[start..offset],
            after: &text[offset..offset + length],
        }
    }

    /// Returns the bytes of the word at the cursor, whose characters `is_part` accepts.
    pub fn word(&self, is_part: impl Fn(char) -> bool) -> Range<usize> {
        let before = self.before.trim_end_matches(&is_part).len();
        let behind = self.after.trim_start_matches(&is_part).len();
        let start = self.offset - (self.before.len() - before);
        start..self.offset + (self.after.len() - behind)
    }

    /// Returns true if nothing but the word at the cursor stands on its line.
    pub fn is_alone(&self) -> bool {
        let word = self.before.trim_start_matches([' ', '-']);
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        word.chars().all(is_word) && self.after.trim().is_empty()
    }

    /// Returns the text of the line behind the last `{{` that is still open at the cursor.
    pub fn open_expression(&self) -> Option<&'t str> {
        let (_, inside) = self.before.rsplit_once("{{")?;
        (!inside.contains("}}")).then_some(inside)
    }

    /// Reads the text as what it may be about to become: JSON as the YAML that it is as well, which can be read in part.
    pub fn draft(&self, max_bytes: u64) -> Option<Draft> {
        let texts = self.texts();
        let strictly = |text: &String| match load(text.as_bytes(), Syntax::Yaml, max_bytes) {
            Loaded::Document(document) => Some(*document),
            Loaded::NoMapping(_) | Loaded::Malformed(..) => None,
        };
        let in_part = |text: &String| intact(text, Syntax::Yaml, max_bytes);
        let found = texts.iter().filter_map(strictly).find_map(draft);
        found.or_else(|| texts.iter().filter_map(in_part).find_map(draft))
    }

    /// Returns the texts to try, the likeliest first.
    fn texts(&self) -> Vec<String> {
        let (head, tail) = self.text.split_at(self.offset);
        let rest = &tail[self.after.len()..];
        let mut texts = Vec::new();
        if self.is_alone() {
            texts.push(format!("{head}{MARK}:{tail}"));
        }
        let is_open = self.open_expression().is_some() && !self.after.contains("}}");
        let braces = if is_open { "}}" } else { "" };
        texts.push(format!("{head}{MARK}{braces}{tail}"));
        let closers = closers(self.before);
        texts.push(format!("{head}{MARK}{braces}{closers}{tail}"));
        // Whatever the value is to be, it has a place.
        let start = self.offset - self.before.len() + value_start(self.before);
        texts.push(format!("{}{MARK}{rest}", &self.text[..start]));
        texts
    }
}

/// Returns the key or value at the cursor of a document.
fn draft(document: Document) -> Option<Draft> {
    let at = document.source().text().find(MARK)?;
    let spot = document.spot(at + MARK.len())?;
    let is_marked = match spot.is_key {
        true => spot.path.last_key()?.contains(MARK),
        false => spot.path.get(document.value())?.as_str()?.contains(MARK),
    };
    is_marked.then_some(Draft { document, spot })
}

/// Returns what closes the quotes and brackets that are open at the end of a line.
fn closers(line: &str) -> String {
    let mut open = Vec::new();
    let mut is_escaped = false;
    for character in line.chars() {
        let quote = open
            .last()
            .copied()
            .filter(|close| ['"', '\''].contains(close));
        match (character, quote) {
            _ if is_escaped => is_escaped = false,
            ('\\', Some('"')) => is_escaped = true,
            (own, Some(close)) if own == close => drop(open.pop()),
            (_, Some(_)) => {}
            ('"' | '\'', None) => open.push(character),
            ('[', None) => open.push(']'),
            ('{', None) => open.push('}'),
            (']' | '}', None) => drop(open.pop()),
            _ => {}
        }
    }
    open.iter().rev().collect()
}

/// Returns the byte of a line at which its value starts: behind its dashes and its key.
fn value_start(line: &str) -> usize {
    let dashes = line.len() - line.trim_start_matches([' ', '-']).len();
    match line[dashes..].find(": ") {
        Some(at) => dashes + at + 2,
        None => dashes,
    }
}

impl Draft {
    /// Returns the value of the document, without the key at the cursor.
    pub fn value(&self) -> serde_json::Value {
        let mut value = self.document.value().clone();
        if self.spot.is_key
            && let Some(key) = self.spot.path.last_key()
            && let Some(map) = self.parent().get_mut(&mut value)
            && let Some(map) = map.as_object_mut()
        {
            map.remove(key);
        }
        value
    }

    /// Returns the path of what holds the key or value at the cursor.
    pub fn parent(&self) -> Path {
        self.spot.path.parent().unwrap_or_default()
    }
}
