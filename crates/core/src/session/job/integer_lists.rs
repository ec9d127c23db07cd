//! Lists of integers that are given as text.

use crate::template::{Loaded, Path, Syntax, limits, load, text_of};
use openjd_model::JobParameterType;
use openjd_model::template::{EnvironmentTemplate, JobTemplate};
use serde_json::Value;
use std::collections::BTreeSet;

/// Returns the names of the parameters that are lists of integers.
pub(super) fn names<'t>(
    template: &'t JobTemplate,
    outer: &'t [EnvironmentTemplate],
) -> BTreeSet<&'t str> {
    let definitions = outer.iter().map(|outer| &outer.parameter_definitions);
    let definitions = definitions.chain([&template.parameter_definitions]);
    let lists = definitions.flatten().flatten().filter(|definition| {
        let kind = definition.job_param_type();
        [JobParameterType::ListInt, JobParameterType::ListListInt].contains(&kind)
    });
    lists.map(|definition| definition.name()).collect()
}

/// Puts the integers of a JSON list that do not fit in 64 bits in quotes, so that they are refused as they are written.
/// The model reads them as floating-point numbers, the nearest of which may fit.
pub(super) fn exact(text: String) -> String {
    if serde_json::from_str::<Vec<Value>>(&text).is_err() {
        return text;
    }
    let mapping = format!("{{\"list\":{text}}}");
    match load(mapping.as_bytes(), Syntax::Json, limits::DEFAULT_MAX_BYTES) {
        Loaded::Document(document) => {
            text_of(&document.with_numbers_as_written(&[Path::root()])["list"])
        }
        Loaded::NoMapping(_) | Loaded::Malformed(..) => text,
    }
}
