//! `undefined-variable`: a monitor refers to a variable that no slot has.

use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::rule::{Rule, rule};

pub(super) static RULE: Rule = rule!(
    "undefined-variable",
    Error,
    "a reference in a monitor to a variable that does not exist",
    ["VAR-1"]
);

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    match &fact.kind {
        FactKind::UndefinedVariable(unknown) => Some(unknown.draft(&RULE, &fact.place)),
        _ => None,
    }
}
