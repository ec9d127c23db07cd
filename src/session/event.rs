//! What a Session is told, and what it wants done.

use crate::template::Slot;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
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

/// Where a process writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

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

/// Which action it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActionName {
    /// The Environment or Step whose action it is.
    pub owner: Owner,
    /// The key of the action: an action slot's, or `onRun`.
    pub slot: &'static str,
}

impl ActionName {
    /// The action in a slot of an Environment or a Step; `None` where both or neither is given, or there is no
    /// such slot.
    pub fn named(environment: Option<&str>, step: Option<&str>, slot: &str) -> Option<Self> {
        let owner = match (environment, step) {
            (Some(name), None) => Owner::Environment(name.to_owned()),
            (None, Some(name)) => Owner::Step(name.to_owned()),
            _ => return None,
        };
        let slots = Slot::ALL.map(Slot::name).into_iter().chain(["onRun"]);
        let slot = slots.into_iter().find(|known| *known == slot)?;
        Some(Self { owner, slot })
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

/// A process to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Its name.
    pub process: ProcessId,
    /// What it is for.
    pub target: Target,
    /// The action that it is, or that it runs beside.
    pub action: Arc<ActionName>,
    /// What to run.
    pub invocation: Arc<Invocation>,
    /// What the Session's variables are for it.
    pub variables: Arc<Variables>,
    /// Of a wrap hook: the name of the Environment or Step whose action it replaces.
    pub wraps: Option<String>,
    /// Of a task, wrapped or not: its parameters, as their values read.
    pub parameters: Option<BTreeMap<String, String>>,
    /// What to write to disk before; of a check nothing (VAR-6).
    pub files: Vec<File>,
}

/// Why a check was unhealthy (RES-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It exited with this status.
    Exit(i32),
    /// It died by this signal.
    Signal(i32),
    /// It exceeded its timeout, which is this.
    Timeout(Duration),
    /// It could not be started, because of this.
    Spawn(String),
}

impl Reason {
    /// The reason's name in a trace.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Exit(_) => "exit",
            Self::Signal(_) => "signal",
            Self::Timeout(_) => "timeout",
            Self::Spawn(_) => "spawn",
        }
    }
}

impl fmt::Display for Reason {
    /// The reason in the words of OUT-3.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit(status) => write!(f, "exit status {status}"),
            Self::Signal(signal) => write!(f, "killed by signal {signal}"),
            Self::Timeout(timeout) => write!(f, "timed out after {} s", timeout.as_secs()),
            Self::Spawn(error) => write!(f, "could not start: {error}"),
        }
    }
}

/// What became of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckResult {
    /// It exited with status 0 in time (RES-1).
    Healthy,
    /// It did not; `failures` is the counter after it (RES-2).
    Unhealthy {
        /// Why.
        reason: Reason,
        /// Consecutive unhealthy results of this run of the action, this one included.
        failures: u64,
    },
    /// The monitor became inactive first (TIM-6).
    Discarded,
}

/// How an action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionState {
    /// It did what it should.
    Success,
    /// It did not, or a monitor fired, or it was not even started.
    Failed,
    /// A user canceled it.
    Canceled,
    /// It exceeded its timeout.
    Timeout,
}

impl ActionState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Success, Self::Failed, Self::Canceled, Self::Timeout];

    /// The state's name in a trace.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
            Self::Timeout => "TIMEOUT",
        }
    }
}

/// How a Session ended (SES-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// Every action succeeded.
    Success,
    /// An action did not.
    Failed,
    /// A user canceled it.
    Canceled,
}

impl SessionState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Success, Self::Failed, Self::Canceled];

    /// The state's name in a trace.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
        }
    }
}

/// What the Session wants done, or wants known, in the order in which it takes effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Start a process; tell [`Event::SpawnFailed`] if it cannot be.
    Start(Box<Start>),
    /// Ask a process tree to end (SIGTERM).
    Notify {
        /// The process at its root: an action's.
        process: ProcessId,
        /// When a kill will follow if it does not end.
        kill_at: Time,
    },
    /// End a process tree at once (SIGKILL).
    Kill {
        /// The process at its root.
        process: ProcessId,
        /// What it is.
        target: Target,
    },
    /// The Session's status is this text now.
    Status {
        /// The text.
        text: String,
        /// Who says it: an action, or a monitor.
        source: Target,
    },
    /// The result of a check is known.
    CheckEnded {
        /// The action that it ran beside.
        action: Arc<ActionName>,
        /// The result.
        result: CheckResult,
    },
    /// A tick came while a check was alive (TIM-2): nothing to do.
    TickSkipped {
        /// The action that is running.
        action: Arc<ActionName>,
    },
    /// An action has ended, or was not started at all (VAR-4).
    ActionEnded {
        /// The action.
        action: Arc<ActionName>,
        /// How.
        state: ActionState,
        /// What it had to say, if it failed (SES-5).
        fail_message: Option<String>,
        /// Whether a monitor fired (ACT-5).
        by_monitor: bool,
    },
    /// The Session is over; nothing follows.
    SessionEnded {
        /// How.
        state: SessionState,
    },
    /// A line that a process wrote, for the log.
    Line {
        /// The line, secrets redacted.
        text: String,
        /// What wrote it; the lines of a check are attributable to it (OUT-4).
        source: Target,
    },
    /// What the Session itself has to say in the log.
    Note {
        /// It, in words.
        text: String,
        /// What it is about.
        about: Target,
    },
}
