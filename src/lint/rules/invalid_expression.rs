//! `invalid-expression`: a format string or expression that does not parse or type-check.

use crate::lint::finding::{Draft, Place};
use crate::lint::rule::{Rule, rule};

pub(crate) static RULE: Rule = rule!(
    "invalid-expression",
    Error,
    "a format string or expression that does not parse or does not type-check",
    ["SCH-5", "VAR-1"]
);

/// The part of a string at `place` is wrong for the reason that the expression language gives.
pub(crate) fn draft(place: Place, reason: &str) -> Draft {
    // Below the first line the reason has a drawing of the place, which a report makes itself.
    let reason = reason
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    let reason = reason
        .split_once("Reason: ")
        .map_or(reason, |(_, reason)| reason);
    let draft = Draft::new(&RULE, place, reason);
    if reason.starts_with("Syntax error")
        || reason.ends_with("mismatch")
        || reason.contains("braces")
    {
        // Docker's and Go's templates have the same braces.
        return draft.help("`{{…}}` is Open Job Description's own: for the braces of another language write `{{ \"{{\" }}` and `{{ \"}\" + \"}\" }}` (extension EXPR)");
    }
    draft
}
