//! The lines of the entries of a mapping, and edits that move them.

use super::document::Document;
use super::path::Path;
use super::replacement::Edit;
use super::syntax::Syntax;
use super::tree::Kind;
use std::ops::Range;

/// An entry of a mapping that starts a line of its own, or stands behind the dash of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub key: String,
    /// The bytes of the key.
    pub span: Range<usize>,
    /// The bytes from the start of its first line to the end of its value.
    pub lines: Range<usize>,
    /// Number of characters before the key on its line.
    pub column: usize,
    /// True if nothing is behind the key.
    pub is_bare: bool,
}

impl Document {
    /// Returns the entries of the mapping at `path` in the order of the text; none if it is written in braces, or
    /// somewhere else.
    pub(crate) fn outline(&self, path: &Path) -> Vec<Entry> {
        self.entries(path).unwrap_or_default()
    }

    fn entries(&self, path: &Path) -> Option<Vec<Entry>> {
        let (_, id) = self.tree.find(path)?;
        let Kind::Mapping(entries) = &self.tree.node(id).kind else {
            return None;
        };
        let layout = self.layout();
        if self.syntax == Syntax::Json || layout.is_flow(id) || self.tree.alias(path).is_some() {
            return None;
        }
        let entry = |&(key, value)| {
            let span = self.tree.node(key).span.clone();
            let start = layout.line_start(span.start);
            let before = layout.before(span.start);
            let is_first = before.trim_start_matches([' ', '-']).is_empty();
            let value_end = layout.whole_end(value);
            let end = value_end.unwrap_or_else(|| layout.entry_end((key, value)));
            is_first.then(|| Entry {
                key: self.tree.key_text(key).to_owned(),
                lines: start..end.max(span.end),
                column: before.len(),
                is_bare: layout.end(value).is_none(),
                span,
            })
        };
        entries.iter().map(entry).collect()
    }

    /// Returns the edits that indent `lines` by so many spaces more, or less if it is negative; `None` if a line has
    /// not as many.
    pub(crate) fn indented(&self, lines: &Range<usize>, by: isize) -> Option<Vec<Edit>> {
        let text = self.source.text();
        let layout = self.layout();
        let mut edits = Vec::new();
        let mut at = lines.start;
        while at < lines.end {
            let line = layout.line(at);
            let content = text[line.clone()].trim_end();
            if !content.is_empty() {
                let spaces = content.len() - content.trim_start_matches(' ').len();
                edits.push(match usize::try_from(by) {
                    Ok(more) => Edit::insert(line.start, " ".repeat(more)),
                    Err(_) => {
                        let less = by.unsigned_abs();
                        let has_room = spaces >= less || content[spaces..].starts_with('#');
                        has_room.then(|| Edit::delete(line.start..line.start + less.min(spaces)))?
                    }
                });
            }
            at = line.end.max(at + 1);
        }
        Some(edits)
    }

    /// Returns the bytes of the dash before the first entry of an item, if it is two characters before its key.
    pub(crate) fn dash(&self, entry: &Entry) -> Option<Range<usize>> {
        let layout = self.layout();
        let is_item = layout.before(entry.span.start).trim_start_matches(' ') == "- ";
        let dash = entry.span.start.checked_sub(2)?;
        is_item.then(|| dash..dash + 1)
    }
}
