//! What a document has at a byte of its text.

use super::document::Document;
use super::path::{Path, Segment};
use super::tree::{Kind, NodeId};
use std::ops::Range;

/// A key or a value at a byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Path of the value, or of the value of the key.
    pub path: Path,
    /// True for a key.
    pub is_key: bool,
}

impl Document {
    /// Returns the innermost key or value that is written at the byte `offset`, its end included.
    pub fn spot(&self, offset: usize) -> Option<Spot> {
        let mut path = Path::root();
        let mut at = self.tree.root?;
        loop {
            let holds = |id: NodeId| {
                let span = &self.tree.node(id).span;
                span.start <= offset && offset <= span.end
            };
            let next = match &self.tree.node(at).kind {
                Kind::Mapping(entries) => {
                    if let Some((key, _)) = entries.iter().find(|(key, _)| holds(*key)) {
                        let path = path.key(self.tree.key_text(*key));
                        return Some(Spot { path, is_key: true });
                    }
                    let entry = entries.iter().rfind(|(_, value)| holds(*value));
                    entry.map(|&(key, value)| (Segment::Key(self.tree.key_text(key).into()), value))
                }
                Kind::Sequence(items) => {
                    let index = items.iter().rposition(|&item| holds(item));
                    index.map(|index| (Segment::Index(index), items[index]))
                }
                Kind::Scalar { .. } | Kind::Alias(_) => None,
            };
            match next {
                Some((segment, value)) => (path, at) = (path.join(&[segment]), value),
                None if holds(at) => {
                    return Some(Spot {
                        path,
                        is_key: false,
                    });
                }
                None => return None,
            }
        }
    }

    /// Returns the bytes that the part `range` of the string at `path` is written with; `None` if that cannot be told.
    pub fn exact_span(&self, path: &Path, range: &Range<usize>) -> Option<Range<usize>> {
        let (_, value) = self.tree.find(path)?;
        self.exact_part(self.tree.resolved(value), range)
    }

    /// Returns the bytes of each key with its value, and of each item of a list, that is written on several lines.
    pub fn folds(&self) -> Vec<Range<usize>> {
        let text = self.source.text();
        let fold = |start: NodeId, end: NodeId| {
            let (start, end) = (
                self.tree.node(start).span.start,
                self.tree.node(end).span.end,
            );
            let span = start..start + text.get(start..end)?.trim_end().len();
            text[span.clone()].contains('\n').then_some(span)
        };
        let mut folds = Vec::new();
        for node in &self.tree.nodes {
            match &node.kind {
                Kind::Mapping(entries) => {
                    folds.extend(entries.iter().filter_map(|&(key, value)| fold(key, value)));
                }
                Kind::Sequence(items) => {
                    folds.extend(items.iter().filter_map(|&item| fold(item, item)));
                }
                Kind::Scalar { .. } | Kind::Alias(_) => {}
            }
        }
        folds.sort_by_key(|span| (span.start, span.end));
        folds
    }
}
