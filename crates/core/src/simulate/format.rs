//! Fields of a scenario file, as in `schema/scenario.schema.json`.

use super::job::TaskSpec;
use crate::session::{Canceler, Event, Exit, Time};
use crate::template::Path;
use serde::Deserialize;
use serde::de::Error as _;
use serde_json::Value;
use std::collections::BTreeMap;
use thiserror::Error;

#[derive(Debug, Deserialize)]
pub(super) struct Scenario {
    pub id: String,
    pub title: String,
    pub clauses: Vec<String>,
    #[serde(default)]
    pub requires: Vec<String>,
    pub job: JobFields,
    #[serde(default)]
    pub processes: Vec<Process>,
    #[serde(default)]
    pub inputs: Vec<Input>,
    #[serde(default)]
    pub expect: Vec<Entry>,
    pub point: Option<String>,
    #[serde(default)]
    pub readings: BTreeMap<String, Vec<Entry>>,
    #[serde(default)]
    pub refused: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JobFields {
    pub template: Option<Value>,
    pub template_file: Option<String>,
    #[serde(default)]
    pub environments: Vec<Value>,
    #[serde(default)]
    pub parameters: BTreeMap<String, Value>,
    pub tasks: Option<Vec<TaskSpec>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Process {
    #[serde(rename = "match")]
    pub matches: Match,
    pub runs: Vec<Run>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Match {
    pub environment: Option<String>,
    pub step: Option<String>,
    pub slot: Option<String>,
    pub check: Option<bool>,
    #[serde(rename = "while")]
    pub beside: Option<String>,
    pub wraps: Option<String>,
    pub command: Option<String>,
    pub args: Option<Vec<String>>,
    pub parameters: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Run {
    pub exit: Option<i32>,
    pub signal: Option<i32>,
    pub hang: Option<bool>,
    pub spawn_error: Option<String>,
    #[serde(default)]
    pub after: Seconds,
    #[serde(default)]
    pub output: Vec<OutputLine>,
    pub on_notify: Option<OnNotify>,
    pub on_kill: Option<OnKill>,
}

impl Run {
    /// Counts the fields that give its end; valid is one.
    pub fn ways_to_end(&self) -> usize {
        let given = [
            self.exit.is_some(),
            self.signal.is_some(),
            self.hang.is_some(),
            self.spawn_error.is_some(),
        ];
        given.into_iter().filter(|given| *given).count()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct OutputLine {
    pub at: Seconds,
    pub stdout: Option<String>,
    pub stderr: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum OnNotify {
    Word(Word),
    End {
        exit: Option<i32>,
        signal: Option<i32>,
        #[serde(default)]
        after: Seconds,
    },
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Word {
    Ignore,
}

impl OnNotify {
    /// Returns `true` if it gives exactly one reaction.
    pub fn is_one(&self) -> bool {
        match self {
            Self::Word(_) => true,
            Self::End { exit, signal, .. } => exit.is_some() != signal.is_some(),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct OnKill {
    pub after: Seconds,
}

#[derive(Debug, Deserialize)]
pub(super) struct Input {
    at: Seconds,
    #[serde(deserialize_with = "limit")]
    cancel: Option<Seconds>,
}

/// Reads the `notifyPeriod` of a cancel; a cancel of `true` has none.
fn limit<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Seconds>, D::Error> {
    let cancel = Value::deserialize(deserializer)?;
    let period = cancel.get("notifyPeriod").map(Seconds::deserialize);
    period.transpose().map_err(D::Error::custom)
}

impl Input {
    pub fn at(&self) -> Time {
        self.at.0
    }

    pub fn event(&self) -> Event {
        Event::Cancel {
            by: Canceler::User,
            notify_period: self.cancel.map(|period| period.0),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    pub at: Seconds,
}

/// Number of seconds, to the millisecond.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seconds(pub Time);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        let millis = (seconds * 1000.0).round();
        // A tenth of a microsecond is more than a float of this size can be wrong by.
        if (seconds * 1000.0 - millis).abs() > 1e-4 || !(0.0..=4e10).contains(&millis) {
            return Err(D::Error::custom(
                "a time is a number of seconds, with decimals to the millisecond",
            ));
        }
        Ok(Self(Time::from_millis(millis as u64)))
    }
}

/// Returns the end of a process, of whose two fields one is given.
pub(super) fn exit(exit: Option<i32>, signal: Option<i32>) -> Option<Exit> {
    exit.map(Exit::Status).or(signal.map(Exit::Signal))
}

/// Error decoding a scenario that its schema accepts.
#[derive(Debug, Error)]
#[error("{error}")]
pub(super) struct DecodeError {
    /// Place of the mistake.
    pub path: Path,
    error: serde_json::Error,
}

/// Decodes a scenario that its schema accepts.
pub(super) fn decode(value: &Value) -> Result<Scenario, DecodeError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer: String = error
            .path()
            .iter()
            .filter_map(|segment| match segment {
                serde_path_to_error::Segment::Seq { index } => Some(format!("/{index}")),
                serde_path_to_error::Segment::Map { key } => Some(format!("/{key}")),
                _ => None,
            })
            .collect();
        DecodeError {
            path: Path::from_pointer(&pointer, value),
            error: error.into_inner(),
        }
    })
}
