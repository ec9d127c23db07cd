//! Mistakes that a template only makes together with the environment templates around it.

use super::context::Context;
use super::fact::Fact;
use super::finding::Place;
use super::guard;
use crate::template::{Path, Slot, TemplateKind, items_of};
use openjd_model::template::EnvironmentTemplate;
use openjd_model::{CallerLimits, ModelError, ModelExtension, merge_job_parameter_definitions};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// Returns the mistakes of the template that its surroundings make.
pub(super) fn facts(context: &Context<'_>) -> Vec<Fact<'static>> {
    if context.settings.around.is_empty() {
        return Vec::new();
    }
    let mut facts = second_wrappers(context);
    facts.extend(parameters(context));
    facts
}

/// Returns the Environments that wrap inside of one that does: only one of a Session may (RFC 0008).
fn second_wrappers(context: &Context<'_>) -> Vec<Fact<'static>> {
    let mut around = context.around.iter();
    let Some((file, outer)) = around.find(|(_, outer)| outer.wraps()) else {
        return Vec::new();
    };
    let outer = name_of(outer.value);
    let inner = context.environments.iter().filter_map(|inner| {
        let hook = Slot::HOOKS.into_iter().find(|hook| inner.defines(*hook))?;
        let place = Place::Key(inner.actions_path().key(hook.name()));
        let name = name_of(inner.value);
        let message = format!(
            "`{name}` has wrap hooks, and so has `{outer}` of {file} around it: only one Environment of a Session may"
        );
        Some(Fact::rejected(place, &message))
    });
    inner.collect()
}

fn name_of(environment: &Value) -> &str {
    let name = environment.get("name").and_then(Value::as_str);
    name.unwrap_or("an Environment")
}

/// Returns the parameters whose definitions do not go with those of the templates around.
fn parameters(context: &Context<'_>) -> Vec<Fact<'static>> {
    let path = Path::root().key("parameterDefinitions");
    let around = context.settings.around.iter();
    let mut outer: HashMap<&str, Vec<(&str, &Value)>> = HashMap::new();
    for template in around.map(|around| &*around.template) {
        let environment = name_of(&template["environment"]);
        for (name, definition) in definitions(template) {
            outer
                .entry(name)
                .or_default()
                .push((environment, definition));
        }
    }
    let own = definitions(context.document.value()).into_iter();
    let facts = own.filter_map(|(name, own)| {
        let outer = outer.get(name)?;
        let error = guard::call(|| merge(context.kind, own, outer).err())??;
        let place = Place::Value(path.index(context.parameter(name)?).key("name"));
        let message = match error {
            ModelError::Compatibility(message) => message,
            other => other.to_string(),
        };
        Some(Fact::rejected(place, &message))
    });
    facts.collect()
}

/// The parameters of a template, each with its first definition.
fn definitions(template: &Value) -> Vec<(&str, &Value)> {
    let list = items_of(template.get("parameterDefinitions"));
    let mut seen = HashSet::new();
    let named = list.iter().filter_map(|definition| {
        let name = definition.get("name")?.as_str()?;
        Some((name, definition))
    });
    named.filter(|(name, _)| seen.insert(*name)).collect()
}

/// Merges definitions of one parameter as at the creation of a job; succeeds for those that are not valid by
/// themselves, which is a mistake of its own.
fn merge(kind: TemplateKind, own: &Value, outer: &[(&str, &Value)]) -> Result<(), ModelError> {
    let supported: Vec<_> = ModelExtension::ALL
        .iter()
        .map(|extension| extension.as_str())
        .collect();
    let template = |(name, definition): &(&str, &Value)| {
        let value = json!({
            "specificationVersion": "environment-2023-09",
            "extensions": supported,
            "parameterDefinitions": [definition],
            "environment": {"name": name, "variables": {"A": "a"}},
        });
        openjd_model::decode_environment_template(value, Some(&supported)).ok()
    };
    let mut around: Vec<EnvironmentTemplate> = outer.iter().filter_map(template).collect();
    let mut job = json!({
        "specificationVersion": "jobtemplate-2023-09",
        "extensions": supported,
        "name": "Job",
        "steps": [{"name": "Step", "script": {"actions": {"onRun": {"command": "a"}}}}],
    });
    match kind {
        TemplateKind::Job => job["parameterDefinitions"] = json!([own]),
        TemplateKind::Environment => around.extend(template(&("the inner Environment", own))),
    }
    let limits = CallerLimits::default();
    let Ok(job) = openjd_model::decode_job_template(job, Some(&supported), &limits) else {
        return Ok(());
    };
    for merged in merge_job_parameter_definitions(&job, &around)? {
        merged.validate_satisfiable()?;
    }
    Ok(())
}
