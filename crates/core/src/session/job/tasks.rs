//! The agenda of a Session: which Environments it enters for which tasks.

use super::create::{JobError, Part};
use super::{Environment, Item};
use crate::session::resolve::PATHS;
use openjd_expr::{ExprValue, RangeExpr};
use openjd_model::job::{Job, Step, StepParameterSpace, TaskParamRange, TaskParameter};
use openjd_model::template::RangeConstraint;
use openjd_model::{
    ModelExtension, StepDependencyGraph, StepParameterSpaceIterator, TaskParameterSet,
    TaskParameterType, TaskParameterValue,
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
                    let set = one(job, &job.steps[step], &choice.parameters).map_err(failed)?;
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
                    one(job, &job.steps[step], parameters)
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
fn one(
    job: &Job,
    step: &Step,
    parameters: &BTreeMap<String, String>,
) -> Result<TaskParameterSet, String> {
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
            TaskParameterType::ChunkInt => chunk(job, step, name, definition, text)?,
            TaskParameterType::Path | TaskParameterType::String => value,
            _ => value
                .coerce(&param_type.expr_type(), PATHS)
                .map_err(|error| {
                    format!("'{text}' is no value for the task parameter '{name}': {error}")
                })?,
        };
        set.insert(name.clone(), TaskParameterValue { param_type, value });
    }
    if let Some(name) = parameters.keys().find(|name| !set.contains_key(*name)) {
        return Err(format!(
            "step '{}' has no task parameter '{name}'",
            step.name
        ));
    }
    validate(space, &set)?;
    Ok(set)
}

/// The chunk that `text` names, shown as it is written. As with `openjd run`, it may be any part of the range.
fn chunk(
    job: &Job,
    step: &Step,
    name: &str,
    definition: &TaskParameter,
    text: &str,
) -> Result<ExprValue, String> {
    let TaskParameter::ChunkInt { range, chunks } = definition else {
        return Err(format!("step '{}' has no chunks of '{name}'", step.name));
    };
    let refused =
        |reason: &str| format!("'{text}' is no chunk of the task parameter '{name}': {reason}");
    let parsed = text.trim().parse::<RangeExpr>();
    let parsed = parsed.map_err(|_| refused("write integers and ranges of them, like 1-5"))?;
    let (first, last) = (parsed.get(0), parsed.get(-1));
    let (Some(first), Some(last)) = (first, last) else {
        return Err(refused("it is empty"));
    };
    if chunks.range_constraint == RangeConstraint::Contiguous
        && text.replace(char::is_whitespace, "") != format!("{first}-{last}")
    {
        return Err(refused(
            "a contiguous chunk is one interval, like 1-5 or 3-3",
        ));
    }
    let length = match range {
        TaskParamRange::List(values) => values.len(),
        TaskParamRange::RangeExpr(range) => range.len(),
    };
    let is_in_range = |value: i64| match range {
        TaskParamRange::List(values) => values.contains(&value),
        TaskParamRange::RangeExpr(range) => range.contains(value),
    };
    if parsed.len() > length {
        return Err(refused("it has more values than the range"));
    }
    if let Some(outside) = parsed.iter().find(|&value| !is_in_range(value)) {
        return Err(refused(&format!("{outside} is not in the range")));
    }
    let extensions = job.extensions.as_deref().unwrap_or_default();
    let contiguous = parsed.clone().with_contiguous(true);
    Ok(match () {
        () if parsed.to_string() == text => ExprValue::RangeExpr(parsed),
        () if contiguous.to_string() == text => ExprValue::RangeExpr(contiguous),
        // Expressions compute with it, so that it has to stay a range.
        () if extensions.contains(&ModelExtension::Expr) => ExprValue::RangeExpr(parsed),
        () => ExprValue::String(text.to_owned()),
    })
}

/// Checks that a step has the task with these parameters. Chunks are looked at on their own: the model takes
/// only those into which it divides the range itself.
fn validate(space: &StepParameterSpace, set: &TaskParameterSet) -> Result<(), String> {
    let mut space = space.clone();
    let mut set = set.clone();
    for (name, definition) in &mut space.task_parameter_definitions {
        if let TaskParameter::ChunkInt { range, .. } = definition {
            let first = match &*range {
                TaskParamRange::List(values) => values.first().copied(),
                TaskParamRange::RangeExpr(range) => range.get(0),
            };
            let value = ExprValue::Int(first.unwrap_or_default());
            let param_type = TaskParameterType::Int;
            set.insert(name.clone(), TaskParameterValue { param_type, value });
            *definition = TaskParameter::Int {
                range: range.clone(),
                chunks: None,
            };
        }
    }
    let sets = StepParameterSpaceIterator::new(&space).map_err(|error| error.to_string())?;
    sets.validate_containment(&set)
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
