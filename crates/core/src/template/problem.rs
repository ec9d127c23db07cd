//! Problems of a text that cannot be read.

use super::limits::{MAX_DEPTH, MAX_NODES};
use super::replacement::Edit;
use std::ops::Range;

/// Reason that a text is not a document, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The offending bytes; empty where there are none to show.
    pub span: Range<usize>,
    /// Description of the problem.
    pub message: String,
    /// Advice, if there is any.
    pub help: Option<String>,
    /// The edits that mend it, where its cause is known.
    pub repair: Option<Repair>,
}

/// Edits that mend a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// Title in the imperative.
    pub title: String,
    /// True if the text can hardly have been meant otherwise.
    pub is_safe: bool,
    /// The edits, in order of position; they do not overlap.
    pub edits: Vec<Edit>,
}

impl Repair {
    pub(crate) fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self {
            title: title.into(),
            is_safe: true,
            edits,
        }
    }

    pub(crate) fn not_safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self {
            is_safe: false,
            ..Self::safe(title, edits)
        }
    }
}

impl Problem {
    /// A problem at `offset`.
    pub fn new(offset: usize, message: impl Into<String>) -> Self {
        Self {
            span: offset..offset,
            message: message.into(),
            help: None,
            repair: None,
        }
    }

    /// The same problem, with `help`.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }

    pub(super) fn too_deep(offset: usize) -> Self {
        Self::new(offset, format!("nested more than {MAX_DEPTH} levels deep")).help(
            "check the brackets and the indentation before this: no template needs so many levels",
        )
    }

    pub(super) fn part_of_itself(alias: Range<usize>) -> Self {
        Self {
            span: alias,
            ..Self::new(0, "this alias is a part of what it stands for")
        }
        .help("write out what is meant, which has an end")
    }

    pub(super) fn too_many_nodes(offset: usize) -> Self {
        Self::new(offset, format!("more than {MAX_NODES} keys and values"))
            .help("split it into several templates")
    }
}
