//! Rewriting of values, and moving of entries into a mapping of their own.

use super::layout::{BLANK, Layout};
use super::scalar::written;
use crate::template::path::Path;
use crate::template::replacement::Edit;
use crate::template::tree::{Kind, NodeId, Style};
use serde_json::{Map, Value};

/// Returns `value` as YAML on one line.
pub fn flow(value: &Value) -> String {
    in_style(value, Style::Plain)
}

/// Returns `value` on one line, its keys and words in the quotes of its neighbours.
pub(super) fn in_style(value: &Value, style: Style) -> String {
    let quoted = |text: &str| match style {
        Style::DoubleQuoted => Value::from(text).to_string(),
        _ => written(text, style).unwrap_or_else(|| quote(text)),
    };
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| in_style(item, style)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields = in_order(fields);
            let entry = |(key, value): (&String, &Value)| {
                format!("{}: {}", quoted(key), in_style(value, style))
            };
            format!(
                "{{{}}}",
                fields.into_iter().map(entry).collect::<Vec<_>>().join(", ")
            )
        }
        other => other.to_string(),
    }
}

/// Returns fields in the order of a sentence: an action starts with its `command`, and a monitor ends with it.
pub(super) fn in_order(fields: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let is_monitor = fields.get("command").is_some_and(Value::is_object);
    let mut fields: Vec<_> = fields.iter().collect();
    match is_monitor {
        true => fields.reverse(),
        false => fields.sort_by_key(|(key, _)| (*key != "command", *key != "args")),
    }
    fields
}

/// Returns `text` in the quotes in which it needs no escapes, if there are any.
fn quote(text: &str) -> String {
    let needs_escapes = text.contains(['"', '\\']) && !text.contains(char::is_control);
    match needs_escapes && !text.contains('\'') {
        true => format!("'{text}'"),
        false => Value::from(text).to_string(),
    }
}

impl Layout<'_> {
    /// Writes `value` in place of the value at `path`; `None` if that has a comment.
    pub fn write(&self, path: &Path, value: &Value) -> Option<(Vec<Edit>, NodeId)> {
        let (key, old) = self.tree.find(path)?;
        let is_fixed = self.last_block_scalar(old).is_some() || self.tree.is_referred_to(old);
        let end = self.whole_end(old).filter(|_| !is_fixed)?;
        let start = self.span(old).start;
        let is_block = matches!(
            self.tree.node(old).kind,
            Kind::Mapping(_) | Kind::Sequence(_)
        ) && !self.is_flow(old);
        let start = match is_block {
            // It moves up behind its key.
            true => self.span(key?).end,
            false => start,
        };
        let text = in_style(value, self.json_style(key));
        let text = match is_block {
            true => format!(": {text}"),
            false => text,
        };
        let span = start..end;
        let is_free = !self.tree.is_tagged(old) && !self.has_comment(&span);
        is_free.then(|| (vec![Edit { span, text }], old))
    }

    /// Returns the end of a node, with the colon of a last entry that has no value.
    pub fn whole_end(&self, id: NodeId) -> Option<usize> {
        match &self.tree.node(id).kind {
            Kind::Mapping(entries) if !self.is_flow(id) => match entries.last()? {
                (key, value) if self.end(*value).is_none() => Some(self.entry_end((*key, *value))),
                (_, value) => self.whole_end(*value),
            },
            Kind::Sequence(items) if !self.is_flow(id) => self.whole_end(*items.last()?),
            _ => self.end(id),
        }
    }

    fn json_style(&self, key: Option<NodeId>) -> Style {
        key.map_or(Style::Plain, |key| self.quotes(key))
    }

    /// Puts entries of one mapping that follow each other into a mapping under `key`.
    pub fn nest(&self, paths: &[Path], key: &str) -> Option<(Vec<Edit>, NodeId)> {
        let mapping = self
            .tree
            .resolved(self.tree.find(&paths.first()?.parent()?)?.1);
        let Kind::Mapping(entries) = &self.tree.node(mapping).kind else {
            return None;
        };
        let index_of = |path: &Path| {
            // What a merge key brings along would stay.
            path.last_key()
                .filter(|key| !self.tree.is_merged(mapping, key))?;
            let (found, value) = self.tree.find(path)?;
            entries
                .iter()
                .position(|entry| Some(entry.0) == found && entry.1 == value)
        };
        let mut indices = paths.iter().map(index_of).collect::<Option<Vec<_>>>()?;
        indices.sort_unstable();
        let (first, last) = (*indices.first()?, *indices.last()?);
        if last - first + 1 != indices.len() {
            return None;
        }
        let start = self.start(entries[first].0);
        let end = self.whole_end(entries[last].1);
        let end = end.unwrap_or_else(|| self.entry_end(entries[last]));
        if self.before(start).trim_end_matches(BLANK).ends_with('?') {
            return None;
        }
        let key = written(key, self.quotes(entries[first].0))?;
        if self.is_flow(mapping) {
            let edits = vec![
                Edit::insert(start, format!("{key}: {{")),
                Edit::insert(end, "}"),
            ];
            return Some((edits, mapping));
        }
        let indent = self.indentation(start)?;
        let mut edits = Vec::new();
        let mut at = self.line_start(start);
        let header = format!("{indent}{key}:{}", self.line_break(start));
        while at < end {
            let line = self.line(at);
            let prefix = match edits.is_empty() {
                true => format!("{header}  "),
                false => "  ".to_owned(),
            };
            if !self.text()[line.clone()].trim().is_empty() {
                // A byte order mark stays in front.
                let mark = self.text()[line.clone()].len()
                    - self.text()[line.clone()]
                        .trim_start_matches('\u{feff}')
                        .len();
                edits.push(Edit::insert(line.start + mark, prefix));
            }
            at = line.end.max(at + 1);
        }
        Some((edits, mapping))
    }
}
