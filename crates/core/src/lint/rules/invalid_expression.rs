//! `invalid-expression`: a format string or expression that does not parse or type-check.

use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::rule::{Rule, rule};

pub(super) static RULE: Rule = rule!(
    "invalid-expression",
    Error,
    "a format string or expression that does not parse or does not type-check",
    ["SCH-5", "VAR-1"]
);

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    match &fact.kind {
        FactKind::IllTyped { reason } => Some(draft(fact, reason)),
        FactKind::Unparsable { reason, written } => {
            let draft = draft(fact, reason);
            Some(if is_of_another_language(written) {
                draft.help(
                    "`{{…}}` is Open Job Description's own: for the braces of another language write \
                     `{{ \"{{\" }}` and `{{ \"}\" + \"}\" }}` (extension EXPR)",
                )
            } else {
                draft
            })
        }
        _ => None,
    }
}

fn draft(fact: &Fact<'_>, reason: &str) -> Draft {
    // The lines below the first draw the place, which a report does itself.
    let reason = reason
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    let reason = reason
        .split_once("Reason: ")
        .map_or(reason, |(_, reason)| reason);
    Draft::new(&RULE, fact.place.clone(), reason)
}

/// Returns true for the placeholders of Docker and Go, which have a dot behind the same braces.
fn is_of_another_language(written: &str) -> bool {
    written
        .trim_start_matches('{')
        .trim_start()
        .starts_with('.')
}
