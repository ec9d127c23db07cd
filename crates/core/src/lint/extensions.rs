//! The extensions that a template needs, and how to list them.

use super::context::{Context, MONITOR};
use super::spelling;
use crate::template::{Change, Path};
use openjd_model::ModelExtension;
use serde_json::Value;
use std::str::FromStr;

/// Returns the extension that a message of `openjd-model` asks for.
pub(crate) fn asked_for(message: &str) -> Option<ModelExtension> {
    // An extension that itself needs another one: `WRAP_ACTIONS requires EXPR; both must be listed …`.
    let (_, rest) = message
        .split_once(" the ")
        .filter(|(before, rest)| before.contains(" require") && rest.contains(" extension"))
        .or_else(|| message.split_once("WRAP_ACTIONS requires "))?;
    let name = rest.split([' ', ';', '.']).next()?;
    ModelExtension::from_str(name).ok()
}

/// Returns the change that adds `names` to the extensions of the template.
pub(crate) fn listing(context: &Context<'_>, names: &[&str]) -> Change {
    let mut changes = Vec::new();
    let mut added = Vec::new();
    for name in names {
        match misspelt(context, name) {
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

/// The listed name that is no extension and is meant to be `name`.
pub(crate) fn misspelt<'c, 'd>(
    context: &'c Context<'d>,
    name: &str,
) -> Option<&'c (Path, &'d str)> {
    let is_unknown = |listed: &str| listed != MONITOR && ModelExtension::from_str(listed).is_err();
    let mut listed = context.extensions.iter();
    listed.find(|(_, listed)| is_unknown(listed) && spelling::is_near(listed, name))
}

/// Returns true if the template has a list of extensions, or none, or null for none.
pub(crate) fn can_be_listed(context: &Context<'_>) -> bool {
    let listed = context.document.value().get("extensions");
    listed.is_none_or(|list| matches!(list, Value::Array(_) | Value::Null))
}
