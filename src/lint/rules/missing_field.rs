//! `missing-field`: a required key is absent.

use crate::lint::finding::{Draft, Place};
use crate::lint::rule::{Rule, rule};
use crate::template::Path;

pub(crate) static RULE: Rule = rule!(
    "missing-field",
    Error,
    "a required key is absent",
    ["SCH-1"]
);

/// The object at `path`, which the schema calls `owner`, lacks `name`; `about` says what it is for.
pub(crate) fn draft(path: &Path, owner: &str, name: &str, about: Option<&str>) -> Draft {
    let message = format!("{owner} lacks its required field `{name}`");
    let draft = Draft::new(&RULE, Place::Object(path.clone()), message);
    match about {
        Some(about) => draft.help(format!("add `{name}`: {about}")),
        None => draft,
    }
}
