//! `unknown-field`: a key that the schema does not know.

use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use crate::template::{Change, Path};

pub(crate) static RULE: Rule = rule!(
    "unknown-field",
    Error,
    "a key that the schema does not know",
    ["SCH-1", "SCH-4"]
);

/// Whether `draft` calls a key unknown that is the one at the end of `path` misspelt.
pub(crate) fn is_misspelt(draft: &Draft, path: &Path) -> bool {
    let written = draft.place.path();
    let near = |meant: &str| {
        written
            .last_key()
            .is_some_and(|written| spelling::is_near(written, meant))
    };
    draft.rule.id == RULE.id
        && written.parent() == path.parent()
        && path.last_key().is_some_and(near)
}

/// The key at the end of `path` is none of `known`, the fields of what the schema calls `owner`.
pub(crate) fn draft(path: &Path, owner: &str, known: &[&str]) -> Draft {
    let name = path.last_key().unwrap_or_default();
    let message = format!("`{name}` is not a field of {owner}");
    let mut draft = Draft::new(&RULE, Place::Key(path.clone()), message);
    if let Some(meant) = spelling::unmistakable(name, known) {
        let title = format!("rename `{name}` to `{meant}`");
        draft = draft.fix(Proposal::safe(
            title,
            Change::Rename(path.clone(), meant.to_owned()),
        ));
    }
    match spelling::nearest(name, known.iter().copied()) {
        Some(near) => draft.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => draft.help("remove it"),
        None => draft.help(format!(
            "its fields are {}",
            spelling::list(known.iter().copied(), "and")
        )),
    }
}
