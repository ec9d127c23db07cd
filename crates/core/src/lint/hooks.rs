//! The three wrap hooks, with which a monitor watches tasks, and how to add them.

use super::context::Context;
use super::extensions;
use super::fix::Proposal;
use crate::template::{Change, Environment, Slot};
use serde_json::{Value, json};

/// The extensions that the hooks need.
pub(crate) const EXTENSIONS: [&str; 3] = ["EXPR", "WRAP_ACTIONS", "FEATURE_BUNDLE_1"];

/// Says how to monitor the tasks from an Environment that has no hooks.
pub(crate) fn advice(context: &Context<'_>) -> String {
    let Some(wrapping) = &context.wrapping else {
        return "run the tasks through this Environment: add `onWrapTaskRun` and the other two hooks, each with `command: env` and `args: [\"{{WrappedAction.Environment}}\", \"{{WrappedAction.Command}}\", \"{{WrappedAction.Args}}\"]` (extensions EXPR and WRAP_ACTIONS)".to_owned();
    };
    let name = wrapping.value.get("name").and_then(|name| name.as_str());
    let name = name.map_or("the Environment that wraps the tasks".to_owned(), |name| {
        format!("`{name}`, which wraps the tasks")
    });
    format!("move the check into the `onMonitor` of {name}")
}

/// Returns the three hooks with their names, which run the wrapped command unchanged, and end it as it would be ended
/// without them.
pub(crate) fn passing_on() -> [(String, Value); 3] {
    let pass_on = json!({
        "command": "env",
        "args": [
            "{{WrappedAction.Environment}}",
            "{{WrappedAction.Command}}",
            "{{WrappedAction.Args}}",
        ],
        "timeout": "{{WrappedAction.Timeout}}",
        "cancelation": {
            "mode": "{{WrappedAction.Cancelation.Mode}}",
            "notifyPeriodInSeconds": "{{WrappedAction.Cancelation.NotifyPeriodInSeconds}}",
        },
    });
    Slot::HOOKS.map(|hook| (hook.name().to_owned(), pass_on.clone()))
}

/// Proposes to add the three hooks, which run the wrapped command unchanged, and to list them in `scope`; `None` if
/// another Environment has hooks already.
pub(crate) fn adding(context: &Context<'_>, environment: &Environment<'_>) -> Option<Proposal> {
    if context.wrapping.is_some() || !extensions::can_be_listed(context) {
        return None;
    }
    let after = environment.slots().first()?.name();
    let mut changes = vec![Change::Insert {
        after: environment.actions_path().key(after),
        entries: passing_on().to_vec(),
    }];
    let missing = extensions::missing(context, EXTENSIONS);
    if !missing.is_empty() {
        changes.push(extensions::listing(context, &missing));
    }
    let monitor = environment.monitor()?;
    if monitor.scope().is_some() {
        let scope = monitor.base().child("scope")?.path;
        changes.push(Change::Append(
            scope,
            vec![Slot::OnWrapTaskRun.name().to_owned()],
        ));
    }
    Some(Proposal::not_safe(
        "run what is wrapped through the three hooks, which the monitor watches",
        Change::All(changes),
    ))
}
