//! The Environments of a template, wherever they stand.

use super::field::Field;
use super::monitor::Monitor;
use super::path::Path;
use super::slot::Slot;
use super::{TemplateKind, items_of};
use serde_json::{Map, Value};

/// Place of an Environment, which decides the scope of its format strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// Among a job template's `jobEnvironments`.
    Job,
    /// Among the `stepEnvironments` of the step with this index.
    Step(usize),
    /// The one of an environment template.
    Template,
}

/// One Environment of a template.
#[derive(Debug, Clone)]
pub struct Environment<'d> {
    /// Path in the document.
    pub path: Path,
    /// The value as written, possibly malformed.
    pub value: &'d Value,
    /// The part of the template that it belongs to.
    pub home: Home,
}

/// The Environments of the template `value`, in the order in which a reader meets them.
pub fn environments(kind: TemplateKind, value: &Value) -> Vec<Environment<'_>> {
    let root = Path::root();
    if kind == TemplateKind::Environment {
        let path = root.key("environment");
        let found = value.get("environment");
        return found
            .map(|value| Environment {
                path,
                value,
                home: Home::Template,
            })
            .into_iter()
            .collect();
    }
    let mut found = items(value, &root.key("jobEnvironments"), Home::Job);
    for step in 0..items_of(value.get("steps")).len() {
        let path = root.key("steps").index(step).key("stepEnvironments");
        found.extend(items(value, &path, Home::Step(step)));
    }
    found
}

fn items<'d>(value: &'d Value, path: &Path, home: Home) -> Vec<Environment<'d>> {
    let items = items_of(path.get(value)).iter().enumerate();
    let environments = items.map(|(index, value)| Environment {
        path: path.index(index),
        value,
        home,
    });
    environments.collect()
}

impl<'d> Environment<'d> {
    /// Its name; empty if it has none.
    pub fn name(&self) -> &'d str {
        let name = self.value.get("name").and_then(Value::as_str);
        name.unwrap_or_default()
    }

    /// The path of its actions, whether or not it has any.
    pub fn actions_path(&self) -> Path {
        self.path.key("script").key("actions")
    }

    /// The path of its `onMonitor`, whether or not it has one.
    pub fn monitor_path(&self) -> Path {
        self.actions_path().key("onMonitor")
    }

    /// Its actions, the monitor among them.
    pub fn actions(&self) -> Option<&'d Map<String, Value>> {
        self.value.get("script")?.get("actions")?.as_object()
    }

    /// Returns true if it defines the action of `slot`; null counts as absent.
    pub fn defines(&self, slot: Slot) -> bool {
        self.action(slot).is_some()
    }

    /// Returns the action of `slot`, if it defines one.
    pub fn action(&self, slot: Slot) -> Option<Field<'d>> {
        let value = self.actions()?.get(slot.name())?;
        (!value.is_null()).then(|| Field {
            path: self.actions_path().key(slot.name()),
            value,
        })
    }

    /// Returns true if its hooks take the place of inner actions (RFC 0008).
    pub fn wraps(&self) -> bool {
        Slot::HOOKS.into_iter().any(|hook| self.defines(hook))
    }

    /// The slots whose actions it defines (SCH-2: `onMonitor` is none of them).
    pub fn slots(&self) -> Vec<Slot> {
        Slot::ALL
            .into_iter()
            .filter(|&slot| self.defines(slot))
            .collect()
    }

    /// Its monitor, if it has `onMonitor` and that is a mapping.
    pub fn monitor(&self) -> Option<Monitor<'d>> {
        let value = self
            .actions()?
            .get("onMonitor")
            .filter(|value| value.is_object())?;
        Some(Monitor {
            path: self.monitor_path(),
            value,
            defined: self.slots(),
        })
    }
}
