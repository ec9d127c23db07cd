//! Fields of a check's action that stand beside its `command`, which is a mapping already.

use super::fact::{Fact, FactKind};
use super::finding::Place;
use super::meant_action::BESIDE;
use super::short_forms::Explanation;
use super::spelling::folded;
use crate::template::{Change, Document, Path, flow};
use serde_json::{Map, Value};

/// Returns the fact on the first of such fields, of which the key at the end of `path` is one, with those that it covers:
/// `args: […]`, `timeoutSeconds: 5`.
pub(super) fn fields(document: &Document, path: &Path, owner: &str) -> Option<Explanation> {
    let monitor = path.parent()?;
    let command = monitor.key("command");
    let action = command.get(document.value())?.as_object()?;
    let mut entries: Vec<(String, Value)> = Vec::new();
    let mut paths: Vec<Path> = Vec::new();
    for (key, value) in monitor.get(document.value())?.as_object()? {
        let Some(field) = field(key, value).filter(|field| !action.contains_key(*field)) else {
            continue;
        };
        // Of two words for one field, it cannot be told which is meant.
        if !entries.iter().any(|(known, _)| known == field) {
            entries.push((field.to_owned(), value.clone()));
            paths.push(monitor.key(key));
        }
    }
    let start = |path: &&Path| document.key_span(path).map(|span| span.start);
    if paths.iter().min_by_key(start) != Some(path) {
        return None;
    }
    let written = entries.iter();
    let written = written.map(|(key, value)| format!(", {key}: {}", flow(value)));
    let written = format!("command: {{…{}}}", written.collect::<String>());
    let covered = paths
        .iter()
        .filter(|other| *other != path)
        .cloned()
        .collect();
    let change = Change::All(vec![
        Change::Insert {
            after: command.key(last_key(document, &command, action)?),
            entries,
        },
        Change::Remove(paths),
    ]);
    let kind = FactKind::OtherName {
        owner: owner.to_owned(),
        written,
        change,
    };
    let place = Place::Key(path.clone());
    Some((Fact { place, kind }, covered))
}

/// Returns the field of an action that a key of a monitor is.
fn field(key: &str, value: &Value) -> Option<&'static str> {
    let is_timeout = folded(key).contains("timeout") && (value.is_u64() || key == "timeout");
    let mut fields = BESIDE.into_iter();
    fields.find(|field| key == *field || is_timeout && *field == "timeout")
}

/// Returns the key of an object that comes last in the text.
fn last_key<'f>(
    document: &Document,
    path: &Path,
    fields: &'f Map<String, Value>,
) -> Option<&'f String> {
    let start = |key: &&String| document.key_span(&path.key(*key)).map(|span| span.start);
    fields.keys().max_by_key(start)
}
