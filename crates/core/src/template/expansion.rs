//! Size and depth of a document whose aliases are replaced by what they stand for.

use super::limits::{MAX_DEPTH, MAX_NODES};
use super::problem::Problem;
use super::tree::{Kind, Node, NodeId, Tree};

/// Size and depth of a node with all that it holds or stands for.
#[derive(Clone, Copy, Default)]
struct Extent {
    nodes: usize,
    depth: usize,
}

/// Returns the problem of the first container that is too large or too deep with what its aliases stand for.
pub(super) fn excess(tree: &Tree) -> Option<Problem> {
    let is_alias = |node: &Node| matches!(node.kind, Kind::Alias(_));
    if !tree.nodes.iter().any(is_alias) {
        // The parser has limited what is written out.
        return None;
    }
    let mut extents: Vec<Extent> = Vec::with_capacity(tree.nodes.len());
    for node in &tree.nodes {
        // A node comes after all that it holds or stands for.
        let add = |sum: Extent, id: &NodeId| Extent {
            nodes: sum.nodes.saturating_add(extents[*id].nodes),
            depth: sum.depth.max(extents[*id].depth),
        };
        let none = Extent::default();
        let held = match &node.kind {
            Kind::Scalar { .. } => none,
            Kind::Alias(target) => {
                extents.push(extents[*target]);
                continue;
            }
            Kind::Sequence(items) => items.iter().fold(none, add),
            Kind::Mapping(entries) => {
                let sides = entries.iter().flat_map(|(key, value)| [key, value]);
                sides.fold(none, add)
            }
        };
        let is_container = !matches!(node.kind, Kind::Scalar { .. });
        let extent = Extent {
            nodes: held.nodes.saturating_add(1),
            depth: held.depth + usize::from(is_container),
        };
        let excess = if extent.nodes > MAX_NODES {
            format!("this has more than {MAX_NODES} keys and values")
        } else if extent.depth > MAX_DEPTH {
            format!("this is nested more than {MAX_DEPTH} levels deep")
        } else {
            extents.push(extent);
            continue;
        };
        let start = node.span.start;
        let message = format!("with what its aliases stand for, {excess}");
        return Some(
            Problem::new(start, message).help("write out what is meant, without so many aliases"),
        );
    }
    None
}
