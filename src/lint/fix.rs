//! Fixes: what rules propose, as edits of the text.

use super::finding::Draft;
use crate::template::{Change, Document, Edit, Edits, Path};
use std::collections::HashSet;
use std::ops::Range;

/// Whether a fix may be applied without a look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// What the template is meant to do stays as it is.
    Safe,
    /// It may not be what its author wants.
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
    /// What they do, as a command: "replace `a` by `b`".
    pub title: String,
    /// Whether they may be applied without a look at them.
    pub safety: Safety,
    /// The edits, in order of position; they do not overlap.
    pub edits: Vec<Edit>,
    /// The bytes that must be as they are for the edits to be right.
    pub within: Range<usize>,
}

impl Fix {
    /// The safe fix that is one edit, of what is at `span`.
    pub(super) fn of_edit(title: String, edit: Edit, span: &Range<usize>) -> Self {
        Self {
            title,
            safety: Safety::Safe,
            within: span.start.min(edit.span.start)..span.end.max(edit.span.end),
            edits: vec![edit],
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
}

/// The fix of each draft, where it proposes one that can be made.
///
/// A change behind an anchor is one of every place that shows it: it is made if findings at all of
/// these propose it.
pub(crate) fn of(drafts: &[Draft], document: &Document) -> Vec<Option<Fix>> {
    let edits_of = |draft: &Draft| document.edits(&draft.fix.as_ref()?.change);
    let edits: Vec<_> = drafts.iter().map(edits_of).collect();
    let is_right = |own: &Edits| {
        let alike = |(_, other): &(&Draft, &Option<Edits>)| {
            other.as_ref().is_some_and(|other| other.list == own.list)
        };
        let proposers = || drafts.iter().zip(&edits).filter(alike);
        let paths = || proposers().map(|(draft, _)| draft.place.path());
        own.places == 1 || own.places == paths().collect::<HashSet<&Path>>().len()
    };
    let fix_of = |(draft, edits): (&Draft, &Option<Edits>)| {
        let edits = edits.as_ref().filter(|edits| is_right(edits))?;
        let proposal = draft.fix.as_ref()?;
        Some(Fix {
            title: proposal.title.clone(),
            // Its author may want to keep the comment.
            safety: match edits.loses_comment {
                true => Safety::Unsafe,
                false => proposal.safety,
            },
            edits: edits.list.clone(),
            within: edits.within.clone(),
        })
    };
    drafts.iter().zip(&edits).map(fix_of).collect()
}
