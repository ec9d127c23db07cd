//! Writing of values on several lines, in place of others and beside them.

use super::block;
use super::layout::{BLANK, Layout};
use super::nest::in_style;
use crate::template::path::{Path, Segment};
use crate::template::replacement::Edit;
use crate::template::tree::{Kind, NodeId, Style};
use serde_json::Value;
use std::ops::Range;

impl Layout<'_> {
    /// Writes `value` in place of the value at `path`, on several lines unless it stands within brackets.
    pub fn rewrite(&self, path: &Path, value: &Value) -> Option<(Vec<Edit>, NodeId)> {
        let (key, old) = self.tree.find(path)?;
        let parent = self.tree.resolved(self.tree.find(&path.parent()?)?.1);
        if self.is_flow(parent) {
            let root = self.tree.root.map(|root| self.quotes_within(root));
            let style = key.map(|key| self.quotes(key)).or(root);
            let text = in_style(value, style.unwrap_or(Style::Plain));
            let span = self.start(old)..self.end(old)?;
            return Some((vec![Edit { span, text }], old));
        }
        let start = self.start(key.unwrap_or(old));
        let indent = self.indent_of_entry(start)?;
        let end = self.whole_end(old);
        let (start, end, lines) = match (path.segments().last()?, key) {
            (Segment::Key(_), Some(key)) => {
                let end = end.unwrap_or_else(|| self.entry_end((key, old)));
                (self.span(key).end, end, block::entry("", value))
            }
            (Segment::Index(_), _) if self.last_block_scalar(old) != Some(old) => {
                let lines = block::item(value);
                let (first, rest) = lines.split_first()?;
                let first = first.strip_prefix("- ")?.to_owned();
                let rest = rest
                    .iter()
                    .map(|line| line.strip_prefix("  ").unwrap_or(line));
                let lines = std::iter::once(first)
                    .chain(rest.map(str::to_owned))
                    .collect();
                (start, end?, lines)
            }
            _ => return None,
        };
        let edits = self.replace_lines(start..end, &indent, &lines)?;
        Some((edits, old))
    }

    /// Replaces `span`, which ends a line, by lines, all but the first with this indentation.
    fn replace_lines(
        &self,
        span: Range<usize>,
        indent: &str,
        lines: &[String],
    ) -> Option<Vec<Edit>> {
        let (first, rest) = lines.split_first()?;
        let line_break = self.line_break(span.end);
        let rest = rest.iter().map(|line| block::indented(indent, line));
        let rest: String = rest.map(|line| format!("{line_break}{line}")).collect();
        let is_one_line = !self.text()[span.clone()].contains(['\n', '\r']);
        let line_end = self.line_end(span.end);
        let has_comment = line_end > span.end;
        if !self.is_last_on_line(span.end) || (has_comment && !is_one_line && !rest.is_empty()) {
            return None;
        }
        // A comment stays on the first line.
        Some(match has_comment && !rest.is_empty() {
            true => vec![
                Edit {
                    span,
                    text: first.clone(),
                },
                Edit::insert(line_end, rest),
            ],
            false => vec![Edit {
                span,
                text: format!("{first}{rest}"),
            }],
        })
    }

    /// Inserts texts before the first item of the list at `path`.
    pub fn prepend(&self, path: &Path, texts: &[String]) -> Option<(Vec<Edit>, NodeId)> {
        let (key, list) = self.tree.find(path)?;
        let Kind::Sequence(items) = &self.tree.node(list).kind else {
            return None;
        };
        let start = self.start(*items.first()?);
        let values = || texts.iter().map(|text| Value::from(text.as_str()));
        if self.is_flow(list) {
            if let Some(edits) = self.unfold(path, items, texts) {
                return Some((edits, list));
            }
            let style = self.quotes(key?);
            let between = match self.indentation(start) {
                Some(indent) => format!("{}{indent}", self.line_break(start)),
                None => " ".to_owned(),
            };
            let text: String = values()
                .map(|value| format!("{},{between}", in_style(&value, style)))
                .collect();
            return Some((vec![Edit::insert(start, text)], list));
        }
        let dash = self.before(start).trim_end_matches(BLANK);
        let indent = dash.strip_suffix('-')?;
        let header = self.span(key?).end;
        let is_below = self.line_start(start) > header;
        if !is_below || !indent.trim_matches(BLANK).is_empty() {
            return None;
        }
        let line_break = self.line_break(header);
        let lines = values().flat_map(|value| block::item(&value));
        let text: String = lines
            .map(|line| format!("{}{line_break}", block::indented(indent, &line)))
            .collect();
        Some((vec![Edit::insert(self.line(header).end, text)], list))
    }

    /// Writes a list within brackets on lines of its own, with texts before its first item; `None` if it has several
    /// lines, or stands within other brackets.
    fn unfold(&self, path: &Path, items: &[NodeId], texts: &[String]) -> Option<Vec<Edit>> {
        let (key, list) = self.tree.find(path)?;
        let mapping = self.tree.resolved(self.tree.find(&path.parent()?)?.1);
        let span = self.span(key?).end..self.end(list)?;
        let is_one_line = !self.text()[span.clone()].contains(['\n', '\r']);
        let is_bare = self.start(list) == self.span(list).start;
        if self.is_flow(mapping) || !is_one_line || !is_bare {
            return None;
        }
        let indent = self.indent_of_entry(self.start(key?))?;
        let new = texts
            .iter()
            .flat_map(|text| block::item(&Value::from(text.as_str())));
        let old = items.iter().map(|&item| {
            let written = &self.text()[self.start(item)..self.end(item)?];
            Some(format!("- {written}"))
        });
        let items: Vec<_> = new.map(Some).chain(old).collect::<Option<_>>()?;
        let lines = block::below(":".to_owned(), &items);
        self.replace_lines(span, &indent, &lines)
    }

    /// Adds an item that is a mapping to the list under `key` of the mapping at `path`, and the list if there is none.
    pub fn add_item(
        &self,
        path: &Path,
        key: &str,
        item: &[(String, Value)],
    ) -> Option<(Vec<Edit>, NodeId)> {
        let mapping = self.tree.resolved(self.tree.find(path)?.1);
        let Some((_, list)) = self.tree.find(&path.key(key)) else {
            return self.add_list(mapping, key, item);
        };
        let Kind::Sequence(items) = &self.tree.node(list).kind else {
            return None;
        };
        let &last = items.last()?;
        if self.is_flow(list) {
            if !self.is_flow(mapping) {
                return None;
            }
            let text = in_flow(item, self.quotes_within(mapping));
            let span = self.start(last)..self.end(last)?;
            return Some((self.between_brackets(&span, &[text]), list));
        }
        let dash = self.before(self.start(last)).trim_end_matches(BLANK);
        let indent = dash.strip_suffix('-')?;
        let is_alone = indent.trim_matches(BLANK).is_empty();
        let edit = self.below(last, indent, &block::mapping_item(item))?;
        is_alone.then(|| (vec![edit], list))
    }

    /// Adds an entry with a list of one item behind the last entry of a mapping.
    fn add_list(
        &self,
        mapping: NodeId,
        key: &str,
        item: &[(String, Value)],
    ) -> Option<(Vec<Edit>, NodeId)> {
        let Kind::Mapping(entries) = &self.tree.node(mapping).kind else {
            return None;
        };
        let &last = entries.last()?;
        if self.is_flow(mapping) {
            let style = self.quotes_within(mapping);
            let key = in_style(&Value::from(key), style);
            let text = format!("{key}: [{}]", in_flow(item, style));
            let span = self.start(last.0)..self.entry_end(last);
            return Some((self.between_brackets(&span, &[text]), mapping));
        }
        let indent = self.indent_of_entry(self.start(last.0))?;
        let lines = block::below(format!("{key}:"), &block::mapping_item(item));
        Some((vec![self.below(last.1, &indent, &lines)?], mapping))
    }

    /// Inserts lines below a node that ends a line; `None` if they could become part of it.
    fn below(&self, above: NodeId, indent: &str, lines: &[String]) -> Option<Edit> {
        let end = self.whole_end(above)?;
        match self.last_block_scalar(above) {
            Some(scalar) if self.keeps_line_breaks(scalar) => return None,
            None if !self.is_last_on_line(end) => return None,
            _ => {}
        }
        let line_break = self.line_break(end);
        let text: String = lines
            .iter()
            .map(|line| format!("{line_break}{}", block::indented(indent, line)))
            .collect();
        Some(Edit::insert(self.line_end(end), text))
    }

    /// Returns the indentation of the entries of a block container, one of which starts at `start`.
    fn indent_of_entry(&self, start: usize) -> Option<String> {
        let before = self.before(start);
        let is_dash = |c: char| c == '-' || BLANK.contains(&c);
        before
            .chars()
            .all(is_dash)
            .then(|| before.replace('-', " "))
    }

    /// Returns the style of the keys of a mapping.
    fn quotes_within(&self, mapping: NodeId) -> Style {
        match &self.tree.node(mapping).kind {
            Kind::Mapping(entries) => entries.first().map(|(key, _)| self.quotes(*key)),
            _ => None,
        }
        .unwrap_or(Style::Plain)
    }
}

/// Returns a mapping on one line, its entries in the order given.
fn in_flow(entries: &[(String, Value)], style: Style) -> String {
    let entry = |(key, value): &(String, Value)| {
        let key = in_style(&Value::from(key.as_str()), style);
        format!("{key}: {}", in_style(value, style))
    };
    let entries: Vec<_> = entries.iter().map(entry).collect();
    format!("{{{}}}", entries.join(", "))
}
