//! The parameters of jobs and tasks on the command line, as `openjd run` has them.

use openjd_expr::PathMappingRule;
use openjd_monitor_core::read;
use openjd_monitor_core::template::{self, Loaded, Syntax, limits, load};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// How a file is named where a value could stand.
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

/// What one argument says.
#[derive(Debug, Clone)]
struct JobParameters(BTreeMap<String, Value>);

impl OfJob {
    /// Whether there are any.
    pub fn are_given(&self) -> bool {
        !self.job_param.is_empty()
    }

    /// All parameters; the last value of one counts.
    pub fn all(&self) -> BTreeMap<String, Value> {
        let given = self.job_param.iter();
        given.flat_map(|given| given.0.clone()).collect()
    }
}

fn job_parameters(text: &str) -> Result<JobParameters, String> {
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

fn mapping(bytes: &[u8], syntax: Syntax) -> Result<BTreeMap<String, Value>, String> {
    match load(bytes, syntax, limits::DEFAULT_MAX_BYTES) {
        Loaded::Document(document) => {
            let values = document.with_numbers_as_written(&[template::Path::root()]);
            BTreeMap::deserialize(values).map_err(|error| error.to_string())
        }
        Loaded::NoMapping(_) => Err("a mapping of names to values is expected".to_owned()),
        Loaded::Malformed(source, problems) => {
            let messages = problems.into_iter().map(|problem| {
                let at = source.position(problem.span.start);
                format!("{}:{}: {}", at.line, at.column, problem.message)
            });
            Err(messages.collect::<Vec<_>>().join("; "))
        }
    }
}

/// A name and a value.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let (name, value) = pair.ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// The parameters of tasks, as their values read.
#[derive(Debug, Clone)]
pub(super) struct TaskSets(pub Vec<BTreeMap<String, String>>);

/// Tasks in a JSON list of mappings, or in a file.
pub(super) fn tasks(text: &str) -> Result<TaskSets, String> {
    let expected = |error: String| {
        format!("a list of mappings of task parameters to their values is expected: {error}")
    };
    let text = text.trim();
    let sets = match text.strip_prefix(FILE) {
        // A scalar that is asked for as a text is what is written.
        Some(path) if Syntax::of_file(Path::new(path)) == Syntax::Yaml => {
            serde_saphyr::from_slice(&read(path)?).map_err(|error| expected(error.to_string()))?
        }
        Some(path) => json_tasks(&read(path)?).map_err(expected)?,
        None => json_tasks(text.as_bytes()).map_err(expected)?,
    };
    if sets.is_empty() {
        return Err("the list has no tasks: leave the option out to run them all".to_owned());
    }
    Ok(TaskSets(sets))
}

fn json_tasks(bytes: &[u8]) -> Result<Vec<BTreeMap<String, String>>, String> {
    // Only what is a list of its own can be put into a mapping.
    serde_json::from_slice::<Vec<BTreeMap<String, Value>>>(bytes)
        .map_err(|error| error.to_string())?;
    let bytes = [br#"{"tasks":"#, bytes, b"}"].concat();
    let mut values = mapping(&bytes, Syntax::Json)?;
    let sets = values.remove("tasks").unwrap_or_default();
    let sets: Vec<BTreeMap<String, Value>> =
        Vec::deserialize(sets).map_err(|error| error.to_string())?;
    let text = |(name, value): (String, Value)| match value {
        Value::String(text) => Ok((name, text)),
        Value::Number(number) => Ok((name, number.to_string())),
        _ => Err(format!("'{name}' is neither a text nor a number")),
    };
    let sets = sets
        .into_iter()
        .map(|set| set.into_iter().map(text).collect());
    sets.collect()
}

/// Path mapping rules: a JSON document (How Jobs Are Run, Path Mapping), or a file of one.
#[derive(Debug, Clone)]
pub(super) struct PathMapping(pub Vec<PathMappingRule>);

#[derive(Deserialize)]
struct PathMappingFile {
    version: String,
    path_mapping_rules: Vec<PathMappingRule>,
}

const PATH_MAPPING_VERSION: &str = "pathmapping-1.0";

pub(super) fn path_mapping(text: &str) -> Result<PathMapping, String> {
    let text = text.trim();
    let bytes = match text.strip_prefix(FILE) {
        Some(path) => read(path)?,
        None => text.as_bytes().to_vec(),
    };
    let file: PathMappingFile = serde_json::from_slice(&bytes)
        .map_err(|error| format!("path mapping rules are expected as JSON: {error}"))?;
    match file.version.as_str() {
        PATH_MAPPING_VERSION => Ok(PathMapping(file.path_mapping_rules)),
        other => Err(format!(
            "`version` is `{other}`, not `{PATH_MAPPING_VERSION}`"
        )),
    }
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    read::whole(Path::new(path), limits::DEFAULT_MAX_BYTES)
        .map_err(|error| format!("cannot read `{path}`: {error}"))
}
