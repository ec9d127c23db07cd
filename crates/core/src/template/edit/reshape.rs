//! Mappings that become lists, and lists that become mappings: what stands in them stays as it is, in its order and with
//! its comments.

use super::layout::{BLANK, Layout};
use super::nest::in_style;
use crate::template::path::Path;
use crate::template::replacement::Edit;
use crate::template::tree::{Kind, NodeId, Style};
use serde_json::Value;
use std::collections::HashSet;
use std::ops::Range;

/// The other form of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A mapping from names to mappings becomes the list of these, each with its `name`.
    ListByName,
    /// A mapping becomes a list of one item.
    ListOfOne,
    /// A list of mappings becomes one with the entries of all.
    Merged,
    /// A list of pairs, `{name: A, value: b}` or `A=b`, becomes a mapping from the names to the values.
    MappingOfPairs,
}

impl Layout<'_> {
    /// Writes the container at `path` in another form; `None` if a comment would be lost, or its style does not allow it.
    pub fn reshape(&self, path: &Path, form: Form) -> Option<(Vec<Edit>, NodeId)> {
        let (key, node) = self.tree.find(path)?;
        if !self.is_bare(node) || self.tree.is_referred_to(node) {
            return None;
        }
        let edits = match (form, &self.tree.node(node).kind) {
            (Form::ListByName, Kind::Mapping(entries)) => self.list_by_name(node, entries),
            (Form::ListOfOne, Kind::Mapping(_)) => self.list_of_one(node),
            (Form::Merged, Kind::Sequence(items)) => self.merged(node, items),
            (Form::MappingOfPairs, Kind::Sequence(items)) => self.of_pairs(key?, node, items),
            _ => None,
        };
        Some((edits?, node))
    }

    /// Returns true for a node without an alias, a tag, or an anchor on its line.
    fn is_bare(&self, id: NodeId) -> bool {
        let is_alias = matches!(self.tree.node(id).kind, Kind::Alias(_));
        !is_alias && !self.tree.is_tagged(id) && self.start(id) == self.span(id).start
    }

    /// Returns the edits that write other brackets around a container within brackets.
    fn brackets(&self, id: NodeId, [open, close]: [&str; 2]) -> Option<[Edit; 2]> {
        let span = self.span(id);
        let edit = |span: Range<usize>, text: &str| Edit {
            span,
            text: text.to_owned(),
        };
        self.text()[span.clone()].ends_with(['}', ']']).then(|| {
            [
                edit(span.start..span.start + 1, open),
                edit(span.end - 1..span.end, close),
            ]
        })
    }

    fn column(&self, at: usize) -> usize {
        self.before(at).len()
    }

    /// Returns the position behind the colon of a key, if only white space and comments follow it before `value`.
    fn colon_end(&self, key: NodeId, value: usize) -> Option<usize> {
        let start = self.span(key).end;
        let rest = self.text().get(start..value)?;
        let behind = rest.trim_start_matches(BLANK).strip_prefix(':')?;
        let is_blank = |line: &str| line.trim().is_empty() || line.trim().starts_with('#');
        behind.lines().all(is_blank).then_some(value - behind.len())
    }

    fn list_by_name(&self, node: NodeId, entries: &[(NodeId, NodeId)]) -> Option<Vec<Edit>> {
        let is_flow = self.is_flow(node);
        let mut edits = Vec::new();
        for &(key, value) in entries {
            let Kind::Mapping(fields) = &self.tree.node(value).kind else {
                return None;
            };
            let has_name = |(key, _): &(NodeId, NodeId)| self.tree.key_text(*key) == "name";
            if fields.iter().any(has_name) {
                return None;
            }
            let start = self.span(value).start;
            let colon = self.colon_end(key, start)?;
            if !self.is_bare(key) || !self.is_bare(value) || self.tree.is_merge_key(key) {
                return None;
            }
            let style = self.quotes(key);
            let of_field = match style {
                Style::SingleQuoted => Style::Plain,
                style => style,
            };
            let entry = format!(
                "{}: {}",
                in_style(&Value::from("name"), of_field),
                in_style(&Value::from(self.tree.key_text(key)), style)
            );
            let dash = if is_flow { "" } else { "- " };
            let is_line = is_flow || self.indentation(self.span(key).start).is_some();
            if !is_line {
                return None;
            }
            let (end, text) = if self.is_flow(value) {
                let is_near = !self.text()[colon..start].contains(['\n', '\r']);
                let comma = if fields.is_empty() { "" } else { ", " };
                (
                    start + 1,
                    is_near.then(|| format!("{dash}{{{entry}{comma}"))?,
                )
            } else {
                // The name stands in the column of the other fields.
                let depth = self
                    .column(start)
                    .checked_sub(self.column(self.span(key).start))?;
                let blanks = " ".repeat(depth.checked_sub(1).filter(|blanks| *blanks > 0)?);
                (colon, format!("-{blanks}{entry}"))
            };
            let span = self.span(key).start..end;
            edits.push(Edit { span, text });
        }
        if is_flow {
            edits.extend(self.brackets(node, ["[", "]"])?);
        }
        Some(edits)
    }

    fn list_of_one(&self, node: NodeId) -> Option<Vec<Edit>> {
        let start = self.span(node).start;
        if self.is_flow(node) {
            let end = self.end(node)?;
            return Some(vec![Edit::insert(start, "["), Edit::insert(end, "]")]);
        }
        self.indentation(start)?;
        let end = self.whole_end(node)?;
        let mut edits = vec![Edit::insert(start, "- ")];
        let mut at = self.line(start).end;
        while at < end {
            let line = self.line(at);
            if !self.text()[line.clone()].trim().is_empty() {
                edits.push(Edit::insert(line.start, "  "));
            }
            at = line.end.max(at + 1);
        }
        Some(edits)
    }

    fn merged(&self, node: NodeId, items: &[NodeId]) -> Option<Vec<Edit>> {
        let mut names = HashSet::new();
        let is_block = !self.is_flow(node);
        let mut edits = Vec::new();
        let first = self.column(self.span(*items.first()?).start);
        if let ([item], false) = (items, is_block) {
            return self.without_brackets(node, *item);
        }
        for &item in items {
            let Kind::Mapping(fields) = &self.tree.node(item).kind else {
                return None;
            };
            let is_new = |key: &NodeId| names.insert(self.tree.key_text(*key));
            if !self.is_bare(item) || !fields.iter().map(|(key, _)| key).all(is_new) {
                return None;
            }
            let span = self.span(item).clone();
            if is_block {
                let is_fit = items.len() == 1 || !self.is_flow(item);
                let dash = self.dash(span.start)?;
                if !is_fit || self.column(span.start) != first {
                    return None;
                }
                edits.push(Edit {
                    span: dash..dash + 1,
                    text: " ".to_owned(),
                });
            } else {
                let inner = self.text()[span].strip_suffix('}')?.trim_end();
                if inner.ends_with([',', '{']) {
                    return None;
                }
                edits.extend(self.brackets(item, ["", ""])?);
            }
        }
        if !is_block {
            edits.extend(self.brackets(node, ["{", "}"])?);
        }
        Some(edits)
    }

    /// Returns the edits that take the brackets of a list, and the white space in them, from around its only item.
    fn without_brackets(&self, node: NodeId, item: NodeId) -> Option<Vec<Edit>> {
        let (outer, inner) = (self.span(node), self.span(item));
        let is_mapping = matches!(self.tree.node(item).kind, Kind::Mapping(_));
        let (before, behind) = (outer.start + 1..inner.start, inner.end..outer.end - 1);
        let is_blank = |span: &Range<usize>| {
            let text = self.text().get(span.clone());
            text.is_some_and(|text| text.trim().is_empty())
        };
        let is_fit = is_mapping && self.is_bare(item) && is_blank(&before) && is_blank(&behind);
        is_fit.then(|| {
            vec![
                Edit::delete(outer.start..inner.start),
                Edit::delete(inner.end..outer.end),
            ]
        })
    }

    fn of_pairs(&self, key: NodeId, node: NodeId, items: &[NodeId]) -> Option<Vec<Edit>> {
        let mut names = HashSet::new();
        let is_flow = self.is_flow(node);
        let mut edits = Vec::new();
        for &item in items {
            let (name, entry) = self.pair(item)?;
            let end = self.end(item)?;
            let start = self.span(item).start;
            let start = if is_flow { start } else { self.dash(start)? };
            if !self.is_bare(item) || !names.insert(name) || self.has_comment(&(start..end)) {
                return None;
            }
            // Items may stand in the column of their key, and entries may not.
            let is_below = is_flow || self.column(start) > self.column(self.span(key).start);
            let indent = if is_below { "" } else { "  " };
            edits.push(Edit {
                span: start..end,
                text: format!("{indent}{entry}"),
            });
        }
        if is_flow {
            edits.extend(self.brackets(node, ["{", "}"])?);
        }
        Some(edits)
    }

    /// Returns the name of a pair, and the entry that it is in a mapping.
    fn pair(&self, item: NodeId) -> Option<(String, String)> {
        match &self.tree.node(item).kind {
            Kind::Scalar { style, text } => {
                let (name, value) = text.split_once('=')?;
                let style = match style {
                    Style::Literal | Style::Folded => return None,
                    Style::DoubleQuoted => Style::DoubleQuoted,
                    Style::Plain | Style::SingleQuoted => Style::Plain,
                };
                let written = |text: &str| in_style(&Value::from(text), style);
                let entry = format!("{}: {}", written(name), written(value));
                Some((name.to_owned(), entry))
            }
            Kind::Mapping(fields) => {
                let field = |name: &str| {
                    let mut fields = fields.iter();
                    fields.find(|(key, _)| self.tree.key_text(*key) == name)
                };
                let ((_, name), (_, value)) = (field("name")?, field("value")?);
                let written = self
                    .text()
                    .get(self.span(*value).start..self.end(*value)?)?;
                let is_scalar = matches!(self.tree.node(*value).kind, Kind::Scalar { .. });
                let is_whole = fields.len() == 2
                    && is_scalar
                    && self.is_bare(*value)
                    && self.last_block_scalar(*value).is_none()
                    && !written.contains(['\n', '\r']);
                let text = self.tree.key_text(*name);
                let key = in_style(&Value::from(text), self.quotes(*name));
                is_whole.then(|| (text.to_owned(), format!("{key}: {written}")))
            }
            _ => None,
        }
    }

    /// Returns the position of the dash of the item that starts at `start`, if nothing else stands before it.
    fn dash(&self, start: usize) -> Option<usize> {
        let before = self.before(start).trim_end_matches(BLANK);
        let indent = before.strip_suffix('-')?;
        let blanks = self.before(start).len() - indent.len();
        indent
            .trim_matches(BLANK)
            .is_empty()
            .then_some(start - blanks)
    }
}
