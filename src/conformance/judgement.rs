//! What came of a case that was given to a command line.

/// What a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A template that is valid or not.
    Template,
    /// A job that is run by real processes.
    Process,
}

impl Kind {
    /// The kind's name in every report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Template => "template",
            Self::Process => "process",
        }
    }
}

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// The command did as expected.
    Pass,
    /// It did not, in words.
    Fail(String),
    /// The case is not for this system.
    Skip(String),
    /// The command crashed, or broke a limit.
    Error(String),
    /// It took too long.
    TimeOut,
}

impl Judgement {
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

    /// What there is to say about it.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Fail(message) | Self::Skip(message) | Self::Error(message) => Some(message),
            Self::Pass | Self::TimeOut => None,
        }
    }

    /// Whether a run with such a case has not failed.
    pub fn is_fine(&self) -> bool {
        matches!(self, Self::Pass | Self::Skip(_))
    }
}

/// A case, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The permanent name of the case.
    pub id: &'static str,
    /// What it is.
    pub kind: Kind,
    /// The clauses that it is about.
    pub clauses: Vec<String>,
    /// What came of it.
    pub judgement: Judgement,
}
