//! Scalars without quotes, whose types readers tell from their text.

use super::document::{Document, Syntax};
use super::edit::layout::Layout;
use super::path::Path;
use super::tree::{Kind, NodeId, Style, Tree};
use serde_json::Value;
use std::collections::HashSet;

/// A scalar that is written without quotes and without a tag.
pub struct Plain<'d> {
    /// Its path.
    pub path: Path,
    /// Its text.
    pub text: &'d str,
    /// Its value; `None` for the key at the end of the path.
    pub value: Option<&'d Value>,
}

impl Document {
    /// Returns true for JSON, which leaves no doubt of a scalar's type.
    pub fn is_json(&self) -> bool {
        self.syntax == Syntax::Json
    }

    /// Returns every scalar that is written without quotes, keys among them, once for each place where it is
    /// seen. In JSON these are numbers, booleans and null.
    pub fn plain_scalars(&self) -> Vec<Plain<'_>> {
        let mut found = Vec::new();
        let walk = Walk {
            tree: &self.tree,
            layout: self.layout(),
        };
        if let Some(root) = self.tree.root {
            walk.value(root, &self.value, &Path::root(), &mut found);
        }
        found
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
        let within = |plain: &Plain<'_>| paths.iter().any(|path| plain.path.is_within(path));
        for plain in self.plain_scalars().into_iter().filter(within) {
            if let Some(text) = plain.inexact()
                && let Some(value) = plain.path.get_mut(&mut exact)
            {
                *value = text.into();
            }
        }
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

struct Walk<'d> {
    tree: &'d Tree,
    layout: Layout<'d>,
}

impl<'d> Walk<'d> {
    fn value(&self, id: NodeId, value: &'d Value, path: &Path, found: &mut Vec<Plain<'d>>) {
        let id = self.tree.resolved(id);
        match (&self.tree.node(id).kind, value) {
            (Kind::Sequence(items), Value::Array(values)) => {
                for (index, (item, value)) in items.iter().zip(values).enumerate() {
                    self.value(*item, value, &path.index(index), found);
                }
            }
            (Kind::Mapping(_), Value::Object(map)) => {
                for (key, item) in self.entries(id) {
                    let name = self.tree.key_text(key);
                    let Some(value) = map.get(name) else {
                        continue;
                    };
                    let path = path.key(name);
                    found.extend(self.plain(key).map(|text| Plain {
                        path: path.clone(),
                        text,
                        value: None,
                    }));
                    self.value(item, value, &path, found);
                }
            }
            _ => found.extend(self.plain(id).map(|text| Plain {
                path: path.clone(),
                text,
                value: Some(value),
            })),
        }
    }

    /// Returns the text of a scalar without quotes.
    fn plain(&self, id: NodeId) -> Option<&'d str> {
        let id = self.tree.resolved(id);
        match &self.tree.node(id).kind {
            Kind::Scalar {
                style: Style::Plain,
                text,
            } if !text.is_empty() && !self.layout.is_tagged(id) => Some(text),
            _ => None,
        }
    }

    /// Returns the entries of a mapping, those of its merge keys among them.
    fn entries(&self, mapping: NodeId) -> Vec<(NodeId, NodeId)> {
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
        entries
    }
}
