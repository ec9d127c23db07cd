//! The signs between keys and values, and what may be wrong with them.

use std::ops::Range;

/// What separates the keys and values between braces or brackets, where it is missing or looks like something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Slip {
    /// This colon has no space behind it.
    Unspaced(Range<usize>),
    /// The colon behind this key is missing.
    NoColon(Range<usize>),
    /// The comma at `after` is missing, before the item that starts with these bytes.
    NoComma { after: usize, before: Range<usize> },
    /// The line break at `after` is missing, before the key at `before`, which belongs in this column.
    NoBreak {
        after: usize,
        before: Range<usize>,
        column: usize,
    },
    /// This character looks like a colon or a comma.
    Lookalike(Range<usize>),
}

/// Characters that look like a colon, and like a comma.
pub(super) const COLONS: [char; 3] = ['：', '﹕', '∶'];
pub(super) const COMMAS: [char; 3] = ['，', '﹐', '、'];

/// Upper bound on the bytes that are searched for the end of an item.
const MAX_ITEM: usize = 1000;

/// Returns the start of `rest`, as much of it as an item may take.
pub(super) fn ahead(rest: &str) -> &str {
    &rest[..rest.floor_char_boundary(MAX_ITEM)]
}
