//! `invalid-value`: a value of the right type that is not allowed.

use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use crate::template::{Change, Path};

pub(crate) static RULE: Rule = rule!(
    "invalid-value",
    Error,
    "a value that its field does not take: another word, out of range, empty, or a duplicate",
    ["SCH-3", "SCH-4", "SCH-5", "SCH-7", "SCH-9"]
);

/// The value at `path` is not allowed, for the reason that `message` gives; `about` says what is.
pub(crate) fn draft(path: &Path, message: impl Into<String>, about: Option<&str>) -> Draft {
    let draft = Draft::new(&RULE, Place::Value(path.clone()), message);
    match about {
        Some(about) => draft.help(about),
        None => draft,
    }
}

/// The word `written` at `path`, called `label` in a sentence, is none of `allowed`.
pub(crate) fn not_one_of(path: &Path, label: &str, written: &str, allowed: &[&str]) -> Draft {
    let expected = spelling::list(allowed.iter().copied(), "or");
    let draft = draft(
        path,
        format!("{label} must be {expected}, not `{written}`"),
        None,
    );
    match spelling::nearest(written, allowed.iter().copied()) {
        Some(near) => draft.help(format!("did you mean `{near}`?")),
        None => draft,
    }
}

/// The fix of a misspelt word at `path`, if there is no doubt which of `allowed` is meant.
pub(crate) fn respelling(path: &Path, written: &str, allowed: &[&str]) -> Option<Proposal> {
    let meant = spelling::unmistakable(written, allowed)?;
    let title = format!("replace `{written}` by `{meant}`");
    let change = Change::SetWord(path.clone(), meant.to_owned());
    Some(Proposal::safe(title, change))
}
