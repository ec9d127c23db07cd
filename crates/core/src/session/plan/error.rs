//! Reasons for which an action is not started, or runs unmonitored (VAR-4).

use crate::session::scope::ScopeError;
use std::time::Duration;
use thiserror::Error;

/// Longest notify period, in seconds (Template Schemas 5.3.2).
pub(super) const MAX_NOTIFY_PERIOD: i64 = 600;

/// Upper bound on the value of a variable that an Environment declares, in characters (Template Schemas 4.4.2).
pub(super) const MAX_VARIABLE: usize = 2048;

/// Error planning an action or its monitor.
#[derive(Debug, Error)]
pub(in crate::session) enum PlanError {
    #[error(transparent)]
    Scope(#[from] ScopeError),
    #[error("{what} must be positive, not {number}")]
    NotPositive { what: &'static str, number: i64 },
    #[error("notifyPeriodInSeconds must be at most {MAX_NOTIFY_PERIOD}, not {0}")]
    NotifyPeriodTooLong(i64),
    #[error("cancelation by TERMINATE takes no notifyPeriodInSeconds")]
    NotifyPeriodOfTerminate,
    #[error("there is no mode of cancelation '{0}'")]
    UnknownCancelation(String),
    #[error("variable '{0}' contains a NUL character")]
    NulInVariable(String),
    #[error("variable '{0}' is longer than {MAX_VARIABLE} characters")]
    VariableTooLong(String),
    #[error("there is no such hook")]
    NoHook,
    #[error(
        "the timeout of its check is {} s, which is not less than its period of {} s",
        timeout.as_secs(), period.as_secs()
    )]
    CheckTimeout { timeout: Duration, period: Duration },
    #[error("its monitor: {0}")]
    Monitor(Box<PlanError>),
}
