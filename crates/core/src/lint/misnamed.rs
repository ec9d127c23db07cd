//! Definitions whose names are none, such as `frame-start`: the name is the one mistake, so that nothing is said of what
//! refers to them.

use super::references;
use super::spelling::{self, folded};
use crate::search;
use crate::template::{Path, TemplateKind, environments, items_of, text_of};
use serde_json::Value;
use std::collections::HashSet;

/// What stands before the name of a definition in every reference to it.
const PREFIXES: [&str; 2] = ["Param.", ".File."];

/// The field that has names of task parameters without braces.
const COMBINATION: &str = "combination";

/// Number of parts of a reference that may be its name, as in `Param.frame-start.length`.
const MAX_PARTS: usize = 8;

/// The names of definitions that are none.
#[derive(Default)]
pub(crate) struct Misnamed {
    /// As they are written.
    names: HashSet<String>,
    /// As people write them where a name is needed: without regard to case and to how words are joined.
    folded: HashSet<String>,
    /// The definitions that have them in `name`.
    definitions: Vec<Path>,
    /// The names of the other definitions.
    sound: HashSet<String>,
}

/// Length of the longest name that `openjd-model` decodes.
const MAX_LENGTH: usize = 512;

/// Returns true for a name that references can have.
pub(crate) fn is_name(text: &str) -> bool {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_start = |c: char| is_bare(c) && !c.is_ascii_digit();
    text.starts_with(is_start) && text.chars().all(is_bare) && text.len() <= MAX_LENGTH
}

/// Returns the paths of the lists of a template whose items are referred to by their names.
pub(crate) fn lists(kind: TemplateKind, template: &Value) -> Vec<Path> {
    let mut lists = vec![Path::root().key("parameterDefinitions")];
    for index in 0..items_of(template.get("steps")).len() {
        let step = Path::root().key("steps").index(index);
        let space = step.key("parameterSpace");
        lists.push(space.key("taskParameterDefinitions"));
        lists.push(step.key("script").key("embeddedFiles"));
    }
    let environments = environments(kind, template).into_iter();
    lists.extend(environments.map(|own| own.path.key("script").key("embeddedFiles")));
    lists
}

/// Returns the name of a definition, also of one whose key `name` is misspelt.
fn name(definition: &Value) -> Option<String> {
    let fields = definition.as_object()?;
    let misspelt = || {
        let mut others = fields
            .iter()
            .filter(|(key, _)| spelling::is_near(key, "name"));
        others.next().map(|(_, value)| value)
    };
    fields.get("name").or_else(misspelt).map(text_of)
}

impl Misnamed {
    pub fn of(kind: TemplateKind, template: &Value) -> Self {
        let mut misnamed = Self::default();
        for list in lists(kind, template) {
            for (index, item) in items_of(list.get(template)).iter().enumerate() {
                let Some(name) = name(item) else {
                    continue;
                };
                let is_there = item.get("name").is_some();
                if is_there && is_name(&name) {
                    misnamed.sound.insert(name);
                    continue;
                }
                misnamed.names.insert(name);
                if is_there {
                    misnamed.definitions.push(list.index(index));
                }
            }
        }
        let folded = misnamed.names.iter().map(|name| folded(name));
        misnamed.folded = folded.filter(|name| !name.is_empty()).collect();
        misnamed
    }

    /// Returns the definitions that have them in `name`.
    pub fn definitions(&self) -> &[Path] {
        &self.definitions
    }

    /// Returns true if the string at `path` refers to one of them.
    pub fn is_used(&self, path: &Path, text: &str) -> bool {
        if self.names.is_empty() {
            return false;
        }
        if path.last_key() == Some(COMBINATION) {
            let mut parts = text.split(['*', '(', ')', ',']).map(str::trim);
            return parts.any(|part| self.is_meant(part));
        }
        let ranges = references::ranges(text);
        let mut expressions = ranges.iter().map(|range| references::inner(text, range));
        expressions.any(|expression| self.is_in(expression))
    }

    /// Returns true if `expression` has a reference to one of them.
    pub fn is_in(&self, expression: &str) -> bool {
        if self.names.is_empty() {
            return false;
        }
        let references = PREFIXES.iter().flat_map(|prefix| {
            search::all(expression, prefix).map(|at| &expression[at + prefix.len()..])
        });
        references.into_iter().any(|rest| {
            let rest = &rest[..rest.floor_char_boundary(MAX_LENGTH)];
            let end = rest.find(|c: char| c.is_whitespace() || "()[],'\"".contains(c));
            let word = &rest[..end.unwrap_or(rest.len())];
            let ends = word.match_indices(|c: char| !c.is_alphanumeric() && c != '_');
            let ends = ends.map(|(at, _)| at).take(MAX_PARTS);
            // A name may have spaces, too.
            let mut names = ends.map(|end| &word[..end]).chain([word, rest.trim_end()]);
            names.any(|name| self.is_meant(name))
        })
    }

    fn is_meant(&self, name: &str) -> bool {
        self.names.contains(name)
            || self.folded.contains(&folded(name)) && !self.sound.contains(name)
    }
}
