//! The agenda of a Session: which Environments it enters for which tasks.

use super::create::{JobError, Part};
use super::{Environment, Item};
use crate::session::resolve::PATHS;
use openjd_expr::ExprValue;
use openjd_model::job::{Job, Step, TaskParameter};
use openjd_model::{
    StepDependencyGraph, StepParameterSpaceIterator, TaskParameterSet, TaskParameterType,
    TaskParameterValue,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;

/// The tasks of a Session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tasks {
    /// A selection of those that the job has.
    Of(Selection),
    /// These, in this order.
    These(Vec<TaskChoice>),
}

impl Default for Tasks {
    /// All that the job has.
    fn default() -> Self {
        Self::Of(Selection::default())
    }
}

/// A selection of a job's tasks; by default all of them. They run in an order that the dependencies of their
/// steps allow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Those of the step of this name only.
    pub step: Option<String>,
    /// With those of all steps on which that one depends.
    pub with_dependencies: bool,
    /// Of that step, or of the only one that the job has, the tasks with these parameters only, as their
    /// values read.
    pub parameters: Option<Vec<BTreeMap<String, String>>>,
    /// Not more than so many of each step.
    pub maximum: Option<usize>,
}

/// A task to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskChoice {
    /// The name of its step.
    pub step: String,
    /// Its parameters, as their values read.
    pub parameters: BTreeMap<String, String>,
}

/// The agenda: the job's Environments, of which there are `shared`, around the tasks, and around those of each
/// step the step's own, which `of_steps` gives.
pub(super) fn agenda(
    job: &Job,
    tasks: &Tasks,
    shared: usize,
    of_steps: &[Range<usize>],
) -> Result<VecDeque<Item>, JobError> {
    let mut agenda = VecDeque::new();
    let mut tasks = sets_by_step(job, tasks)?.into_iter().peekable();
    if tasks.peek().is_some() {
        agenda.extend((0..shared).map(Item::Enter));
    }
    let mut entered = 0..0;
    let mut begun = None;
    for (step, sets) in tasks {
        let own = of_steps[step].clone();
        let is_change = own != entered;
        if is_change && !entered.is_empty() {
            agenda.push_back(Item::ExitTo(shared));
        }
        if begun.replace(step) != Some(step) {
            agenda.push_back(Item::Begin(step));
        }
        if is_change {
            agenda.extend(own.clone().map(Item::Enter));
            // All empty ranges are one: that of no Environments.
            entered = if own.is_empty() { 0..0 } else { own };
        }
        agenda.push_back(Item::Tasks(step, sets));
    }
    Ok(agenda)
}

type Sets = Box<dyn Iterator<Item = TaskParameterSet> + Send>;

fn sets_by_step(job: &Job, tasks: &Tasks) -> Result<Vec<(usize, Sets)>, JobError> {
    match tasks {
        Tasks::Of(selection) => selected(job, selection),
        Tasks::These(choices) => {
            let choices = choices.iter().enumerate();
            choices
                .map(|(index, choice)| {
                    let failed = |error: String| JobError::new(Part::Tasks(Some(index)), error);
                    let step = position(job, &choice.step).map_err(failed)?;
                    let set = one(&job.steps[step], &choice.parameters).map_err(failed)?;
                    Ok((step, Box::new(std::iter::once(set)) as Sets))
                })
                .collect()
        }
    }
}

fn selected(job: &Job, selection: &Selection) -> Result<Vec<(usize, Sets)>, JobError> {
    let failed = |error: String| JobError::new(Part::Tasks(None), error);
    let only = match (&selection.step, job.steps.len()) {
        (Some(name), _) => Some(position(job, name).map_err(failed)?),
        (None, 1) => Some(0),
        (None, _) => None,
    };
    if let (None, Some(_)) = (only, &selection.parameters) {
        let names = job.steps.iter().map(|step| format!("'{}'", step.name));
        return Err(failed(format!(
            "the job has several steps, so say whose tasks have these parameters: {}",
            names.collect::<Vec<_>>().join(", ")
        )));
    }
    let order = order(job).map_err(failed)?;
    let wanted = match only {
        None => order,
        Some(step) if selection.with_dependencies => with_dependencies(job, step, &order),
        Some(step) => vec![step],
    };
    let mut tasks = Vec::new();
    for step in wanted {
        let sets: Sets = match &selection.parameters {
            Some(given) if Some(step) == only => {
                let sets = given.iter().enumerate().map(|(index, parameters)| {
                    one(&job.steps[step], parameters)
                        .map_err(|error| JobError::new(Part::Tasks(Some(index)), error))
                });
                Box::new(sets.collect::<Result<Vec<_>, _>>()?.into_iter())
            }
            _ => every(&job.steps[step]).map_err(failed)?,
        };
        let maximum = selection.maximum.unwrap_or(usize::MAX);
        tasks.push((step, Box::new(sets.take(maximum)) as Sets));
    }
    Ok(tasks)
}

