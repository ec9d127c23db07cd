//! Positions of the nodes of a document in its text, with their lines, commas and comments.

use crate::template::source::Source;
use crate::template::tree::{Kind, NodeId, Style, Tree};
use std::ops::Range;

/// A document's text beside its nodes.
pub(in crate::template) struct Layout<'d> {
    pub source: &'d Source,
    pub tree: &'d Tree,
}

pub(super) const BLANK: [char; 2] = [' ', '\t'];

impl Layout<'_> {
    pub fn text(&self) -> &str {
        self.source.text()
    }

    pub fn span(&self, id: NodeId) -> &Range<usize> {
        &self.tree.node(id).span
    }

    /// Returns true for a container that is written with brackets.
    pub fn is_flow(&self, id: NodeId) -> bool {
        let start = self.span(id).start;
        let first = match &self.tree.node(id).kind {
            Kind::Sequence(items) => items.first(),
            Kind::Mapping(entries) => entries.first().map(|(key, _)| key),
            Kind::Scalar { .. } | Kind::Alias(_) => return false,
        };
        // A block container may start with an item that is itself in brackets.
        self.text()[start..].starts_with(['[', '{'])
            && first.is_none_or(|&first| self.span(first).start > start)
    }

    /// Returns the start of a node, including the anchor and the tag before it on its line.
    pub fn start(&self, id: NodeId) -> usize {
        let mut start = self.span(id).start;
        let line = self.line_start(start);
        loop {
            let before = self.text()[line..start].trim_end_matches(BLANK);
            let token = before
                .rfind([' ', '\t', '[', '{', ','])
                .map_or(0, |at| at + 1);
            if !before[token..].starts_with(['&', '!']) {
                return start;
            }
            start = line + token;
        }
    }

    /// Returns the end of a node; `None` for one without text.
    pub fn end(&self, id: NodeId) -> Option<usize> {
        let span = self.span(id).clone();
        // The parser ends a block scalar where the next line has text.
        let length = self.text()[span.clone()].trim_end().len();
        (length > 0).then_some(span.start + length)
    }

    /// Returns the end of an entry: that of its value, or of the colon if it has none.
    pub fn entry_end(&self, (key, value): (NodeId, NodeId)) -> usize {
        self.end(value).unwrap_or_else(|| {
            let key_end = self.span(key).end;
            let rest = self.text()[key_end..].trim_start_matches(BLANK);
            match rest.strip_prefix(':') {
                Some(rest) => self.text().len() - rest.len(),
                None => key_end,
            }
        })
    }

    /// The block scalar that a node is or ends with: the lines that follow it may become its own.
    pub fn last_block_scalar(&self, id: NodeId) -> Option<NodeId> {
        match &self.tree.node(id).kind {
            Kind::Scalar { style, .. } => {
                matches!(style, Style::Literal | Style::Folded).then_some(id)
            }
            Kind::Sequence(items) => self.last_block_scalar(*items.last()?),
            Kind::Mapping(entries) => self.last_block_scalar(entries.last()?.1),
            Kind::Alias(_) => None,
        }
    }

    /// Returns true if the text from `at`, the start of a line, would belong to a block scalar before it.
    pub fn would_join(&self, scalar: NodeId, at: usize) -> bool {
        let start = self.span(scalar).start;
        let rest = &self.text()[at..];
        let next = rest.trim_start();
        let next_at = at + rest.len() - next.len();
        let column = next_at - self.line_start(next_at);
        self.keeps_line_breaks(scalar)
            || (next.starts_with('#') && column >= start - self.line_start(start))
    }

    /// Returns true if the blank lines behind a block scalar belong to it.
    pub fn keeps_line_breaks(&self, scalar: NodeId) -> bool {
        let start = self.span(scalar).start;
        let header = self.text()[..self.line_start(start)].trim_end();
        let indicators = header[self.line_start(header.len())..].rsplit(['|', '>']);
        indicators
            .take(1)
            .any(|indicators| indicators.contains('+'))
    }

    pub fn line_start(&self, at: usize) -> usize {
        self.line(at).start
    }

    /// The bytes of the line that `at` is on, its break included.
    pub fn line(&self, at: usize) -> Range<usize> {
        let index = self.source.line_index(at);
        self.source.line_range(index).unwrap_or(at..at)
    }

    /// Returns the end of the line that `at` is on, before its line break.
    pub fn line_end(&self, at: usize) -> usize {
        let line = self.line(at);
        line.start + self.text()[line].trim_end_matches(['\r', '\n']).len()
    }

    /// Returns the text on the line before `at`, without a byte order mark.
    pub fn before(&self, at: usize) -> &str {
        self.text()[self.line_start(at)..at].trim_start_matches('\u{feff}')
    }

    /// The indentation of what starts at `at`, if nothing else stands before it on its line.
    pub fn indentation(&self, at: usize) -> Option<&str> {
        let before = self.before(at);
        before.trim_matches(BLANK).is_empty().then_some(before)
    }

    /// Returns true if only white space or a comment follows `at` on its line.
    pub fn is_last_on_line(&self, at: usize) -> bool {
        let rest = &self.text()[at..self.line_end(at)];
        let trimmed = rest.trim_start_matches(BLANK);
        trimmed.is_empty() || (trimmed.starts_with('#') && trimmed.len() < rest.len())
    }

    /// Returns true if `span` contains a comment.
    pub fn has_comment(&self, span: &Range<usize>) -> bool {
        let mut hashes = self.text()[span.clone()].match_indices('#');
        hashes.any(|(index, _)| {
            let at = span.start + index;
            let before = self.text()[..at].chars().next_back();
            before.is_none_or(|before| before.is_whitespace() || before == '\u{feff}')
                && !self.is_in_scalar(at)
        })
    }

    fn is_in_scalar(&self, at: usize) -> bool {
        let scalar = self.tree.scalar_before(at);
        scalar.is_some_and(|id| self.end(id).is_some_and(|end| at < end))
    }

    /// The line break of the text around `at`.
    pub fn line_break(&self, at: usize) -> &str {
        let break_of = |line: Range<usize>| {
            let text = &self.text()[line];
            &text[text.trim_end_matches(['\r', '\n']).len()..]
        };
        let first = self.source.line_range(0).map_or("", break_of);
        [break_of(self.line(at)), first]
            .into_iter()
            .find(|found| !found.is_empty())
            .unwrap_or("\n")
    }

    /// The comma that follows, within brackets, what ends at `at`.
    pub fn comma(&self, mut at: usize) -> Option<usize> {
        loop {
            let rest = &self.text()[at..];
            let next = rest.trim_start();
            at += rest.len() - next.len();
            match next.chars().next()? {
                ',' => return Some(at),
                '#' => at = self.line_end(at),
                _ => return None,
            }
        }
    }
}
