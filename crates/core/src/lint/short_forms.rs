//! Short forms of mappings and lists, as other systems have them.

use super::fact::{Fact, FactKind};
use super::finding::Place;
use super::shell_line;
use super::words;
use crate::template::{Change, Document, Path, flow};
use serde_json::{Map, Value, json};

/// A better fact, and the paths of those that it covers.
pub(super) type Explanation = (Fact<'static>, Vec<Path>);

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
        ("variables", Value::Array(items)) => {
            Value::Object(items.iter().map(variable).collect::<Option<_>>()?)
        }
        _ => return None,
    };
    let change = Change::Write(path.clone(), written.clone());
    Some(shape(path, label, value, written, change, &[]))
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
pub(super) fn list(path: &Path, label: &str, value: &Value) -> Option<Fact<'static>> {
    let key = path.last_key()?;
    let written = match (key, value) {
        ("args", Value::String(line)) => json!(shell_line::words(line)?),
        ("dependencies", Value::String(step)) => json!([{ "dependsOn": step }]),
        (
            "dependencies" | "parameterDefinitions" | "steps" | "amounts" | "attributes",
            Value::Object(fields),
        ) if fields.values().all(|field| !field.is_object()) => {
            json!([value])
        }
        (
            "scope" | "extensions" | "anyOf" | "allOf" | "allowedValues" | "let",
            Value::String(_),
        ) => json!([value]),
        ("allowedValues" | "anyOf" | "allOf", Value::Number(_)) => json!([value]),
        (_, Value::Object(fields))
            if !fields.is_empty() && fields.values().all(Value::is_object) =>
        {
            return by_name(path, label, value, fields);
        }
        _ => return None,
    };
    let change = Change::Write(path.clone(), written.clone());
    Some(shape(path, label, value, written, change, &[]))
}

/// A list of named things as a mapping from their names.
fn by_name(
    path: &Path,
    label: &str,
    value: &Value,
    fields: &Map<String, Value>,
) -> Option<Fact<'static>> {
    let items = fields.iter().map(|(name, fields)| {
        let mut item = Map::from_iter([("name".to_owned(), name.as_str().into())]);
        item.extend(fields.as_object()?.clone());
        Some(Value::Object(item))
    });
    let written = Value::Array(items.collect::<Option<_>>()?);
    let change = Change::Write(path.clone(), written.clone());
    let mut fact = shape(path, label, value, written, change, &[]);
    if let (FactKind::Shape { written, .. }, Some(name)) = (&mut fact.kind, fields.keys().next()) {
        *written = format!("- name: {name}");
    }
    Some(fact)
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
