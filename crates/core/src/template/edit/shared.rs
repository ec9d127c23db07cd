//! Places whose text stands for other places, too, through aliases and merge keys.

use super::layout::Layout;
use crate::template::document::Document;
use crate::template::path::Path;
use crate::template::replacement::Edit;
use crate::template::tree::{Kind, NodeId};
use std::collections::BTreeSet;

impl Document {
    /// Returns the edits that write out aliases and merge keys, so that the text of each of `paths` can be changed for
    /// that place alone, and of no other.
    ///
    /// # Errors
    ///
    /// Fails with a place that cannot be written out.
    pub fn set_apart(&self, paths: &[Path]) -> Result<Vec<Edit>, Path> {
        let mut edits = Vec::new();
        for path in self.shared(paths) {
            let value = path.get(&self.value);
            let written = value.and_then(|value| self.layout().rewrite(&path, value));
            edits.extend(written.ok_or(path)?.0);
        }
        edits.sort_by_key(|edit| edit.span.start);
        Ok(edits)
    }

    /// Returns the places to write out: the aliases and merge keys on the way to one of `paths`, and those elsewhere that
    /// refer to one of them, to a part of it, or to what it is in. None lies in another.
    fn shared(&self, paths: &[Path]) -> Vec<Path> {
        let layout = self.layout();
        let mut found: BTreeSet<Path> = BTreeSet::new();
        loop {
            let changed: Vec<&Path> = paths.iter().chain(&found).collect();
            let mut new: Vec<Path> = changed
                .iter()
                .filter_map(|path| self.first_shared(path))
                .collect();
            let nodes = changed.iter().filter_map(|path| self.tree.find(path));
            let changed: Vec<NodeId> = nodes.map(|(_, node)| self.tree.resolved(node)).collect();
            if let Some(root) = self.tree.root {
                layout.aliases_of(&changed, root, &Path::root(), &mut new);
            }
            let count = found.len();
            found.extend(new);
            if found.len() == count {
                let is_inner = |path: &Path| {
                    found
                        .iter()
                        .any(|other| other != path && path.is_within(other))
                };
                return found
                    .iter()
                    .filter(|path| !is_inner(path))
                    .cloned()
                    .collect();
            }
        }
    }

    /// Returns the first place on the way to `path` that an alias stands for, or that a merge key adds entries to.
    fn first_shared(&self, path: &Path) -> Option<Path> {
        let mut way = Path::root();
        for segment in path.segments() {
            let next = way.join(std::slice::from_ref(segment));
            if let Some(alias) = self.tree.alias(&next) {
                let (_, value) = self.tree.find(&next)?;
                return Some(if alias == value { next } else { way });
            }
            way = next;
        }
        None
    }
}

impl Layout<'_> {
    /// Collects the places below the node `at` where an alias stands for one of `nodes`, for a part of it, or for what it is in.
    fn aliases_of(&self, nodes: &[NodeId], at: NodeId, path: &Path, found: &mut Vec<Path>) {
        let is_within =
            |node: NodeId, other: NodeId| (self.tree.first_inside(other)..=other).contains(&node);
        let refers = |id: NodeId| match self.tree.node(id).kind {
            Kind::Alias(target) => nodes
                .iter()
                .any(|&node| is_within(target, node) || is_within(node, target)),
            _ => false,
        };
        match &self.tree.node(at).kind {
            Kind::Alias(_) if refers(at) => found.push(path.clone()),
            Kind::Alias(_) | Kind::Scalar { .. } => {}
            Kind::Sequence(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.aliases_of(nodes, *item, &path.index(index), found);
                }
            }
            Kind::Mapping(entries) => {
                for &(key, value) in entries {
                    let sources = match &self.tree.node(value).kind {
                        Kind::Sequence(items) => items.as_slice(),
                        _ => &[],
                    };
                    let is_merge = self.tree.is_merge_key(key)
                        && (refers(value) || sources.iter().any(|source| refers(*source)));
                    if is_merge || refers(key) {
                        found.push(path.clone());
                    } else {
                        self.aliases_of(nodes, value, &path.key(self.tree.key_text(key)), found);
                    }
                }
            }
        }
    }
}
