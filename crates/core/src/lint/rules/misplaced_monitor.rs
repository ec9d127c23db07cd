//! `misplaced-monitor`: a monitor in a place that issue 133 considered, or anywhere else (SCH-1).

use crate::lint::fact::FactKind;
use crate::lint::finding::{Draft, Place};
use crate::lint::misplaced::TASK_MONITOR;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::template::{Path, Segment, Slot};

pub(super) static RULE: Rule = rule!(
    "misplaced-monitor",
    Error,
    "a monitor anywhere but in the `actions` of an Environment",
    ["SCH-1"]
);

const HELP: &str =
    "define the check once, as `onMonitor` in the `script.actions` of an Environment";

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let keys = pass.context.misplaced.iter().map(draft);
    let references = pass
        .facts
        .iter()
        .filter(|fact| matches!(fact.kind, FactKind::TaskMonitor))
        .map(|fact| {
            let message = format!(
                "there is no variable `{TASK_MONITOR}`: the runtime schedules the checks, not the script"
            );
            Draft::new(&RULE, fact.place.clone(), message).help(HELP)
        });
    keys.chain(references).collect()
}

fn draft(path: &Path) -> Draft {
    let key = path.last_key().unwrap_or_default();
    let message = match path.parent().as_ref().map(Path::segments) {
        Some([.., Segment::Key(action)]) if is_action(action) => {
            format!("`{key}` is not a field of an action: a monitor belongs to an Environment")
        }
        Some([.., Segment::Key(actions)]) if actions == "actions" => {
            format!(
                "`{key}` is not an action of a step: to monitor tasks, use an Environment with wrap hooks"
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
