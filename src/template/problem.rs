//! What is wrong with a text that cannot be read.

use super::limits::{MAX_DEPTH, MAX_NODES};
use std::ops::Range;

/// Why a text is no document, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The offending bytes; empty where there are none to show.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it, where that can be told.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at `offset`.
    pub fn new(offset: usize, message: impl Into<String>) -> Self {
        Self {
            span: offset..offset,
            message: message.into(),
            help: None,
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
        Self::new(offset, format!("nested more than {MAX_DEPTH} levels deep"))
    }

    pub(super) fn too_many_nodes(offset: usize) -> Self {
        Self::new(offset, format!("more than {MAX_NODES} keys and values"))
    }
}
