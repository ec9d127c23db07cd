//! The end of an action and its reason, in the words that every output uses.

use super::event::{Canceler, Exit, signal_name};
use std::fmt;
use std::time::Duration;

/// Final state of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionState {
    /// It exited with status 0, and did not declare a failure.
    Success,
    /// It failed, a monitor fired, or it was not started.
    Failed,
    /// A user canceled it.
    Canceled,
    /// It exceeded its timeout.
    Timeout,
}

impl ActionState {
    /// All states, in the order of the specification.
    pub const ALL: [Self; 4] = [Self::Success, Self::Failed, Self::Canceled, Self::Timeout];

    /// Returns the name in traces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
            Self::Timeout => "TIMEOUT",
        }
    }
}

/// Timeout of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Length of the timeout.
    pub timeout: Duration,
    /// `true` if the action declares none, and this is the default of exit slots.
    pub is_default: bool,
}

/// Cause for which an action was ended or not started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// It was not started, for this reason (VAR-4).
    NotStarted(String),
    /// Its process could not be started, for this reason.
    Spawn(String),
    /// The Session was canceled (SES-6).
    Canceled(Canceler),
    /// It exceeded its timeout.
    Timeout(Limit),
    /// Its monitor fired, with this fail message (ACT-6).
    Monitor(String),
    /// It wrote a malformed message; this is the fault and the correct form (SES-5).
    Malformed(String),
}

/// Last signal that the Session sent to an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// SIGTERM.
    Notify,
    /// SIGKILL, without a notify before.
    Kill,
    /// SIGKILL, this long after SIGTERM.
    KillAfterNotify(Duration),
}

/// End of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Final state.
    pub state: ActionState,
    /// Cause of the end; `None` if the action ended by itself.
    pub cause: Option<Cause>,
    /// Text of its own last `openjd_fail`, redacted and trimmed.
    pub own_message: Option<String>,
    /// Last signal that the Session sent to it.
    pub sent: Option<Sent>,
    /// End of its process; `None` if none was started.
    pub exit: Option<Exit>,
}

impl Ending {
    /// Returns the fail message (SES-5, ACT-6).
    pub fn fail_message(&self) -> Option<&str> {
        match &self.cause {
            Some(Cause::Monitor(message)) => Some(message),
            Some(Cause::Canceled(_) | Cause::Timeout(_)) => None,
            _ => self.own_message.as_deref(),
        }
    }

    /// Returns `true` if a monitor ended the action (ACT-5).
    pub fn is_by_monitor(&self) -> bool {
        matches!(self.cause, Some(Cause::Monitor(_)))
    }

    /// Returns `true` if only the end of its process gives a reason.
    pub fn is_unexplained(&self) -> bool {
        self.cause.is_none() && self.own_message.is_none()
    }

    /// Returns `true` if the Session sent it SIGTERM.
    fn is_notified(&self) -> bool {
        matches!(self.sent, Some(Sent::Notify | Sent::KillAfterNotify(_)))
    }

    /// Returns the reason in words: the cause, the action's own message, and the end of the process.
    pub fn why(&self) -> String {
        let cause = self.cause.as_ref().map(ToString::to_string);
        let message = match self.cause {
            Some(Cause::Monitor(_)) => None,
            _ => self.fail_message().map(str::to_owned),
        };
        let is_told = cause.is_some() || message.is_some();
        let exit = self
            .exit
            .filter(|exit| !is_told || *exit != Exit::Status(0) || self.is_notified());
        let exit = exit.map(|exit| end(exit, self.sent));
        let parts = [cause, message, exit];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }
}

impl fmt::Display for Ending {
    /// Writes the state, and the reason if it is not SUCCESS.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.state.name())?;
        if self.state == ActionState::Success {
            return Ok(());
        }
        if self.is_by_monitor() {
            f.write_str(" by its monitor")?;
        }
        match self.why() {
            why if why.is_empty() => Ok(()),
            why => write!(f, ": {why}"),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted(why) => write!(f, "not started: {why}"),
            Self::Spawn(error) => write!(f, "could not start: {error}"),
            Self::Canceled(by) => by.fmt(f),
            Self::Timeout(limit) => limit.fmt(f),
            Self::Monitor(text) | Self::Malformed(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "timed out after {} s, ", self.timeout.as_secs())?;
        f.write_str(match self.is_default {
            true => "the default `timeout` of exit actions",
            false => "its `timeout`",
        })
    }
}

/// Signals that a process gets for what it does itself.
const CRASHES: [&str; 7] = [
    "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGSEGV", "SIGSYS",
];

/// Describes the end of a process, and names the sender of the signal that ended it.
fn end(exit: Exit, sent: Option<Sent>) -> String {
    // SIGKILL ended what the process had left when it ended.
    if let Some(Sent::KillAfterNotify(period)) = sent
        && exit != Exit::Signal(9)
    {
        let own = end(exit, Some(Sent::Notify));
        let seconds = period.as_secs_f64();
        return format!("{own}; SIGKILL (9) {seconds} s later ended what it had left");
    }
    let signal = match exit {
        Exit::Status(_) if sent == Some(Sent::Notify) => {
            return format!("{exit} after the session's SIGTERM (15)");
        }
        Exit::Status(_) => return exit.to_string(),
        Exit::Signal(signal) => signal,
    };
    let name = signal_name(signal);
    match (signal, sent) {
        (15, Some(Sent::Notify)) => format!("ended by the session's {name}"),
        (9, Some(Sent::Kill)) => format!("killed at once by the session's {name}"),
        (9, Some(Sent::KillAfterNotify(period))) => format!(
            "killed by the session's {name} {} s after its SIGTERM (15)",
            period.as_secs_f64()
        ),
        _ if CRASHES.iter().any(|crash| name.starts_with(crash)) => {
            format!("crashed with {name}")
        }
        (9, _) => format!(
            "killed by {name}, which the session did not send: another process did, or the system, as when memory \
             runs out"
        ),
        _ => format!("ended by {name}, which the session did not send"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sender_of_a_signal_is_named() {
        let period = Sent::KillAfterNotify(Duration::from_millis(1500));
        for (signal, sent, text) in [
            (
                9,
                Some(Sent::Kill),
                "killed at once by the session's SIGKILL (9)",
            ),
            (
                9,
                Some(period),
                "killed by the session's SIGKILL (9) 1.5 s after its SIGTERM (15)",
            ),
            (
                15,
                Some(Sent::Notify),
                "ended by the session's SIGTERM (15)",
            ),
            (
                15,
                Some(period),
                "ended by the session's SIGTERM (15); SIGKILL (9) 1.5 s later ended what it had left",
            ),
            (
                15,
                None,
                "ended by SIGTERM (15), which the session did not send",
            ),
            (11, Some(Sent::Notify), "crashed with SIGSEGV (11)"),
            (
                40,
                None,
                "ended by signal 40, which the session did not send",
            ),
        ] {
            assert_eq!(end(Exit::Signal(signal), sent), text);
        }
        assert!(end(Exit::Signal(9), None).contains("did not send: another process"));
    }
}
