//! The strings that errors of format strings are about, and the places in them.

use crate::lint::references;
use crate::template::Path;
use openjd_model::DiagnosticSpan;
use serde_json::Value;
use std::ops::Range;

/// The string that a format string error is about: the one at its path, or the one below that the
/// path stops short of (the fields of `cancelation`).
pub(super) fn string_of<'d>(
    document: &'d Value,
    path: &Path,
    spans: &[DiagnosticSpan],
) -> Option<(Path, &'d str)> {
    match path.get(document)? {
        Value::String(text) => Some((path.clone(), text)),
        Value::Object(map) => map.iter().find_map(|(key, value)| {
            let text = value.as_str()?;
            let is_meant = spans.iter().any(|span| text.contains(&span.source));
            is_meant.then(|| (path.key(key), text))
        }),
        _ => None,
    }
}

/// The span in `text`: its source is the whole text, or one trimmed expression of it.
pub(super) fn range_in(text: &str, span: &DiagnosticSpan) -> Range<usize> {
    let mut ranges = references::ranges(text).into_iter();
    let inside = ranges.find_map(|range| {
        let start = text[range.clone()].find(&span.source)?;
        Some(range.start + start)
    });
    let offset = inside
        .or_else(|| text.find(&span.source))
        .unwrap_or_default();
    let limit = |at: usize| text.floor_char_boundary((offset + at).min(text.len()));
    limit(span.start)..limit(span.end)
}
