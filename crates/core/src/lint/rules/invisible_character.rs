//! `invisible-character`: a character that nobody sees and that makes a name another one.

use crate::characters;
use crate::lint::fact::{Fact, FactKind, Invisible, PathEscape};
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::rule::{Level, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "invisible-character",
    Error,
    "an invisible character, or a space that is none, in a key, a name, a reference or a command",
    []
);

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    match &fact.kind {
        FactKind::Invisible(found) => Some(invisible(&fact.place, found)),
        FactKind::PathEscape(found) => Some(path_escape(&fact.place, found)),
        _ => None,
    }
}

fn invisible(place: &Place, found: &Invisible) -> Draft {
    let name = characters::name(found.character);
    let message = match characters::is_space(found.character) {
        true => format!("this space is a {name}, which is no space to a program"),
        false => format!("a {name} stands here, which does not show"),
    };
    let draft =
        Draft::new(&RULE, place.clone(), message).help(format!("write `{}`", found.cleaned.trim()));
    let (title, change) = ("replace it with what it looks like", found.change.clone());
    match found.is_error {
        true => draft.fix(Proposal::safe(title, change)),
        false => draft
            .level(Level::Warning)
            .fix(Proposal::not_safe(title, change)),
    }
}

fn path_escape(place: &Place, found: &PathEscape) -> Draft {
    let (where_, help) = match found.is_json {
        true => ("JSON", "write `\\\\` for a backslash, or a path with `/`"),
        false => (
            "double quotes",
            "use single quotes, which have no escape sequences, or write a path with `/`",
        ),
    };
    let (written, name) = (&found.written, characters::name(found.character));
    let message =
        format!("`{written}` is a {name}: in {where_}, a backslash starts an escape sequence");
    let fix = Proposal::not_safe("write `/` for the backslashes", found.change.clone());
    let draft = Draft::new(&RULE, place.clone(), message)
        .help(help)
        .fix(fix);
    match found.is_error {
        true => draft,
        false => draft.level(Level::Warning),
    }
}
