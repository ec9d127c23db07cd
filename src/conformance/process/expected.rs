//! Expectations of a run, in the format of the base specification's own conformance tests.

use serde::Deserialize;

/// Expected output and exit status of a run.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    #[serde(default)]
    output: Vec<Text>,
    #[serde(default)]
    output_posix: Vec<Text>,
    #[serde(default)]
    output_windows: Vec<Text>,
    #[serde(default)]
    forbidden: Vec<String>,
    #[serde(default)]
    forbidden_posix: Vec<String>,
    #[serde(default)]
    forbidden_windows: Vec<String>,
    #[serde(rename = "taskFailure")]
    task_failure: Option<TaskFailure>,
}

/// Text that the output must contain.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Text {
    This(String),
    OneOf {
        #[serde(rename = "anyOf")]
        any_of: Vec<String>,
    },
}

/// Expectation that the run fails.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TaskFailure {
    /// Exit status of the action that failed.
    #[serde(rename = "exitCode")]
    exit_code: Option<i64>,
}

impl Expected {
    /// Describes the first difference between a run on `system` and the expectations.
    pub fn difference(&self, system: &str, succeeded: bool, output: &str) -> Option<String> {
        let (texts, forbidden) = match system {
            "windows" => (&self.output_windows, &self.forbidden_windows),
            _ => (&self.output_posix, &self.forbidden_posix),
        };
        let missing = || {
            let mut texts = self.output.iter().chain(texts);
            texts.find_map(|text| text.missing(output))
        };
        let found = || {
            let mut forbidden = self.forbidden.iter().chain(forbidden);
            let text = forbidden.find(|text| output.contains(*text))?;
            Some(format!("the output has `{text}`"))
        };
        self.wrong_end(succeeded, output)
            .or_else(missing)
            .or_else(found)
    }

    fn wrong_end(&self, succeeded: bool, output: &str) -> Option<String> {
        let Some(failure) = &self.task_failure else {
            return (!succeeded).then(|| "the run failed, but should have succeeded".to_owned());
        };
        if succeeded {
            return Some("the run succeeded, but should have failed".to_owned());
        }
        let expected = failure.exit_code?;
        match exit_code(output) {
            Some(actual) if actual == expected => None,
            Some(actual) => Some(format!(
                "the first action that failed exited with status {actual}, not {expected}"
            )),
            None => Some(format!(
                "the output does not say that the action `exited with code: {expected}`"
            )),
        }
    }
}

impl Text {
    fn missing(&self, output: &str) -> Option<String> {
        match self {
            Self::This(text) if output.contains(text) => None,
            Self::This(text) => Some(format!("the output has no `{text}`")),
            Self::OneOf { any_of } if any_of.iter().any(|text| output.contains(text)) => None,
            Self::OneOf { any_of } => {
                Some(format!("the output has none of `{}`", any_of.join("`, `")))
            }
        }
    }
}

/// Returns the exit status of the first action that failed. Runtimes of Open Job Description log the exit status of
/// each action after these words.
fn exit_code(output: &str) -> Option<i64> {
    let mut codes = output
        .split("exited with code:")
        .skip(1)
        .filter_map(|rest| {
            let rest = rest.trim_start();
            let is_number = |c: char| c.is_ascii_digit() || c == '-';
            let end = rest.find(|c| !is_number(c)).unwrap_or(rest.len());
            rest[..end].parse().ok()
        });
    codes.find(|code| *code != 0)
}
