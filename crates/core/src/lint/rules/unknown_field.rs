//! `unknown-field`: a key that is not allowed at its place.

use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::fix::Proposal;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use crate::template::Change;

pub(super) static RULE: Rule = rule!(
    "unknown-field",
    Error,
    "a key that is not a field of its object",
    ["SCH-1", "SCH-4"]
);

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    let FactKind::UnknownField { owner, known } = &fact.kind else {
        return None;
    };
    let path = fact.place.path();
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    let name = path.last_key().unwrap_or_default();
    let message = format!("`{name}` is not a field of {owner}");
    let mut draft = Draft::new(&RULE, fact.place.clone(), message);
    if let Some(meant) = spelling::unmistakable(name, &known) {
        let title = format!("rename `{name}` to `{meant}`");
        draft = draft.fix(Proposal::safe(
            title,
            Change::Rename(path.clone(), meant.to_owned()),
        ));
    }
    Some(match spelling::nearest(name, known.iter().copied()) {
        Some(near) => draft.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => draft.help("remove it"),
        None => draft.help(format!("its fields are {}", spelling::list(known, "and"))),
    })
}
