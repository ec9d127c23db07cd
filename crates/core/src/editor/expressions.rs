//! The expressions of a string, also those that are being typed.

use crate::lint::interpolations;
use crate::template::{Path, Segment};
use std::ops::Range;

/// Returns the bytes of each expression in the string at `path`: between `{{` and `}}`, or of a `let` what follows the
/// first `=`.
pub(super) fn ranges(path: &Path, text: &str) -> Vec<Range<usize>> {
    if is_binding(path) {
        let start = text.find('=').map_or(text.len(), |at| at + 1);
        return std::iter::once(start..text.len()).collect();
    }
    let found = interpolations(text).into_iter();
    found.map(|range| range.start + 2..range.end - 2).collect()
}

/// Returns true for the path of a binding of a `let`.
pub(super) fn is_binding(path: &Path) -> bool {
    matches!(path.segments(), [.., Segment::Key(list), Segment::Index(_)] if list == "let")
}
