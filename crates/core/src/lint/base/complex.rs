//! Expressions of the extension EXPR in strings of which `openjd-model` does not say that they need it.

use crate::lint::context::Context;
use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Place;
use crate::template::{Path, Segment, visit};
use openjd_model::ModelExtension;

/// The fields whose format strings are resolved when a job is created.
const FIELDS: [&str; 10] = [
    "range",
    "min",
    "max",
    "anyOf",
    "allOf",
    "timeout",
    "notifyPeriodInSeconds",
    "mode",
    "defaultTaskCount",
    "targetRuntimeSeconds",
];

/// Reports the first expression of each such string that is more than a name, in a template without EXPR.
pub(super) fn facts(context: &Context<'_>) -> Vec<Fact<'static>> {
    let mut facts = Vec::new();
    if context.has_extension(ModelExtension::Expr.as_str()) {
        return facts;
    }
    visit(context.document.value(), &mut |path, value| {
        if let Some(text) = value.as_str()
            && takes_expressions(path)
            && !context.budget.skips(path)
            && let Some(range) = context.expressions.first_complex(text)
        {
            facts.push(Fact {
                place: Place::Text(path.clone(), range),
                kind: FactKind::NeedsExtension(ModelExtension::Expr),
            });
        }
    });
    facts
}

fn takes_expressions(path: &Path) -> bool {
    let mut segments = path.segments().iter().rev();
    let field = segments.find(|segment| matches!(segment, Segment::Key(_)));
    match field {
        Some(Segment::Key(key)) if key == "name" => path.segments().len() == 1,
        Some(Segment::Key(key)) => FIELDS.contains(&key.as_str()),
        _ => false,
    }
}
