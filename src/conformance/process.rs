//! Process cases: jobs that a command like `openjd run` runs with real processes and the real clock.

use super::command::{self, Ended};
use super::file::CaseFile;
use super::outcome::CommandVerdict;
use super::packed;
use expected::Expected;
use openjd_monitor_core::template::{Loaded, Syntax, limits, load, text_of};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;

mod expected;

/// Name of this system in cases.
const SYSTEM: &str = if cfg!(windows) { "windows" } else { "posix" };

/// A `.test.yaml` file (`schema/process-test.schema.json`).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Test {
    template: Value,
    #[serde(default)]
    environments: Vec<Value>,
    #[serde(default)]
    parameters: Map<String, Value>,
    run_on: Option<Vec<String>>,
    #[serde(default)]
    expected: Expected,
}

/// Error for a file that is not a process case.
#[derive(Debug, Error)]
enum BadCase {
    #[error("it is no YAML mapping")]
    NoMapping,
    #[error(transparent)]
    Fields(#[from] serde_json::Error),
}

/// Returns every process case, ordered by name.
pub fn all() -> Vec<CaseFile> {
    let mut cases: Vec<_> = packed::cases("process")
        .map(|(name, text)| CaseFile {
            name,
            folder: "jobs",
            text,
        })
        .collect();
    cases.sort_by_key(CaseFile::id);
    cases
}

/// Runs `command TEMPLATE --environment ENVIRONMENT… -p NAME=VALUE…` and compares its output and exit status with the
/// expected ones.
///
/// # Errors
///
/// Fails if the command cannot be run.
pub fn run(case: CaseFile, command: &[String], limit: Duration) -> io::Result<CommandVerdict> {
    match read(case.text) {
        Err(error) => Ok(CommandVerdict::Error(format!(
            "the case is not sound: {error}"
        ))),
        Ok(test) => run_test(&test, case.is_invalid(), command, limit),
    }
}

fn read(text: &str) -> Result<Test, BadCase> {
    match load(text.as_bytes(), Syntax::Yaml, limits::DEFAULT_MAX_BYTES) {
        Loaded::Document(document) => Ok(Test::deserialize(document.value())?),
        Loaded::NoMapping(_) | Loaded::Malformed(..) => Err(BadCase::NoMapping),
    }
}

fn run_test(
    test: &Test,
    is_invalid: bool,
    command: &[String],
    limit: Duration,
) -> io::Result<CommandVerdict> {
    if let Some(systems) = &test.run_on
        && !systems.iter().any(|system| system == SYSTEM)
    {
        let systems = systems.join(", ");
        return Ok(CommandVerdict::Skip(format!("it runs on {systems} only")));
    }
    let folder = tempfile::tempdir()?;
    let arguments = arguments(test, folder.path())?;
    Ok(match command::run(command, &arguments, limit)? {
        Ended::Broken(message) => CommandVerdict::Error(message),
        Ended::TimeOut => CommandVerdict::TimeOut,
        Ended::Exited { succeeded, output } => {
            let difference = if is_invalid {
                succeeded.then(|| "the run succeeded, but the job must be refused".to_owned())
            } else {
                test.expected.difference(SYSTEM, succeeded, &output)
            };
            match difference {
                None => CommandVerdict::Pass,
                Some(difference) => {
                    CommandVerdict::Fail(format!("{difference}{}", command::tail(&output)))
                }
            }
        }
    })
}

/// Writes the templates to `folder` and returns the arguments that name them and the parameters.
fn arguments(test: &Test, folder: &Path) -> io::Result<Vec<OsString>> {
    let write = |name: &str, template: &Value| -> io::Result<PathBuf> {
        let path = folder.join(name);
        std::fs::write(&path, template.to_string())?;
        Ok(path)
    };
    let mut arguments = vec![write("template.json", &test.template)?.into()];
    for (index, environment) in test.environments.iter().enumerate() {
        let path = write(&format!("environment-{}.json", index + 1), environment)?;
        arguments.extend(["--environment".into(), path.into()]);
    }
    for (name, value) in &test.parameters {
        arguments.extend(["-p".into(), format!("{name}={}", text_of(value)).into()]);
    }
    Ok(arguments)
}
