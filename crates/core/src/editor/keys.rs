//! The published schemas, asked about a place: what may stand there, and what it means.

use crate::schema::{self, ENVIRONMENT_TEMPLATE, JOB_TEMPLATE, Schema};
use crate::template::{Path, Segment, TemplateKind};
use serde_json::{Map, Value};

/// The schema of a kind of template, with the template that it is asked about.
pub(super) struct Keys<'v> {
    schema: &'static Schema,
    value: &'v Value,
}

/// A key that may stand in a mapping.
pub(super) struct Key {
    pub name: &'static str,
    pub description: Option<String>,
    pub is_required: bool,
}

/// Schemas of a value: that of its place, and those that it refers to.
type Nodes = Vec<&'static Value>;

impl<'v> Keys<'v> {
    pub fn new(kind: TemplateKind, value: &'v Value) -> Self {
        let schema = match kind {
            TemplateKind::Job => &JOB_TEMPLATE,
            TemplateKind::Environment => &ENVIRONMENT_TEMPLATE,
        };
        Self { schema, value }
    }

    /// Returns what the value at `path` is for, in Markdown.
    pub fn description(&self, path: &Path) -> Option<String> {
        let nodes = self.nodes(path);
        let description = text(&nodes, "description")?;
        let mut about = description.to_owned();
        let words = words(&nodes);
        let is_new = |word: &String| !description.contains(&format!("`{word}`"));
        if words.len() > 1 && words.iter().any(is_new) {
            let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
            about += &format!("\n\nOne of {}.", words.join(", "));
        }
        Some(about)
    }

    /// Returns the keys that the mapping at `path` may have.
    pub fn keys(&self, path: &Path) -> Vec<Key> {
        let nodes = self.nodes(path);
        let is_required = |name: &str| {
            let mut lists = nodes.iter().filter_map(|node| node["required"].as_array());
            lists.any(|list| list.iter().any(|required| required == name))
        };
        let properties = nodes
            .iter()
            .filter_map(|node| node["properties"].as_object());
        let mut keys: Vec<Key> = Vec::new();
        for (name, node) in properties.flat_map(Map::iter) {
            if keys.iter().all(|known| known.name != name) && *node != Value::Bool(false) {
                let nodes = self.expanded(node, &Value::Null);
                keys.push(Key {
                    name,
                    description: text(&nodes, "description").map(str::to_owned),
                    is_required: is_required(name),
                });
            }
        }
        keys
    }

    /// Returns the words that the value at `path` may be.
    pub fn words(&self, path: &Path) -> Vec<String> {
        words(&self.nodes(path))
    }

    fn nodes(&self, path: &Path) -> Nodes {
        let mut nodes = vec![self.schema.document()];
        let mut value = Some(self.value);
        for segment in path.segments() {
            let own = value.unwrap_or(&Value::Null);
            let all = nodes.iter().flat_map(|node| self.expanded(node, own));
            nodes = all.filter_map(|node| child(node, segment)).collect();
            value = value.and_then(|value| match segment {
                Segment::Key(key) => value.get(key.as_str()),
                Segment::Index(index) => value.get(index),
            });
        }
        let own = value.unwrap_or(&Value::Null);
        let all = nodes.iter().flat_map(|node| self.expanded(node, own));
        all.collect()
    }

    /// Returns a schema, and all that apply to `value` along with it, the nearest first.
    fn expanded(&self, node: &'static Value, value: &Value) -> Nodes {
        let mut found = vec![node];
        let mut next = 0;
        while let Some(node) = found.get(next).copied() {
            next += 1;
            found.extend(schema::target(self.schema.document(), node));
            found.extend(node["allOf"].as_array().into_iter().flatten());
            if let Some(condition) = node.get("if") {
                let branch = match self.schema.holds(condition, value) {
                    true => "then",
                    false => "else",
                };
                found.extend(node.get(branch));
            }
        }
        found
    }
}

fn child(node: &'static Value, segment: &Segment) -> Option<&'static Value> {
    match segment {
        Segment::Key(key) => {
            let own = node.get("properties").and_then(|own| own.get(key.as_str()));
            own.or_else(|| {
                node.get("additionalProperties")
                    .filter(|other| other.is_object())
            })
        }
        Segment::Index(index) => {
            let own = node.get("prefixItems").and_then(|items| items.get(index));
            own.or_else(|| node.get("items"))
        }
    }
}

fn text(nodes: &Nodes, key: &str) -> Option<&'static str> {
    nodes.iter().find_map(|node| node[key].as_str())
}

fn words(nodes: &Nodes) -> Vec<String> {
    let mut words = Vec::new();
    for node in nodes {
        let listed = node["enum"].as_array().into_iter().flatten();
        let constant = node.get("const");
        let found = listed.chain(constant).filter_map(Value::as_str);
        words.extend(found.map(str::to_owned));
        let is_boolean = match &node["type"] {
            Value::String(name) => name == "boolean",
            Value::Array(names) => names.iter().all(|name| name == "boolean" || name == "null"),
            _ => false,
        };
        if is_boolean {
            words.extend(["true", "false"].map(str::to_owned));
        }
    }
    let mut seen = std::collections::HashSet::new();
    words.retain(|word| seen.insert(word.clone()));
    words
}
