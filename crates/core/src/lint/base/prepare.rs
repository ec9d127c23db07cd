//! The template without the extension.

use super::renames::Renames;
use crate::lint::budget;
use crate::lint::context::Context;
use crate::lint::fact::Fact;
use crate::template::{self, Path, Slot, remove, remove_extension};
use openjd_model::{ModelExtension, PathElement, ValidationError};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::str::FromStr;

/// The template as it would be without `onMonitor`, `MONITOR`, and the keys that `structural`
/// findings have already called unknown; those that are another word for a field by its name.
pub(super) fn without_extension(
    context: &Context<'_>,
    structural: &[Fact<'_>],
    renames: &Renames,
) -> Value {
    let mut document = Cow::Borrowed(context.document.value());
    // `invisible-character` reports a character in the name of an extension.
    for (path, name) in &context.extensions {
        if path.get(&document).is_some_and(|written| written != name)
            && let Some(written) = path.get_mut(document.to_mut())
        {
            *written = (*name).into();
        }
    }
    let mut value = template::without_extension(context.kind, &document);
    renames.apply(&mut value);
    let unknown = structural.iter().filter(|fact| fact.is_unknown_field());
    let unknown = unknown.map(|fact| fact.place.path().clone());
    for path in unknown.chain(context.misplaced.iter().cloned()) {
        remove(&mut value, &path);
    }
    for environment in context.monitored() {
        // `nothing-to-monitor` reports an Environment whose only action was the monitor.
        let actions = environment.actions_path();
        if environment.slots().is_empty()
            && let Some(Value::Object(actions)) = actions.get_mut(&mut value)
        {
            actions.insert(Slot::OnEnter.name().to_owned(), json!({"command": "x"}));
        }
    }
    for path in context.budget.skipped() {
        let is_optional = path.last_key().is_some_and(|key| OPTIONAL.contains(&key));
        match path.get_mut(&mut value) {
            Some(_) if is_optional => remove(&mut value, path),
            Some(Value::String(text)) => *text = budget::stand_in(text, path),
            _ => {}
        }
    }
    // `missing-extension` reports a MONITOR that is misspelt or the only one missing.
    if context.lacks_all_extensions() {
        remove(&mut value, &Path::root().key("extensions"));
    }
    if let Some((_, name)) = context.misspelt_extension() {
        remove_extension(&mut value, name);
    }
    value
}

/// The largest number of job parameters that the model accepts.
const MAX_PARAMETERS: usize = 200;

/// Removes the job parameters that are far more than the model accepts, as each costs time in every
/// scope, and returns their names. It still finds that there are too many.
pub(super) fn cut_parameters(value: &mut Value) -> Vec<String> {
    let list = value
        .get_mut("parameterDefinitions")
        .and_then(Value::as_array_mut);
    let Some(list) = list.filter(|list| list.len() > MAX_PARAMETERS + 1) else {
        return Vec::new();
    };
    let excess = list.drain(MAX_PARAMETERS + 1..);
    let name = |definition: Value| Some(definition.get("name")?.as_str()?.to_owned());
    excess.filter_map(name).collect()
}

/// Fields that take no other string in place of an expression, but can be left out.
const OPTIONAL: [&str; 5] = [
    "timeout",
    "notifyPeriodInSeconds",
    "min",
    "max",
    "combination",
];

fn is_known(extension: &str) -> bool {
    ModelExtension::from_str(extension).is_ok()
}

/// Returns true for errors of the model's first pass, which hide those of the second.
pub(super) fn mends_first_pass(error: &ValidationError) -> bool {
    matches!(error.path.as_slice(), [PathElement::Field(field)] if field == "extensions")
}

/// Leaves what the model's first pass accepts: known extensions, each once.
pub(super) fn mend_first_pass(value: &mut Value) {
    if let Some(Value::Array(extensions)) = value.get_mut("extensions") {
        let mut kept: Vec<Value> = Vec::new();
        for name in extensions.drain(..) {
            if name.as_str().is_some_and(is_known) && !kept.contains(&name) {
                kept.push(name);
            }
        }
        *extensions = kept;
        if extensions.is_empty() {
            remove(value, &Path::root().key("extensions"));
        }
    }
}
