//! Stage 3: the schema's errors, each on the key or value that is wrong.

use super::context::{Context, MONITOR};
use super::fact::{Fact, FactKind};
use super::shapes;
use super::violation::Violation;
use crate::schema::{self, Kind, Schema};
use crate::template::{Path, Slot, TemplateKind, least_value};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Returns the errors of every `onMonitor`, and the unknown keys beside it.
pub(crate) fn extension(context: &Context<'_>) -> Vec<Fact<'static>> {
    let mut facts = repeated_extension(context);
    for environment in &context.environments {
        let path = environment.actions_path();
        for (key, value) in environment.actions().into_iter().flatten() {
            if key == "onMonitor" {
                facts.extend(check(&schema::MONITOR, value, &path.key(key)));
            } else if Slot::from_name(key).is_none() {
                let known = Slot::ALL
                    .map(Slot::name)
                    .into_iter()
                    .chain(["onMonitor"])
                    .collect::<Vec<_>>();
                facts.push(Fact::unknown_field(&path.key(key), "`actions`", &known));
            }
        }
    }
    shapes::explained(context.document, facts)
}

/// Returns the errors of the whole template, including those of every `onMonitor`.
pub(crate) fn template(context: &Context<'_>) -> Vec<Fact<'static>> {
    let schema = match context.kind {
        TemplateKind::Job => &schema::JOB_TEMPLATE,
        TemplateKind::Environment => &schema::ENVIRONMENT_TEMPLATE,
    };
    let mut facts = check(schema, context.document.value(), &Path::root());
    // `missing-extension` reports these.
    let empty = Path::root().key("extensions");
    let empty = Some(&empty).filter(|_| context.lacks_all_extensions());
    let misspelt = context.misspelt_extension().map(|(path, _)| path);
    let misplaced: HashSet<&Path> = context.misplaced.iter().collect();
    facts.retain(|fact| {
        let path = fact.place.path();
        // It combines a parameter whose name is the mistake.
        let is_unnamed = path.last_key() == Some("combination") && context.budget.skips(path);
        !is_unnamed && !misplaced.contains(path) && Some(path) != misspelt && Some(path) != empty
    });
    shapes::explained(context.document, facts)
}

/// Reports repeated `MONITOR`s, because the base stage sees the template without them.
fn repeated_extension(context: &Context<'_>) -> Vec<Fact<'static>> {
    let listed = context
        .extensions
        .iter()
        .filter(|(_, name)| *name == MONITOR)
        .skip(1);
    listed
        .map(|(path, name)| {
            Fact::invalid_value(path, format!("`{name}` is repeated in `extensions`"), None)
        })
        .collect()
}

/// Returns the errors of `instance`, whose path in its document is `base`.
pub(crate) fn check(schema: &'static Schema, instance: &Value, base: &Path) -> Vec<Fact<'static>> {
    let mut facts = Vec::new();
    let mut missing = Vec::new();
    let found = schema.violations(instance);
    for found in found.iter().filter(|found| !is_of_a_later_stage(found)) {
        let violation = Violation::new(schema, instance, base, found);
        match found.kind {
            // One of several alternatives is required on a condition.
            Kind::Required(name) => missing.push((
                violation.path.key(name),
                found.is_conditional,
                violation.missing(name),
                violation.misspelt(name),
            )),
            _ => facts.extend(violation.facts()),
        }
    }
    // A required key that is there by another name is one mistake.
    let mut unknown: HashMap<Option<Path>, Vec<&Fact<'_>>> = HashMap::new();
    for fact in &facts {
        if matches!(fact.kind, FactKind::UnknownField { .. }) {
            let keys = unknown.entry(fact.place.path().parent()).or_default();
            keys.push(fact);
        }
    }
    missing.retain(|(path, is_conditional, ..)| {
        let mut keys = unknown.get(&path.parent()).into_iter().flatten();
        let meant = path.last_key().unwrap_or_default();
        !keys.any(|fact| match is_conditional {
            true => fact.meant_fields().is_some(),
            false => fact.may_mean(meant),
        })
    });
    let misspelt = missing
        .into_iter()
        .map(|(.., fact, misspelt)| misspelt.unwrap_or(fact));
    facts.extend(misspelt);
    facts
}

/// Returns true for errors in a monitor's number that a later stage reports with the value at hand: a
/// period below the floor, and a string that is no integer.
fn is_of_a_later_stage(found: &schema::Violation) -> bool {
    let field = found.path.last_key().unwrap_or_default();
    match found.kind {
        Kind::Minimum(_) => field == "period",
        Kind::Pattern(_) => least_value(field).is_some(),
        _ => false,
    }
}
