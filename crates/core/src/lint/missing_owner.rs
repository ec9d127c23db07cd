//! Fields that stand beside the place of the mapping that holds them, and that is missing.

use super::fact::{Fact, FactKind};
use super::finding::Place;
use super::short_forms::Explanation;
use crate::template::{Change, Document, Path, Slot};

/// Returns true for a field of the mapping `name`.
fn is_field(name: &str, key: &str) -> bool {
    match name {
        "actions" => key == "onRun" || key == "onMonitor" || Slot::from_name(key).is_some(),
        "environment" => ["name", "description", "script", "variables"].contains(&key),
        _ => false,
    }
}

/// Explains the first of the fields of `name` that stand in `owner`: actions in a `script` without `actions`.
pub(super) fn of(document: &Document, path: &Path, owner: &str, name: &str) -> Option<Explanation> {
    let parent = path.parent()?;
    let fields = parent.get(document.value())?.as_object()?;
    if fields.contains_key(name) {
        return None;
    }
    let entries = fields.keys().filter(|key| is_field(name, key));
    let mut entries: Vec<_> = entries.map(|key| parent.key(key)).collect();
    entries.sort_by_key(|entry| document.key_span(entry).map(|span| span.start));
    if entries.first() != Some(path) {
        return None;
    }
    let names = entries.iter().filter_map(Path::last_key);
    let names: Vec<_> = names.map(|name| format!("{name}: …")).collect();
    let kind = FactKind::OtherName {
        owner: owner.to_owned(),
        written: format!("{name}: {{{}}}", names.join(", ")),
        change: Change::Nest(entries.clone(), name.to_owned()),
    };
    let fact = Fact {
        place: Place::Key(path.clone()),
        kind,
    };
    Some((fact, entries.into_iter().skip(1).collect()))
}
