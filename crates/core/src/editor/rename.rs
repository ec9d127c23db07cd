//! Renaming of what a template defines.

use super::symbols::{Symbol, SymbolKind, symbol_at, symbols};
use crate::lint::{self, Finding, Level, Settings};
use crate::shown::Shown;
use crate::template::{Document, Edit, Loaded, Syntax, limits, load};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use thiserror::Error;

/// Reason for which a name cannot be changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RenameError {
    /// Nothing with a name stands there.
    #[error("there is no name here that could be changed")]
    NoSymbol,
    /// The new name is none.
    #[error("`{0}` is no name that this can have")]
    NoName(Shown),
    /// Another has the new name.
    #[error("there is another `{0}`")]
    Taken(Shown),
    /// The places of a reference are not known, or of several names at once.
    #[error(
        "it is used in a text that cannot be changed for it alone, such as a folded or shared one"
    )]
    Hidden,
    /// The new name would make an error, which has this message.
    #[error("the new name would cause an error: {0}")]
    Wrong(Shown),
}

/// Returns the bytes of the name at the byte `offset` that can be changed.
pub fn renamable(document: &Document, offset: usize) -> Option<Range<usize>> {
    let symbols = symbols(document);
    symbol_at(&symbols, offset).map(|(_, span)| span)
}

/// Returns the edits that change the name at the byte `offset`, wherever it is used.
///
/// # Errors
///
/// Fails if nothing with a name stands there, or the template would not mean the same with the new name.
pub fn rename(
    document: &Document,
    offset: usize,
    name: &str,
    settings: &Settings,
) -> Result<Vec<Edit>, RenameError> {
    let all = symbols(document);
    let (symbol, _) = symbol_at(&all, offset).ok_or(RenameError::NoSymbol)?;
    if !is_name(symbol.kind, name) {
        return Err(RenameError::NoName(Shown::line(name)));
    }
    let is_other = |other: &&Symbol| other.definitions != symbol.definitions;
    let mut others = all.iter().filter(is_other);
    if others
        .clone()
        .any(|other| other.name == name && symbol.can_clash(other))
    {
        return Err(RenameError::Taken(Shown::line(name)));
    }
    let own: HashSet<_> = symbol.spans().collect();
    let is_shared = |other: &Symbol| other.spans().any(|span| own.contains(span));
    if symbol.has_hidden || others.any(is_shared) {
        return Err(RenameError::Hidden);
    }
    let mut spans: Vec<_> = symbol.spans().cloned().collect();
    spans.sort_by_key(|span| span.start);
    spans.dedup();
    let edits = spans.into_iter().map(|span| Edit {
        span,
        text: name.to_owned(),
    });
    let edits: Vec<_> = edits.collect();
    // The new name may need quotes where the old one did not.
    let text = Edit::apply(&edits, document.source().text());
    let renamed = match load(
        text.as_bytes(),
        document.syntax(),
        limits::DEFAULT_MAX_BYTES,
    ) {
        Loaded::Document(renamed) => symbols(&renamed),
        Loaded::NoMapping(_) | Loaded::Malformed(..) => Vec::new(),
    };
    let is_same = |new: &Symbol| {
        new.name == name && new.kind == symbol.kind && new.spans().count() == symbol.spans().count()
    };
    if !renamed.iter().any(is_same) {
        return Err(RenameError::NoName(Shown::line(name)));
    }
    // The linter knows the words that are no names, and how long a name may be.
    let errors = |text: &str| errors(text, document.syntax(), settings);
    let (before, after) = (errors(document.source().text()), errors(&text));
    // An error may hide others, and so their number need not grow.
    let mut more: HashMap<_, isize> = HashMap::new();
    for finding in &after {
        *more.entry(finding.rule.id).or_default() += 1;
    }
    for finding in &before {
        *more.entry(finding.rule.id).or_default() -= 1;
    }
    let mut new = after.iter().filter(|own| more[own.rule.id] > 0);
    match new.next() {
        Some(finding) => Err(RenameError::Wrong(Shown::line(&finding.message))),
        None => Ok(edits),
    }
}

/// Returns the errors in a text.
fn errors(text: &str, syntax: Syntax, settings: &Settings) -> Vec<Finding> {
    let found = lint::check(text.as_bytes(), syntax, settings).found;
    let findings = found.into_iter().flat_map(|found| found.findings);
    let errors = findings.filter(|finding| finding.level == Level::Error);
    errors.collect()
}

fn is_name(kind: SymbolKind, name: &str) -> bool {
    let is_start = |c: char| match kind {
        SymbolKind::Binding => c.is_ascii_lowercase() || c == '_',
        _ => c.is_ascii_alphabetic() || c == '_',
    };
    let is_identifier =
        name.starts_with(is_start) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match kind {
        SymbolKind::Step => {
            !name.trim().is_empty() && !name.contains("{{") && !name.contains(char::is_control)
        }
        _ => is_identifier,
    }
}
