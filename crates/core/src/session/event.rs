//! What a Session is told, and the words for it.

use crate::template::Slot;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// An instant: the time since the start of the Session. An integer number of nanoseconds, of which the
/// drivers use whole milliseconds.
pub type Time = Duration;

/// The name of a process within its Session, given by the Session, never twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessId(pub u64);

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// With this status.
    Status(i32),
    /// By this signal.
    Signal(i32),
}

impl fmt::Display for Exit {
    /// The end in the words of OUT-3.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "exit status {status}"),
            Self::Signal(signal) => write!(f, "killed by signal {signal}"),
        }
    }
}

/// Where a process writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Length of the longest line that a driver reports, in bytes. Of a longer one it reports the start, up to a
/// character.
pub const MAX_LINE: usize = 64 * 1024;

/// What a driver tells the Session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A process wrote a line.
    Output {
        /// The process.
        process: ProcessId,
        /// Where to; messages are recognized on both streams (OUT-2).
        stream: Stream,
        /// The line, without its end.
        line: String,
    },
    /// A process ended.
    Exited {
        /// The process.
        process: ProcessId,
        /// How it ended.
        exit: Exit,
    },
    /// A process could not be started.
    SpawnFailed {
        /// The process.
        process: ProcessId,
        /// Why, in words.
        error: String,
    },
    /// A user cancels the Session (SES-6).
    Cancel {
        /// A limit to the notify period of the action that runs (ACT-5).
        notify_period: Option<Duration>,
    },
}

/// What an action belongs to, by its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Owner {
    /// An Environment.
    Environment(String),
    /// A Step: the action is a task's `onRun`.
    Step(String),
}

/// The key of a task's own action.
const ON_RUN: &str = "onRun";

/// Which action it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActionName {
    /// The Environment or Step whose action it is.
    pub owner: Owner,
    /// The key of the action: an action slot's, or `onRun`.
    pub slot: &'static str,
}

impl ActionName {
    /// Every key that an action can have: the slots of Environments, and a task's own.
    pub fn slots() -> impl Iterator<Item = &'static str> {
        Slot::ALL.map(Slot::name).into_iter().chain([ON_RUN])
    }

    /// The action in a slot of an Environment or a Step; `None` where both or neither is given, or there is no
    /// such slot.
    pub fn named(environment: Option<&str>, step: Option<&str>, slot: &str) -> Option<Self> {
        let owner = match (environment, step) {
            (Some(name), None) => Owner::Environment(name.to_owned()),
            (None, Some(name)) => Owner::Step(name.to_owned()),
            _ => return None,
        };
        let slot = Self::slots().find(|known| *known == slot)?;
        Some(Self { owner, slot })
    }

    /// The action in a slot of an Environment.
    pub fn of_environment(name: &str, slot: Slot) -> Self {
        Self {
            owner: Owner::Environment(name.to_owned()),
            slot: slot.name(),
        }
    }

    /// A task's own action.
    pub fn of_task(step: &str) -> Self {
        Self {
            owner: Owner::Step(step.to_owned()),
            slot: ON_RUN,
        }
    }

    /// Whether it runs a task: it is that task's own, or the hook in its place.
    pub fn is_of_task(&self) -> bool {
        [ON_RUN, Slot::OnWrapTaskRun.name()].contains(&self.slot)
    }
}

impl fmt::Display for ActionName {
    /// The action in words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.owner {
            Owner::Environment(name) => write!(f, "{} of environment '{name}'", self.slot),
            Owner::Step(name) => write!(f, "{} of step '{name}'", self.slot),
        }
    }
}

/// What a process is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// It is an action.
    Action,
    /// It is a check beside an action.
    Check,
}

/// A command line, its format strings resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The program.
    pub command: String,
    /// Its arguments.
    pub args: Vec<String>,
}

/// A file that an action finds when it starts (VAR-6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it is.
    pub path: String,
    /// What it holds, line ends as they are to be.
    pub data: String,
    /// Whether it may be run.
    pub is_runnable: bool,
}

/// The environment variables that a Session has set for its processes (a value), or taken from them
/// (none).
pub type Variables = BTreeMap<String, Option<String>>;
