//! Numbers of a template that are known without a job, or with some of its parameters only.

use super::create::{decode_environment, decode_job};
use super::error::JobError;
use super::job_parameters;
use super::monitors::{self, MonitorError};
use super::request::Request;
use super::symbols::EnvironmentError;
use crate::functions::OF_CREATION;
use crate::session::scope::{Scope, ScopeError, set};
use crate::template::{Environment, Field, Home, Slot};
use openjd_expr::ExprValue;
use openjd_model::SymbolTable;
use openjd_model::template::{JobParameterDefinition, JobTemplate};
use std::collections::BTreeSet;

/// Symbols of a job as far as they are known: with the parameters that are given, and with defaults in place of the
/// others.
pub(crate) struct Known {
    given: Stage,
    with_defaults: Stage,
}

/// Symbols with one set of parameters.
struct Stage {
    of_job: Scope<'static>,
    of_steps: Vec<Scope<'static>>,
}

/// A number that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KnownNumber {
    pub value: i64,
    /// `true` if the default of a parameter decides it.
    pub is_by_default: bool,
}

impl Known {
    /// Collects the symbols of the job that `request` describes; its tasks and most of its host have no effect. With
    /// `has_job`, the job template is that of a job, and no mere stand-in whose name means nothing.
    ///
    /// # Errors
    ///
    /// Fails if a template is not valid, or a parameter that is given or a default is not allowed.
    pub fn new(request: &Request<'_>, has_job: bool) -> Result<Self, JobError> {
        let stage = |has_defaults| Stage::new(request, has_job, has_defaults);
        Ok(Self {
            given: stage(false)?,
            with_defaults: stage(true)?,
        })
    }

    /// Returns the value of a numeric field of the monitor of `environment` in `slot`; `None` if it depends on what is
    /// not known.
    ///
    /// # Errors
    ///
    /// Fails if SCH-5, SCH-6 or SCH-7 forbids the value.
    pub fn number_of_monitor(
        &self,
        environment: &Environment<'_>,
        slot: Slot,
        field: &Field<'_>,
    ) -> Result<Option<KnownNumber>, JobError> {
        let number = |scope: &Scope<'_>| monitors::number_of_monitor(scope, slot, field);
        self.find(environment.home, number).map_err(|source| {
            let name = environment.name().to_owned();
            JobError::of_template(EnvironmentError { name, source })
        })
    }

    /// Returns the value of a number of an action in an Environment of this `home`; `None` if it depends on what is
    /// not known, or is no number.
    pub fn number(&self, home: Home, field: &Field<'_>) -> Option<KnownNumber> {
        let number = self.find(home, |scope| monitors::number(scope, field, "a number"));
        number.ok().flatten()
    }

    /// Returns what `resolve` finds with the fewest defaults.
    fn find(
        &self,
        home: Home,
        resolve: impl Fn(&Scope<'_>) -> Result<i64, MonitorError>,
    ) -> Result<Option<KnownNumber>, MonitorError> {
        for (stage, is_by_default) in [(&self.given, false), (&self.with_defaults, true)] {
            match resolve(stage.of(home)) {
                Ok(value) => {
                    return Ok(Some(KnownNumber {
                        value,
                        is_by_default,
                    }));
                }
                Err(MonitorError::Scope(ScopeError::Unresolved { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}

impl Stage {
    fn new(request: &Request<'_>, has_job: bool, has_defaults: bool) -> Result<Self, JobError> {
        let mut template = decode_job(request.template)?;
        let environments = request.environments.iter().enumerate();
        let outer = environments.map(|(index, value)| decode_environment(value, index));
        let mut outer = outer.collect::<Result<Vec<_>, _>>()?;
        let mut lists: Vec<_> = outer
            .iter_mut()
            .map(|outer| &mut outer.parameter_definitions)
            .collect();
        lists.push(&mut template.parameter_definitions);
        let known: BTreeSet<String> = lists
            .iter()
            .flat_map(|list| list.iter().flatten())
            .filter(|definition| has_defaults && definition.default_value().is_some())
            .map(|definition| definition.name().to_owned())
            .chain(request.parameters.keys().cloned())
            .collect();
        for list in lists.into_iter().flatten() {
            list.retain(|definition: &JobParameterDefinition| known.contains(definition.name()));
        }
        let values = job_parameters::resolved(request, &template, &outer)?;
        let symbols = openjd_model::build_symbol_table(&values).map_err(JobError::of_template)?;
        let mut scope = Scope {
            symbols,
            library: &OF_CREATION,
        };
        if has_job && let Ok(name) = scope.text(&template.name, "the name of the job") {
            set(&mut scope.symbols, "Job.Name", ExprValue::String(name))
                .map_err(JobError::of_template)?;
        }
        Ok(Self {
            of_steps: of_steps(&template, &scope)?,
            of_job: scope,
        })
    }

    fn of(&self, home: Home) -> &Scope<'static> {
        match home {
            Home::Job | Home::Template => &self.of_job,
            Home::Step(step) => &self.of_steps[step],
        }
    }
}

/// Returns the scope of each step, with those of its `let` names that are known.
fn of_steps(
    template: &JobTemplate,
    of_job: &Scope<'static>,
) -> Result<Vec<Scope<'static>>, JobError> {
    let scopes = template.steps.iter().map(|step| {
        // Nothing but the monitors of step environments refers to them.
        if step.step_environments.is_none() {
            return Ok(Scope {
                symbols: SymbolTable::new(),
                ..*of_job
            });
        }
        let mut scope = of_job.clone();
        let name = ExprValue::String(step.name.clone());
        set(&mut scope.symbols, "Step.Name", name)?;
        for binding in step.let_bindings.iter().flatten() {
            // What cannot be evaluated yet stays unknown.
            let _ = scope.bind(std::slice::from_ref(binding));
        }
        Ok(scope)
    });
    scopes
        .collect::<Result<_, ScopeError>>()
        .map_err(JobError::of_template)
}
