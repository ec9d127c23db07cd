//! Completions, as editors get them.

use std::ops::Range;

/// Something that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Its name.
    pub label: String,
    /// Text that takes the place of `span`.
    pub text: String,
    /// Bytes that the text replaces.
    pub span: Range<usize>,
    /// Kind.
    pub kind: CompletionKind,
    /// Description, in Markdown.
    pub about: Option<String>,
    /// True for what must be written somewhere, and is not yet.
    pub is_needed: bool,
}

/// Kind of a completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// Key of a mapping.
    Key,
    /// Value of which there are only some.
    Word,
    /// Variable of an expression.
    Variable,
    /// Function, method or property of an expression.
    Function,
    /// Rule in a comment that ignores it.
    Rule,
}
