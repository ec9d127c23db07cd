//! Insertion of items and entries in the style of their neighbours.

use super::block;
use super::layout::{BLANK, Layout};
use super::nest::{in_order, in_style};
use super::scalar::written;
use crate::template::path::Path;
use crate::template::replacement::Edit;
use crate::template::tree::{Kind, NodeId, Style};
use serde_json::Value;
use std::ops::Range;

/// Width of a line, in characters, beyond which a mapping is written on several.
const MAX_WIDTH: usize = 140;

impl Layout<'_> {
    pub fn append(&self, path: &Path, words: &[String]) -> Option<(Vec<Edit>, NodeId)> {
        let (key, value) = self.tree.find(path)?;
        let key_style = self.quotes(key?);
        let list = self.tree.resolved(value);
        let written = |style: Style| -> Option<Vec<String>> {
            words.iter().map(|word| written(word, style)).collect()
        };
        let items = match &self.tree.node(list).kind {
            Kind::Sequence(items) => items,
            Kind::Scalar {
                style: Style::Plain,
                text,
            } if is_null(text) => {
                let text = format!("[{}]", written(key_style)?.join(", "));
                return Some((vec![self.in_place_of_null((key?, value), text)?], value));
            }
            _ => return None,
        };
        let style = items.last().map(|&last| self.quotes(last));
        let words = written(
            style
                .filter(|style| *style != Style::Plain)
                .unwrap_or(key_style),
        )?;
        let edits = match items.last() {
            None => vec![Edit::insert(self.span(list).start + 1, words.join(", "))],
            Some(&last) => {
                let span = self.start(last)..self.end(last)?;
                if self.is_flow(list) {
                    self.between_brackets(&span, &words)
                } else {
                    let before = self.before(span.start);
                    let indent = before.trim_end_matches(BLANK).strip_suffix('-')?;
                    let is_indent = indent.trim_matches(BLANK).is_empty();
                    let lines: Vec<_> =
                        words.iter().map(|word| format!("{before}{word}")).collect();
                    self.lines_below(last, span.end, &lines)
                        .filter(|_| is_indent)?
                }
            }
        };
        Some((edits, list))
    }

    pub fn insert(&self, after: &Path, entries: &[(String, Value)]) -> Option<(Vec<Edit>, NodeId)> {
        let (before, value) = self.tree.find(after)?;
        let before = before?;
        let mapping = self.tree.resolved(self.tree.find(&after.parent()?)?.1);
        match &self.tree.node(mapping).kind {
            Kind::Mapping(known) if known.contains(&(before, value)) => {}
            _ => return None,
        }
        let style = self.quotes(before);
        let span = self.start(before)..self.entry_end((before, value));
        let edits = if self.is_flow(mapping) {
            let entries = entries.iter().map(|(key, value)| {
                let (key, value) = (written(key, style)?, in_style(value, style));
                Some(format!("{key}: {value}"))
            });
            self.between_brackets(&span, &entries.collect::<Option<Vec<_>>>()?)
        } else {
            let before = self.before(span.start);
            let is_dash = |c: char| c == '-' || BLANK.contains(&c);
            let indent = before.replace('-', " ");
            let mut lines = Vec::new();
            for (key, value) in entries {
                in_lines(&indent, &written(key, style)?, value, style, &mut lines);
            }
            self.lines_below(value, span.end, &lines)
                .filter(|_| before.chars().all(is_dash))?
        };
        Some((edits, mapping))
    }

    /// Returns the style for text beside a node: quoted if the node is.
    pub fn quotes(&self, id: NodeId) -> Style {
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
            return (!self.tree.is_tagged(entry.1)).then_some(Edit { span, text });
        }
        let end = self.entry_end(entry);
        let has_colon = self.text()[..end].ends_with(':');
        (has_colon && self.is_last_on_line(end)).then(|| Edit::insert(end, format!(" {text}")))
    }

    /// Inserts lines below the one on which the node `above` ends, at `end`.
    fn lines_below(&self, above: NodeId, end: usize, lines: &[String]) -> Option<Vec<Edit>> {
        let is_free = self.is_last_on_line(end) && self.last_block_scalar(above).is_none();
        let line_break = self.line_break(end);
        let text: String = lines
            .iter()
            .map(|line| format!("{line_break}{line}"))
            .collect();
        is_free.then(|| vec![Edit::insert(self.line_end(end), text)])
    }

    /// Inserts `parts` behind the one at `span`, on lines of their own if it has one.
    pub fn between_brackets(&self, span: &Range<usize>, parts: &[String]) -> Vec<Edit> {
        let comma = self.comma(span.end);
        let end = comma.map_or(span.end, |comma| comma + 1);
        let Some(indent) = self
            .indentation(span.start)
            .filter(|_| self.is_last_on_line(end))
        else {
            return vec![Edit::insert(span.end, format!(", {}", parts.join(", ")))];
        };
        let line_break = format!("{}{indent}", self.line_break(end));
        let line = format!("{line_break}{}", parts.join(&format!(",{line_break}")));
        let line_end = self.line_end(end);
        match comma {
            Some(_) => vec![Edit::insert(line_end, line + ",")],
            None if line_end == end => vec![Edit::insert(end, format!(",{line}"))],
            None => vec![Edit::insert(end, ","), Edit::insert(line_end, line)],
        }
    }
}

/// Adds the lines of an entry of a block mapping: one, or one for each
/// field or item of what is too long for one.
fn in_lines(indent: &str, key: &str, value: &Value, style: Style, lines: &mut Vec<String>) {
    let line = format!("{indent}{key}: {}", in_style(value, style));
    match value {
        Value::Object(fields) if !fields.is_empty() && line.chars().count() > MAX_WIDTH => {
            lines.push(format!("{indent}{key}:"));
            let indent = format!("{indent}  ");
            for (key, value) in in_order(fields) {
                in_lines(
                    &indent,
                    &in_style(&Value::from(key.as_str()), style),
                    value,
                    style,
                    lines,
                );
            }
        }
        Value::Array(items) if !items.is_empty() && line.chars().count() > MAX_WIDTH => {
            let items: Vec<_> = items.iter().flat_map(block::item).collect();
            let list = block::below(format!("{key}:"), &items);
            lines.extend(list.iter().map(|line| block::indented(indent, line)));
        }
        _ => lines.push(line),
    }
}

/// Returns true for a plain scalar that means null.
fn is_null(text: &str) -> bool {
    ["", "~", "null", "Null", "NULL"].contains(&text)
}
