//! The scripts of a template: those of its Environments and steps, with their embedded files.

use crate::lint::context::Context;
use crate::template::{Field, Home, Path, items_of};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// An Environment or a step: something whose script has actions and embedded files.
pub(crate) struct Owner<'d> {
    pub path: Path,
    pub value: &'d Value,
    pub home: Home,
    /// True for a step, false for an Environment.
    pub is_step: bool,
    /// Its embedded files with text.
    pub files: Vec<File<'d>>,
    /// The index of the first file of each name.
    indices: HashMap<&'d str, usize>,
}

/// An embedded file with text.
pub(crate) struct File<'d> {
    pub name: &'d str,
    pub file_name: &'d str,
    pub data: Field<'d>,
    pub text: &'d str,
    /// True if it may be run as a program.
    pub is_runnable: bool,
}

impl<'d> Owner<'d> {
    fn new(path: Path, value: &'d Value, home: Home, is_step: bool) -> Self {
        let files = embedded(&path, value);
        let mut indices = HashMap::new();
        for (index, file) in files.iter().enumerate() {
            indices.entry(file.name).or_insert(index);
        }
        Self {
            path,
            value,
            home,
            is_step,
            files,
            indices,
        }
    }

    /// Returns the embedded file of this name that has text.
    pub fn file(&self, name: &str) -> Option<&File<'d>> {
        self.files.get(*self.indices.get(name)?)
    }

    /// Its actions with their names; `onMonitor` is none of them (SCH-2).
    pub fn actions(&self) -> impl Iterator<Item = (&'d str, Field<'d>)> {
        let path = self.path.key("script").key("actions");
        let script = self.value.get("script");
        let actions = script.and_then(|script| script.get("actions"));
        let actions = actions.and_then(Value::as_object);
        let found = actions.into_iter().flat_map(Map::iter);
        found
            .filter(|(name, _)| *name != "onMonitor")
            .map(move |(name, value)| {
                let path = path.key(name);
                (name.as_str(), Field { path, value })
            })
    }
}

/// Every Environment, in the order of the context, and then every step.
pub(super) fn of<'d>(context: &Context<'d>) -> Vec<Owner<'d>> {
    let environments = context.environments.iter().map(|environment| {
        let path = environment.path.clone();
        Owner::new(path, environment.value, environment.home, false)
    });
    let path = Path::root().key("steps");
    let steps = items_of(context.document.value().get("steps")).iter();
    let steps = steps
        .enumerate()
        .map(|(index, value)| Owner::new(path.index(index), value, Home::Step(index), true));
    environments.chain(steps).collect()
}

fn embedded<'d>(owner: &Path, value: &'d Value) -> Vec<File<'d>> {
    let path = owner.key("script").key("embeddedFiles");
    let script = value.get("script");
    let files = items_of(script.and_then(|script| script.get("embeddedFiles")));
    let file = |(index, value): (usize, &'d Value)| {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        Some(File {
            name: text("name")?,
            file_name: text("filename").unwrap_or_default(),
            data: Field {
                path: path.index(index).key("data"),
                value: value.get("data")?,
            },
            text: text("data")?,
            is_runnable: value.get("runnable").and_then(Value::as_bool) == Some(true),
        })
    };
    files.iter().enumerate().filter_map(file).collect()
}

/// The file of `{{Env.File.<name>}}` or `{{Task.File.<name>}}`, if that is all of the text.
pub(super) fn only_file(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
    let name = inner
        .strip_prefix("Env.File.")
        .or_else(|| inner.strip_prefix("Task.File."))?;
    (!name.is_empty() && !name.contains(|c: char| !c.is_alphanumeric() && c != '_')).then_some(name)
}

/// The names in every `Env.File.<name>` and `Task.File.<name>` of a text.
pub(crate) fn file_names(text: &str) -> impl Iterator<Item = &str> {
    let found = text.match_indices(".File.");
    found.filter_map(|(start, dots)| {
        let before = &text[..start];
        let rest = &text[start + dots.len()..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        let is_file = before.ends_with("Env") || before.ends_with("Task");
        is_file.then(|| &rest[..end.unwrap_or(rest.len())])
    })
}
