//! Keys that are another word for a field: what is under them is looked at as if they had its name.

use crate::lint::fact::Fact;
use crate::template::{Path, PathSet};
use serde_json::Value;
use std::collections::HashMap;

/// Keys as they are written, with the names that they are read as.
#[derive(Default)]
pub(super) struct Renames {
    /// In the order of the document.
    keys: Vec<(Path, String)>,
    /// Paths as they are read, by those that are written.
    read: HashMap<Path, Path>,
    /// Paths as they are written, by those that are read.
    written: HashMap<Path, Path>,
}

impl Renames {
    /// Returns the unknown keys of `document` that are beyond doubt another word for a field that is not there.
    pub fn of(document: &Value, structural: &[Fact<'_>]) -> Self {
        let mut renames = Self::default();
        for fact in structural {
            let path = fact.place.path();
            let (Some(name), Some(parent)) = (fact.renamed_field(), path.parent()) else {
                continue;
            };
            let read = parent.key(&name);
            if read.get(document).is_none() && !renames.written.contains_key(&read) {
                renames.read.insert(path.clone(), read.clone());
                renames.written.insert(read, path.clone());
                renames.keys.push((path.clone(), name));
            }
        }
        renames
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys as they are written.
    pub fn paths(&self) -> PathSet {
        self.keys.iter().map(|(path, _)| path).collect()
    }

    /// Renames the keys in `value`.
    pub fn apply(&self, value: &mut Value) {
        for (path, name) in &self.keys {
            let (Some(parent), Some(key)) = (path.parent(), path.last_key()) else {
                continue;
            };
            if let Some(Value::Object(object)) = parent.get_mut(value)
                && let Some(content) = object.remove(key)
            {
                object.insert(name.clone(), content);
            }
        }
    }

    /// Returns the path as it is written of one that was read.
    pub fn written(&self, read: Path) -> Path {
        swapped(&self.written, read)
    }

    /// Returns the path as it is read of one that is written.
    pub fn read(&self, written: &Path) -> Path {
        swapped(&self.read, written.clone())
    }
}

/// Replaces the start of `path` that is a key of `ends` by its value.
fn swapped(ends: &HashMap<Path, Path>, path: Path) -> Path {
    let segments = path.segments();
    let start = (0..=segments.len()).find_map(|length| {
        let to = ends.get(&segments[..length])?;
        Some(to.join(&segments[length..]))
    });
    start.unwrap_or(path)
}
