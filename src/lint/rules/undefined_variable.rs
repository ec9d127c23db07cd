//! `undefined-variable`: a monitor refers to what no slot has.

use crate::lint::finding::{Draft, Place};
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;

pub(crate) static RULE: Rule = rule!(
    "undefined-variable",
    Error,
    "a reference in a monitor to a variable that does not exist",
    ["VAR-1"]
);

/// `name` at `place` is nothing in any slot; `suggestion` are the names that are near, with commas between them.
pub(crate) fn draft(place: Place, name: &str, suggestion: Option<&str>) -> Draft {
    let draft = Draft::new(&RULE, place, format!("there is no variable `{name}`"));
    match suggestion {
        Some(suggestion) => draft.help(format!(
            "did you mean {}?",
            spelling::list(suggestion.split(", "), "or")
        )),
        None => draft,
    }
}
