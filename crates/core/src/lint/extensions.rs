//! Changes of the list of extensions.

use super::context::Context;
use crate::template::{Change, Path};
use serde_json::Value;
use std::collections::HashSet;

/// Returns those of `names` that the template does not list, each once.
pub(crate) fn missing<'n>(
    context: &Context<'_>,
    names: impl IntoIterator<Item = &'n str>,
) -> Vec<&'n str> {
    let mut seen = HashSet::new();
    let names = names.into_iter();
    names
        .filter(|name| !context.has_extension(name) && seen.insert(*name))
        .collect()
}

/// Returns the change that adds `names` to the extensions of the template.
pub(crate) fn listing(context: &Context<'_>, names: &[&str]) -> Change {
    let mut changes = Vec::new();
    let mut added = Vec::new();
    for name in names {
        match context.misspelt(name) {
            Some((path, _)) => changes.push(Change::SetWord(path.clone(), (*name).to_owned())),
            None => added.push((*name).to_owned()),
        }
    }
    let root = Path::root();
    if !added.is_empty() {
        changes.push(match context.document.value().get("extensions") {
            Some(_) => Change::Append(root.key("extensions"), added),
            None => Change::Insert {
                after: root.key("specificationVersion"),
                entries: vec![("extensions".to_owned(), added.into_iter().collect())],
            },
        });
    }
    match changes.len() {
        1 => changes.remove(0),
        _ => Change::All(changes),
    }
}

/// Returns true if the template has a list of names of extensions, or none, or null for none.
pub(crate) fn can_be_listed(context: &Context<'_>) -> bool {
    match context.document.value().get("extensions") {
        None | Some(Value::Null) => true,
        Some(Value::Array(list)) => list.iter().all(Value::is_string),
        Some(_) => false,
    }
}
