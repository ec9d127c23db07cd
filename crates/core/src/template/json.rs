//! JSON text to a span tree. `serde_json` has already accepted the text, and so bounded its depth.

use super::limits::MAX_NODES;
use super::problem::Problem;
use super::tree::{Kind, NodeId, Style, Tree};
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions};
use std::ops::Range;

/// Builds the tree of `text`, which is valid JSON.
pub(super) fn parse(text: &str) -> Result<Tree, Problem> {
    let parsed =
        jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default())
            .map_err(|error| Problem::new(error.range().start, error.kind().to_string()))?;
    let mut tree = Tree::default();
    if let Some(value) = &parsed.value {
        tree.root = Some(add(&mut tree, text, value)?);
    }
    Ok(tree)
}

fn add(tree: &mut Tree, text: &str, value: &Value<'_>) -> Result<NodeId, Problem> {
    let span = value.start()..value.end();
    let kind = match value {
        Value::StringLit(string) => scalar(Style::DoubleQuoted, &string.value),
        Value::Array(array) => {
            let items = array.elements.iter().map(|item| add(tree, text, item));
            Kind::Sequence(items.collect::<Result<_, _>>()?)
        }
        Value::Object(object) => {
            let mut entries = Vec::with_capacity(object.properties.len());
            for property in &object.properties {
                let name = scalar(Style::DoubleQuoted, property.name.as_str());
                let key = push(tree, property.name.start()..property.name.end(), name)?;
                entries.push((key, add(tree, text, &property.value)?));
            }
            Kind::Mapping(entries)
        }
        _ => scalar(Style::Plain, &text[span.clone()]),
    };
    push(tree, span, kind)
}

fn scalar(style: Style, text: &str) -> Kind {
    Kind::Scalar {
        style,
        text: text.to_owned(),
    }
}

fn push(tree: &mut Tree, span: Range<usize>, kind: Kind) -> Result<NodeId, Problem> {
    if tree.nodes.len() == MAX_NODES {
        return Err(Problem::too_many_nodes(span.start));
    }
    Ok(tree.push(span, kind))
}
