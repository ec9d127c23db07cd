//! Parameters of jobs and tasks on the command line, with the syntax of `openjd run`.

use openjd_expr::PathMappingRule;
use openjd_monitor_core::read;
use openjd_monitor_core::template::{self, Loaded, Syntax, limits, load};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use thiserror::Error;

/// Prefix of the path of a file in place of a value.
const FILE: &str = "file://";

#[derive(Debug, clap::Args)]
pub(super) struct OfJob {
    /// Job parameters: NAME=VALUE, a JSON object of them, or file:// and the path of a JSON or YAML file of
    /// them; repeatable
    #[arg(
        short = 'p',
        long = "job-param",
        alias = "parameter",
        value_name = "NAME=VALUE",
        value_parser = job_parameters
    )]
    job_param: Vec<JobParameters>,
}

/// Parameters of one argument.
#[derive(Debug, Clone)]
struct JobParameters(BTreeMap<String, Value>);

/// Error in an argument.
#[derive(Debug, Error)]
pub(super) enum ParameterError {
    #[error("cannot read `{path}`: {error}")]
    Read { path: String, error: io::Error },
    #[error("write NAME=VALUE")]
    NoPair,
    #[error("a mapping of names to values is expected")]
    NoMapping,
    #[error("{0}")]
    Malformed(String),
    #[error(transparent)]
    Fields(#[from] serde_json::Error),
    #[error("a list of mappings of task parameters to their values is expected: {0}")]
    NoTasks(String),
    #[error("the list has no tasks: leave the option out to run them all")]
    EmptyTasks,
    #[error("path mapping rules are expected as JSON: {0}")]
    NoPathMapping(serde_json::Error),
    #[error("`version` is `{0}`, not `{PATH_MAPPING_VERSION}`")]
    PathMappingVersion(String),
}

impl OfJob {
    /// Returns true if there are any.
    pub fn are_given(&self) -> bool {
        !self.job_param.is_empty()
    }

    /// Returns all parameters; the last value of one counts.
    pub fn all(&self) -> BTreeMap<String, Value> {
        let given = self.job_param.iter();
        given.flat_map(|given| given.0.clone()).collect()
    }
}

fn job_parameters(text: &str) -> Result<JobParameters, ParameterError> {
    let text = text.trim();
    let parameters = if let Some(path) = text.strip_prefix(FILE) {
        mapping(&read(path)?, Syntax::of_file(Path::new(path)))?
    } else if text.starts_with('{') {
        mapping(text.as_bytes(), Syntax::Json)?
    } else {
        let (name, value) = pair(text)?;
        BTreeMap::from([(name, Value::from(value))])
    };
    Ok(JobParameters(parameters))
}

fn mapping(bytes: &[u8], syntax: Syntax) -> Result<BTreeMap<String, Value>, ParameterError> {
    match load(bytes, syntax, limits::DEFAULT_MAX_BYTES) {
        Loaded::Document(document) => {
            let values = document.with_numbers_as_written(&[template::Path::root()]);
            Ok(BTreeMap::deserialize(values)?)
        }
        Loaded::NoMapping(_) => Err(ParameterError::NoMapping),
        Loaded::Malformed(source, problems) => {
            let messages = problems.into_iter().map(|problem| {
                let at = source.position(problem.span.start);
                format!("{}:{}: {}", at.line, at.column, problem.message)
            });
            let messages = messages.collect::<Vec<_>>().join("; ");
            Err(ParameterError::Malformed(messages))
        }
    }
}

/// Parses `NAME=VALUE`.
pub(super) fn pair(text: &str) -> Result<(String, String), ParameterError> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let (name, value) = pair.ok_or(ParameterError::NoPair)?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Parameters of tasks; values as text.
#[derive(Debug, Clone)]
pub(super) struct TaskSets(pub Vec<BTreeMap<String, String>>);

/// Parses a JSON list of mappings, or the file that has one.
pub(super) fn tasks(text: &str) -> Result<TaskSets, ParameterError> {
    let expected = |error: serde_saphyr::Error| ParameterError::NoTasks(error.to_string());
    let text = text.trim();
    let sets = match text.strip_prefix(FILE) {
        // A scalar that is asked for as a text is what is written.
        Some(path) if Syntax::of_file(Path::new(path)) == Syntax::Yaml => {
            serde_saphyr::from_slice(&read(path)?).map_err(expected)?
        }
        Some(path) => json_tasks(&read(path)?)?,
        None => json_tasks(text.as_bytes())?,
    };
    if sets.is_empty() {
        return Err(ParameterError::EmptyTasks);
    }
    Ok(TaskSets(sets))
}

fn json_tasks(bytes: &[u8]) -> Result<Vec<BTreeMap<String, String>>, ParameterError> {
    fn expected(error: impl ToString) -> ParameterError {
        ParameterError::NoTasks(error.to_string())
    }
    // Only what is a list of its own can be put into a mapping.
    serde_json::from_slice::<Vec<BTreeMap<String, Value>>>(bytes).map_err(expected)?;
    let bytes = [br#"{"tasks":"#, bytes, b"}"].concat();
    let mut values = mapping(&bytes, Syntax::Json).map_err(expected)?;
    let sets = values.remove("tasks").unwrap_or_default();
    let sets: Vec<BTreeMap<String, Value>> = Vec::deserialize(sets).map_err(expected)?;
    let text = |(name, value): (String, Value)| match value {
        Value::String(text) => Ok((name, text)),
        Value::Number(number) => Ok((name, number.to_string())),
        _ => Err(expected(format!(
            "'{name}' is neither a string nor a number"
        ))),
    };
    let sets = sets
        .into_iter()
        .map(|set| set.into_iter().map(text).collect());
    sets.collect()
}

/// Path mapping rules (How Jobs Are Run, Path Mapping).
#[derive(Debug, Clone)]
pub(super) struct PathMapping(pub Vec<PathMappingRule>);

#[derive(Deserialize)]
struct PathMappingFile {
    version: String,
    path_mapping_rules: Vec<PathMappingRule>,
}

const PATH_MAPPING_VERSION: &str = "pathmapping-1.0";

/// Parses path mapping rules as JSON, or the file that has them.
pub(super) fn path_mapping(text: &str) -> Result<PathMapping, ParameterError> {
    let text = text.trim();
    let bytes = match text.strip_prefix(FILE) {
        Some(path) => read(path)?,
        None => text.as_bytes().to_vec(),
    };
    let file: PathMappingFile =
        serde_json::from_slice(&bytes).map_err(ParameterError::NoPathMapping)?;
    match file.version.as_str() {
        PATH_MAPPING_VERSION => Ok(PathMapping(file.path_mapping_rules)),
        _ => Err(ParameterError::PathMappingVersion(file.version)),
    }
}

fn read(path: &str) -> Result<Vec<u8>, ParameterError> {
    read::whole(Path::new(path), limits::DEFAULT_MAX_BYTES).map_err(|error| {
        let path = path.to_owned();
        ParameterError::Read { path, error }
    })
}
