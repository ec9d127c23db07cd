//! Outcomes of cases.

use openjd_monitor_core::session::Time;
use openjd_monitor_core::trace::{Difference, Fields};

/// Verdict on a case. `F` describes a failure.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict<F = Box<Difference>> {
    /// The runtime behaved as expected.
    Pass,
    /// The runtime did something else.
    Fail(F),
    /// The runtime lacks what the case needs.
    Skip(String),
    /// The runtime reported an error, died, or broke the protocol.
    Error(String),
    /// The runtime did not respond in time.
    TimeOut,
}

/// Verdict on a case for a command line.
pub type CommandVerdict = Verdict<String>;

impl<F> Verdict<F> {
    /// Returns the name of the verdict, as reports have it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail(_) => "fail",
            Self::Skip(_) => "skip",
            Self::Error(_) => "error",
            Self::TimeOut => "time-out",
        }
    }

    /// Returns true for a pass or a skip.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Pass | Self::Skip(_))
    }
}

impl Verdict {
    /// Names of all verdicts.
    pub const NAMES: [&str; 5] = ["pass", "fail", "skip", "error", "time-out"];

    /// Returns the reason, as a sentence without a full stop; `None` for a pass.
    pub fn message(&self) -> Option<String> {
        match self {
            Self::Pass => None,
            Self::Fail(difference) => Some(difference.sentence()),
            Self::Skip(message) | Self::Error(message) => Some(message.clone()),
            Self::TimeOut => Some("it did not answer in time".to_owned()),
        }
    }
}

impl CommandVerdict {
    /// Returns the reason; `None` for a pass or a time-out.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Fail(message) | Self::Skip(message) | Self::Error(message) => Some(message),
            Self::Pass | Self::TimeOut => None,
        }
    }
}

/// Events of a trace, or expected ones, in order of time.
pub type Trace = Vec<(Time, Fields)>;

/// Outcome of a case: verdict and observations.
#[derive(Debug)]
pub struct Outcome {
    /// Name of the case.
    pub id: String,
    /// Title of the case.
    pub title: String,
    /// Ids of the clauses that it tests.
    pub clauses: Vec<String>,
    /// Features that it needs.
    pub requires: Vec<String>,
    /// True if its job has a period below the runtime's floor.
    pub is_below_floor: bool,
    /// Point of the base specification that the case is about, if it is about an open one.
    pub point: Option<String>,
    /// Reading of that point by the runtime, if the case passed.
    pub reading: Option<String>,
    /// Verdict.
    pub verdict: Verdict,
    /// Expected events; those of the nearest reading, if there are several.
    pub expected: Trace,
    /// Observed events, up to where the case stopped.
    pub actual: Trace,
}
