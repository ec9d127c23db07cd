//! Outputs of a Session: what the driver carries out, and what it can log.

use super::ending::Ending;
use super::event::{
    ActionName, Canceler, Exit, File, Invocation, ProcessId, Target, Time, Variables,
};
use super::redacted::Redacted;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A process to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Name of the process.
    pub process: ProcessId,
    /// Purpose of the process.
    pub target: Target,
    /// Action that it is, or that it runs beside.
    pub action: Arc<ActionName>,
    /// Command line.
    pub invocation: Arc<Invocation>,
    /// Environment variables to set and unset.
    pub variables: Arc<Variables>,
    /// Name of the Environment or Step whose action it replaces, if it is a wrap hook.
    pub wraps: Option<String>,
    /// Parameters of the task, if it is one, wrapped or not; values as text.
    pub parameters: Option<BTreeMap<String, String>>,
    /// Files to write before the start; none for a check (VAR-6). The redacted form has none.
    pub files: Vec<File>,
}

/// Reason for an unhealthy result (RES-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It exited with this status.
    Exit(i32),
    /// It died by this signal.
    Signal(i32),
    /// It exceeded this timeout.
    Timeout(Duration),
    /// It could not be started, for this reason.
    Spawn(String),
}

impl Reason {
    /// Returns the name in traces.
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
    /// Writes the reason in the words of OUT-3.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit(status) => Exit::Status(*status).fmt(f),
            Self::Signal(signal) => Exit::Signal(*signal).fmt(f),
            Self::Timeout(timeout) => write!(f, "timed out after {} s", timeout.as_secs()),
            Self::Spawn(error) => write!(f, "could not start: {error}"),
        }
    }
}

/// Result of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckResult {
    /// It exited with status 0 in time (RES-1).
    Healthy,
    /// It did not exit so (RES-1).
    Unhealthy {
        /// Reason for the result.
        reason: Reason,
        /// Consecutive unhealthy results in this run of the action, this one included (RES-2).
        failures: u64,
    },
    /// The monitor became inactive first (TIM-6).
    Discarded,
}

impl CheckResult {
    /// Returns the name in traces.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Unhealthy { .. } => "unhealthy",
            Self::Discarded => "discarded",
        }
    }
}

impl fmt::Display for CheckResult {
    /// Writes the name, and the reason if it is unhealthy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unhealthy { reason, failures } => f.write_str(&unhealthy(failures, reason)),
            Self::Healthy | Self::Discarded => f.write_str(self.name()),
        }
    }
}

/// Describes an unhealthy result, the last of this many in a row.
pub(crate) fn unhealthy(failures: impl fmt::Display, reason: impl fmt::Display) -> String {
    format!("unhealthy, {failures} in a row: {reason}")
}

/// Final state of a Session (SES-5).
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
    /// All states, in the order of the specification.
    pub const ALL: [Self; 3] = [Self::Success, Self::Failed, Self::Canceled];

    /// Returns the name in traces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
        }
    }
}

/// Part of a Session; it may have no action to run.
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

/// Parameter of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Name of the parameter.
    pub name: String,
    /// Type, as a template writes it.
    pub kind: &'static str,
    /// Value as text, secrets redacted.
    pub value: String,
}

/// Instruction or message to the driver; they take effect in order. All texts are redacted (OUT-2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A part of the Session begins.
    Phase(Phase),
    /// Start a process; report [`super::Event::SpawnFailed`] if that is impossible.
    Start(Redacted<Start>),
    /// Ask a process tree to end (SIGTERM).
    Notify {
        /// Root process, an action.
        process: ProcessId,
        /// End of the notify period, at which a kill follows.
        kill_at: Time,
    },
    /// End a process tree at once (SIGKILL).
    Kill {
        /// Root process.
        process: ProcessId,
        /// Purpose of the process.
        target: Target,
    },
    /// Set the status of the Session.
    Status {
        /// New status.
        text: String,
        /// Source: the action, or its monitor.
        source: Target,
    },
    /// The result of a check is known.
    CheckEnded {
        /// Action that it ran beside.
        action: Arc<ActionName>,
        /// Result of the check.
        result: CheckResult,
    },
    /// A tick was skipped because a check was alive (TIM-2).
    TickSkipped {
        /// Running action.
        action: Arc<ActionName>,
    },
    /// An action has ended, or was not started at all (VAR-4).
    ActionEnded {
        /// Action that ended.
        action: Arc<ActionName>,
        /// Final state, and its reason.
        ending: Box<Ending>,
    },
    /// The Session is over; nothing follows.
    SessionEnded {
        /// Final state.
        state: SessionState,
        /// The source of the cancel, if the state is CANCELED.
        canceled_by: Option<Canceler>,
    },
    /// A line that a process wrote, for the log.
    Line {
        /// The line, secrets redacted.
        text: String,
        /// Source: the action, or its check (OUT-4).
        source: Target,
    },
    /// A note of the Session itself, for the log.
    Note {
        /// Text of the note.
        text: String,
        /// Subject: the action, or its check.
        about: Target,
    },
}

impl Effect {
    /// Makes the real values of a process to start those that are shown. It is for simulations, which have no
    /// secrets to keep and whose traces have the values themselves.
    #[must_use]
    pub fn publish(self) -> Self {
        match self {
            Self::Start(start) => Self::Start(start.publish()),
            other => other,
        }
    }
}
