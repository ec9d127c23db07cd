//! State of the running action, from its start to its end.

use super::ending::{ActionState, Cause, Ending, Limit, Sent};
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
    /// Its timeout.
    pub limit: Option<Limit>,
    /// End of its timeout; `None` once it is being canceled (ACT-5).
    pub deadline: Option<Time>,
    /// Time from notify to kill; `None` if it is killed at once.
    pub notify_period: Option<Duration>,
    pub canceled: Option<Canceled>,
    /// Text of the last `openjd_fail`, not trimmed; an action that writes one fails.
    pub fail_message: Option<String>,
}

/// State of an action that is being canceled.
pub(super) struct Canceled {
    /// First cause, which gives the action its final state (ACT-5).
    pub cause: Cause,
    /// Start of the cancelation.
    pub at: Time,
    /// End of the notify period that runs; `None` once the kill has been sent.
    pub kill_at: Option<Time>,
    /// Last signal that was sent.
    pub sent: Sent,
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
        if let Some(canceled) = &mut self.canceled
            && let Some(kill_at) = canceled.kill_at.take()
        {
            canceled.sent = Sent::KillAfterNotify(kill_at.saturating_sub(canceled.at));
        }
    }

    /// Returns its end, now that its process has ended, or could not be started for a cause.
    pub fn end(self, exit: Result<Exit, Cause>) -> Ending {
        let sent = self.canceled.as_ref().map(|canceled| canceled.sent);
        let canceled = self.canceled.map(|canceled| canceled.cause);
        let (exit, cause) = match exit {
            Ok(exit) => (Some(exit), canceled),
            Err(cause) => (None, canceled.or(Some(cause))),
        };
        let state = match (&cause, &self.fail_message, exit) {
            (Some(Cause::Canceled(_)), ..) => ActionState::Canceled,
            (Some(Cause::Timeout(_)), ..) => ActionState::Timeout,
            (None, None, Some(Exit::Status(0))) => ActionState::Success,
            _ => ActionState::Failed,
        };
        Ending {
            state,
            cause,
            own_message: self.fail_message,
            sent,
            exit,
        }
    }
}
