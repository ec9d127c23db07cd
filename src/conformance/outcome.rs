//! What came of a case.

use openjd_monitor_core::session::Time;
use openjd_monitor_core::trace::{Difference, Fields};

/// What came of a case: of one for an adapter, unless what makes it fail is told in another way.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict<F = Box<Difference>> {
    /// What was observed is as expected.
    Pass,
    /// It is not.
    Fail(F),
    /// The runtime has not got what the case needs.
    Skip(String),
    /// The runtime said that it cannot do it, died, or broke the protocol.
    Error(String),
    /// It took too long to answer.
    TimeOut,
}

/// What came of a case that was given to a command line.
pub type Judgement = Verdict<String>;

impl<F> Verdict<F> {
    /// The verdict's name in every report.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail(_) => "fail",
            Self::Skip(_) => "skip",
            Self::Error(_) => "error",
            Self::TimeOut => "time-out",
        }
    }

    /// Whether the runtime has shown nothing wrong.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Pass | Self::Skip(_))
    }
}

impl Verdict {
    /// The names of all verdicts.
    pub const NAMES: [&str; 5] = ["pass", "fail", "skip", "error", "time-out"];

    /// Why, in a sentence without a full stop; of a pass nothing.
    pub fn message(&self) -> Option<String> {
        match self {
            Self::Pass => None,
            Self::Fail(difference) => Some(difference.sentence()),
            Self::Skip(message) | Self::Error(message) => Some(message.clone()),
            Self::TimeOut => Some("it did not answer in time".to_owned()),
        }
    }
}

impl Judgement {
    /// What there is to say about it beside its name.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Fail(message) | Self::Skip(message) | Self::Error(message) => Some(message),
            Self::Pass | Self::TimeOut => None,
        }
    }
}

/// The events of a trace, or what is expected of them, in order of time.
pub type Trace = Vec<(Time, Fields)>;

/// A case, what came of it, and what was observed.
#[derive(Debug)]
pub struct Outcome {
    /// The name of the case.
    pub id: String,
    /// What it shows, in a sentence.
    pub title: String,
    /// The clauses that it is about.
    pub clauses: Vec<String>,
    /// The features that it needs.
    pub requires: Vec<String>,
    /// Its job has a period that the runtime's floor forbids.
    pub is_below_floor: bool,
    /// The point that the base specification leaves open, if it is about one.
    pub point: Option<String>,
    /// The reading of that point that the runtime takes, if it passes.
    pub reading: Option<String>,
    /// What came of it.
    pub verdict: Verdict,
    /// What was expected of this runtime; of several readings, by the nearest one.
    pub expected: Trace,
    /// The events that were observed, as far as it came.
    pub actual: Trace,
}
