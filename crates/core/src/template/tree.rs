//! The span tree: the nodes of a document as written, with their places.
//!
//! Aliases and merge keys are kept as they are and resolved when something is looked up.

use super::path::{Path, Segment};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::OnceLock;

/// Style of a scalar, which decides how its text maps to the characters of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    /// Also the strings of JSON, whose escapes are a subset.
    DoubleQuoted,
    Literal,
    Folded,
}

/// Tag of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// A type of YAML, such as `int` for `!!int`.
    Core(String),
    /// `!`, which asks for no type.
    NonSpecific,
    /// Any other.
    Local,
}

pub(super) type NodeId = usize;

#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Without anchor and tag; a container ends where its last child does.
    pub span: Range<usize>,
    pub kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Scalar { style: Style, text: String },
    Sequence(Vec<NodeId>),
    Mapping(Vec<(NodeId, NodeId)>),
    Alias(NodeId),
}

/// All nodes of a document; containers refer to their children by index.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    pub nodes: Vec<Node>,
    pub root: Option<NodeId>,
    /// The nodes that are written with a tag, sorted, and their tags.
    pub tags: Vec<(NodeId, Tag)>,
    /// The entries of mappings with many keys, sorted by key. Made at the first look-up.
    wide: OnceLock<HashMap<NodeId, Vec<(NodeId, NodeId)>>>,
    /// What aliases stand for, in order, each with its alias. Made at the first look-up.
    aliases: OnceLock<Vec<(NodeId, NodeId)>>,
    /// The scalars, in order of position. Made at the first look-up.
    scalars: OnceLock<Vec<NodeId>>,
}

/// Number of entries above which a mapping is searched through an index.
const WIDE: usize = 16;

/// A merge key's sources can nest; a document that gets this deep has no value to look up.
const MAX_MERGE_DEPTH: usize = 64;

impl Tree {
    pub fn push(&mut self, span: Range<usize>, kind: Kind) -> NodeId {
        self.nodes.push(Node { span, kind });
        self.nodes.len() - 1
    }

    /// The node as written: an alias stays one.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    /// The node, or what its alias stands for.
    pub fn resolved(&self, id: NodeId) -> NodeId {
        match self.nodes[id].kind {
            // An anchor's own node is never an alias, so one step is enough.
            Kind::Alias(target) => target,
            _ => id,
        }
    }

    /// Returns the tag that a node is written with, if it has one.
    pub fn tag(&self, id: NodeId) -> Option<&Tag> {
        let index = self.tags.binary_search_by_key(&id, |(tagged, _)| *tagged);
        Some(&self.tags[index.ok()?].1)
    }

    /// Returns true if a node is written with a tag.
    pub fn is_tagged(&self, id: NodeId) -> bool {
        self.tag(id).is_some()
    }

    /// The text of a key; empty for a key that is no scalar.
    pub fn key_text(&self, id: NodeId) -> &str {
        match &self.nodes[self.resolved(id)].kind {
            Kind::Scalar { text, .. } => text,
            _ => "",
        }
    }

    /// The key and value nodes at `path` as written, the value's alias (if it is one) unresolved.
    /// The key is that of the last segment, if that is a key.
    pub fn find(&self, path: &Path) -> Option<(Option<NodeId>, NodeId)> {
        let mut at = (None, self.root?);
        for segment in path.segments() {
            let container = self.resolved(at.1);
            at = match (segment, &self.nodes[container].kind) {
                (Segment::Key(key), Kind::Mapping(_)) => {
                    let (key, value) = self.entry(container, key, 0)?;
                    (Some(key), value)
                }
                (Segment::Index(index), Kind::Sequence(items)) => (None, *items.get(*index)?),
                _ => return None,
            };
        }
        Some(at)
    }

    /// Returns the first alias on the way to `path`, its end included, or the first merge source of the mapping
    /// that has a part of the way through one.
    pub fn alias(&self, path: &Path) -> Option<NodeId> {
        let mut at = self.root?;
        for segment in path.segments() {
            at = match (segment, &self.nodes[at].kind) {
                (_, Kind::Alias(_)) => return Some(at),
                (Segment::Key(key), Kind::Mapping(entries)) => {
                    let Some((_, value)) = self.own_entry(at, key) else {
                        self.merged_entry(at, key, 0)?;
                        let mut merges = entries.iter().filter(|entry| self.is_merge_key(entry.0));
                        return merges.next().map(|entry| entry.1);
                    };
                    value
                }
                (Segment::Index(index), Kind::Sequence(items)) => *items.get(*index)?,
                _ => return None,
            };
        }
        matches!(self.nodes[at].kind, Kind::Alias(_)).then_some(at)
    }

    /// Returns true if a node is a mapping that says of itself that it is a template, or a list of such.
    pub fn is_labelled(&self, id: NodeId) -> bool {
        let is_version = |entry: &(NodeId, NodeId)| {
            let revisions = ["jobtemplate-", "environment-"];
            let is_key = self.key_text(entry.0) == "specificationVersion";
            is_key
                && revisions
                    .iter()
                    .any(|start| self.key_text(entry.1).starts_with(start))
        };
        match &self.nodes[self.resolved(id)].kind {
            Kind::Mapping(entries) => entries.iter().any(is_version),
            Kind::Sequence(items) => items.iter().any(|item| self.is_labelled(*item)),
            Kind::Scalar { .. } | Kind::Alias(_) => false,
        }
    }

    /// The entry of `key` in a mapping: its own, else that of the first merge source that has it.
    fn entry(&self, mapping: NodeId, key: &str, depth: usize) -> Option<(NodeId, NodeId)> {
        self.own_entry(mapping, key)
            .or_else(|| self.merged_entry(mapping, key, depth))
    }

