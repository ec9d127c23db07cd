//! Values of the wrong shape whose meaning is clear.

use super::beside;
use super::fact::{Fact, FactKind};
use super::finding::Place;
use super::meant_action::{BESIDE, action};
use super::missing_owner;
use super::short_forms::{self, Explanation, shape};
use super::words;
use crate::template::{Change, Document, Path, Syntax, flow};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Adds to `facts` the right form of each value whose meaning is clear. Drops those about keys beside it that this form
/// mends, too.
pub(crate) fn explained(document: &Document, facts: Vec<Fact<'static>>) -> Vec<Fact<'static>> {
    let found: Vec<_> = facts
        .iter()
        .map(|fact| explanation(document, fact))
        .collect();
    let covered: HashSet<Path> = found
        .iter()
        .flatten()
        .flat_map(|(_, covered)| covered.iter().cloned())
        .collect();
    let pairs = facts.into_iter().zip(found);
    pairs
        .filter(|(fact, _)| !covered.contains(fact.place.path()))
        .map(|(fact, found)| found.map_or(fact, |(fact, _)| fact))
        .collect()
}

fn explanation(document: &Document, fact: &Fact<'static>) -> Option<Explanation> {
    let path = fact.place.path();
    match &fact.kind {
        FactKind::WrongType {
            label,
            value,
            allowed,
            ..
        } => {
            let found = match allowed.as_slice() {
                ["object"] => {
                    return of_mapping(document, path, label, value)
                        .or_else(|| Some((short_forms::mapping(path, label, value)?, Vec::new())));
                }
                ["array"] => short_forms::list(document, path, label, value)?,
                [.., last] if last.ends_with("string") => unquoted(document, path, label)
                    .or_else(|| short_forms::command_line(document, path, label, value))?,
                _ => return None,
            };
            Some((found, Vec::new()))
        }
        FactKind::UnknownField { known, owner } => {
            if known
                .iter()
                .any(|field| field == "taskParameterDefinitions")
            {
                return short_forms::space(document, path, owner);
            }
            let key = path.last_key()?;
            let meaning = words::meaning(key, known.iter().map(String::as_str))?;
            let value = path.get(document.value())?;
            let found = match meaning.field {
                "command" if known.iter().any(|field| field == "onFailure") => {
                    beside::fields(document, path, owner)
                        .or_else(|| check_by_another_name(document, path, owner, value))?
                }
                name @ ("actions" | "environment") => {
                    missing_owner::of(document, path, owner, name)?
                }
                field if meaning.advice.is_none() => {
                    short_forms::one_by_another_name(document, path, owner, field)?
                }
                _ => return None,
            };
            Some(found)
        }
        _ => None,
    }
}

/// A text or a list where a mapping is needed.
fn of_mapping(document: &Document, path: &Path, label: &str, value: &Value) -> Option<Explanation> {
    let action = action(value)?;
    let (key, owner) = (path.last_key()?, path.parent()?);
    let is_action = owner.last_key() == Some("actions") && key != "onMonitor";
    let is_in_environment = is_in_environment(path);
    let slot = if is_in_environment {
        "onEnter"
    } else {
        "onRun"
    };
    let written = match key {
        _ if is_action => action,
        "command" => return check_without_mapping(document, path, label, action),
        "actions" => json!({ slot: action }),
        "script" => json!({"actions": {slot: action}}),
        "onMonitor" => json!({"command": action, "period": 30, "onFailure": "terminate"}),
        _ => return None,
    };
    let change = Change::Write(path.clone(), written.clone());
    let fact = shape(path, label, value, written, change, &[]);
    Some((fact, Vec::new()))
}

/// A monitor whose `command` is a program, with the arguments of the program beside it.
fn check_without_mapping(
    document: &Document,
    path: &Path,
    label: &str,
    mut action: Value,
) -> Option<Explanation> {
    let owner = path.parent()?;
    let monitor = owner.get(document.value())?;
    let value = path.get(document.value())?;
    let beside = BESIDE.into_iter().filter(|key| {
        let is_word = monitor.get(*key).is_some();
        is_word && action.get(*key).is_none()
    });
    let beside: Vec<_> = beside.collect();
    let covered: Vec<_> = beside.iter().map(|key| owner.key(*key)).collect();
    for key in &beside {
        action[*key] = monitor[*key].clone();
    }
    let is_program = action["command"] == *value;
    let mut entries = vec![path.clone()];
    entries.extend(covered.iter().cloned());
    let nested = Change::Nest(entries, "command".to_owned());
    let change = match is_program && document.edits(&nested).is_some() {
        true => nested,
        false => {
            let mut changes = vec![Change::Write(path.clone(), action.clone())];
            if !covered.is_empty() {
                changes.push(Change::Remove(covered.clone()));
            }
            Change::All(changes)
        }
    };
    Some((shape(path, label, value, action, change, &beside), covered))
}

/// A check by the word of another system: `exec: {command: […]}`, `test: [CMD, …]`.
fn check_by_another_name(
    document: &Document,
    path: &Path,
    owner: &str,
    value: &Value,
) -> Option<Explanation> {
    let monitor = path.parent()?.get(document.value())?;
    let key = path.last_key()?;
    let action =
        action(value).filter(|_| monitor.get("command").is_none() && !value.is_number())?;
    if !words::is_check(key) {
        return None;
    }
    let written = format!("command: {}", flow(&action));
    let change = Change::All(vec![
        Change::Rename(path.clone(), "command".to_owned()),
        Change::Write(path.clone(), action),
    ]);
    Some((
        Fact {
            place: Place::Key(path.clone()),
            kind: FactKind::OtherName {
                owner: owner.to_owned(),
                written,
                change,
            },
        },
        Vec::new(),
    ))
}

fn is_in_environment(path: &Path) -> bool {
    let owners = ["environment", "jobEnvironments", "stepEnvironments"];
    path.segments().iter().any(|segment| match segment {
        crate::template::Segment::Key(key) => owners.contains(&key.as_str()),
        crate::template::Segment::Index(_) => false,
    })
}

/// A text without quotes that YAML reads as a mapping or a list. In JSON, every text has quotes.
fn unquoted(document: &Document, path: &Path, label: &str) -> Option<Fact<'static>> {
    if document.syntax() != Syntax::Yaml {
        return None;
    }
    let written = document.value_span(path)?;
    let written = document.source().text().get(written)?;
    let value = path.get(document.value())?;
    let is_one_line = !written.contains(['\n', '\r']);
    let is_text = match value {
        Value::Object(_) => {
            !written.starts_with('{') || written.starts_with("{{") || is_name(written)
        }
        Value::Array(_) => path.parent()?.last_key() == Some("args"),
        _ => false,
    };
    (is_one_line && is_text && !written.starts_with(['*', '&', '-', '"', '\''])).then(|| {
        let kind = FactKind::Unquoted {
            label: label.to_owned(),
            written: written.to_owned(),
            is_list: value.is_array(),
        };
        Fact::at_value(path, kind)
    })
}

/// Returns true for `{Param.Name}`.
fn is_name(written: &str) -> bool {
    let inner = written
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    inner.is_some_and(|inner| inner.contains('.') && !inner.contains([':', ',', '{']))
}
