//! `draft-variable-name`: a variable by its name in the draft of RFC 0008 (VAR-3).

use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::references::Reference;
use crate::lint::rule::{Rule, rule};
use crate::template::{Change, Path};

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

/// The `reference` in the string at `path`, if it is to a name of the draft.
pub(crate) fn draft(path: &Path, reference: &Reference) -> Option<Draft> {
    let (name, accepted) = accepted(&reference.name)?;
    let message =
        format!("`{name}` is a name of the draft of RFC 0008: a runtime need not know it");
    let range = reference.range.clone();
    let change = Change::Replace(path.clone(), range.clone(), accepted_form(&reference.name));
    let draft = Draft::new(&RULE, Place::Text(path.clone(), range), message)
        .help(format!("write `{accepted}`"));
    Some(draft.fix(Proposal::safe(
        format!("replace `{name}` by `{accepted}`"),
        change,
    )))
}
