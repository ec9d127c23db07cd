//! Paths in a document: the keys and indices from the root to a value.

use compact_str::CompactString;
use serde_json::Value;
use std::borrow::Borrow;
use std::collections::HashSet;

/// One segment of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// The value under this key of a mapping. Most keys are short, and paths are copied all the time.
    Key(CompactString),
    /// The item at this index of a sequence, from 0.
    Index(usize),
}

/// The way from the root of a document to one of its values; empty for the root itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Segment>);

impl Path {
    /// The path of the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// The path of the value under `key`, below this one.
    #[must_use]
    pub fn key(&self, key: impl Into<CompactString>) -> Self {
        self.with(Segment::Key(key.into()))
    }

    /// The path of the item at `index`, below this one.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(Segment::Index(index))
    }

    fn with(&self, segment: Segment) -> Self {
        let mut segments = Vec::with_capacity(self.0.len() + 1);
        segments.extend_from_slice(&self.0);
        segments.push(segment);
        Self(segments)
    }

    /// Goes down by one segment.
    pub(crate) fn push(&mut self, segment: Segment) {
        self.0.push(segment);
    }

    /// Goes up by one segment.
    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }

    /// This path, then the segments of `rest`.
    #[must_use]
    pub fn join(&self, rest: &[Segment]) -> Self {
        Self(self.0.iter().chain(rest).cloned().collect())
    }

    /// The segments, from the root down.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The last segment's key, if it is one.
    pub fn last_key(&self) -> Option<&str> {
        match self.0.last() {
            Some(Segment::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// The container that holds what this path names; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        let (_, init) = self.0.split_last()?;
        Some(Self(init.to_vec()))
    }

    /// Returns true if this path is `other` or lies below it.
    pub fn is_within(&self, other: &Path) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The path as a JSON pointer (RFC 6901).
    pub fn pointer(&self) -> String {
        let mut out = String::new();
        for segment in &self.0 {
            out.push('/');
            match segment {
                Segment::Key(key) => out.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Segment::Index(index) => out.push_str(&index.to_string()),
            }
        }
        out
    }

    /// Reads a JSON pointer (RFC 6901) into `document`, which tells keys from indices. Segments
    /// below the last container that `document` has are dropped.
    pub fn from_pointer(pointer: &str, document: &Value) -> Self {
        let mut path = Self::root();
        let mut at = Some(document);
        for segment in pointer.split('/').skip(1) {
            let segment = segment.replace("~1", "/").replace("~0", "~");
            match at {
                Some(Value::Object(map)) => {
                    at = map.get(&segment);
                    path = path.key(segment);
                }
                Some(Value::Array(items)) => {
                    let Ok(index) = segment.parse::<usize>() else {
                        break;
                    };
                    at = items.get(index);
                    path = path.index(index);
                }
                _ => break,
            }
        }
        path
    }

    /// Returns the value at this path of `document`.
    pub fn get<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        self.0
            .iter()
            .try_fold(document, |at, segment| match segment {
                Segment::Key(key) => at.get(key.as_str()),
                Segment::Index(index) => at.get(index),
            })
    }

    /// Returns the value at this path of `document`, mutably.
    pub fn get_mut<'v>(&self, document: &'v mut Value) -> Option<&'v mut Value> {
        self.0
            .iter()
            .try_fold(document, |at, segment| match segment {
                Segment::Key(key) => at.get_mut(key.as_str()),
                Segment::Index(index) => at.get_mut(index),
            })
    }
}

impl Borrow<[Segment]> for Path {
    fn borrow(&self) -> &[Segment] {
        &self.0
    }
}

/// Set of paths that answers questions about containment in time proportional to a path's length.
#[derive(Debug, Default)]
pub struct PathSet {
    paths: HashSet<Path>,
    /// The paths and all that contain them.
    containers: HashSet<Path>,
}

impl PathSet {
    /// Adds a path.
    pub fn insert(&mut self, path: &Path) {
        if self.paths.insert(path.clone()) {
            let mut above = Some(path.clone());
            while let Some(path) = above.filter(|path| !self.containers.contains(path)) {
                above = path.parent();
                self.containers.insert(path);
            }
        }
    }

    /// Returns true if `path` is in the set or lies below one that is.
    pub fn covers(&self, path: &Path) -> bool {
        let segments = path.segments();
        (0..=segments.len()).any(|length| self.paths.contains(&segments[..length]))
    }

    /// Returns true if `path` is in the set or contains one that is.
    pub fn has_within(&self, path: &Path) -> bool {
        self.containers.contains(path)
    }
}

impl<'p> FromIterator<&'p Path> for PathSet {
    fn from_iter<T: IntoIterator<Item = &'p Path>>(paths: T) -> Self {
        let mut set = Self::default();
        paths.into_iter().for_each(|path| set.insert(path));
        set
    }
}

/// Calls `see` with every value of `document` and its path, containers before their contents.
pub fn visit<'v>(document: &'v Value, see: &mut dyn FnMut(&Path, &'v Value)) {
    fn go<'v>(path: &mut Path, value: &'v Value, see: &mut dyn FnMut(&Path, &'v Value)) {
        see(path, value);
        let mut child = |segment: Segment, value: &'v Value| {
            path.push(segment);
            go(path, value, see);
            path.pop();
        };
        match value {
            Value::Object(map) => map
                .iter()
                .for_each(|(k, v)| child(Segment::Key(k.into()), v)),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.for_each(|(index, v)| child(Segment::Index(index), v));
            }
            _ => {}
        }
    }
    go(&mut Path::root(), document, see);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pointer_reads_back_as_the_path_it_was_made_from() {
        let document = json!({"a/b": [{"0": {"~": 1}}]});
        let path = Path::root().key("a/b").index(0).key("0").key("~");
        assert_eq!(path.pointer(), "/a~1b/0/0/~0");
        assert_eq!(Path::from_pointer(&path.pointer(), &document), path);
        assert_eq!(path.get(&document), Some(&json!(1)));
    }

    #[test]
    fn a_visit_meets_containers_before_what_they_hold() {
        let document = json!({"a": [1], "b": 2});
        let mut pointers = Vec::new();
        visit(&document, &mut |path, _| pointers.push(path.pointer()));
        assert_eq!(pointers, ["", "/a", "/a/0", "/b"]);
    }
}
