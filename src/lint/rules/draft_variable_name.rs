//! `draft-variable-name`: a variable by its name in the draft of RFC 0008 (VAR-3).

use crate::lint::finding::{Draft, Place};
use crate::lint::rule::{Rule, rule};

pub(crate) static RULE: Rule = rule!(
    "draft-variable-name",
    Warning,
    "a variable by the name that it had in the draft of RFC 0008",
    ["VAR-3"]
);

/// The draft's names, and what they became.
const ACCEPTED: [(&str, &str); 4] = [
    ("Task.Command", "WrappedAction.Command"),
    ("Task.Args", "WrappedAction.Args"),
    ("Task.Environment", "WrappedAction.Environment"),
    ("Env.Action.Timeout", "WrappedAction.Timeout"),
];

/// The draft's name that `name` is or starts with, and the accepted one.
pub(crate) fn accepted(name: &str) -> Option<(&'static str, &'static str)> {
    ACCEPTED.into_iter().find(|(draft, _)| {
        name.strip_prefix(draft)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// `name` as the accepted RFC has it.
pub(crate) fn accepted_form(name: &str) -> String {
    match accepted(name) {
        Some((draft, accepted)) => name.replacen(draft, accepted, 1),
        None => name.to_owned(),
    }
}

/// The reference at `place` is to `name` of the draft.
pub(crate) fn draft(place: Place, name: &str, accepted: &str) -> Draft {
    let message =
        format!("`{name}` is a name of the draft of RFC 0008: a runtime need not know it");
    Draft::new(&RULE, place, message).help(format!("write `{accepted}`"))
}
