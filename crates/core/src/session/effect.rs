//! What a Session wants done, and wants known.

use super::event::{ActionName, Exit, File, Invocation, ProcessId, Target, Time, Variables};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

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
            Self::Exit(status) => Exit::Status(*status).fmt(f),
            Self::Signal(signal) => Exit::Signal(*signal).fmt(f),
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

/// A part of a Session, which may have no action to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// The Environment of this name is entered.
    Enter(String),
    /// The Environment of this name is exited.
    Exit(String),
    /// The Step of this name begins, its Environments first.
    Step(String),
    /// A task begins.
    Task(Vec<Parameter>),
}

/// A parameter of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type, as a template writes it.
    pub kind: &'static str,
    /// Its value, as it reads.
    pub value: String,
}

/// What the Session wants done, or wants known, in the order in which it takes effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A part of the Session begins.
    Phase(Phase),
    /// Start a process; tell [`super::Event::SpawnFailed`] if it cannot be.
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
        /// The message for which it was canceled, if it was for one: its fault and its right form, in words.
        malformed: Option<String>,
        /// Whether a monitor fired (ACT-5).
        by_monitor: bool,
        /// How its process ended; none if none could be started.
        exit: Option<Exit>,
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
