//! Effects in a response, and the events of a trace that they are.

use openjd_monitor_core::session::{Effect, ProcessId, Target, Time};
use openjd_monitor_core::trace::{self, Fields, seconds};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// An effect of the runtime under test.
///
/// Names of states, results and the like are plain strings: a wrong one is a difference between two traces, not a
/// message that breaks the protocol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum WireEffect {
    /// Starts a process.
    Spawn(Spawn),
    /// Asks the process of an action to end.
    Notify {
        /// Name of the process.
        process: String,
    },
    /// Kills a process.
    Kill {
        /// Name of the process.
        process: String,
    },
    /// Reports a status.
    Status(Status),
    /// A check has ended.
    CheckEnded(CheckEnded),
    /// An action has ended.
    ActionEnded(ActionEnded),
    /// The Session has ended.
    SessionEnded(SessionEnded),
}

/// A process to start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spawn {
    /// Name of the process, unique in the case.
    pub process: String,
    /// Role of the process.
    pub role: Role,
    /// Part of the message that a trace has, too.
    #[serde(flatten)]
    pub started: Started,
    /// For a hook: the name of what it wraps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wraps: Option<String>,
    /// For a task: its parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<BTreeMap<String, String>>,
}

/// Role of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Runs an action.
    Action,
    /// Runs a check beside an action.
    Check,
}

/// Fields of `action_started` and `check_started`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Started {
    /// Environment whose action or check it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Step whose task it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Slot of the action.
    pub slot: String,
    /// Program.
    pub command: String,
    /// Arguments of the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub args: Option<Vec<String>>,
    /// Environment variables that the Session sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variables: Option<BTreeMap<String, String>>,
}

/// Fields of `status`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Text of the status.
    pub text: String,
    /// `action` or `monitor`.
    pub source: String,
}

/// Fields of `check_ended`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckEnded {
    /// Environment with the monitor.
    pub environment: String,
    /// Slot of the action beside which the check ran.
    pub slot: String,
    /// `healthy`, `unhealthy` or `discarded`.
    pub result: String,
    /// Reason for which it is unhealthy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Number of consecutive failures, this one included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failures: Option<u64>,
}

/// Fields of `action_ended`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActionEnded {
    /// Environment whose action it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Step whose task it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Slot of the action.
    pub slot: String,
    /// Final state.
    pub state: String,
    /// Failure message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fail_message: Option<String>,
    /// `monitor`, if a monitor ended the action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

/// Fields of `session_ended`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionEnded {
    /// Final state.
    pub state: String,
}

impl WireEffect {
    /// Translates an effect of a Session; `None` for one that is no part of a trace. `name` names processes.
    pub fn from_session(effect: &Effect, name: impl Fn(ProcessId) -> String) -> Option<Self> {
        let event = trace::event(Time::ZERO, effect)?;
        Some(match effect {
            Effect::Start(start) => Self::Spawn(Spawn {
                process: name(start.process),
                role: match start.target {
                    Target::Action => Role::Action,
                    Target::Check => Role::Check,
                },
                started: from_fields(&event)?,
                wraps: start.wraps.clone(),
                parameters: start.parameters.clone(),
            }),
            Effect::Notify { process, .. } => Self::Notify {
                process: name(*process),
            },
            Effect::Kill { process, .. } => Self::Kill {
                process: name(*process),
            },
            Effect::Status { .. } => Self::Status(from_fields(&event)?),
            Effect::CheckEnded { .. } => Self::CheckEnded(from_fields(&event)?),
            Effect::ActionEnded { .. } => Self::ActionEnded(from_fields(&event)?),
            Effect::SessionEnded { .. } => Self::SessionEnded(from_fields(&event)?),
            _ => return None,
        })
    }

    /// Returns the event of a trace that this effect is at the instant `at`. `role` is that of its process.
    pub fn event(&self, at: Time, role: Option<Role>) -> Fields {
        let (name, mut fields) = match self {
            Self::Spawn(spawn) => {
                let name = match spawn.role {
                    Role::Action => "action_started",
                    Role::Check => "check_started",
                };
                (name, to_map(&spawn.started))
            }
            Self::Notify { .. } => ("notify", target(role)),
            Self::Kill { .. } => ("kill", target(role)),
            Self::Status(status) => ("status", to_map(status)),
            Self::CheckEnded(ended) => ("check_ended", to_map(ended)),
            Self::ActionEnded(ended) => ("action_ended", to_map(ended)),
            Self::SessionEnded(ended) => ("session_ended", to_map(ended)),
        };
        fields.insert("at".to_owned(), seconds(at));
        fields.insert("event".to_owned(), name.into());
        Fields::from(&fields)
    }
}

fn target(role: Option<Role>) -> Map<String, Value> {
    let role = role.and_then(|role| serde_json::to_value(role).ok());
    role.map(|role| ("target".to_owned(), role))
        .into_iter()
        .collect()
}

fn from_fields<T: DeserializeOwned>(event: &Fields) -> Option<T> {
    let fields = serde_json::to_value(event).ok()?;
    serde_json::from_value(fields).ok()
}

fn to_map(message: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(message) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}
