//! Removal of entries and items, with their lines, commas and comments.

use super::layout::{BLANK, Layout};
use crate::template::path::{Path, Segment};
use crate::template::replacement::Edit;
use crate::template::tree::{Kind, NodeId};
use std::ops::Range;

/// A container with its entries or items.
struct Parts {
    container: NodeId,
    values: Vec<NodeId>,
    spans: Vec<Range<usize>>,
    /// The entries to remove.
    removed: Vec<bool>,
}

impl Layout<'_> {
    pub fn remove(&self, paths: &[Path]) -> Option<(Vec<Edit>, NodeId)> {
        let parent = paths.first()?.parent()?;
        let container = self.tree.resolved(self.tree.find(&parent)?.1);
        let entries: Vec<_> = match &self.tree.node(container).kind {
            Kind::Mapping(entries) => entries.clone(),
            Kind::Sequence(items) => items.iter().map(|&item| (item, item)).collect(),
            Kind::Scalar { .. } | Kind::Alias(_) => return None,
        };
        let mut removed = vec![false; entries.len()];
        for path in paths {
            let (key, value) = self.tree.find(path)?;
            let index = match path.segments().last()? {
                Segment::Key(name) if self.tree.is_merged(container, name) => return None,
                Segment::Key(_) => entries.iter().position(|entry| Some(entry.0) == key)?,
                Segment::Index(_) => entries.iter().position(|entry| entry.1 == value)?,
            };
            removed[index] |= path.parent().as_ref() == Some(&parent);
        }
        if !removed.contains(&false) {
            return self.remove(&[parent]);
        }
        let going = || {
            entries
                .iter()
                .zip(&removed)
                .filter(|(_, removed)| **removed)
        };
        let is_fixed = |((key, value), _): (&(NodeId, NodeId), &bool)| {
            // The parser may place an empty value far away.
            self.end(*key).is_none()
                || self.tree.is_referred_to(*key)
                || self.tree.is_referred_to(*value)
        };
        if going().any(is_fixed) {
            return None;
        }
        let span = |entry: &(NodeId, NodeId)| self.start(entry.0)..self.entry_end(*entry);
        let parts = Parts {
            container,
            values: entries.iter().map(|entry| entry.1).collect(),
            spans: entries.iter().map(span).collect(),
            removed,
        };
        let edits = match self.is_flow(container) {
            true => self.remove_between_brackets(&parts),
            false => self.remove_lines(&parts),
        };
        Some((edits?, container))
    }

    fn remove_lines(&self, parts: &Parts) -> Option<Vec<Edit>> {
        let is_list = matches!(self.tree.node(parts.container).kind, Kind::Sequence(_));
        let mut edits = Vec::new();
        for (index, span) in parts.spans.iter().enumerate() {
            if !parts.removed[index] {
                continue;
            }
            let end = self.line(span.end).end;
            let kept = (0..index).rfind(|&above| !parts.removed[above]);
            let scalar = kept.and_then(|above| self.last_block_scalar(parts.values[above]));
            let would_join = scalar.is_some_and(|scalar| self.would_join(scalar, end));
            if !self.is_last_on_line(span.end) || would_join {
                return None;
            }
            let before = self.before(span.start).trim_matches(BLANK);
            let rest = if is_list {
                before.strip_prefix('-')?
            } else {
                before
            };
            edits.push(if rest.is_empty() {
                let start = span.start - self.before(span.start).len();
                Edit::delete(start..end)
            } else {
                // The first entry of a mapping that is an item of a list: the next takes its place.
                let next = parts.spans.get(index + 1)?;
                let is_dash = |c: char| c == '-' || BLANK.contains(&c);
                let between = &self.text()[self.line_end(span.end)..next.start];
                let is_next = !parts.removed[index + 1] && between.trim().is_empty();
                if !is_next || !rest.chars().all(is_dash) {
                    return None;
                }
                Edit::delete(span.start..next.start)
            });
        }
        Some(edits)
    }

    fn remove_between_brackets(&self, parts: &Parts) -> Option<Vec<Edit>> {
        let Parts { spans, removed, .. } = parts;
        let last_kept = removed.iter().rposition(|removed| !removed)?;
        let mut edits = Vec::new();
        for (index, span) in spans
            .iter()
            .enumerate()
            .filter(|(index, _)| removed[*index])
        {
            if self
                .before(span.start)
                .trim_end_matches(BLANK)
                .ends_with('?')
            {
                return None;
            }
            if let Some(lines) = self.own_lines(span) {
                edits.push(Edit::delete(lines));
                // What comes last now has no comma if what came last had none.
                if index == last_kept + 1 && self.comma(spans.last()?.end).is_none() {
                    let comma = self.comma(spans[last_kept].end)?;
                    edits.push(Edit::delete(comma..comma + 1));
                }
            } else if index < last_kept {
                edits.push(Edit::delete(
                    self.with_comma_after(span, &spans[index + 1])?,
                ));
            } else {
                let before = spans[index - 1].end;
                if self.text()[before..span.start].contains(['\n', '\r', '#']) {
                    let comma = self.comma(before)?;
                    edits.push(Edit::delete(comma..comma + 1));
                    edits.push(Edit::delete(span.clone()));
                } else {
                    edits.push(Edit::delete(before..span.end));
                }
            }
        }
        Some(edits)
    }

    /// The lines that `span` and its comma have for themselves.
    fn own_lines(&self, span: &Range<usize>) -> Option<Range<usize>> {
        self.indentation(span.start)?;
        let end = self.comma(span.end).map_or(span.end, |comma| comma + 1);
        self.is_last_on_line(end)
            .then(|| self.line_start(span.start)..self.line(end).end)
    }

    /// From the start of `span` to that of `next`, or to the comma if that ends the line.
    fn with_comma_after(&self, span: &Range<usize>, next: &Range<usize>) -> Option<Range<usize>> {
        let after = self.comma(span.end)? + 1;
        if !self.is_last_on_line(after) {
            return Some(span.start..next.start);
        }
        let blanks = self.before(span.start);
        let blanks = blanks.len() - blanks.trim_end_matches(BLANK).len();
        Some(span.start - blanks..after)
    }
}
