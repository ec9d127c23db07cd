//! Selection of the tasks that a Session runs.

use super::error::{JobError, Part};
use super::task_parameters::{self, TaskError};
use openjd_model::job;
use openjd_model::{StepDependencyGraph, StepParameterSpaceIterator, TaskParameterSet};
use std::collections::{BTreeMap, BTreeSet};

/// Tasks of a Session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tasks {
    /// A selection of those that the job has.
    Of(Selection),
    /// These, in this order.
    These(Vec<TaskChoice>),
}

impl Default for Tasks {
    /// Selects every task of the job.
    fn default() -> Self {
        Self::Of(Selection::default())
    }
}

/// A selection of a job's tasks; by default all of them. They run in an order that the dependencies of their
/// steps allow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Name of the only step whose tasks run.
    pub step: Option<String>,
    /// Adds the tasks of all steps on which that step depends.
    pub with_dependencies: bool,
    /// Parameters of the only tasks that run, of that step or of the only one that the job has; values as text.
    pub parameters: Option<Vec<BTreeMap<String, String>>>,
    /// Upper bound on the tasks of each step.
    pub maximum: Option<usize>,
}

/// A task to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskChoice {
    /// Name of its step.
    pub step: String,
    /// Parameters, values as text.
    pub parameters: BTreeMap<String, String>,
}

/// Tasks of one step, each made when it is due.
pub(in crate::session) type TaskSets = Box<dyn Iterator<Item = TaskParameterSet> + Send>;

/// Returns the tasks by step, in the order in which they run.
pub(super) fn sets_by_step(
    job: &job::Job,
    tasks: &Tasks,
) -> Result<Vec<(usize, TaskSets)>, JobError> {
    match tasks {
        Tasks::Of(selection) => selected(job, selection),
        Tasks::These(choices) => {
            let choices = choices.iter().enumerate();
            choices
                .map(|(index, choice)| {
                    let failed = |error: TaskError| JobError::new(Part::Tasks(Some(index)), error);
                    let step = position(job, &choice.step).map_err(failed)?;
                    let set = task_parameters::parse(job, &job.steps[step], &choice.parameters)
                        .map_err(failed)?;
                    Ok((step, Box::new(std::iter::once(set)) as TaskSets))
                })
                .collect()
        }
    }
}

fn selected(job: &job::Job, selection: &Selection) -> Result<Vec<(usize, TaskSets)>, JobError> {
    let failed = |error: TaskError| JobError::new(Part::Tasks(None), error);
    let only = match (&selection.step, job.steps.len()) {
        (Some(name), _) => Some(position(job, name).map_err(failed)?),
        (None, 1) => Some(0),
        (None, _) => None,
    };
    if let (None, Some(_)) = (only, &selection.parameters) {
        let names = job.steps.iter().map(|step| format!("'{}'", step.name));
        let names = names.collect::<Vec<_>>().join(", ");
        return Err(failed(TaskError::SeveralSteps(names)));
    }
    let order = order(job).map_err(failed)?;
    let wanted = match only {
        None => order,
        Some(step) if selection.with_dependencies => with_dependencies(job, step, &order),
        Some(step) => vec![step],
    };
    let mut tasks = Vec::new();
    for step in wanted {
        let sets: TaskSets = match &selection.parameters {
            Some(given) if Some(step) == only => {
                let sets = given.iter().enumerate().map(|(index, parameters)| {
                    task_parameters::parse(job, &job.steps[step], parameters)
                        .map_err(|error| JobError::new(Part::Tasks(Some(index)), error))
                });
                Box::new(sets.collect::<Result<Vec<_>, _>>()?.into_iter())
            }
            _ => every(&job.steps[step]).map_err(failed)?,
        };
        let maximum = selection.maximum.unwrap_or(usize::MAX);
        tasks.push((step, Box::new(sets.take(maximum)) as TaskSets));
    }
    Ok(tasks)
}

fn position(job: &job::Job, name: &str) -> Result<usize, TaskError> {
    let step = job.steps.iter().position(|step| step.name == name);
    step.ok_or_else(|| TaskError::UnknownStep(name.to_owned()))
}

/// Sorts the steps so that each comes after its dependencies.
fn order(job: &job::Job) -> Result<Vec<usize>, TaskError> {
    Ok(StepDependencyGraph::new(job)?.topo_sorted()?)
}

/// Returns a step and all on which it depends, directly or not, in the given `order` of all steps.
fn with_dependencies(job: &job::Job, step: usize, order: &[usize]) -> Vec<usize> {
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

/// Returns every task of a step.
fn every(step: &job::Step) -> Result<TaskSets, TaskError> {
    Ok(match &step.parameter_space {
        None => Box::new(std::iter::once(TaskParameterSet::new())),
        Some(space) => Box::new(StepParameterSpaceIterator::new(space)?),
    })
}
