//! `undefined-variable`: a monitor refers to what no slot has.

use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;

pub(super) static RULE: Rule = rule!(
    "undefined-variable",
    Error,
    "a reference in a monitor to a variable that does not exist",
    ["VAR-1"]
);

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    let FactKind::UndefinedVariable { name, suggestion } = &fact.kind else {
        return None;
    };
    let message = format!("there is no variable `{name}`");
    let draft = Draft::new(&RULE, fact.place.clone(), message);
    Some(match suggestion {
        Some(names) => draft.help(format!(
            "did you mean {}?",
            spelling::list(names.split(", "), "or")
        )),
        None => draft,
    })
}
