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
    Draft::new(&RULE, place, reason)
}

/// The format string does not parse at `place`, where `written` stands.
pub(crate) fn unparsable(place: Place, reason: &str, written: &str) -> Draft {
    let draft = draft(place, reason);
    // Docker's and Go's templates have the same braces, and a dot behind them.
    if written
        .trim_start_matches('{')
        .trim_start()
        .starts_with('.')
    {
        return draft.help(
            "`{{…}}` is Open Job Description's own: for the braces of another language write \
             `{{ \"{{\" }}` and `{{ \"}\" + \"}\" }}` (extension EXPR)",
        );
    }
    draft
}
