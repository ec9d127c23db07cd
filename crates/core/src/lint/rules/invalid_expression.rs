//! `invalid-expression`: a format string or expression that does not parse or type-check.

use crate::lint::budget::MAX_OPERATIONS;
use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::references;
use crate::lint::rule::{Level, Rule, rule};
use crate::template::draft_names;

pub(super) static RULE: Rule = rule!(
    "invalid-expression",
    Error,
    "a format string or expression that does not parse or does not type-check",
    ["SCH-5", "VAR-1"]
);

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    match &fact.kind {
        FactKind::IllTyped { reason } => {
            let draft = draft(fact, reason);
            let undefined = references::undefined(reason);
            Some(match undefined.as_deref().and_then(draft_names::accepted) {
                Some((old, new)) => {
                    draft.help(format!("`{old}` is of an earlier draft: write `{new}`"))
                }
                None => draft,
            })
        }
        FactKind::Unevaluated { count } => Some(unevaluated(fact, *count)),
        FactKind::Unparsable { reason, written } => {
            let draft = draft(fact, reason);
            Some(if is_of_another_language(written) {
                draft.help(
                    "`{{…}}` is a format string of Open Job Description: for the braces of another language, write \
                     `{{ \"{{\" }}` and `{{ \"}\" + \"}\" }}` (extension EXPR)",
                )
            } else {
                draft
            })
        }
        _ => None,
    }
}

fn unevaluated(fact: &Fact<'_>, count: usize) -> Draft {
    let others = match count - 1 {
        0 => " is".to_owned(),
        1 => " and that of one more string are".to_owned(),
        more => format!(" and those of {more} more strings are"),
    };
    let message = format!(
        "this expression{others} not evaluated: the expressions of the template take more than \
         {MAX_OPERATIONS} operations"
    );
    Draft::new(&RULE, fact.place.clone(), message)
        .level(Level::Warning)
        .help("shorten the loops, or compute the value outside the template")
}

fn draft(fact: &Fact<'_>, reason: &str) -> Draft {
    // The lines after the first show the place, as the report does already.
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

/// Returns true for placeholders of Docker and Go, which start with a dot after the same braces.
fn is_of_another_language(written: &str) -> bool {
    written
        .trim_start_matches('{')
        .trim_start()
        .starts_with('.')
}
