//! `openjd`: what `openjd-model` rejects and no other rule covers.

use crate::lint::finding::{Draft, Place};
use crate::lint::rule::{Rule, rule};
use crate::template::Path;

pub(crate) static RULE: Rule = rule!(
    "openjd",
    Error,
    "any other violation of the Open Job Description specification",
    []
);

pub(crate) fn draft(place: Place, message: &str) -> Draft {
    // The model's messages are full sentences without a subject, or have a drawing below them.
    let sentence = message
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    let message = match place.path().last_key() {
        Some(key) if sentence.starts_with(char::is_lowercase) && !sentence.starts_with(key) => {
            format!("`{key}`: {sentence}")
        }
        _ => sentence.to_owned(),
    };
    Draft::new(&RULE, place, message)
}

/// The value that a validation error at `path` means: the field that the message names, where
/// there is one (`timeout must be > 0.` is said of the whole action).
pub(crate) fn place(document: &serde_json::Value, path: &Path, message: &str) -> Place {
    let owner = path.get(document).and_then(serde_json::Value::as_object);
    let mut words = message
        .lines()
        .next()
        .unwrap_or_default()
        .split([' ', ',', ':']);
    let field = words.find(|word| owner.is_some_and(|owner| owner.contains_key(*word)));
    at(
        document,
        &field.map_or(path.clone(), |field| path.key(field)),
    )
}

/// The value at `path`; an object or a list by its name.
pub(crate) fn at(document: &serde_json::Value, path: &Path) -> Place {
    match path.get(document) {
        Some(serde_json::Value::Object(_) | serde_json::Value::Array(_)) => {
            Place::Object(path.clone())
        }
        _ => Place::Value(path.clone()),
    }
}
