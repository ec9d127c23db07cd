//! Edits that have a comment ignore findings, in the form that [`suppress`](super::suppress) reads.

use super::Finding;
use super::rules::can_be_ignored;
use super::suppress;
use super::version;
use crate::template::{Document, Edit, Syntax};

/// Returns the edit that has a comment ignore what the rule of `finding` finds there: the rule is added to the list of
/// the comment for that line, or a comment is put on a line of its own above. `None` if none can: in JSON, for a finding
/// without a place, of a rule that cannot be ignored, and in a
/// template of a version that is not known.
pub fn ignore(document: &Document, finding: &Finding) -> Option<Edit> {
    let span = finding.span.as_ref()?;
    // In a document of another version, nothing is read but that.
    let is_read = version::of(document).is_some_and(|(_, mistake)| mistake.is_none());
    if !can_be_ignored(finding.rule) || document.syntax() != Syntax::Yaml || !is_read {
        return None;
    }
    let source = document.source();
    let scalars = document.scalars_of_several_lines();
    let holder = scalars
        .iter()
        .find(|scalar| scalar.header <= span.start && span.start < scalar.span.end);
    let at = holder.map_or(span.start, |scalar| scalar.header);
    let line = source.line_index(at);
    if let Some(end) = suppress::end_of_list(document, line) {
        return Some(Edit {
            span: end..end,
            text: format!(", {}", finding.rule.id),
        });
    }
    let start = source.line_range(line)?.start;
    let text = &source.text()[start..];
    let start = start + text.len() - text.trim_start_matches('\u{feff}').len();
    let text = &source.text()[start..];
    let indent = &text[..text.len() - text.trim_start_matches(' ').len()];
    let line_end = match source.text().contains("\r\n") {
        true => "\r\n",
        false => "\n",
    };
    let comment = suppress::comment(finding.rule);
    Some(Edit {
        span: start..start,
        text: format!("{indent}{comment}{line_end}"),
    })
}
