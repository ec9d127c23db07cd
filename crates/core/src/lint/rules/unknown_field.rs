//! `unknown-field`: a key that is not allowed at its place.

use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::fix::Proposal;
use crate::lint::rule::{Rule, rule};
use crate::lint::{spelling, words};
use crate::template::{Change, Path};

pub(super) static RULE: Rule = rule!(
    "unknown-field",
    Error,
    "a key that is not a field of its object",
    ["SCH-1", "SCH-4"]
);

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    let path = fact.place.path();
    let (owner, known) = match &fact.kind {
        FactKind::UnknownField { owner, known } => (owner, known),
        FactKind::OtherName {
            owner,
            written,
            change,
        } => {
            let name = path.last_key().unwrap_or_default();
            let message = format!("`{name}` is not a field of {owner}");
            let fix = Proposal::not_safe(format!("write `{written}`"), change.clone());
            let draft = Draft::new(&RULE, fact.place.clone(), message);
            return Some(draft.help(format!("write `{written}`")).fix(fix));
        }
        _ => return None,
    };
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    let name = path.last_key().unwrap_or_default();
    let message = format!("`{name}` is not a field of {owner}");
    let draft = Draft::new(&RULE, fact.place.clone(), message);
    if let Some(meaning) = words::meaning(name, known.iter().copied()) {
        return Some(match meaning.advice {
            Some(advice) => draft.help(advice),
            None => draft
                .help(format!("it is called `{}` here", meaning.field))
                .fix(rename(path, name, meaning.field)),
        });
    }
    let meant = spelling::unmistakable(name, &known);
    let draft = draft.fix(meant.map(|meant| rename(path, name, meant)));
    Some(match spelling::nearest(name, known.iter().copied()) {
        Some(near) => draft.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => draft.help("remove it"),
        None => draft.help(format!("its fields are {}", spelling::list(known, "and"))),
    })
}

fn rename(path: &Path, name: &str, meant: &str) -> Proposal {
    let title = format!("rename `{name}` to `{meant}`");
    Proposal::safe(title, Change::Rename(path.clone(), meant.to_owned()))
}
