//! The `specificationVersion` of a document, including one that nothing else keeps from being a template.

use super::fact::{Fact, FactKind};
use super::finding::Place;
use super::invisible;
use super::spelling;
use crate::template::{Change, Document, Path, Slot, TemplateKind};
use serde_json::{Map, Value};

const KEY: &str = "specificationVersion";

/// The supported revision of the specification.
pub(super) fn revision(kind: TemplateKind) -> &'static str {
    match kind {
        TemplateKind::Job => "jobtemplate-2023-09",
        TemplateKind::Environment => "environment-2023-09",
    }
}

/// Returns the kind of the template in `document`, and the mistake that keeps it from being one of the supported
/// revision. Returns `None` if it is no template at all.
pub(super) fn of(document: &Document) -> Option<(TemplateKind, Option<Fact<'static>>)> {
    let root = document.value().as_object()?;
    if let Some(kind) = TemplateKind::of(document) {
        return Some((
            kind_of_content(root).unwrap_or(kind),
            mistake(document, kind),
        ));
    }
    let key = version_key(root);
    let value = key.map_or(&Value::Null, |key| &root[key]);
    let named = named_kind(value);
    let is_template = match key {
        Some(_) => named.is_some() || has_fields(root),
        None => is_unlabelled(root),
    };
    if !is_template {
        return None;
    }
    let kind = kind_of_content(root).or(named).unwrap_or(TemplateKind::Job);
    let fact = match key {
        None => missing(kind),
        Some(KEY) => wrong_value(value, kind),
        Some(key) => misnamed(key, value),
    };
    Some((kind, Some(fact)))
}

/// Returns the mistake in the version of a template that is labelled as one of this kind: an unsupported revision, or
/// the label of the other kind.
pub(super) fn mistake(document: &Document, kind: TemplateKind) -> Option<Fact<'static>> {
    let root = document.value().as_object()?;
    let version = root.get(KEY)?;
    match kind_of_content(root).filter(|content| *content != kind) {
        Some(content) => Some(mislabelled(version, content)),
        None => (version.as_str() != Some(revision(kind))).then(|| wrong_value(version, kind)),
    }
}

/// Returns the key that is or was meant to be `specificationVersion`.
fn version_key(root: &Map<String, Value>) -> Option<&str> {
    if root.contains_key(KEY) {
        return Some(KEY);
    }
    let mut keys = root.keys().map(String::as_str);
    let by_name = keys.find(|key| spelling::is_near(key, KEY));
    let by_value = || root.iter().find(|(_, value)| is_revision(value));
    by_name.or_else(|| Some(by_value()?.0.as_str()))
}

fn is_revision(value: &Value) -> bool {
    let known = [TemplateKind::Job, TemplateKind::Environment].map(revision);
    value.as_str().is_some_and(|text| known.contains(&text))
}

/// Returns the kind whose revision `value`, or the only item of it, is meant to be.
fn named_kind(value: &Value) -> Option<TemplateKind> {
    let text = match value {
        Value::Array(items) => items.first()?.as_str()?,
        _ => value.as_str()?,
    };
    let mut kinds = [TemplateKind::Job, TemplateKind::Environment].into_iter();
    kinds.find(|kind| spelling::is_near(text, revision(*kind)))
}

/// Returns the kind that has the fields of a template's root; `None` if both have, or neither.
fn kind_of_content(root: &Map<String, Value>) -> Option<TemplateKind> {
    let is_environment = root.get("environment").is_some_and(Value::is_object);
    match (root.contains_key("steps"), is_environment) {
        (true, false) => Some(TemplateKind::Job),
        (false, true) => Some(TemplateKind::Environment),
        _ => None,
    }
}

/// Returns true if a file that has a version has the fields of a template beside it.
fn has_fields(root: &Map<String, Value>) -> bool {
    kind_of_content(root).is_some() || root.contains_key("parameterDefinitions")
}

/// Returns true if a file without a version is certainly a template. Files of other systems have a top-level `steps`
/// or `environment`, too.
fn is_unlabelled(root: &Map<String, Value>) -> bool {
    let has = |value: &Value, name: &str| value.get(name).is_some_and(Value::is_object);
    let steps = root.get("steps").and_then(Value::as_array);
    let is_step = |step: &Value| {
        let own = ["parameterSpace", "hostRequirements"];
        has(step, "script") || own.iter().any(|name| has(step, name))
    };
    let is_job = steps.is_some_and(|steps| steps.iter().any(is_step));
    let is_environment = root.get("environment").is_some_and(|environment| {
        has(environment, "script")
            || has(environment, "variables") && environment.get("name").is_some()
    });
    is_job || is_environment
}

/// Returns true if a text that cannot be read is probably that of a template.
pub(super) fn is_mentioned(text: &str) -> bool {
    let has = |word: &str| text.contains(word);
    let is_labelled = [KEY, "jobtemplate-20", "environment-2023"]
        .into_iter()
        .any(has);
    let owners = ["steps", "environment"].into_iter();
    let mut actions = Slot::ALL.map(Slot::name).into_iter().chain(["onRun"]);
    is_labelled || has("actions") && owners.into_iter().any(has) && actions.any(has)
}

fn missing(kind: TemplateKind) -> Fact<'static> {
    let about = match kind {
        TemplateKind::Job => "`jobtemplate-2023-09`, which makes this a job template",
        TemplateKind::Environment => {
            "`environment-2023-09`, which makes this an environment template"
        }
    };
    Fact {
        place: Place::Object(Path::root()),
        kind: FactKind::MissingField {
            owner: "the template".to_owned(),
            name: KEY.to_owned(),
            about: Some(about.to_owned()),
        },
    }
}

fn misnamed(key: &str, value: &Value) -> Fact<'static> {
    let path = Path::root().key(key);
    if let Some(fact) = invisible::in_key_instead_of(&path, key, KEY) {
        return fact;
    }
    let written = value.as_str().filter(|_| !spelling::is_near(key, KEY));
    let Some(written) = written else {
        return Fact::unknown_field(&path, "the template", &[KEY]);
    };
    let kind = FactKind::OtherName {
        owner: "the template".to_owned(),
        written: format!("{KEY}: {written}"),
        change: Change::Rename(path.clone(), KEY.to_owned()),
    };
    Fact {
        place: Place::Key(path),
        kind,
    }
}

fn wrong_value(value: &Value, kind: TemplateKind) -> Fact<'static> {
    let path = Path::root().key(KEY);
    let revision = revision(kind);
    let invisible = value
        .as_str()
        .and_then(|written| invisible::instead_of(&path, written, revision));
    if let Some(fact) = invisible {
        return fact;
    }
    match value {
        Value::String(written) if !written.is_empty() => Fact::at_value(
            &path,
            FactKind::NotOneOf {
                label: format!("`{KEY}`"),
                written: written.clone(),
                allowed: vec![revision.to_owned()],
                choices: vec![revision.to_owned()],
            },
        ),
        _ => Fact::invalid_value(
            &path,
            format!("`{KEY}` must be the string `{revision}`"),
            Some(&format!("write `{KEY}: {revision}`")),
        ),
    }
}

fn mislabelled(written: &Value, kind: TemplateKind) -> Fact<'static> {
    let written = written.as_str().unwrap_or_default();
    let content = match kind {
        TemplateKind::Job => "`steps` make this a job template",
        TemplateKind::Environment => "`environment` makes this an environment template",
    };
    let message = format!("{content}, but `{KEY}` is `{written}`");
    let help = format!("write `{}`", revision(kind));
    Fact::invalid_value(&Path::root().key(KEY), message, Some(&help))
}
