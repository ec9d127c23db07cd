//! Inputs of a Session, and the types that inputs and outputs share.

use crate::template::Slot;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Instant, as the time since the start of the Session. Drivers use whole milliseconds.
pub type Time = Duration;

/// Name of a process, unique in its Session, which gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessId(pub u64);

/// End of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// With this status.
    Status(i32),
    /// By this signal.
    Signal(i32),
}

impl fmt::Display for Exit {
    /// Writes the end in the words of OUT-3.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "exit status {status}"),
            Self::Signal(signal) => write!(f, "killed by signal {signal}"),
        }
    }
}

/// Returns a signal's name and number, or its number alone where the name depends on the system.
pub(super) fn signal_name(signal: i32) -> String {
    let is_mac = cfg!(target_os = "macos");
    let name = match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 if !is_mac => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        10 if is_mac => "SIGBUS",
        10 => "SIGUSR1",
        11 => "SIGSEGV",
        12 if is_mac => "SIGSYS",
        12 => "SIGUSR2",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 if !is_mac => "SIGSYS",
        _ => return format!("signal {signal}"),
    };
    format!("{name} ({signal})")
}

/// Origin of a cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canceler {
    /// A user.
    User,
    /// This signal to the program that runs it.
    Signal(i32),
    /// The end of all ways to follow it: its log or trace cannot be written.
    LostOutput,
}

impl fmt::Display for Canceler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User => f.write_str("canceled by the user"),
            Self::Signal(signal) => {
                write!(f, "canceled by {}", signal_name(*signal))?;
                f.write_str(match signal {
                    2 => ", which Ctrl-C sends",
                    _ => ", sent to this program",
                })
            }
            Self::LostOutput => f.write_str("canceled, as its log or trace cannot be written"),
        }
    }
}

/// Output stream of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Longest line whose message about a variable has an effect, and the most of a line that is logged, in bytes. Of a
/// longer line, a driver may report only a start that is longer than this.
pub const MAX_LINE: usize = 64 * 1024;

/// Report of a driver to its Session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A process wrote a line.
    Output {
        /// Writing process.
        process: ProcessId,
        /// Stream of the line; messages are recognized on both (OUT-2).
        stream: Stream,
        /// Line without its end.
        line: String,
    },
    /// A process ended.
    Exited {
        /// Process that ended.
        process: ProcessId,
        /// Status or signal.
        exit: Exit,
    },
    /// A process could not be started.
    SpawnFailed {
        /// Process that was to start.
        process: ProcessId,
        /// Reason, in words.
        error: String,
    },
    /// A user cancels the Session (SES-6).
    Cancel {
        /// The source of the cancel.
        by: Canceler,
        /// Upper bound on the notify period of the running action (ACT-5).
        notify_period: Option<Duration>,
    },
}

/// Owner of an action, by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Owner {
    /// An Environment.
    Environment(String),
    /// A Step: the action is a task's `onRun`.
    Step(String),
}

/// Key of a task's own action.
const ON_RUN: &str = "onRun";

/// Name of an action.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActionName {
    /// Environment or Step that defines it.
    pub owner: Owner,
    /// Key of the action: that of an action slot, or `onRun`.
    pub slot: &'static str,
}

impl ActionName {
    /// Returns every key of an action: the slots of Environments, and a task's own.
    pub fn slots() -> impl Iterator<Item = &'static str> {
        Slot::ALL.map(Slot::name).into_iter().chain([ON_RUN])
    }

    /// Returns the action in a slot of an Environment or a Step; `None` if both or neither is given, or there is
    /// no such slot.
    pub fn named(environment: Option<&str>, step: Option<&str>, slot: &str) -> Option<Self> {
        let owner = match (environment, step) {
            (Some(name), None) => Owner::Environment(name.to_owned()),
            (None, Some(name)) => Owner::Step(name.to_owned()),
            _ => return None,
        };
        let slot = Self::slots().find(|known| *known == slot)?;
        Some(Self { owner, slot })
    }

    /// Returns the action in a slot of an Environment.
    pub fn of_environment(name: &str, slot: Slot) -> Self {
        Self {
            owner: Owner::Environment(name.to_owned()),
            slot: slot.name(),
        }
    }

    /// Returns a task's own action.
    pub fn of_task(step: &str) -> Self {
        Self {
            owner: Owner::Step(step.to_owned()),
            slot: ON_RUN,
        }
    }

    /// Returns the action in few words, as traces and pictures name it.
    pub fn short(&self) -> String {
        match &self.owner {
            Owner::Environment(name) => format!("{name} {}", self.slot),
            Owner::Step(name) => format!("step {name} {}", self.slot),
        }
    }

    /// Returns `true` if it runs a task: the task's own action, or the hook in its place.
    pub fn is_of_task(&self) -> bool {
        [ON_RUN, Slot::OnWrapTaskRun.name()].contains(&self.slot)
    }
}

impl fmt::Display for ActionName {
    /// Writes the action in words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.owner {
            Owner::Environment(name) => write!(f, "{} of environment '{name}'", self.slot),
            Owner::Step(name) => write!(f, "{} of step '{name}'", self.slot),
        }
    }
}

/// Purpose of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// An action.
    Action,
    /// A check beside an action.
    Check,
}

/// Command line, its format strings resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// Program to run.
    pub command: String,
    /// Arguments of the program.
    pub args: Vec<String>,
}

/// File to write before an action starts (VAR-6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Absolute path.
    pub path: String,
    /// Content, with its final line ends.
    pub data: String,
    /// `true` if it gets the execute permission.
    pub is_runnable: bool,
}

/// Environment variables of a Session's processes: `Some` is set, `None` is unset.
pub type Variables = BTreeMap<String, Option<String>>;
