//! The parts of a template, and the places of its defaults.

use super::hover::watches;
use crate::describe::{Watch, number, seconds};
use crate::template::{
    Document, Effective, Environment, Home, OnFailure, Path, TemplateKind, environments, items_of,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;

/// A part of a template.
#[derive(Debug, Clone)]
pub struct Part {
    /// Name.
    pub name: String,
    /// Short description.
    pub detail: Option<String>,
    /// Kind.
    pub kind: PartKind,
    /// All of its bytes.
    pub span: Range<usize>,
    /// The bytes of its name, or of the key that it stands under.
    pub selection: Range<usize>,
    /// The parts in it.
    pub parts: Vec<Part>,
}

/// Kind of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// Parameter of a job or of tasks.
    Parameter,
    /// Environment.
    Environment,
    /// Step.
    Step,
    /// Action, or `onMonitor`.
    Action,
    /// Embedded file.
    File,
    /// Environment variable.
    Variable,
}

/// A default that applies, said behind a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The byte behind which it is said.
    pub offset: usize,
    /// The text.
    pub text: String,
}

/// Returns the parts of a template.
pub fn outline(document: &Document) -> Vec<Part> {
    let Some(kind) = TemplateKind::of(document) else {
        return Vec::new();
    };
    let outliner = Outliner { document };
    let root = Path::root();
    let mut parts = outliner.named(&root.key("parameterDefinitions"), PartKind::Parameter);
    let mut of_steps: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for environment in environments(kind, document.value()) {
        let part = outliner.environment(&environment);
        match environment.home {
            Home::Step(index) => of_steps.entry(index).or_default().extend(part),
            Home::Job | Home::Template => parts.extend(part),
        }
    }
    for step in 0..items_of(document.value().get("steps")).len() {
        let path = root.key("steps").index(step);
        let parameters = path.key("parameterSpace").key("taskParameterDefinitions");
        let script = path.key("script");
        let part = outliner.item(&path, PartKind::Step).map(|mut part| {
            part.parts = outliner.named(&parameters, PartKind::Parameter);
            part.parts
                .extend(of_steps.remove(&step).unwrap_or_default());
            part.parts
                .extend(outliner.named(&script.key("embeddedFiles"), PartKind::File));
            part.parts
                .extend(outliner.keyed(&script.key("actions"), PartKind::Action));
            part
        });
        parts.extend(part);
    }
    parts
}

struct Outliner<'d> {
    document: &'d Document,
}

impl Outliner<'_> {
    fn environment(&self, environment: &Environment<'_>) -> Option<Part> {
        let mut part = self.item(&environment.path, PartKind::Environment)?;
        let script = environment.path.key("script");
        part.parts = self.keyed(&environment.path.key("variables"), PartKind::Variable);
        part.parts
            .extend(self.named(&script.key("embeddedFiles"), PartKind::File));
        part.parts
            .extend(self.keyed(&environment.actions_path(), PartKind::Action));
        Some(part)
    }

    /// Returns the items of a list of mappings with names.
    fn named(&self, list: &Path, kind: PartKind) -> Vec<Part> {
        let count = items_of(list.get(self.document.value())).len();
        let items = (0..count).filter_map(|index| self.item(&list.index(index), kind));
        items.collect()
    }

    fn item(&self, path: &Path, kind: PartKind) -> Option<Part> {
        let value = path.get(self.document.value())?;
        let name = value.get("name").and_then(Value::as_str);
        let detail = match kind {
            PartKind::Parameter => value.get("type").and_then(Value::as_str),
            _ => None,
        };
        let key = path.key("name");
        let span = self.document.value_span(path)?;
        let selection = name.and_then(|_| self.document.value_span(&key));
        let selection = selection.or_else(|| self.document.start_span(path))?;
        self.part(name.unwrap_or("(no name)"), detail, kind, (span, selection))
    }

    /// Returns the entries of a mapping.
    fn keyed(&self, map: &Path, kind: PartKind) -> Vec<Part> {
        let entries = map.get(self.document.value()).and_then(Value::as_object);
        let entries = entries.into_iter().flatten();
        let parts = entries.filter_map(|(key, value)| {
            let path = map.key(key);
            let selection = self.document.key_span(&path)?;
            let span = self.document.value_span(&path)?;
            let detail = value.as_str();
            self.part(key, detail, kind, (selection.start..span.end, selection))
        });
        let mut parts: Vec<_> = parts.collect();
        parts.sort_by_key(|part| part.selection.start);
        parts
    }

    fn part(
        &self,
        name: &str,
        detail: Option<&str>,
        kind: PartKind,
        (span, selection): (Range<usize>, Range<usize>),
    ) -> Option<Part> {
        // What an alias stands for is written elsewhere.
        let is_inside = span.start <= selection.start && selection.end <= span.end;
        let span = match is_inside {
            true => span,
            false => selection.clone(),
        };
        let name = match name.trim() {
            "" => "(no name)",
            name => name,
        };
        Some(Part {
            name: name.to_owned(),
            detail: detail.map(str::to_owned),
            kind,
            span,
            selection,
            parts: Vec::new(),
        })
    }
}

/// Returns the defaults that apply to the monitors of a template, each once: behind a period the time of the first check,
/// behind `onFailure` the threshold, and behind the command of a check its timeout.
pub fn hints(document: &Document) -> Vec<Hint> {
    let Some(kind) = TemplateKind::of(document) else {
        return Vec::new();
    };
    let mut hints = BTreeMap::new();
    for (environment, watches) in watches(document, kind) {
        let Some(monitor) = environment.monitor() else {
            continue;
        };
        for watch in watches {
            let effective = monitor.effective(watch.slot);
            for (path, text) in defaults(&effective, &watch) {
                if let Some(span) = document.value_span(&path) {
                    hints.entry(span.end).or_insert(text);
                }
            }
        }
    }
    let hints = hints.into_iter();
    hints.map(|(offset, text)| Hint { offset, text }).collect()
}

fn defaults(effective: &Effective<'_>, watch: &Watch) -> Vec<(Path, String)> {
    let mut found = Vec::new();
    if let (Some(period), None) = (&effective.period, &effective.initial_delay) {
        let text = format!("first check after {}", seconds(&watch.first_check));
        found.push((period.path.clone(), text));
    }
    if let (Some(on_failure), None) = (&effective.on_failure, &effective.failure_threshold)
        && watch.acts_as != OnFailure::Log
    {
        let text = format!("failureThreshold: {}", number(&watch.threshold));
        found.push((on_failure.path.clone(), text));
    }
    if let (Some(command), None) = (&effective.command, effective.check_timeout())
        && let Some(program) = command.child("command")
    {
        let text = format!("timeout: {}", seconds(&watch.check_timeout));
        found.push((program.path, text));
    }
    found
}
