//! Items and entries that are added, in the style of their neighbours.

use super::layout::{BLANK, Layout};
use super::scalar::written;
use crate::template::path::Path;
use crate::template::replacement::Edit;
use crate::template::tree::{Kind, NodeId, Style};
use std::ops::Range;

impl Layout<'_> {
    pub fn append(&self, path: &Path, word: &str) -> Option<(Vec<Edit>, NodeId)> {
        let (key, value) = self.tree.find(path)?;
        let key_style = self.quotes(key?);
        let list = self.tree.resolved(value);
        let items = match &self.tree.node(list).kind {
            Kind::Sequence(items) => items,
            Kind::Scalar {
                style: Style::Plain,
                text,
            } if is_null(text) => {
                let text = format!("[{}]", written(word, key_style)?);
                return Some((vec![self.in_place_of_null((key?, value), text)?], value));
            }
            _ => return None,
        };
        let style = items.last().map(|&last| self.quotes(last));
        let word = written(
            word,
            style
                .filter(|style| *style != Style::Plain)
                .unwrap_or(key_style),
        )?;
        let edits = match items.last() {
            None => vec![Edit::insert(self.span(list).start + 1, word)],
            Some(&last) => {
                let span = self.start(last)..self.end(last)?;
                if self.is_flow(list) {
                    self.between_brackets(&span, &word)
                } else {
                    let before = self.before(span.start);
                    let indent = before.trim_end_matches(BLANK).strip_suffix('-')?;
                    let is_indent = indent.trim_matches(BLANK).is_empty();
                    self.line_below(last, span.end, &format!("{before}{word}"))
                        .filter(|_| is_indent)?
                }
            }
        };
        Some((edits, list))
    }

    pub fn insert(&self, after: &Path, key: &str, words: &[String]) -> Option<(Vec<Edit>, NodeId)> {
        let (before, value) = self.tree.find(after)?;
        let before = before?;
        let mapping = self.tree.resolved(self.tree.find(&after.parent()?)?.1);
        match &self.tree.node(mapping).kind {
            Kind::Mapping(entries) if entries.contains(&(before, value)) => {}
            _ => return None,
        }
        let style = self.quotes(before);
        let words: Option<Vec<_>> = words.iter().map(|word| written(word, style)).collect();
        let entry = format!("{}: [{}]", written(key, style)?, words?.join(", "));
        let span = self.start(before)..self.entry_end((before, value));
        let edits = if self.is_flow(mapping) {
            self.between_brackets(&span, &entry)
        } else {
            let indent = self.before(span.start);
            let is_dash = |c: char| c == '-' || BLANK.contains(&c);
            let entry = format!("{}{entry}", indent.replace('-', " "));
            self.line_below(value, span.end, &entry)
                .filter(|_| indent.chars().all(is_dash))?
        };
        Some((edits, mapping))
    }

    /// The style in which what stands beside a node is written: quoted if that is.
    fn quotes(&self, id: NodeId) -> Style {
        match self.tree.node(id).kind {
            Kind::Scalar {
                style: Style::DoubleQuoted,
                ..
            } => Style::DoubleQuoted,
            Kind::Scalar {
                style: Style::SingleQuoted,
                ..
            } => Style::SingleQuoted,
            _ => Style::Plain,
        }
    }

    fn in_place_of_null(&self, entry: (NodeId, NodeId), text: String) -> Option<Edit> {
        if let Some(end) = self.end(entry.1) {
            let span = self.span(entry.1).start..end;
            return (!self.is_tagged(entry.1)).then_some(Edit { span, text });
        }
        let end = self.entry_end(entry);
        let has_colon = self.text()[..end].ends_with(':');
        (has_colon && self.is_last_on_line(end)).then(|| Edit::insert(end, format!(" {text}")))
    }

    /// A line below the one on which the node `above` ends, at `end`.
    fn line_below(&self, above: NodeId, end: usize, line: &str) -> Option<Vec<Edit>> {
        let is_free = self.is_last_on_line(end) && self.last_block_scalar(above).is_none();
        let text = format!("{}{line}", self.line_break(end));
        is_free.then(|| vec![Edit::insert(self.line_end(end), text)])
    }

    /// `part` after the part at `span`, on a line of its own if that one has its own.
    fn between_brackets(&self, span: &Range<usize>, part: &str) -> Vec<Edit> {
        let comma = self.comma(span.end);
        let end = comma.map_or(span.end, |comma| comma + 1);
        let Some(indent) = self
            .indentation(span.start)
            .filter(|_| self.is_last_on_line(end))
        else {
            return vec![Edit::insert(span.end, format!(", {part}"))];
        };
        let line = format!("{}{indent}{part}", self.line_break(end));
        let line_end = self.line_end(end);
        match comma {
            Some(_) => vec![Edit::insert(line_end, line + ",")],
            None if line_end == end => vec![Edit::insert(end, format!(",{line}"))],
            None => vec![Edit::insert(end, ","), Edit::insert(line_end, line)],
        }
    }
}

/// Returns true for a plain scalar that means null.
fn is_null(text: &str) -> bool {
    ["", "~", "null", "Null", "NULL"].contains(&text)
}
