//! Creates a job: the official crates decode it and resolve parameters and `let`; this adds the monitors.

use super::agenda;
use super::definition::{Environment, Job, Step};
use super::error::{JobError, Part};
use super::host::Host;
use super::integer_lists;
use super::monitors::{self, MonitorError};
use super::tasks::Tasks;
use crate::functions;
use crate::session::scope::{self, PATHS, Scope, ScopeError, set};
use crate::template::{self, Home, TemplateKind, text_of, without_extension};
use openjd_expr::{ExprType, ExprValue, FunctionLibrary, HostContext};
use openjd_model::job;
use openjd_model::template::{EnvironmentTemplate, JobTemplate, StepTemplate};
use openjd_model::{
    CallerLimits, JobParameterInputValues, JobParameterType, JobParameterValues, ModelExtension,
    ModelProfile, PathParameterOptions, SymbolTable,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use thiserror::Error;

/// Input of [`Job::create`]: templates, parameters, tasks and host.
#[derive(Debug, Clone)]
pub struct Request<'v> {
    /// Job template as data.
    pub template: &'v Value,
    /// Environment templates around it, outermost first.
    pub environments: Vec<&'v Value>,
    /// Values of job parameters.
    pub parameters: BTreeMap<String, Value>,
    /// Tasks to run.
    pub tasks: Tasks,
    /// Host that it runs on.
    pub host: Host,
}

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
        let parameters = parameters(request, &template, &outer)?;
        let created = openjd_model::create_job(
            &template,
            &parameters,
            &template.default_validation_context(),
        )
        .map_err(JobError::of_template)?;
        let host_scope =
            HostScope::new(&request.host, &parameters).map_err(JobError::of_template)?;
        let of_job = symbols_of_job(&created, &parameters).map_err(JobError::of_template)?;

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

        let shared = environments.len();
        let mut of_steps = Vec::new();
        let mut steps = Vec::new();
        for (index, (step, written)) in created.steps.iter().zip(&template.steps).enumerate() {
            let symbols = symbols_of_step(&of_job, written).map_err(JobError::of_template)?;
            let found = found_of_steps
                .iter()
                .filter(|found| found.home == Home::Step(index));
            let definitions = step.step_environments.clone().unwrap_or_default();
            let own = host_scope.environments(definitions, found.cloned().collect(), &symbols);
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
            library: library(HostContext::with_rules(request.host.path_mapping.clone())),
            has_redacted_variables: templates
                .any(|template| extensions(template).contains(&redacted)),
            path_rules: request.host.path_mapping.clone(),
            path_mapping: request.host.path_mapping_file(),
        })
    }
}

/// Returns the functions of expressions. Decoding has checked which of them a template may use.
pub(super) fn library(host: HostContext) -> Arc<FunctionLibrary> {
    Arc::new(functions::of_profile(
        &ModelProfile::latest().to_expr_profile(host),
    ))
}

/// Returns the symbols of a job at its creation, for its own Environments and those around it. The official crates
/// keep only those that their format strings refer to, and know no monitors.
fn symbols_of_job(
    job: &job::Job,
    parameters: &JobParameterValues,
) -> Result<SymbolTable, ScopeError> {
    let mut symbols = openjd_model::build_symbol_table(parameters)?;
    set(
        &mut symbols,
        "Job.Name",
        ExprValue::String(job.name.clone()),
    )?;
    Ok(symbols)
}

/// Returns the symbols of a step, those of its job included.
fn symbols_of_step(of_job: &SymbolTable, step: &StepTemplate) -> Result<SymbolTable, ScopeError> {
    let library = library(HostContext::None);
    let mut scope = Scope {
        symbols: of_job.clone(),
        library: &library,
    };
    set(
        &mut scope.symbols,
        "Step.Name",
        ExprValue::String(step.name.clone()),
    )?;
    if let Some(bindings) = &step.let_bindings {
        scope.bind(bindings)?;
    }
    Ok(scope.symbols)
}

/// Error in the monitor of an Environment.
#[derive(Debug, Error)]
#[error("environment '{name}': {source}")]
pub(super) struct EnvironmentError {
    pub name: String,
    pub source: MonitorError,
}

/// Symbols of the host, which are part of every scope.
struct HostScope<'h> {
    host: &'h Host,
    symbols: SymbolTable,
}

impl<'h> HostScope<'h> {
    fn new(host: &'h Host, parameters: &JobParameterValues) -> Result<Self, ScopeError> {
        let path = |path: &str| ExprValue::new_path(path, PATHS);
        let own = [
            ("Session.WorkingDirectory", path(&host.working_directory)),
            (
                "Session.HasPathMappingRules",
                ExprValue::Bool(!host.path_mapping.is_empty()),
            ),
            (
                "Session.PathMappingRulesFile",
                path(&host.path_mapping_file),
            ),
        ];
        let mut symbols = SymbolTable::new();
        for (name, value) in own {
            set(&mut symbols, name, value)?;
        }
        // Paths are known on the worker host only.
        for (name, parameter) in parameters {
            let target = match parameter.param_type {
                JobParameterType::Path => ExprType::PATH,
                JobParameterType::ListPath => ExprType::list(ExprType::PATH),
                _ => continue,
            };
            let value = scope::coerce(&parameter.value, &target)?;
            let value = scope::map_paths(value, &host.path_mapping)?;
            set(&mut symbols, &format!("Param.{name}"), value)?;
        }
        Ok(Self { host, symbols })
    }

    fn with(&self, symbols: &SymbolTable) -> SymbolTable {
        let mut all = symbols.clone();
        all.merge_from(&self.symbols);
        all
    }

    /// Combines Environments as created with their monitors as found in the template.
    fn environments(
        &self,
        definitions: Vec<job::Environment>,
        found: Vec<template::Environment<'_>>,
        symbols: &SymbolTable,
    ) -> Result<Vec<Environment>, EnvironmentError> {
        let library = library(HostContext::None);
        let scope = Scope {
            symbols: symbols.clone(),
            library: &library,
        };
        let environment = |(definition, found): (job::Environment, template::Environment<'_>)| {
            let name = &definition.name;
            let monitors = monitors::monitors(&found, &scope);
            let monitors = monitors.map_err(|source| EnvironmentError {
                name: name.clone(),
                source,
            })?;
            Ok(Environment {
                symbols: self.with(symbols),
                directory: format!("{}/{name}", self.host.environment_files),
                monitors,
                definition,
            })
        };
        definitions
            .into_iter()
            .zip(found)
            .map(environment)
            .collect()
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

pub(super) fn parameters(
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
