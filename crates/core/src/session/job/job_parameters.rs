//! Values of job parameters, as the official crates resolve them.

use super::error::{JobError, Part};
use super::integer_lists;
use super::request::Request;
use crate::session::scope::PATHS;
use crate::template::text_of;
use openjd_expr::ExprValue;
use openjd_model::template::{EnvironmentTemplate, JobTemplate};
use openjd_model::{
    JobParameterInputValues, JobParameterType, JobParameterValues, PathParameterOptions,
};
use serde_json::Value;
use std::path::{Component, Path, PathBuf};

/// Returns the values of the job parameters that `request` gives or leaves to their defaults.
pub(super) fn resolved(
    request: &Request<'_>,
    template: &JobTemplate,
    outer: &[EnvironmentTemplate],
) -> Result<JobParameterValues, JobError> {
    let lists = integer_lists::names(template, outer);
    let as_input = |name: &str, value: &Value| {
        let text = text_of(value);
        ExprValue::String(match lists.contains(name) {
            true => integer_lists::exact(text),
            false => text,
        })
    };
    let inputs: JobParameterInputValues = request
        .parameters
        .iter()
        .map(|(name, value)| (name.clone(), as_input(name, value)))
        .collect();
    let host = &request.host;
    let options = PathParameterOptions {
        path_format: PATHS,
        allow_uri_path_values: true,
        ..PathParameterOptions::new(&host.template_directory, &host.current_directory)
    };
    let mut values = openjd_model::preprocess_job_parameters(template, &inputs, outer, &options)
        .map_err(|error| JobError::new(Part::Parameters, error))?;
    normalize_joined_paths(&mut values, &inputs);
    Ok(values)
}

/// Normalizes the paths that were given relative, which the model has joined with the current directory.
/// Later versions of the model do so themselves (Template Schemas 2.2).
fn normalize_joined_paths(values: &mut JobParameterValues, inputs: &JobParameterInputValues) {
    for (name, parameter) in values {
        let given = inputs.get(name).map(ExprValue::to_display_string);
        let is_relative = given.is_some_and(|given| {
            !given.is_empty() && !given.starts_with('/') && !openjd_expr::uri_path::is_uri(&given)
        });
        if is_relative && parameter.param_type == JobParameterType::Path {
            let joined = normalized(Path::new(&parameter.value.to_display_string()));
            parameter.value = match &parameter.value {
                ExprValue::Path { .. } => ExprValue::new_path(joined, PATHS),
                _ => ExprValue::String(joined),
            };
        }
    }
}

/// Resolves the `.` and `..` of an absolute path by its text alone.
fn normalized(path: &Path) -> String {
    let mut normalized = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normalized.pop();
            }
            other => normalized.push(other),
        }
    }
    normalized.to_string_lossy().into_owned()
}
