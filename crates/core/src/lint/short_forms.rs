//! Short forms of mappings and lists, as other systems have them.

use super::fact::{Fact, FactKind};
use super::finding::Place;
use super::meant_action;
use super::shell_line;
use super::words;
use crate::template::{Change, Document, Form, Path, flow};
use serde_json::{Map, Value, json};

/// A better fact, and the paths of those that it covers.
pub(super) type Explanation = (Fact<'static>, Vec<Path>);

/// Maximum number of keys that a help names.
const MAX_SHOWN: usize = 3;

/// Reports that the value at `path` is meant as `written`, with the fields `beside` it.
pub(super) fn shape(
    path: &Path,
    label: &str,
    value: &Value,
    written: Value,
    change: Change,
    beside: &[&str],
) -> Fact<'static> {
    let kind = FactKind::Shape {
        label: label.to_owned(),
        needed: if written.is_array() {
            "a list"
        } else {
            "a mapping"
        },
        value: value.clone(),
        beside: beside.iter().map(|key| (*key).to_owned()).collect(),
        written: match path.last_key() {
            Some(key) => format!("{key}: {}", flow(&written)),
            None => flow(&written),
        },
        change,
    };
    Fact::at_value(path, kind)
}

/// Returns the mapping that a short form stands for: `cancelation: TERMINATE`, `dependencies: [Prep]`, `variables: [{name: A, value: b}]`.
pub(super) fn mapping(path: &Path, label: &str, value: &Value) -> Option<Fact<'static>> {
    let list = path.parent()?;
    let key = path.last_key().or_else(|| list.last_key())?;
    let written = match (key, value) {
        ("cancelation", Value::String(mode)) => json!({"mode": mode.trim().to_uppercase()}),
        ("userInterface", Value::String(control)) => json!({ "control": control }),
        ("dependencies", Value::String(step)) => json!({ "dependsOn": step }),
        (_, Value::Array(items)) => return merged(path, label, value, items),
        _ => return None,
    };
    let change = Change::Write(path.clone(), written.clone());
    Some(shape(path, label, value, written, change, &[]))
}

/// A mapping as a list of its entries: `variables: [{name: A, value: b}]`, `actions: [{onEnter: {…}}, {onExit: {…}}]`.
fn merged(path: &Path, label: &str, value: &Value, items: &[Value]) -> Option<Fact<'static>> {
    let pairs = || items.iter().map(variable).collect::<Option<Vec<_>>>();
    let entries = || {
        let fields = items.iter().map(Value::as_object);
        let fields: Option<Vec<_>> = fields.collect();
        let entries = fields?.into_iter().flatten();
        Some(
            entries
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        )
    };
    let is_variables = path.last_key() == Some("variables");
    let (form, found) = match pairs().filter(|_| is_variables) {
        Some(pairs) => (Form::MappingOfPairs, pairs),
        None => (Form::Merged, entries()?),
    };
    let written: Map<String, Value> = found.iter().cloned().collect();
    // Of two entries with one name, one would be lost.
    if written.is_empty() || written.len() < found.len() {
        return None;
    }
    let keys = names_of(&written);
    let change = Change::Reshape(path.clone(), form);
    let fact = shape(path, label, value, Value::Object(written), change, &[]);
    Some(said(fact, format!("{}: {{{keys}}}", path.last_key()?)))
}

/// Returns the first keys of a mapping, with what stands for their values.
fn names_of(fields: &Map<String, Value>) -> String {
    let mut keys: Vec<_> = fields.keys().collect();
    keys.sort_by_key(|key| *key != "name");
    let shown = keys.iter().take(MAX_SHOWN).map(|key| format!("{key}: …"));
    let shown: Vec<_> = shown.collect();
    let rest = if keys.len() > MAX_SHOWN { ", …" } else { "" };
    format!("{}{rest}", shown.join(", "))
}

/// The fact with other words for what to write.
fn said(mut fact: Fact<'static>, words: String) -> Fact<'static> {
    if let FactKind::Shape { written, .. } = &mut fact.kind {
        *written = words;
    }
    fact
}

/// A variable as an item of a list: `{name: A, value: b}` or `A=b`.
fn variable(item: &Value) -> Option<(String, Value)> {
    match item {
        Value::String(text) => {
            let (name, value) = text.split_once('=')?;
            Some((name.to_owned(), value.into()))
        }
        Value::Object(fields) => {
            let value = fields.get("value").filter(|value| !value.is_object())?;
            let name = fields.get("name").filter(|_| fields.len() == 2)?.as_str()?;
            Some((name.to_owned(), value.clone()))
        }
        _ => None,
    }
}

/// Returns the list that a short form stands for: `args: -b scene.blend`, `scope: onEnter`, `dependencies: Prep`.
pub(super) fn list(
    document: &Document,
    path: &Path,
    label: &str,
    value: &Value,
) -> Option<Fact<'static>> {
    let key = path.last_key()?;
    let written = match (key, value) {
        ("args", Value::String(line)) => json!(shell_line::words(line)?),
        ("dependencies", Value::String(step)) => json!([{ "dependsOn": step }]),
        (_, Value::Object(fields)) if is_item(key, fields) => {
            let change = Change::Reshape(path.clone(), Form::ListOfOne);
            let fact = shape(path, label, value, json!([value]), change, &[]);
            return Some(said(fact, format!("{key}: [{{{}}}]", names_of(fields))));
        }
        // Without it, every slot is watched.
        ("scope", Value::String(slot)) if is_every(slot) => return None,
        (
            "scope" | "extensions" | "anyOf" | "allOf" | "allowedValues" | "let",
            Value::String(_),
        ) => json!([value]),
        ("allowedValues" | "anyOf" | "allOf", Value::Number(_)) => json!([value]),
        (_, Value::Object(fields))
            if !fields.is_empty() && fields.values().all(Value::is_object) =>
        {
            return by_name(document, path, label, value, fields);
        }
        _ => return None,
    };
    let change = Change::Write(path.clone(), written.clone());
    Some(shape(path, label, value, written, change, &[]))
}

