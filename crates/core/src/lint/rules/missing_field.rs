//! `missing-field`: a required field is missing.

use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::rule::{Rule, rule};

pub(super) static RULE: Rule = rule!(
    "missing-field",
    Error,
    "a required field is missing",
    ["SCH-1"]
);

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    let FactKind::MissingField { owner, name, about } = &fact.kind else {
        return None;
    };
    let message = format!("{owner} lacks the required field `{name}`");
    let draft = Draft::new(&RULE, fact.place.clone(), message);
    Some(match about {
        Some(about) => draft.help(format!("add `{name}`: {about}")),
        None => draft,
    })
}
