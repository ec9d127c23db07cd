//! `missing-field`: a required key is absent.

use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::rule::{Rule, rule};

pub(super) static RULE: Rule = rule!(
    "missing-field",
    Error,
    "a required key is absent",
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
