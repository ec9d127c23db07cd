//! Keys that are another word for a field: what is under them is looked at as if they had its name.

use crate::lint::fact::Fact;
use crate::template::{Path, PathSet, Segment};
use serde_json::Value;

/// Keys as they are written, with the names that they are read as.
#[derive(Default)]
pub(super) struct Renames(Vec<(Path, String)>);

impl Renames {
    /// Returns the unknown keys of `document` that are beyond doubt another word for a field that is not there.
    pub fn of(document: &Value, structural: &[Fact<'_>]) -> Self {
        let mut found: Vec<(Path, String)> = Vec::new();
        for fact in structural {
            let path = fact.place.path();
            let (Some(name), Some(parent)) = (fact.renamed_field(), path.parent()) else {
                continue;
            };
            let is_taken = parent.key(&name).get(document).is_some()
                || found.iter().any(|(other, taken)| {
                    other.parent().as_ref() == Some(&parent) && *taken == name
                });
            if !is_taken {
                found.push((path.clone(), name));
            }
        }
        Self(found)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys as they are written.
    pub fn paths(&self) -> PathSet {
        self.0.iter().map(|(path, _)| path).collect()
    }

    /// Renames the keys in `value`.
    pub fn apply(&self, value: &mut Value) {
        for (path, name) in &self.0 {
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
        self.swapped(read, |path, name| {
            let parent = path.parent().unwrap_or_default();
            (parent.key(name), path.clone())
        })
    }

    /// Returns the path as it is read of one that is written.
    pub fn read(&self, written: &Path) -> Path {
        self.swapped(written.clone(), |path, name| {
            let parent = path.parent().unwrap_or_default();
            (path.clone(), parent.key(name))
        })
    }

    fn swapped(&self, path: Path, ends: impl Fn(&Path, &str) -> (Path, Path)) -> Path {
        let mut pairs = self.0.iter().map(|(path, name)| ends(path, name));
        match pairs.find(|(from, _)| path.is_within(from)) {
            Some((from, to)) => {
                let rest: &[Segment] = &path.segments()[from.segments().len()..];
                to.join(rest)
            }
            None => path,
        }
    }
}
