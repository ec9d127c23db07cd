//! `misplaced-monitor`: the monitor where issue 133 considered it, or simply elsewhere (SCH-1).

use crate::lint::context::Context;
use crate::lint::finding::{Draft, Place};
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use crate::template::{Environment, Path, Segment, Slot, visit};
use serde_json::Value;
use std::collections::HashSet;

pub(crate) static RULE: Rule = rule!(
    "misplaced-monitor",
    Error,
    "a monitor anywhere but in the `actions` of an Environment",
    ["SCH-1"]
);

/// The variable of a design that was rejected.
pub(crate) const TASK_MONITOR: &str = "Task.Monitor";

const HELP: &str =
    "define the check once, as `onMonitor` in the `script.actions` of an Environment";

/// The keys of the document that are monitors out of place.
pub(crate) fn check(context: &Context<'_>) -> Vec<Draft> {
    context.misplaced.iter().map(draft).collect()
}

/// The paths of the keys that [`check`] reports, outermost only.
pub(crate) fn misplaced_keys(document: &Value, environments: &[Environment<'_>]) -> Vec<Path> {
    let homes: HashSet<Path> = environments.iter().map(Environment::actions_path).collect();
    let homes: HashSet<&[Segment]> = homes.iter().map(Path::segments).collect();
    let mut found: Vec<Path> = Vec::new();
    visit(document, &mut |path, _| {
        let [parent @ .., Segment::Key(key)] = path.segments() else {
            return;
        };
        let is_monitor = spelling::is_near(key, "onMonitor");
        if !is_monitor && !spelling::is_near(key, "monitorCommand") {
            return;
        }
        let is_home = is_monitor && homes.contains(parent);
        let is_inside = (0..parent.len()).any(|length| {
            homes.contains(&parent[..length])
                && parent[length] == Segment::Key("onMonitor".to_owned())
        });
        // The keys of `variables` are names of the author's own.
        let is_own_name = matches!(parent.last(), Some(Segment::Key(key)) if key == "variables" || key == "extensions");
        let is_nested = found.last().is_some_and(|outer| path.is_within(outer));
        if !is_home && !is_inside && !is_own_name && !is_nested {
            found.push(path.clone());
        }
    });
    found
}

fn draft(path: &Path) -> Draft {
    let key = path.last_key().unwrap_or_default();
    let message = match path.parent().as_ref().map(Path::segments) {
        Some([.., Segment::Key(action)]) if is_action(action) => {
            format!("`{key}` is not a field of an action: the monitor is its Environment's")
        }
        Some([.., Segment::Key(actions)]) if actions == "actions" => {
            format!(
                "`{key}` is not an action of a step: tasks are watched through an Environment with wrap hooks"
            )
        }
        _ => format!(
            "`{key}` does not belong here: a monitor is one of the actions of an Environment"
        ),
    };
    Draft::new(&RULE, Place::Key(path.clone()), message).help(HELP)
}

fn is_action(key: &str) -> bool {
    key == "onRun"
        || Slot::from_name(key).is_some()
        || ["bash", "python", "cmd", "powershell", "node"].contains(&key)
}

/// Whether the variable `name` is the one of the rejected design, or a part of it.
pub(crate) fn is_task_monitor(name: &str) -> bool {
    name.strip_prefix(TASK_MONITOR)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A reference to [`TASK_MONITOR`] at `place`.
pub(crate) fn reference(place: Place) -> Draft {
    let message = format!(
        "there is no variable `{TASK_MONITOR}`: the runtime schedules the checks, not the script"
    );
    Draft::new(&RULE, place, message).help(HELP)
}
