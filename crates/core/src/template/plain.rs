//! Unquoted scalars, whose types depend on their texts.

use super::document::Document;
use super::path::{Path, Segment};
use super::syntax::Syntax;
use super::tree::{Kind, NodeId, Style, Tag, Tree};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;

/// A scalar that is written without quotes and without a tag.
pub struct Plain<'d> {
    /// Its path.
    pub path: &'d Path,
    /// Its text.
    pub text: &'d str,
    /// Its value; `None` for the key at the end of the path.
    pub value: Option<&'d Value>,
}

/// A scalar, a list or a mapping that is written with a tag.
pub struct Tagged<'d> {
    /// Its path.
    pub path: Path,
    /// Its tag.
    pub tag: &'d Tag,
    /// Its text; `None` for a list or a mapping.
    pub text: Option<&'d str>,
    /// True for the key at the end of the path.
    pub is_key: bool,
    /// True for a scalar without quotes.
    pub is_plain: bool,
}

impl Document {
    /// Returns true for JSON, which leaves no doubt of a scalar's type.
    pub fn is_json(&self) -> bool {
        self.syntax == Syntax::Json
    }

    /// Calls `see` with every scalar that is written without quotes, keys among them, once for each place where it is
    /// seen. In JSON these are numbers, booleans and null.
    pub fn plain_scalars(&self, see: &mut dyn FnMut(Plain<'_>)) {
        self.walk(&mut |id, path, value| match &self.tree.node(id).kind {
            Kind::Scalar {
                style: Style::Plain,
                text,
            } if !text.is_empty() && !self.tree.is_tagged(id) => see(Plain { path, text, value }),
            _ => {}
        });
    }

    /// Returns all that is written with a tag, once for each place where it is seen.
    pub fn tagged(&self) -> Vec<Tagged<'_>> {
        let mut found = Vec::new();
        if self.tree.tags.is_empty() {
            return found;
        }
        self.walk(&mut |id, path, value| {
            let Some(tag) = self.tree.tag(id) else {
                return;
            };
            let (text, is_plain) = match &self.tree.node(id).kind {
                Kind::Scalar { style, text } => (Some(text.as_str()), *style == Style::Plain),
                _ => (None, false),
            };
            found.push(Tagged {
                path: path.clone(),
                tag,
                text,
                is_key: value.is_none(),
                is_plain,
            });
        });
        found
    }

    /// Calls `seen` on each node with its path and value, `None` for a key; aliases followed.
    fn walk<'d>(&'d self, seen: &mut Seen<'_, 'd>) {
        if let Some(root) = self.tree.root {
            let walk = Walk { tree: &self.tree };
            walk.value(root, &self.value, &mut Path::root(), seen);
        }
    }

    /// Returns the text of the scalar at `path`, that of an anchor for its alias.
    pub fn scalar_text(&self, path: &Path) -> Option<&str> {
        let (_, id) = self.tree.find(path)?;
        match &self.tree.node(self.tree.resolved(id)).kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Returns the value with the numbers at and below `paths` as they are written: a number that reads back as
    /// another one, for its size or its digits, becomes its text.
    pub fn with_numbers_as_written(&self, paths: &[Path]) -> Value {
        let mut exact = self.value.clone();
        self.plain_scalars(&mut |plain| {
            if paths.iter().any(|path| plain.path.is_within(path))
                && let Some(text) = plain.inexact()
                && let Some(value) = plain.path.get_mut(&mut exact)
            {
                *value = text.into();
            }
        });
        exact
    }
}

impl<'d> Plain<'d> {
    /// Returns the text of a number whose value is written otherwise, except in another notation of an integer.
    fn inexact(&self) -> Option<&'d str> {
        let is_inexact = match self.value? {
            Value::Number(number) => match number.as_i64() {
                Some(integer) => {
                    self.text.parse() == Ok(integer) && number.to_string() != self.text
                }
                None => true,
            },
            // A number that is out of reach, such as `1e400`.
            Value::String(text) => text != self.text,
            _ => false,
        };
        is_inexact.then_some(self.text)
    }
}

type Seen<'s, 'd> = dyn FnMut(NodeId, &Path, Option<&'d Value>) + 's;

struct Walk<'d> {
    tree: &'d Tree,
}

impl<'d> Walk<'d> {
    fn value(&self, id: NodeId, value: &'d Value, path: &mut Path, seen: &mut Seen<'_, 'd>) {
        let id = self.tree.resolved(id);
        seen(id, path, Some(value));
        match (&self.tree.node(id).kind, value) {
            (Kind::Sequence(items), Value::Array(values)) => {
                for (index, (item, value)) in items.iter().zip(values).enumerate() {
                    path.push(Segment::Index(index));
                    self.value(*item, value, path, seen);
                    path.pop();
                }
            }
            (Kind::Mapping(_), Value::Object(map)) => {
                for &(key, item) in self.entries(id).iter() {
                    let name = self.tree.key_text(key);
                    let Some(value) = map.get(name) else {
                        continue;
                    };
                    path.push(Segment::Key(name.into()));
                    seen(self.tree.resolved(key), path, None);
                    self.value(item, value, path, seen);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    /// Returns the entries of a mapping, those of its merge keys among them.
    fn entries(&self, mapping: NodeId) -> Cow<'d, [(NodeId, NodeId)]> {
        if let Kind::Mapping(own) = &self.tree.node(mapping).kind
            && !own.iter().any(|(key, _)| self.tree.is_merge_key(*key))
        {
            return own.into();
        }
        let mut entries = Vec::new();
        let mut seen = HashSet::new();
        let mut names = HashSet::new();
        let mut open = vec![mapping];
        while let Some(id) = open.pop().map(|id| self.tree.resolved(id)) {
            // Sources can have sources, some of them the same.
            if !seen.insert(id) {
                continue;
            }
            match &self.tree.node(id).kind {
                Kind::Sequence(sources) => open.extend(sources.iter().rev()),
                Kind::Mapping(own) => {
                    for &(key, value) in own {
                        if self.tree.is_merge_key(key) {
                            open.push(value);
                        } else if names.insert(self.tree.key_text(key)) {
                            entries.push((key, value));
                        }
                    }
                }
                _ => {}
            }
        }
        entries.into()
    }
}
