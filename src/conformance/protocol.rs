//! The adapter protocol, version 1: the messages between the suite and a runtime under test, one JSON object a
//! line. `schema/adapter-protocol.schema.json` describes them.

use openjd_monitor_core::session::{Event, Exit, ProcessId, Stream, Time};
use openjd_monitor_core::simulate::JobSpec;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The version of the protocol.
pub const VERSION: u32 = 1;

/// The longest line of an adapter that is read, in bytes.
pub const MAX_LINE: usize = 64 * 1024 * 1024;

/// Every feature that the suite knows.
pub const FEATURES: [&str; 11] = [
    "log",
    "warn",
    "terminate",
    "overrides",
    "scope",
    "initial-delay",
    "wrap",
    "format-string-period",
    "same-instant",
    "check-results",
    "draft-names",
];

/// The features that a runtime may lack and conform all the same.
pub const OPTIONAL: [&str; 2] = ["check-results", "draft-names"];

/// What the suite asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Request {
    /// Who are you?
    Start {
        /// The version of the protocol that is spoken.
        protocol: u32,
    },
    /// A case begins, at instant 0.
    Begin {
        /// The number of the request.
        seq: u64,
        /// What to run.
        job: JobSpec,
    },
    /// It is later, or another round of the same instant.
    Advance {
        /// The number of the request.
        seq: u64,
        /// The time, in milliseconds since the case began.
        to: u64,
        /// What has happened.
        events: Vec<Happening>,
    },
    /// The case is over.
    End {
        /// The number of the request.
        seq: u64,
    },
    /// There are no more cases.
    Stop,
}

/// Something that has happened to a process, or comes from outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Happening {
    /// A process ended; it has one of the two.
    Exited {
        /// The process.
        process: String,
        /// Its exit status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exit: Option<i32>,
        /// The signal it died by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signal: Option<i32>,
    },
    /// A process wrote a line.
    Output {
        /// The process.
        process: String,
        /// Where to.
        stream: Stream,
        /// The line, without its end.
        line: String,
    },
    /// A process could not be started.
    SpawnFailed {
        /// The process.
        process: String,
        /// Why.
        error: String,
    },
    /// A user cancels the Session.
    Cancel {
        /// The most seconds that the action has to end.
        #[serde(
            rename = "notifyPeriod",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        notify_period: Option<f64>,
    },
}

/// Who the runtime is, and what it can do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Hello {
    /// The version of the protocol that it speaks.
    pub protocol: u32,
    /// Who it is.
    pub implementation: Implementation,
    /// What it can do.
    pub features: Vec<String>,
    /// Its floor of the period, in seconds, if it has raised it (SCH-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<u64>,
    /// It answers `refused` to a job that cannot be created, and `errored` never means that.
    #[serde(default, skip_serializing_if = "is_false")]
    pub refusals: bool,
}

impl Hello {
    /// Returns whether the runtime has this feature.
    pub fn has(&self, feature: &str) -> bool {
        self.features.iter().any(|has| has == feature)
    }
}

/// A runtime.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Implementation {
    /// Its name.
    pub name: String,
    /// Its version.
    #[serde(default)]
    pub version: Option<String>,
    /// The language it is written in.
    #[serde(default)]
    pub language: Option<String>,
    /// Where to find it.
    #[serde(default)]
    pub homepage: Option<String>,
}

/// What a runtime answers to anything but `start`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Answer {
    /// The number of the request.
    pub seq: u64,
    /// It has not got a feature that the case needs.
    #[serde(default, skip_serializing_if = "is_false")]
    pub skipped: bool,
    /// The job cannot be created.
    #[serde(default, skip_serializing_if = "is_false")]
    pub refused: bool,
    /// It cannot do this.
    #[serde(default, skip_serializing_if = "is_false")]
    pub errored: bool,
    /// Why it is skipped, refused or errored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What it wants done, in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effects: Option<Vec<Map<String, Value>>>,
    /// When it wants to be woken, in milliseconds since the case began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wake: Option<u64>,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// A process to start, among the effects of an answer.
#[derive(Debug, Clone, Deserialize)]
pub struct Spawn {
    /// Its name, unique in the case.
    pub process: String,
    /// What it is for.
    pub role: Role,
    /// The Environment whose action or check it is.
    pub environment: Option<String>,
    /// The Step whose task it is.
    pub step: Option<String>,
    /// The action's slot.
    pub slot: String,
    /// The program.
    pub command: String,
    /// Its arguments.
    #[serde(default)]
    pub args: Vec<String>,
    /// Of a hook: what it wraps.
    pub wraps: Option<String>,
    /// Of a task: its parameters.
    pub parameters: Option<BTreeMap<String, String>>,
}

/// What a process is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It is an action.
    Action,
    /// It is a check beside one.
    Check,
}

/// A time as a whole number of milliseconds.
pub fn millis(time: Time) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl Happening {
    /// An event of a scripted process, or from outside, with the process's name in this case.
    pub fn of(event: Event, name: &dyn Fn(ProcessId) -> String) -> Self {
        match event {
            Event::Output {
                process,
                stream,
                line,
            } => Self::Output {
                process: name(process),
                stream,
                line,
            },
            Event::Exited { process, exit } => {
                let (exit, signal) = match exit {
                    Exit::Status(status) => (Some(status), None),
                    Exit::Signal(signal) => (None, Some(signal)),
                };
                Self::Exited {
                    process: name(process),
                    exit,
                    signal,
                }
            }
            Event::SpawnFailed { process, error } => Self::SpawnFailed {
                process: name(process),
                error,
            },
            Event::Cancel { notify_period, .. } => Self::Cancel {
                notify_period: notify_period.map(|period| period.as_secs_f64()),
            },
        }
    }
}
