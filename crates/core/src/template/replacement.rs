//! Replacement of bytes of a text.

use std::ops::Range;

/// A replacement of bytes of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edit {
    /// The bytes that go.
    pub span: Range<usize>,
    /// The replacement.
    pub text: String,
}

impl Edit {
    /// Returns `text` with `edits`, which are in order and do not overlap.
    pub fn apply<'e>(edits: impl IntoIterator<Item = &'e Edit>, text: &str) -> String {
        let mut applied = String::with_capacity(text.len());
        let mut at = 0;
        for Edit { span, text: new } in edits {
            applied += &text[at..span.start];
            applied += new;
            at = span.end;
        }
        applied + &text[at..]
    }

    pub(super) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self {
            span: at..at,
            text: text.into(),
        }
    }

    pub(super) fn delete(span: Range<usize>) -> Self {
        Self {
            span,
            text: String::new(),
        }
    }
}
