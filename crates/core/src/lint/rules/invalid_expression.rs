//! `invalid-expression`: a format string or expression that does not parse or type-check.

use crate::lint::braces;
use crate::lint::budget::{MAX_MEMORY, MAX_OPERATIONS};
use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::foreign;
use crate::lint::malformed;
use crate::lint::rule::{Level, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "invalid-expression",
    Error,
    "a format string or expression that does not parse or does not type-check",
    ["SCH-5", "VAR-1"]
);

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    match &fact.kind {
        FactKind::IllTyped { reason } => Some(draft(fact, reason, "")),
        FactKind::Undefined(unknown) => Some(unknown.draft(&RULE, &fact.place)),
        FactKind::Unevaluated { count } => Some(unevaluated(fact, *count)),
        FactKind::Unparsable { reason, written } if reason == braces::UNOPENED => {
            Some(braces::unopened_draft(&RULE, &fact.place, written))
        }
        FactKind::Unparsable { reason, written } => Some(draft(fact, reason, written)),
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
         {MAX_OPERATIONS} operations, or the values of `let` more than {MAX_MEMORY} bytes"
    );
    Draft::new(&RULE, fact.place.clone(), message)
        .level(Level::Warning)
        .help("shorten the loops, or compute the value outside the template")
}

/// Reports an expression, `written` if it does not even parse.
fn draft(fact: &Fact<'_>, reason: &str, written: &str) -> Draft {
    // The lines after the first show the place, as the report does already.
    let mut lines = reason.lines().map(|line| {
        let line = line.trim_end_matches('.');
        line.split_once("Reason: ")
            .map_or(line, |(_, reason)| reason)
    });
    let reason = lines
        .find(|line| !line.trim().is_empty())
        .unwrap_or("this expression calls `fail` without a message");
    match foreign::explained(written, reason) {
        Some(found) => Draft::new(&RULE, fact.place.clone(), found.message).help(found.help),
        None => Draft {
            help: malformed::help(reason),
            ..Draft::new(&RULE, fact.place.clone(), reason)
        },
    }
}
