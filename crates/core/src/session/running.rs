//! The action that runs, from its start to its end: why and how it is canceled, and how it ends.

use super::effect::ActionState;
use super::event::{ActionName, Exit, ProcessId, Time, Variables};
use super::monitor::Monitor;
use std::sync::Arc;
use std::time::Duration;

/// An action whose process has been started and has not ended.
pub(super) struct Running {
    pub action: Arc<ActionName>,
    pub process: ProcessId,
    /// The monitor beside it, active or not any more (SES-1: at most one).
    pub monitor: Option<Monitor>,
    /// The Environment, by its index, whose variables the action's messages change; they change none if the
    /// action is not one that enters an Environment (SES-7).
    pub enters: Option<usize>,
    /// What the Session's variables were when it started.
    pub variables: Arc<Variables>,
    /// When its timeout is exceeded; never once it is being canceled (ACT-5).
    pub deadline: Option<Time>,
    /// How it is canceled: with this notify period, or killed at once.
    pub notify_period: Option<Duration>,
    pub canceled: Option<Canceled>,
    /// The text of the last `openjd_fail`, not trimmed; an action that writes one fails.
    pub fail_message: Option<String>,
}

/// Why an action is being canceled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cause {
    /// A user wants it (SES-6).
    User,
    /// It exceeded its timeout.
    Timeout,
    /// Its monitor fired, with this fail message (ACT-6).
    Monitor(String),
    /// It wrote a malformed message, with this fault, in words (SES-5).
    Malformed(String),
}

pub(super) struct Canceled {
    /// The first cause, which gives the action its state (ACT-5).
    cause: Cause,
    /// The end of the notify period that runs.
    kill_at: Option<Time>,
}

/// What canceling an action comes to.
pub(super) enum Signal {
    /// A notify now, and a kill at this instant if that does not end it.
    Notify(Time),
    Kill,
    /// The action was canceled before.
    None,
}

/// How an action ended.
pub(super) struct Ended {
    pub state: ActionState,
    pub fail_message: Option<String>,
    pub by_monitor: bool,
    pub malformed: Option<String>,
}

impl Running {
    /// The end of the notify period that runs.
    pub fn kill_at(&self) -> Option<Time> {
        self.canceled.as_ref()?.kill_at
    }

    /// When it or its monitor next has something to do by itself.
    pub fn wake(&self) -> Option<Time> {
        let monitor = self.monitor.as_ref().and_then(Monitor::wake);
        [self.deadline, self.kill_at(), monitor]
            .into_iter()
            .flatten()
            .min()
    }

    /// Takes in an `openjd_fail`.
    pub fn fails_with(&mut self, text: String) {
        self.fail_message = Some(text);
    }

    /// Cancels it by its own `cancelation` (ACT-4), with a notify period of at most `limit`. If it is being
    /// canceled already, this can only shorten the notify period that runs (ACT-5). The monitor is for the
    /// caller to stop.
    pub fn cancel(&mut self, now: Time, cause: Cause, limit: Option<Duration>) -> Signal {
        let limited = limit.map(|limit| now.saturating_add(limit));
        if let Some(canceled) = &mut self.canceled {
            if let (Some(kill_at), Some(limited)) = (&mut canceled.kill_at, limited) {
                *kill_at = limited.min(*kill_at);
            }
            return Signal::None;
        }
        self.deadline = None;
        let end = self.notify_period.map(|period| now.saturating_add(period));
        let kill_at = end.map(|end| limited.map_or(end, |limited| limited.min(end)));
        self.canceled = Some(Canceled { cause, kill_at });
        kill_at.map_or(Signal::Kill, Signal::Notify)
    }

    /// The end of the notify period: the kill is on its way.
    pub fn end_notify_period(&mut self) {
        if let Some(canceled) = &mut self.canceled {
            canceled.kill_at = None;
        }
    }

    /// How it ended, now that its process has, or could not be started (no `exit`).
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
