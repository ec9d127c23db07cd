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
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

/// The tasks of a Session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tasks {
    /// Every task of every step, in an order that their dependencies allow.
    All,
    /// Every task of the step of this name.
    OfStep(String),
    /// These, in this order.
    These(Vec<TaskChoice>),
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
    for (step, sets) in tasks {
        let own = of_steps[step].clone();
        if own != entered {
            if !entered.is_empty() {
                agenda.push_back(Item::ExitTo(shared));
            }
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
    let failed = |error: String| JobError::new(Part::Tasks(None), error);
    let position = |name: &str| {
        let step = job.steps.iter().position(|step| step.name == name);
        step.ok_or_else(|| format!("there is no step '{name}'"))
    };
    let every_of = |step: usize| Ok((step, every(&job.steps[step]).map_err(failed)?));
    match tasks {
        Tasks::All => {
            let graph = StepDependencyGraph::new(job).map_err(|error| failed(error.to_string()))?;
            let order = graph
                .topo_sorted()
                .map_err(|error| failed(error.to_string()))?;
            order.into_iter().map(every_of).collect()
        }
        Tasks::OfStep(name) => Ok(vec![every_of(position(name).map_err(failed)?)?]),
        Tasks::These(choices) => {
            let choices = choices.iter().enumerate();
            choices
                .map(|(index, choice)| {
                    let failed = |error: String| JobError::new(Part::Tasks(Some(index)), error);
                    let step = position(&choice.step).map_err(failed)?;
                    let set = one(&job.steps[step], &choice.parameters).map_err(failed)?;
                    Ok((step, Box::new(std::iter::once(set)) as Sets))
                })
                .collect()
        }
    }
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
            Item::Tasks(..) => {}
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
