//! Creates a job: the official crates decode it and resolve parameters and `let`; this adds the monitors.

use super::agenda;
use super::definition::{Job, Step};
use super::error::{JobError, Part};
use super::job_parameters;
use super::request::Request;
use super::symbols::{self, HostScope};
use crate::functions;
use crate::template::{self, Home, TemplateKind, without_extension};
use openjd_model::template::{EnvironmentTemplate, JobTemplate};
use openjd_model::{CallerLimits, ModelExtension};
use serde_json::Value;
use std::str::FromStr;

impl Job {
    /// Creates the job that `request` describes.
    ///
    /// # Errors
    ///
    /// Fails if a template is not valid, a parameter is missing or not allowed, a number of a monitor resolves
    /// to one that SCH-6 or SCH-7 forbids, a task does not exist, or two Environments of one Session
    /// have wrap hooks.
    pub fn create(request: &Request<'_>) -> Result<Self, JobError> {
        let template = decode_job(request.template)?;
        let outer = request
            .environments
            .iter()
            .enumerate()
            .map(|(index, value)| decode_environment(value, index))
            .collect::<Result<Vec<_>, _>>()?;
        let parameters = job_parameters::resolved(request, &template, &outer)?;
        let created = openjd_model::create_job(
            &template,
            &parameters,
            &template.default_validation_context(),
        )
        .map_err(JobError::of_template)?;
        let host_scope =
            HostScope::new(&request.host, &parameters).map_err(JobError::of_template)?;
        let of_job = symbols::of_job(&created, &parameters).map_err(JobError::of_template)?;

        let mut environments = Vec::new();
        for (index, (outer, value)) in outer.iter().zip(&request.environments).enumerate() {
            let definition = openjd_model::convert_environment(&outer.environment);
            let found = template::environments(TemplateKind::Environment, value);
            let own = host_scope.environments(vec![definition], found, &of_job);
            environments
                .extend(own.map_err(|error| JobError::new(Part::Environment(index), error))?);
        }
        let found = template::environments(TemplateKind::Job, request.template);
        let (found_of_job, found_of_steps): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|environment| environment.home == Home::Job);
        let definitions = created.job_environments.clone().unwrap_or_default();
        let own = host_scope.environments(definitions, found_of_job, &of_job);
        environments.extend(own.map_err(JobError::of_template)?);

        // In the order of the steps.
        let mut found_of_steps = found_of_steps.into_iter().peekable();
        let shared = environments.len();
        let mut of_steps = Vec::new();
        let mut steps = Vec::new();
        for (index, (step, written)) in created.steps.iter().zip(&template.steps).enumerate() {
            let symbols = symbols::of_step(&of_job, written).map_err(JobError::of_template)?;
            let found = std::iter::from_fn(|| {
                found_of_steps.next_if(|found| found.home == Home::Step(index))
            });
            let definitions = step.step_environments.clone().unwrap_or_default();
            let own = host_scope.environments(definitions, found.collect(), &symbols);
            let own = own.map_err(JobError::of_template)?;
            of_steps.push(environments.len()..environments.len() + own.len());
            environments.extend(own);
            steps.push(Step {
                symbols: host_scope.with(&symbols),
                directory: format!("{}/{}", host_scope.host.step_files, step.name),
                definition: step.clone(),
            });
        }
        let agenda = agenda::agenda(&created, &request.tasks, shared, &of_steps)?;
        agenda::refuse_two_wrappers(&environments, &agenda)?;
        let mut templates = request
            .environments
            .iter()
            .copied()
            .chain([request.template]);
        let redacted = ModelExtension::RedactedEnvVars.as_str();
        Ok(Self {
            name: created.name,
            environments,
            steps,
            agenda,
            library: functions::on_host(&request.host.path_mapping),
            has_redacted_variables: templates
                .any(|template| extensions(template).contains(&redacted)),
            path_rules: request.host.path_mapping.clone(),
            path_mapping: request.host.path_mapping_file(),
        })
    }
}

fn extensions(template: &Value) -> Vec<&str> {
    let listed = template["extensions"].as_array().into_iter().flatten();
    let names = listed.filter_map(Value::as_str);
    names
        .filter(|name| ModelExtension::from_str(name).is_ok())
        .collect()
}

pub(super) fn decode_job(value: &Value) -> Result<JobTemplate, JobError> {
    let base = without_extension(TemplateKind::Job, value);
    openjd_model::decode_job_template(base, Some(&extensions(value)), &CallerLimits::default())
        .map_err(JobError::of_template)
}

pub(super) fn decode_environment(
    value: &Value,
    index: usize,
) -> Result<EnvironmentTemplate, JobError> {
    let base = without_extension(TemplateKind::Environment, value);
    openjd_model::decode_environment_template(base, Some(&extensions(value)))
        .map_err(|error| JobError::new(Part::Environment(index), error))
}
