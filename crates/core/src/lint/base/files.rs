//! References to embedded files that do not exist, taken out of a template before `openjd-model` sees it.

use super::renames::Renames;
use super::undefined::{self, is_free};
use crate::lint::context::Context;
use crate::lint::fact::Fact;
use crate::lint::finding::Place;
use crate::lint::missing_files::Files;
use crate::template::{Path, items_of, visit};
use serde_json::Value;

/// Writes letters over each reference to a file that does not exist in `value`, the document as it is read, where any text
/// will do. Returns a fact on each.
pub(super) fn take_missing(
    context: &Context<'_>,
    renames: &Renames,
    value: &mut Value,
) -> Vec<Fact<'static>> {
    let document = context.document.value();
    let steps = 0..items_of(document.get("steps")).len();
    let steps = steps.filter_map(|step| {
        let path = Path::root().key("steps").index(step).key("script");
        Some((Files::of_step(path.get(document))?, path))
    });
    let environments = context.environments.iter().filter_map(|environment| {
        let path = environment.path.key("script");
        Some((Files::of_environment(path.get(document))?, path))
    });
    let mut facts = Vec::new();
    for (files, script) in steps.chain(environments) {
        visit(
            script.get(document).unwrap_or(&Value::Null),
            &mut |path, own| {
                let path = script.join(path.segments());
                let (Some(text), true) = (own.as_str(), is_free(&path)) else {
                    return;
                };
                let read = renames.read(&path).get_mut(value);
                let Some(Value::String(read)) = read.filter(|read| *read == own) else {
                    return;
                };
                for interpolation in context.expressions.interpolations(text) {
                    let Some(reference) = files.missing(text, &interpolation) else {
                        continue;
                    };
                    // What else is wrong with the text stays at its place.
                    let letters = "x".repeat(interpolation.range.len());
                    read.replace_range(interpolation.range.clone(), &letters);
                    let place = Place::Text(path.clone(), reference.range.clone());
                    facts.push(undefined::fact(document, place, &reference.name, ""));
                }
            },
        );
    }
    facts
}
