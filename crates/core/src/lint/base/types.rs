//! Types of parameters in another case than the specification writes them: without EXPR, the model reports nothing else
//! beside them.

use super::renames::Renames;
use crate::lint::context::Context;
use crate::lint::fact::{Fact, FactKind};
use crate::template::{Path, items_of};
use openjd_model::{JobParameterType, ModelExtension, TaskParameterType};
use serde_json::Value;

/// The types that a parameter can have without EXPR; a task parameter has another one.
const OF_BASE: [&str; 5] = ["STRING", "PATH", "INT", "FLOAT", "CHUNK[INT]"];

/// Writes the types in `value` as the specification does. Returns a fact on each, but on those that need EXPR: with it, the
/// case does not matter.
pub(super) fn respell(
    context: &Context<'_>,
    renames: &Renames,
    value: &mut Value,
) -> Vec<Fact<'static>> {
    let mut facts = Vec::new();
    if context.has_extension(ModelExtension::Expr.as_str()) {
        return facts;
    }
    let job_type = |name: &str| JobParameterType::from_spec_str(name).map(|own| own.as_spec_str());
    let task_type =
        |name: &str| TaskParameterType::from_spec_str(name).map(|own| own.as_spec_str());
    let steps = 0..items_of(value.get("steps")).len();
    let spaces = steps.map(|step| Path::root().key("steps").index(step).key("parameterSpace"));
    let of_tasks: Vec<_> = spaces
        .map(|space| space.key("taskParameterDefinitions"))
        .collect();
    let mut respell = |list: &Path, known: &dyn Fn(&str) -> Option<&'static str>| {
        for index in 0..items_of(list.get(value)).len() {
            let path = list.index(index).key("type");
            let Some(Value::String(written)) = path.get_mut(value) else {
                continue;
            };
            let Some(meant) = known(written).filter(|meant| meant != written) else {
                continue;
            };
            let written = std::mem::replace(written, meant.to_owned());
            if OF_BASE.contains(&meant) {
                let kind = FactKind::NotOneOf {
                    label: "`type`".to_owned(),
                    written,
                    allowed: vec![meant.to_owned()],
                    choices: vec![meant.to_owned()],
                };
                facts.push(Fact::at_value(&renames.written(path), kind));
            }
        }
    };
    respell(&Path::root().key("parameterDefinitions"), &job_type);
    for list in &of_tasks {
        respell(list, &task_type);
    }
    facts
}
