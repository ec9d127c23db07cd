//! Task parameters given as text.

use crate::session::scope::PATHS;
use openjd_expr::{ExprValue, RangeExpr};
use openjd_model::job::{self, StepParameterSpace, TaskParamRange, TaskParameter};
use openjd_model::template::RangeConstraint;
use openjd_model::{
    ModelError, ModelExtension, StepParameterSpaceIterator, TaskParameterSet, TaskParameterType,
    TaskParameterValue,
};
use std::collections::{BTreeMap, HashSet};
use thiserror::Error;

/// Error selecting tasks.
#[derive(Debug, Error)]
pub(super) enum TaskError {
    #[error("there is no step '{0}'")]
    UnknownStep(String),
    #[error("the job has several steps, so say whose tasks have these parameters: {0}")]
    SeveralSteps(String),
    #[error("step '{step}' has no task parameter '{name}'")]
    UnknownParameter { step: String, name: String },
    #[error("the task has no value for its parameter '{0}'")]
    MissingParameter(String),
    #[error("'{text}' is not a value of the task parameter '{name}': {reason}")]
    Value {
        text: String,
        name: String,
        reason: String,
    },
    #[error("'{text}' is not a chunk of the task parameter '{name}': {reason}")]
    Chunk {
        text: String,
        name: String,
        reason: String,
    },
    #[error("step '{step}' has no chunks of '{name}'")]
    NotChunked { step: String, name: String },
    /// A task that the step does not have, in the words of `openjd-model`.
    #[error("{0}")]
    NotInSpace(String),
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// Returns the task of a step that has these parameters.
pub(super) fn parse(
    job: &job::Job,
    step: &job::Step,
    parameters: &BTreeMap<String, String>,
) -> Result<TaskParameterSet, TaskError> {
    let unknown = |name: &String| TaskError::UnknownParameter {
        step: step.name.clone(),
        name: name.clone(),
    };
    let Some(space) = &step.parameter_space else {
        return match parameters.keys().next() {
            None => Ok(TaskParameterSet::new()),
            Some(name) => Err(unknown(name)),
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
            return Err(TaskError::MissingParameter(name.clone()));
        };
        let value = ExprValue::String(text.clone());
        let value = match param_type {
            TaskParameterType::ChunkInt => chunk(job, step, name, definition, text)?,
            TaskParameterType::Path | TaskParameterType::String => value,
            _ => value
                .coerce(&param_type.expr_type(), PATHS)
                .map_err(|reason| TaskError::Value {
                    text: text.clone(),
                    name: name.clone(),
                    reason,
                })?,
        };
        set.insert(name.clone(), TaskParameterValue { param_type, value });
    }
    if let Some(name) = parameters.keys().find(|name| !set.contains_key(*name)) {
        return Err(unknown(name));
    }
    validate(space, &set)?;
    Ok(set)
}

/// Parses a chunk, which keeps the form in which it is written. As with `openjd run`, it may be any part of the
/// range.
fn chunk(
    job: &job::Job,
    step: &job::Step,
    name: &str,
    definition: &TaskParameter,
    text: &str,
) -> Result<ExprValue, TaskError> {
    let TaskParameter::ChunkInt { range, chunks } = definition else {
        return Err(TaskError::NotChunked {
            step: step.name.clone(),
            name: name.to_owned(),
        });
    };
    let refused = |reason: &str| TaskError::Chunk {
        text: text.to_owned(),
        name: name.to_owned(),
        reason: reason.to_owned(),
    };
    let parsed = text.trim().parse::<RangeExpr>();
    let parsed = parsed.map_err(|error| refused(&malformed(text, &error.to_string())))?;
    if chunks.range_constraint == RangeConstraint::Contiguous && !is_interval(text, &parsed) {
        return Err(refused(
            "a contiguous chunk is one interval, like 1-5 or 3-3",
        ));
    }
    let length = match range {
        TaskParamRange::List(values) => values.len(),
        TaskParamRange::RangeExpr(range) => range.len(),
    };
    if parsed.len() > length {
        return Err(refused("it has more values than the range"));
    }
    if let Some(outside) = first_outside(&parsed, range) {
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

/// Explains why `text` does not parse, given the reason of the parser.
fn malformed(text: &str, reason: &str) -> String {
    let number = text
        .split(|c: char| !c.is_ascii_digit())
        .find(|digits| !digits.is_empty() && digits.parse::<i64>().is_err());
    if let Some(number) = number {
        return format!("{number} does not fit in 64 bits");
    }
    let is_about_values = ["overlapping", "escending range", "ascending range", "Step"]
        .iter()
        .any(|word| reason.contains(word));
    match is_about_values {
        true => reason.trim_start_matches("Range: ").to_owned(),
        false => "write integers and ranges of them, like 1-5".to_owned(),
    }
}

/// Returns true for a text like `1-5` (or `5-1:-1`): two integers for all values between them.
fn is_interval(text: &str, parsed: &RangeExpr) -> bool {
    let text = text.trim();
    let text = [":1", ":-1"]
        .iter()
        .find_map(|step| text.strip_suffix(step))
        .unwrap_or(text);
    // The first character may be a sign.
    let hyphen = text.char_indices().skip(1).find(|(_, c)| *c == '-');
    let Some((first, last)) = hyphen.map(|(at, _)| (&text[..at], &text[at + 1..])) else {
        return false;
    };
    let end = |text: &str| text.trim().parse::<i64>().ok();
    let (Some(first), Some(last)) = (end(first), end(last)) else {
        return false;
    };
    parsed.get(0) == Some(first.min(last)) && parsed.get(-1) == Some(first.max(last))
}

/// Returns the first value of `chunk` that is not in `range`. Parts of the range are passed over as wholes, since they
/// may have billions of values.
fn first_outside(chunk: &RangeExpr, range: &TaskParamRange<i64>) -> Option<i64> {
    let parts = match range {
        TaskParamRange::List(values) => {
            let values: HashSet<&i64> = values.iter().collect();
            return chunk.iter().find(|value| !values.contains(value));
        }
        TaskParamRange::RangeExpr(range) => range.ranges(),
    };
    for piece in chunk.ranges() {
        let (mut value, step) = (piece.start(), piece.step());
        while value <= piece.end() {
            let next = parts.partition_point(|part| part.end() < value);
            let Some(part) = parts.get(next).filter(|part| part.contains(value)) else {
                return Some(value);
            };
            let more = match step % part.step() {
                0 => (part.end() - value) / step,
                _ => 0,
            };
            value += (more + 1) * step;
        }
    }
    None
}

/// Checks that a step has the task with these parameters. Chunks have been checked on their own, because the model
/// accepts only those into which it divides the range itself.
fn validate(space: &StepParameterSpace, set: &TaskParameterSet) -> Result<(), TaskError> {
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
    let sets = StepParameterSpaceIterator::new(&space)?;
    sets.validate_containment(&set)
        .map_err(TaskError::NotInSpace)
}
