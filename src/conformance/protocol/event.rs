//! Events in a request, and the events of a Session that they are.

use openjd_monitor_core::session::{Canceler, Event, Exit, ProcessId, Stream};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// An event of a process, or from outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum WireEvent {
    /// A process ended; either `exit` or `signal` is set.
    Exited {
        /// Name of the process.
        process: String,
        /// Exit status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exit: Option<i32>,
        /// Number of the signal that killed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signal: Option<i32>,
    },
    /// A process wrote a line.
    Output {
        /// Name of the process.
        process: String,
        /// Stream it was written to.
        stream: Stream,
        /// The line, without its end.
        line: String,
    },
    /// A process could not be started.
    SpawnFailed {
        /// Name of the process.
        process: String,
        /// Error of the system.
        error: String,
    },
    /// A user cancels the Session.
    Cancel {
        /// Upper bound on the notify period of the action, in seconds.
        #[serde(
            rename = "notifyPeriod",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        notify_period: Option<f64>,
    },
}

/// Error for an event that no Session can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event is of no process, or has no end")]
pub struct BadEvent;

impl WireEvent {
    /// Translates an event of a Session. `name` names processes.
    pub fn from_session(event: Event, name: impl Fn(ProcessId) -> String) -> Self {
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

    /// Translates to an event of a Session. `find` finds a process by its name.
    ///
    /// # Errors
    ///
    /// Fails if there is no such process, if an exit has neither status nor signal, or if a notify period is no
    /// duration.
    pub fn into_session(self, find: impl Fn(&str) -> Option<ProcessId>) -> Result<Event, BadEvent> {
        let find = |name: &str| find(name).ok_or(BadEvent);
        Ok(match self {
            Self::Exited {
                process,
                exit,
                signal,
            } => {
                let exit = exit.map(Exit::Status).or(signal.map(Exit::Signal));
                Event::Exited {
                    process: find(&process)?,
                    exit: exit.ok_or(BadEvent)?,
                }
            }
            Self::Output {
                process,
                stream,
                line,
            } => Event::Output {
                process: find(&process)?,
                stream,
                line,
            },
            Self::SpawnFailed { process, error } => Event::SpawnFailed {
                process: find(&process)?,
                error,
            },
            Self::Cancel { notify_period } => Event::Cancel {
                by: Canceler::User,
                notify_period: match notify_period {
                    Some(seconds) => {
                        Some(Duration::try_from_secs_f64(seconds).map_err(|_| BadEvent)?)
                    }
                    None => None,
                },
            },
        })
    }
}
