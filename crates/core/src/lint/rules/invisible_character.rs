//! `invisible-character`: a character that nobody sees and that makes a name another one.

use crate::characters;
use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::fix::Proposal;
use crate::lint::rule::{Level, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "invisible-character",
    Error,
    "an invisible character, or a space that is none, in a key, a name, a reference or a command",
    []
);

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    let FactKind::Invisible(found) = &fact.kind else {
        return None;
    };
    let name = characters::name(found.character);
    let message = match characters::is_space(found.character) {
        true => format!("this space is a {name}, which is no space to a program"),
        false => format!("a {name} stands here, which does not show"),
    };
    let draft = Draft::new(&RULE, fact.place.clone(), message)
        .help(format!("write `{}`", found.cleaned.trim()));
    let (title, change) = ("replace it with what it looks like", found.change.clone());
    Some(match found.is_error {
        true => draft.fix(Proposal::safe(title, change)),
        false => draft
            .level(Level::Warning)
            .fix(Proposal::not_safe(title, change)),
    })
}