    /// The entry with the key that is written in the mapping itself.
    fn own_entry(&self, mapping: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        let Kind::Mapping(entries) = &self.nodes[mapping].kind else {
            return None;
        };
        let own = if entries.len() > WIDE {
            let sorted = self.wide().get(&mapping)?;
            let at = sorted.partition_point(|entry| self.key_text(entry.0) < key);
            sorted.get(at)
        } else {
            entries.iter().find(|entry| self.key_text(entry.0) == key)
        };
        own.filter(|entry| self.key_text(entry.0) == key).copied()
    }

    fn wide(&self) -> &HashMap<NodeId, Vec<(NodeId, NodeId)>> {
        self.wide.get_or_init(|| {
            let mut wide = HashMap::new();
            for (id, node) in self.nodes.iter().enumerate() {
                if let Kind::Mapping(entries) = &node.kind
                    && entries.len() > WIDE
                {
                    let mut sorted = entries.clone();
                    sorted.sort_by_key(|entry| self.key_text(entry.0));
                    wide.insert(id, sorted);
                }
            }
            wide
        })
    }

    /// Returns true if an alias elsewhere refers to the node or to one inside it.
    pub fn is_referred_to(&self, id: NodeId) -> bool {
        let aliases = self.aliases.get_or_init(|| {
            let ids = 0..self.nodes.len();
            let mut aliases: Vec<_> = ids.map(|id| (self.resolved(id), id)).collect();
            aliases.retain(|(target, id)| target != id);
            aliases.sort_unstable();
            aliases
        });
        let inside = self.first_inside(id)..=id;
        let start = aliases.partition_point(|(target, _)| target < inside.start());
        let own = aliases[start..].iter();
        let mut own = own.take_while(|(target, _)| inside.contains(target));
        own.any(|(_, alias)| !inside.contains(alias))
    }

    /// The last scalar that starts before or at `offset`.
    pub fn scalar_before(&self, offset: usize) -> Option<NodeId> {
        let start = |id: &NodeId| self.nodes[*id].span.start;
        let scalars = self.scalars.get_or_init(|| {
            let is_scalar = |id: &NodeId| matches!(self.nodes[*id].kind, Kind::Scalar { .. });
            let mut scalars: Vec<_> = (0..self.nodes.len()).filter(is_scalar).collect();
            scalars.sort_by_key(start);
            scalars
        });
        let count = scalars.partition_point(|id| start(id) <= offset);
        scalars[..count].last().copied()
    }

    /// The entry of `key` in the first merge source of a mapping that has it.
    fn merged_entry(&self, mapping: NodeId, key: &str, depth: usize) -> Option<(NodeId, NodeId)> {
        let Kind::Mapping(entries) = &self.nodes[mapping].kind else {
            return None;
        };
        if depth == MAX_MERGE_DEPTH {
            return None;
        }
        // Most mappings have none, which is found out quickly.
        self.own_entry(mapping, "<<")?;
        let merges = entries.iter().filter(|entry| self.is_merge_key(entry.0));
        merges
            .map(|entry| self.resolved(entry.1))
            .find_map(|source| match &self.nodes[source].kind {
                Kind::Sequence(sources) => sources
                    .iter()
                    .find_map(|&source| self.entry(self.resolved(source), key, depth + 1)),
                _ => self.entry(source, key, depth + 1),
            })
    }

    /// Returns true if a mapping has `key` through a merge key.
    pub fn is_merged(&self, mapping: NodeId, key: &str) -> bool {
        self.merged_entry(mapping, key, 0).is_some()
    }

    /// The first of the nodes inside a node; the node itself is the last of them.
    pub fn first_inside(&self, id: NodeId) -> NodeId {
        let first = match &self.nodes[id].kind {
            Kind::Sequence(items) => items.first(),
            Kind::Mapping(entries) => entries.first().map(|(key, _)| key),
            Kind::Scalar { .. } | Kind::Alias(_) => None,
        };
        first.map_or(id, |&first| self.first_inside(first))
    }

    /// Returns the number of places of the document that show each node, aliases followed.
    pub fn places(&self) -> Vec<usize> {
        let mut places = vec![0_usize; self.nodes.len()];
        if let Some(root) = self.root {
            places[root] = 1;
        }
        // A node comes after all that it holds or stands for.
        for (id, node) in self.nodes.iter().enumerate().rev() {
            let count = places[id];
            let mut see = |id: NodeId| places[id] = places[id].saturating_add(count);
            match &node.kind {
                Kind::Scalar { .. } => {}
                Kind::Alias(target) => see(*target),
                Kind::Sequence(items) => items.iter().copied().for_each(see),
                Kind::Mapping(entries) => entries.iter().for_each(|&(key, value)| {
                    see(key);
                    see(value);
                }),
            }
        }
        places
    }

    pub fn is_merge_key(&self, id: NodeId) -> bool {
        let plain = |kind: &Kind| matches!(kind, Kind::Scalar { style: Style::Plain, text } if text == "<<");
        plain(&self.nodes[id].kind)
    }

    /// The nodes of keys that stand in one mapping twice or more, each but the first, in order; with each, the first.
    pub fn duplicate_keys(&self) -> Vec<[NodeId; 2]> {
        let mut duplicates = Vec::new();
        for node in &self.nodes {
            let Kind::Mapping(entries) = &node.kind else {
                continue;
            };
            let mut seen = BTreeMap::new();
            for &(key, _) in entries {
                if matches!(self.nodes[self.resolved(key)].kind, Kind::Scalar { .. }) {
                    let first = *seen.entry(self.key_text(key)).or_insert(key);
                    if first != key {
                        duplicates.push([first, key]);
                    }
                }
            }
        }
        duplicates.sort_by_key(|&[_, key]| self.nodes[key].span.start);
        duplicates
    }
}
