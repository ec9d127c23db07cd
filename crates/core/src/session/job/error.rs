//! Errors of creating a job.

use thiserror::Error;

/// Part of a [`Request`](super::Request) that an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The job template, or its combination with the rest.
    Template,
    /// The environment template with this index.
    Environment(usize),
    /// The job parameters.
    Parameters,
    /// The task with this index, or all of them.
    Tasks(Option<usize>),
}

/// Error creating a job.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct JobError {
    /// Part of the request that is wrong.
    pub part: Part,
    /// Description of the fault, in words.
    pub message: String,
}

impl JobError {
    pub(super) fn new(part: Part, error: impl ToString) -> Self {
        Self {
            part,
            message: error.to_string(),
        }
    }

    pub(super) fn of_template(error: impl ToString) -> Self {
        Self::new(Part::Template, error)
    }
}