/// Returns the list that one Environment is, where its key is another word for that list.
pub(super) fn one_by_another_name(
    document: &Document,
    path: &Path,
    owner: &str,
    field: &str,
) -> Option<Explanation> {
    let fields = path.get(document.value())?.as_object()?;
    if !is_item(field, fields) || !fields.contains_key("name") {
        return None;
    }
    let kind = FactKind::OtherName {
        owner: owner.to_owned(),
        written: format!("{field}: [{{{}}}]", names_of(fields)),
        change: Change::All(vec![
            Change::Rename(path.clone(), field.to_owned()),
            Change::Reshape(path.clone(), Form::ListOfOne),
        ]),
    };
    let place = Place::Key(path.clone());
    Some((Fact { place, kind }, Vec::new()))
}

/// Returns true for a word that stands for all slots.
fn is_every(slot: &str) -> bool {
    ["all", "any", "every", "*", "onall"].contains(&slot.trim().to_lowercase().as_str())
}

/// Returns true if the mapping under `key`, which takes a list, is one item of it.
fn is_item(key: &str, fields: &Map<String, Value>) -> bool {
    let has_name = fields.get("name").is_some_and(Value::is_string);
    match key {
        "steps"
        | "jobEnvironments"
        | "stepEnvironments"
        | "embeddedFiles"
        | "parameterDefinitions"
        | "taskParameterDefinitions"
        | "amounts"
        | "attributes" => has_name || !fields.is_empty() && !fields.values().any(Value::is_object),
        "dependencies" => fields.get("dependsOn").is_some_and(Value::is_string),
        _ => false,
    }
}

/// The words of a command line as the `command` of an action.
pub(super) fn command_line(
    document: &Document,
    path: &Path,
    label: &str,
    value: &Value,
) -> Option<Fact<'static>> {
    let action = meant_action::action(value).filter(|_| value.is_array())?;
    let owner = path.parent()?.get(document.value())?;
    let (command, args) = (action.get("command")?, action.get("args"));
    if path.last_key() != Some("command") || owner.get("args").is_some() {
        return None;
    }
    let mut changes = vec![Change::Write(path.clone(), command.clone())];
    changes.extend(args.map(|args| Change::Insert {
        after: path.clone(),
        entries: vec![("args".to_owned(), args.clone())],
    }));
    let written = args.map_or(String::new(), |args| format!(", args: {}", flow(args)));
    let kind = FactKind::Shape {
        label: label.to_owned(),
        needed: "a string",
        value: value.clone(),
        beside: Vec::new(),
        written: format!("command: {}{written}", flow(command)),
        change: Change::All(changes),
    };
    Some(Fact::at_value(path, kind))
}

/// A list of named things as a mapping from their names.
fn by_name(
    document: &Document,
    path: &Path,
    label: &str,
    value: &Value,
    fields: &Map<String, Value>,
) -> Option<Fact<'static>> {
    let has_name = |fields: &Value| fields.get("name").is_some();
    if fields.values().any(has_name) {
        return None;
    }
    let change = Change::Reshape(path.clone(), Form::ListByName);
    let fact = shape(path, label, value, json!([]), change, &[]);
    // The map has its keys in another order than the text.
    let start = |name: &&String| document.key_span(&path.key(*name)).map(|span| span.start);
    let name = fields.keys().min_by_key(start)?;
    Some(said(fact, format!("- name: {name}")))
}

/// Returns the task parameters that a mapping by name stands for: `parameterSpace: {Frame: 1-10}`.
pub(super) fn space(document: &Document, path: &Path, owner: &str) -> Option<Explanation> {
    let space = path.parent()?;
    let value = path.get(document.value())?;
    let key = path.last_key()?;
    let is_range = |value: &Value| match value {
        Value::String(text) => text.parse::<openjd_expr::RangeExpr>().is_ok(),
        Value::Array(items) => items
            .iter()
            .all(|item| !item.is_object() && !item.is_array()),
        _ => false,
    };
    let is_known = words::meaning(key, ["combination", "taskParameterDefinitions"]).is_some();
    let list = space.key("taskParameterDefinitions");
    if is_known || !is_range(value) || list.get(document.value()).is_some() {
        return None;
    }
    let is_text = |item: &Value| {
        item.as_str()
            .is_some_and(|text| text.trim().parse::<i64>().is_err())
    };
    let kind = match value.as_array() {
        Some(items) if items.iter().any(is_text) => "STRING",
        Some(items) if items.iter().any(Value::is_f64) => "FLOAT",
        _ => "INT",
    };
    let written = json!([{"name": key, "range": value, "type": kind}]);
    let change = Change::All(vec![
        Change::Rename(path.clone(), "taskParameterDefinitions".to_owned()),
        Change::Write(path.clone(), written.clone()),
    ]);
    let kind = FactKind::OtherName {
        owner: owner.to_owned(),
        written: format!("taskParameterDefinitions: {}", flow(&written)),
        change,
    };
    let place = Place::Key(path.clone());
    Some((Fact { place, kind }, vec![space]))
}