fn position(job: &Job, name: &str) -> Result<usize, String> {
    let step = job.steps.iter().position(|step| step.name == name);
    step.ok_or_else(|| format!("there is no step '{name}'"))
}

/// The steps in an order that their dependencies allow.
fn order(job: &Job) -> Result<Vec<usize>, String> {
    StepDependencyGraph::new(job)
        .and_then(|graph| graph.topo_sorted())
        .map_err(|error| error.to_string())
}

/// A step and those on which it depends, directly or not, in this `order` of all.
fn with_dependencies(job: &Job, step: usize, order: &[usize]) -> Vec<usize> {
    let mut needed: BTreeSet<&str> = BTreeSet::from([job.steps[step].name.as_str()]);
    // From the last to the first, each step comes before those that it depends on.
    for &step in order.iter().rev() {
        let step = &job.steps[step];
        if needed.contains(step.name.as_str()) {
            let dependencies = step.dependencies.iter().flatten();
            needed.extend(dependencies.map(|dependency| dependency.depends_on.as_str()));
        }
    }
    let mut wanted = order.to_vec();
    wanted.retain(|&step| needed.contains(job.steps[step].name.as_str()));
    wanted
}

/// Every task of a step, each when it is asked for.
fn every(step: &Step) -> Result<Sets, String> {
    Ok(match &step.parameter_space {
        None => Box::new(std::iter::once(TaskParameterSet::new())),
        Some(space) => {
            let sets = StepParameterSpaceIterator::new(space).map_err(|error| error.to_string())?;
            Box::new(sets)
        }
    })
}

/// The task of a step that has these parameters.
fn one(step: &Step, parameters: &BTreeMap<String, String>) -> Result<TaskParameterSet, String> {
    let Some(space) = &step.parameter_space else {
        return match parameters.keys().next() {
            None => Ok(TaskParameterSet::new()),
            Some(name) => Err(format!(
                "step '{}' has no task parameter '{name}'",
                step.name
            )),
        };
    };
    let mut set = TaskParameterSet::new();
    for (name, definition) in &space.task_parameter_definitions {
        let param_type = match definition {
            TaskParameter::Int { .. } => TaskParameterType::Int,
            TaskParameter::Float { .. } => TaskParameterType::Float,
            TaskParameter::String { .. } => TaskParameterType::String,
            TaskParameter::Path { .. } => TaskParameterType::Path,
            TaskParameter::ChunkInt { .. } => TaskParameterType::ChunkInt,
        };
        let Some(text) = parameters.get(name) else {
            return Err(format!("the task has no value for its parameter '{name}'"));
        };
        let value = ExprValue::String(text.clone());
        let value = match param_type {
            TaskParameterType::Path | TaskParameterType::String => value,
            _ => value.coerce(&param_type.expr_type(), PATHS)?,
        };
        set.insert(name.clone(), TaskParameterValue { param_type, value });
    }
    if let Some(name) = parameters.keys().find(|name| !set.contains_key(*name)) {
        return Err(format!(
            "step '{}' has no task parameter '{name}'",
            step.name
        ));
    }
    let sets = StepParameterSpaceIterator::new(space).map_err(|error| error.to_string())?;
    sets.validate_containment(&set)?;
    Ok(set)
}

/// At most one Environment that is entered at a time has wrap hooks (RFC 0008).
pub(super) fn refuse_two_wrappers(
    environments: &[Environment],
    agenda: &VecDeque<Item>,
) -> Result<(), JobError> {
    let mut entered: Vec<&Environment> = Vec::new();
    for item in agenda {
        match item {
            Item::Enter(index) => entered.push(&environments[*index]),
            Item::ExitTo(left) => entered.truncate(*left),
            Item::Begin(_) | Item::Tasks(..) => {}
        }
        let mut wrappers = entered.iter().filter(|environment| environment.wraps());
        if let (Some(one), Some(two)) = (wrappers.next(), wrappers.next()) {
            let (one, two) = (one.name(), two.name());
            let message = format!(
                "environments '{one}' and '{two}' both have wrap hooks: a Session can have one that does"
            );
            return Err(JobError::new(Part::Template, message));
        }
    }
    Ok(())
}
