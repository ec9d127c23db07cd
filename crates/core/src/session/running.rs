//! State of the running action, from its start to its end.

use super::effect::ActionState;
use super::event::{ActionName, Exit, ProcessId, Time, Variables};
use super::monitor::Monitor;
use std::sync::Arc;
use std::time::Duration;

/// An action whose process has been started and has not ended.
pub(super) struct Running {
    pub action: Arc<ActionName>,
    pub process: ProcessId,
    /// Monitor beside it, active or not any more (SES-1: at most one).
    pub monitor: Option<Monitor>,
    /// Environment that it enters, and whose variables its messages change; `None` for other actions (SES-7).
    pub enters: Option<usize>,
    /// Variables of the Session when it started.
    pub variables: Arc<Variables>,
    /// End of its timeout; `None` once it is being canceled (ACT-5).
    pub deadline: Option<Time>,
    /// Time from notify to kill; `None` if it is killed at once.
    pub notify_period: Option<Duration>,
    pub canceled: Option<Canceled>,
    /// Text of the last `openjd_fail`, not trimmed; an action that writes one fails.
    pub fail_message: Option<String>,
}

/// Cause of a cancelation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cause {
    /// A user canceled the Session (SES-6).
    User,
    /// The action exceeded its timeout.
    Timeout,
    /// The monitor fired, with this fail message (ACT-6).
    Monitor(String),
    /// The action wrote a malformed message, with this fault, in words (SES-5).
    Malformed(String),
}

/// State of an action that is being canceled.
pub(super) struct Canceled {
    /// First cause, which gives the action its final state (ACT-5).
    pub cause: Cause,
    /// End of the notify period that runs; `None` once the kill has been sent.
    pub kill_at: Option<Time>,
}

/// Final state of an action.
pub(super) struct Ended {
    pub state: ActionState,
    pub fail_message: Option<String>,
    pub by_monitor: bool,
    pub malformed: Option<String>,
}

impl Running {
    /// Returns the end of the notify period that runs.
    pub fn kill_at(&self) -> Option<Time> {
        self.canceled.as_ref()?.kill_at
    }

    /// Returns the next deadline of the action or its monitor.
    pub fn wake(&self) -> Option<Time> {
        let monitor = self.monitor.as_ref().and_then(Monitor::wake);
        [self.deadline, self.kill_at(), monitor]
            .into_iter()
            .flatten()
            .min()
    }

    /// Ends the notify period, because the kill has been sent.
    pub fn end_notify_period(&mut self) {
        if let Some(canceled) = &mut self.canceled {
            canceled.kill_at = None;
        }
    }

    /// Returns its final state; `exit` is `None` if spawning failed.
    pub fn end(self, exit: Option<Exit>) -> Ended {
        let by_itself = match (&self.fail_message, exit) {
            (None, Some(Exit::Status(0))) => ActionState::Success,
            _ => ActionState::Failed,
        };
        let cause = self.canceled.map(|canceled| canceled.cause);
        let by_monitor = matches!(cause, Some(Cause::Monitor(_)));
        let mut malformed = None;
        let (state, fail_message) = match cause {
            None => (by_itself, self.fail_message),
            Some(Cause::Malformed(fault)) => {
                malformed = Some(fault);
                (ActionState::Failed, self.fail_message)
            }
            Some(Cause::Monitor(message)) => (ActionState::Failed, Some(message)),
            Some(Cause::User) => (ActionState::Canceled, None),
            Some(Cause::Timeout) => (ActionState::Timeout, None),
        };
        Ended {
            state,
            fail_message,
            by_monitor,
            malformed,
        }
    }
}
