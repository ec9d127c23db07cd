//! `missing-extension`: `onMonitor` without `MONITOR` in `extensions` (SCH-1).

use crate::lint::context::{Context, MONITOR};
use crate::lint::finding::{Draft, Place};
use crate::lint::rule::{Rule, rule};

pub(crate) static RULE: Rule = rule!(
    "missing-extension",
    Error,
    "`onMonitor` without MONITOR in `extensions`",
    ["SCH-1"]
);

pub(crate) fn check(context: &Context<'_>) -> Option<Draft> {
    // A list that is none, or is empty, is wrong enough by itself.
    let listed = context.document.value().get("extensions");
    let is_malformed = listed.is_some_and(|list| list.as_array().is_none_or(Vec::is_empty));
    if context.has_extension(MONITOR) || is_malformed {
        return None;
    }
    // One mistake of the whole template: said once, at the first monitor.
    let mut monitors = context.monitored();
    let key = monitors.next()?.monitor_path();
    let draft = Draft::new(
        &RULE,
        Place::Key(key),
        "`onMonitor` needs the MONITOR extension, which the template does not list",
    );
    let draft = match context.misspelt_extension() {
        Some((path, name)) => draft
            .related(
                Place::Value(path.clone()),
                format!("`{name}` is not `{MONITOR}`"),
            )
            .help(format!("write `{MONITOR}` in place of `{name}`")),
        None if context.extensions.is_empty() => {
            draft.help("add `extensions: [MONITOR]` to the template")
        }
        None => draft.help("add `MONITOR` to the list `extensions`"),
    };
    Some(monitors.fold(draft, |draft, environment| {
        draft.related(Place::Key(environment.monitor_path()), "needs it as well")
    }))
}
