//! Fixes: what rules propose, as edits of the text.

use crate::template::{Change, Edit, Edits, Repair};
use std::ops::Range;

/// Safety of applying a fix without review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// Keeps the intended behavior of the template.
    Safe,
    /// May not be what the author wants.
    Unsafe,
}

impl Safety {
    /// Its name in every output format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// Edits that mend what a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Title in the imperative: "replace `a` by `b`".
    pub title: String,
    /// Safety of applying the edits without review.
    pub safety: Safety,
    /// The edits, in order of position; they do not overlap.
    pub edits: Vec<Edit>,
    /// The bytes that must be as they are for the edits to be right.
    pub within: Range<usize>,
}

impl Fix {
    /// Returns the safe fix that consists of one edit, at `span`.
    pub(super) fn of_edit(title: String, edit: Edit, span: &Range<usize>) -> Self {
        Self {
            title,
            safety: Safety::Safe,
            within: span.start.min(edit.span.start)..span.end.max(edit.span.end),
            edits: vec![edit],
        }
    }
}

impl Fix {
    /// Returns the fix of the problem at `span` that `repair` mends.
    pub(super) fn of_repair(repair: &Repair, span: &Range<usize>) -> Self {
        let spans = || repair.edits.iter().map(|edit| &edit.span).chain([span]);
        Self {
            title: repair.title.clone(),
            safety: match repair.is_safe {
                true => Safety::Safe,
                false => Safety::Unsafe,
            },
            within: spans().map(|span| span.start).min().unwrap_or_default()
                ..spans().map(|span| span.end).max().unwrap_or_default(),
            edits: repair.edits.clone(),
        }
    }
}

/// A fix whose change is still symbolic.
#[derive(Debug, Clone)]
pub(crate) struct Proposal {
    title: String,
    safety: Safety,
    change: Change,
}

impl Proposal {
    pub fn safe(title: impl Into<String>, change: Change) -> Self {
        Self {
            title: title.into(),
            safety: Safety::Safe,
            change,
        }
    }

    pub fn not_safe(title: impl Into<String>, change: Change) -> Self {
        Self {
            safety: Safety::Unsafe,
            ..Self::safe(title, change)
        }
    }

    /// Returns the symbolic change.
    pub fn change(&self) -> &Change {
        &self.change
    }

    /// Returns the fix that makes the change with `edits`.
    pub fn fix(&self, edits: &Edits) -> Fix {
        Fix {
            title: self.title.clone(),
            // Its author may want to keep the comment.
            safety: match edits.loses_comment {
                true => Safety::Unsafe,
                false => self.safety,
            },
            edits: edits.list.clone(),
            within: edits.within.clone(),
        }
    }
}
