//! Removal of comments.

use super::layout::{BLANK, Layout};
use crate::template::document::Document;
use crate::template::replacement::Edit;
use crate::template::tree::{Kind, NodeId, Style};
use std::ops::Range;

impl Document {
    /// The edit that removes the comment at `span`, or the part of one that starts with a `#` of its
    /// own, and the line that it has for itself; `None` if the document would be another without it.
    pub fn without_comment(&self, span: &Range<usize>) -> Option<Edit> {
        let layout = self.layout();
        let before = layout.before(span.start);
        let rest = &layout.text()[span.end..layout.line_end(span.end)];
        let next = rest.trim_start_matches(BLANK);
        if !next.is_empty() {
            let end = span.end + rest.len() - next.len();
            return Some(Edit::delete(span.start..end));
        }
        let kept = before.trim_end_matches(BLANK).len();
        let start = span.start - before.len() + kept;
        if kept > 0 {
            return Some(Edit::delete(start..layout.line_end(span.end)));
        }
        let end = layout.line(span.end).end;
        (!layout.ends_block_scalar(start, end)).then(|| Edit::delete(start..end))
    }
}

impl Layout<'_> {
    /// Returns true if a block scalar before `start`, comments aside, would continue at `end`.
    fn ends_block_scalar(&self, start: usize, end: usize) -> bool {
        // Between one before that and `start` stands more than comments.
        let is_block = |id: &NodeId| {
            let is_block = |style: Style| matches!(style, Style::Literal | Style::Folded);
            matches!(self.tree.node(*id).kind, Kind::Scalar { style, .. } if is_block(style))
        };
        let Some(scalar) = self.tree.scalar_before(start).filter(is_block) else {
            return false;
        };
        let Some(scalar_end) = self.end(scalar).filter(|end| *end <= start) else {
            return false;
        };
        let mut between = self.text()[scalar_end..start].lines().map(str::trim_start);
        between.all(|line| line.is_empty() || line.starts_with('#')) && self.would_join(scalar, end)
    }
}
