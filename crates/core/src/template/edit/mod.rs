//! Changes of a document as edits of its text, which leave comments and formatting as they are.

mod block;
mod comment;
mod insert;
pub(super) mod layout;
mod nest;
mod remove;
mod reshape;
mod rewrite;
mod scalar;
mod shared;

use super::document::Document;
use super::path::Path;
use super::tree::NodeId;
use crate::template::replacement::Edit;
use layout::Layout;
pub use nest::flow;
pub use reshape::Form;
use serde_json::Value;
use std::ops::Range;

/// A change of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Renames the key at the end of the path.
    Rename(Path, String),
    /// Replaces the scalar at the path by this word.
    SetWord(Path, String),
    /// Replaces the scalar at the path by this integer.
    SetInteger(Path, i64),
    /// Puts the unquoted scalar at the path in quotes.
    Quote(Path),
    /// Replaces a part (in bytes) of the string at the path by this text.
    Replace(Path, Range<usize>, String),
    /// Puts these texts before and behind a part (in bytes) of the string at the path.
    Wrap(Path, Range<usize>, [String; 2]),
    /// Removes these entries or items of one container, and each container that this leaves empty.
    Remove(Vec<Path>),
    /// Appends these words to the list at the path; null counts as an empty list.
    Append(Path, Vec<String>),
    /// Inserts entries behind the one at a path, in the same mapping.
    Insert {
        /// The entry before them.
        after: Path,
        /// Their keys and values.
        entries: Vec<(String, Value)>,
    },
    /// Replaces the value at the path by this one, on one line.
    Write(Path, Value),
    /// Replaces the value at the path by this one, on several lines unless it stands within brackets.
    Rewrite(Path, Value),
    /// Writes the mapping or the list at the path in another form.
    Reshape(Path, Form),
    /// Inserts these texts before the first item of the list at the path.
    Prepend(Path, Vec<String>),
    /// Adds an item to a list, behind the last, and the list if there is none.
    AddItem {
        /// The mapping that the list belongs to.
        mapping: Path,
        /// The key of the list.
        key: String,
        /// The entries of the item, in order.
        item: Vec<(String, Value)>,
    },
    /// Moves these entries of one mapping into a mapping of their own under this key.
    Nest(Vec<Path>, String),
    /// Makes all of these, at different places.
    All(Vec<Change>),
}

/// Edits that make a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edits {
    /// The replacements, in order of position; they do not overlap.
    pub list: Vec<Edit>,
    /// The bytes that must be as they are for the replacements to be right.
    pub within: Range<usize>,
    /// Number of places of the document that the change affects; aliases and merge keys make it more than 1.
    pub places: usize,
    /// True if the change removes a comment.
    pub loses_comment: bool,
}

impl Document {
    pub(super) fn layout(&self) -> Layout<'_> {
        Layout {
            source: &self.source,
            tree: &self.tree,
        }
    }

    /// Returns the edits that make `change`; `None` if it makes no sense, or the style of the text does not allow
    /// it.
    pub fn edits(&self, change: &Change) -> Option<Edits> {
        let layout = self.layout();
        let (mut list, node) = match change {
            Change::Rename(path, name) => {
                let parent = path.parent()?;
                let is_taken = parent.key(name).get(&self.value).is_some();
                layout.rename(path, name).filter(|_| !is_taken)?
            }
            Change::SetWord(path, word) => layout.set_word(path, word)?,
            Change::SetInteger(path, number) => layout.set_integer(path, *number)?,
            Change::Quote(path) => layout.quote(path)?,
            Change::Replace(path, range, text) => {
                layout.replace(self.string_part(path, range)?, text)?
            }
            Change::Wrap(path, range, texts) => {
                layout.wrap(self.string_part(path, range)?, texts)?
            }
            Change::Remove(paths) => layout.remove(paths)?,
            Change::Append(path, words) => layout.append(path, words)?,
            Change::Insert { after, entries } => {
                let parent = after.parent()?;
                let is_taken =
                    |(key, _): &(String, Value)| parent.key(key).get(&self.value).is_some();
                let is_free = !entries.iter().any(is_taken);
                layout.insert(after, entries).filter(|_| is_free)?
            }
            Change::Write(path, value) => layout.write(path, value)?,
            Change::Reshape(path, form) => layout.reshape(path, *form)?,
            Change::Rewrite(path, value) => {
                let (edits, node) = layout.rewrite(path, value)?;
                (!layout.tree.is_referred_to(node)).then_some((edits, node))?
            }
            Change::Prepend(path, texts) => layout.prepend(path, texts)?,
            Change::AddItem { mapping, key, item } => layout.add_item(mapping, key, item)?,
            Change::Nest(paths, key) => layout.nest(paths, key)?,
            Change::All(changes) => return self.all(changes),
        };
        list.sort_by_key(|edit| edit.span.start);
        let around = match change {
            // What stands beside it could become the same.
            Change::Rename(path, _) | Change::SetWord(path, _) => {
                self.tree.find(&path.parent()?)?.1
            }
            _ => node,
        };
        let around = &self.tree.node(self.tree.resolved(around)).span;
        let start = list.first()?.span.start.min(around.start);
        let end = list.last()?.span.end.max(around.end);
        let mut gone = list.iter().map(|edit| &edit.span);
        Some(Edits {
            loses_comment: gone.any(|span| layout.has_comment(span)),
            list,
            within: start..end,
            places: self.places()[node],
        })
    }

    /// The bytes of a part of the string at `path`, which is not empty, and the string's node.
    fn string_part(&self, path: &Path, range: &Range<usize>) -> Option<(Range<usize>, NodeId)> {
        let (_, value) = self.tree.find(path)?;
        let node = self.tree.resolved(value);
        let span = self.exact_part(node, range)?;
        (!range.is_empty()).then_some((span, node))
    }

    /// The edits of several changes; `None` if one cannot be made, is seen in several places, or touches
    /// another, or if a comment would be lost.
    fn all(&self, changes: &[Change]) -> Option<Edits> {
        let parts: Option<Vec<_>> = changes.iter().map(|change| self.edits(change)).collect();
        let parts = parts?;
        let ends = |part: &Edits| (part.within.start, part.within.end);
        let start = parts.iter().map(|part| ends(part).0).min()?;
        let end = parts.iter().map(|part| ends(part).1).max()?;
        let keeps_comments = !parts.iter().any(|part| part.loses_comment);
        let is_single = parts.iter().all(|part| part.places == 1);
        let mut list: Vec<_> = parts.into_iter().flat_map(|part| part.list).collect();
        list.sort_by_key(|edit| edit.span.start);
        let is_apart = |pair: &[Edit]| {
            let [before, behind] = pair else { return true };
            before.span.end <= behind.span.start && before.span.start < behind.span.start
        };
        let is_right = is_single && keeps_comments && list.windows(2).all(is_apart);
        is_right.then_some(Edits {
            list,
            within: start..end,
            places: 1,
            loses_comment: false,
        })
    }
}
