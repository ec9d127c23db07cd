//! Parameters of jobs and tasks on the command line, with the syntax of `openjd run`.

use openjd_expr::PathMappingRule;
use openjd_monitor_core::read;
use openjd_monitor_core::shown::Shown;
use openjd_monitor_core::template::{self, Loaded, Syntax, limits, load};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
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
    job_param: Vec<Given<BTreeMap<String, Value>>>,
}

/// Value of an argument, and the file that it is from.
#[derive(Debug, Clone)]
pub(super) struct Given<T> {
    pub value: T,
    pub file: Option<PathBuf>,
}

/// Error in an argument, said in one line whatever a file has.
#[derive(Debug, Error)]
pub(super) enum ParameterError {
    #[error("cannot read `{path}`: {error}")]
    Read { path: String, error: io::Error },
    #[error("write NAME=VALUE")]
    NoPair,
    #[error("a mapping of names to values is expected")]
    NoMapping,
    #[error("{}", Shown::line(.0))]
    Malformed(String),
    #[error("{}", Shown::line(.0))]
    Fields(#[from] serde_json::Error),
    #[error("a list of mappings of task parameters to their values is expected: {}", Shown::line(.0))]
    NoTasks(String),
    #[error("the list has no tasks: leave the option out to run them all")]
    EmptyTasks,
    #[error("path mapping rules are expected as JSON: {}", Shown::line(.0))]
    NoPathMapping(serde_json::Error),
    #[error("`version` is `{}`, not `{PATH_MAPPING_VERSION}`", Shown::line(.0))]
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
        given.flat_map(|given| given.value.clone()).collect()
    }

    /// Returns the files that they are from.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.job_param
            .iter()
            .filter_map(|given| given.file.as_deref())
    }
}

fn job_parameters(text: &str) -> Result<Given<BTreeMap<String, Value>>, ParameterError> {
    let (text, file) = file_of(text);
    let value = if let Some(path) = &file {
        mapping(&read(path)?, Syntax::of_file(path))?
    } else if text.starts_with('{') {
        mapping(text.as_bytes(), Syntax::Json)?
    } else {
        let (name, value) = pair(text)?;
        BTreeMap::from([(name, Value::from(value))])
    };
    Ok(Given { value, file })
}

/// Trims an argument; returns it with the path of the file that it names in place of a value.
fn file_of(text: &str) -> (&str, Option<PathBuf>) {
    let text = text.trim();
    (text, text.strip_prefix(FILE).map(PathBuf::from))
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
pub(super) type TaskSets = Vec<BTreeMap<String, String>>;

/// Parses a JSON list of mappings, or the file that has one.
pub(super) fn tasks(text: &str) -> Result<Given<TaskSets>, ParameterError> {
    let expected =
        |error: serde_saphyr::Error| ParameterError::NoTasks(error.without_snippet().to_string());
    let (text, file) = file_of(text);
    let value: TaskSets = match &file {
        Some(path) if Syntax::of_file(path) == Syntax::Yaml => {
            yaml_tasks(&read(path)?).map_err(expected)?
        }
        Some(path) => json_tasks(&read(path)?)?,
        None => json_tasks(text.as_bytes())?,
    };
    if value.is_empty() {
        return Err(ParameterError::EmptyTasks);
    }
    Ok(Given { value, file })
}

/// Reads values as they are written, except integers in another notation (`0x10`, `1_000`), which both official
/// command lines read.
fn yaml_tasks(bytes: &[u8]) -> Result<TaskSets, serde_saphyr::Error> {
    // A scalar for a text parameter keeps the text that is written.
    let mut sets: TaskSets = serde_saphyr::from_slice(bytes)?;
    let read: Vec<BTreeMap<String, Value>> = serde_saphyr::from_slice(bytes)?;
    for (set, read) in sets.iter_mut().zip(read) {
        for (name, text) in set {
            let integer = read.get(name).and_then(Value::as_i64);
            if let Some(integer) = integer.filter(|integer| text.parse() != Ok(*integer)) {
                *text = integer.to_string();
            }
        }
    }
    Ok(sets)
}

fn json_tasks(bytes: &[u8]) -> Result<TaskSets, ParameterError> {
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
pub(super) type PathMapping = Vec<PathMappingRule>;

#[derive(Deserialize)]
struct PathMappingFile {
    version: String,
    path_mapping_rules: PathMapping,
}

const PATH_MAPPING_VERSION: &str = "pathmapping-1.0";

/// Parses path mapping rules as JSON, or the file that has them.
pub(super) fn path_mapping(text: &str) -> Result<Given<PathMapping>, ParameterError> {
    let (text, file) = file_of(text);
    let bytes = match &file {
        Some(path) => read(path)?,
        None => text.as_bytes().to_vec(),
    };
    let rules: PathMappingFile =
        serde_json::from_slice(&bytes).map_err(ParameterError::NoPathMapping)?;
    match rules.version.as_str() {
        PATH_MAPPING_VERSION => Ok(Given {
            value: rules.path_mapping_rules,
            file,
        }),
        _ => Err(ParameterError::PathMappingVersion(rules.version)),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, ParameterError> {
    read::whole(path, limits::DEFAULT_MAX_BYTES).map_err(|error| {
        let path = path.to_string_lossy().into_owned();
        ParameterError::Read { path, error }
    })
}
