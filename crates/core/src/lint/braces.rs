//! Braces of a format string without their counterpart: a `}}` that no `{{` opens, or a `{{` that no `}}` closes.

use super::finding::{Draft, Place};
use super::fix::Proposal;
use super::rule::Rule;
use crate::search;
use crate::template::Change;
use std::ops::Range;

/// The official parser's reason for a `}}` without a `{{` before it.
pub(super) const UNOPENED: &str = "Missing opening braces";

/// The official parser's reason for a `{{` without a `}}` behind it.
pub(super) const UNCLOSED: &str = "Braces mismatch";

/// First parts of the names of variables.
const NAMESPACES: [&str; 10] = [
    "Param",
    "RawParam",
    "Job",
    "Step",
    "Task",
    "Env",
    "Session",
    "WrappedAction",
    "WrappedEnv",
    "WrappedStep",
];

/// Returns the braces of `text` that stand alone, with the reason. Its interpolations are at `ranges`, of which those that
/// do not parse are `broken`.
pub(super) fn alone(
    text: &str,
    ranges: &[Range<usize>],
    broken: &[Range<usize>],
) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    let mut broken = broken.iter().peekable();
    let mut start = 0;
    // True behind an interpolation that has braces of its own: the next `}}` is its end.
    let mut is_within = false;
    for range in ranges {
        unopened(text, start..range.start, is_within, &mut found);
        let is_broken = broken.next_if(|next| *next == range).is_some();
        is_within = is_broken && text[range.start + 2..range.end].contains('{');
        start = range.end;
    }
    let unclosed = search::find(&text[start..], "{{").map(|at| start + at);
    unopened(
        text,
        start..unclosed.unwrap_or(text.len()),
        is_within,
        &mut found,
    );
    found.extend(unclosed.map(|at| (at..at + 2, UNCLOSED)));
    found
}

/// Adds each run of closing braces in `part` of `text`, with the reference that lacks a brace before it.
fn unopened(
    text: &str,
    part: Range<usize>,
    is_within: bool,
    found: &mut Vec<(Range<usize>, &'static str)>,
) {
    let mut at = part.start;
    let mut is_first = true;
    while let Some(next) = search::find(&text[at..part.end], "}}") {
        let start = at + next;
        let rest = text[start..part.end].trim_start_matches('}');
        let end = part.end - rest.len();
        if !(is_first && is_within) {
            let name = name_before(&text[at..start]).filter(|_| end - start == 2);
            let start = name.map_or(start, |name| start - name.len() - 1);
            found.push((start..end, UNOPENED));
        }
        is_first = false;
        at = end;
    }
}

/// Returns the name of a variable that a text has in single braces, and nothing else.
pub(super) fn in_single(text: &str) -> Option<&str> {
    let inner = text.trim().trim_start_matches('$').strip_suffix('}')?;
    name_before(inner)
        .filter(|name| inner.len() == name.len() + 1)
        .map(str::trim)
}

/// Returns the name of a variable at the end of `before`, if a brace stands before it.
fn name_before(before: &str) -> Option<&str> {
    let name = &before[before.rfind('{')? + 1..];
    let mut parts = name.trim().split('.');
    let is_word =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    let is_variable = NAMESPACES.contains(&parts.next()?) && parts.clone().next().is_some();
    (is_variable && parts.all(is_word)).then_some(name)
}

/// Reports what [`alone`] found at `place`, `written` there.
pub(super) fn unopened_draft(rule: &'static Rule, place: &Place, written: &str) -> Draft {
    let name = written.trim_start_matches('{').trim_end_matches('}');
    if !name.is_empty() {
        let message = format!("`{written}` lacks a brace: a reference has two on each side");
        let meant = format!("{{{{{name}}}}}");
        return mended(Draft::new(rule, place.clone(), message), written, meant);
    }
    let meant = vec!["}"; written.len()].join(" ");
    let message = format!("this `{written}` has no `{{{{` before it");
    let help = format!(
        "write `{meant}`, or `{{{{ \"}}\" + \"}}\" }}}}` (extension EXPR) where a space would change the text"
    );
    mended(Draft::new(rule, place.clone(), message), written, meant).help(help)
}

/// Adds the fix that writes `meant`, which the author may want to be something else.
fn mended(draft: Draft, written: &str, meant: String) -> Draft {
    let help = format!("write `{meant}`");
    let title = format!("replace `{written}` with `{meant}`");
    let fix = match &draft.place {
        Place::Text(path, range) => {
            let change = Change::Replace(path.clone(), range.clone(), meant);
            Some(Proposal::not_safe(title, change))
        }
        _ => None,
    };
    draft.help(help).fix(fix)
}

#[cfg(test)]
mod tests {
    use crate::lint::expressions::Expressions;

    fn found(text: &str) -> Vec<&str> {
        let errors = Expressions::default().errors(text);
        errors.into_iter().map(|(range, _)| &text[range]).collect()
    }

    #[test]
    fn each_run_of_braces_without_its_counterpart_is_found() {
        assert_eq!(found("a } } {b}"), [""; 0]);
        assert_eq!(
            found(r#"{"a": {"b": {}}}, {"c": {}} {{Param.A}}"#),
            ["}}}", "}}"]
        );
        assert_eq!(found("{{Param.A}} }} {{Param.B"), ["}}", "{{"]);
        assert_eq!(
            found("{Param.A}} {x}} { Task.File.F }}"),
            ["{Param.A}}", "}}", "{ Task.File.F }}"]
        );
        assert_eq!(found("é}} { }}"), ["}}", "}}"]);
    }

    #[test]
    fn the_end_of_a_broken_interpolation_is_no_mistake_of_its_own() {
        assert_eq!(found("{{{{Param.A}}}}"), ["{{{{Param.A}}"]);
        assert_eq!(
            found(r#"{{ {"a": {"b": 1}} }} }}"#),
            [r#"{{ {"a": {"b": 1}}"#, "}}"]
        );
        assert_eq!(found("{{ a b }} }}"), ["{{ a b }}", "}}"]);
    }
}
