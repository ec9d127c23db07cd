//! Symbols of a job, its steps and the host, and the Environments whose monitors are resolved with them.

use super::definition::Environment;
use super::host::Host;
use super::monitors::{self, MonitorError};
use crate::functions::OF_CREATION;
use crate::session::scope::{self, PATHS, Scope, ScopeError, set};
use crate::template;
use openjd_expr::{ExprType, ExprValue};
use openjd_model::job;
use openjd_model::template::StepTemplate;
use openjd_model::{JobParameterType, JobParameterValues, SymbolTable};
use thiserror::Error;

/// Returns the symbols of a job at its creation, for its own Environments and those around it. The official crates
/// keep only those that their format strings refer to, and know no monitors.
pub(super) fn of_job(
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
pub(super) fn of_step(
    of_job: &SymbolTable,
    step: &StepTemplate,
) -> Result<SymbolTable, ScopeError> {
    let mut scope = Scope {
        symbols: of_job.clone(),
        library: &OF_CREATION,
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
pub(super) struct HostScope<'h> {
    pub host: &'h Host,
    symbols: SymbolTable,
}

impl<'h> HostScope<'h> {
    pub fn new(host: &'h Host, parameters: &JobParameterValues) -> Result<Self, ScopeError> {
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

    /// Adds the symbols of the host to `symbols`.
    pub fn with(&self, symbols: &SymbolTable) -> SymbolTable {
        let mut all = symbols.clone();
        all.merge_from(&self.symbols);
        all
    }

    /// Combines Environments as created with their monitors as found in the template.
    pub fn environments(
        &self,
        definitions: Vec<job::Environment>,
        found: Vec<template::Environment<'_>>,
        symbols: &SymbolTable,
    ) -> Result<Vec<Environment>, EnvironmentError> {
        let scope = Scope {
            symbols: symbols.clone(),
            library: &OF_CREATION,
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
