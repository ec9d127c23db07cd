//! Variables of a wrap hook by their names in the draft of RFC 0008 (VAR-3).

/// Names in the draft, each with its accepted counterpart.
pub const DRAFT_NAMES: [(&str, &str); 4] = [
    ("Task.Command", "WrappedAction.Command"),
    ("Task.Args", "WrappedAction.Args"),
    ("Task.Environment", "WrappedAction.Environment"),
    ("Env.Action.Timeout", "WrappedAction.Timeout"),
];

/// Returns true if `name` is `variable` or an attribute of it.
pub fn is_or_below(name: &str, variable: &str) -> bool {
    let rest = name.strip_prefix(variable);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Returns the draft's name that `name` is or starts with, and the accepted one.
pub fn accepted(name: &str) -> Option<(&'static str, &'static str)> {
    let mut names = DRAFT_NAMES.into_iter();
    names.find(|(draft, _)| is_or_below(name, draft))
}

/// Returns `name` with the accepted name in place of the draft's.
pub fn accepted_form(name: &str) -> String {
    match accepted(name) {
        Some((draft, accepted)) => name.replacen(draft, accepted, 1),
        None => name.to_owned(),
    }
}
