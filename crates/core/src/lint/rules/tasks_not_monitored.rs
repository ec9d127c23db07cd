//! `tasks-not-monitored`: no check runs beside a task that no hook wraps (SES-4).

use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::template::Slot;

pub(super) static RULE: Rule = rule!(
    "tasks-not-monitored",
    Info,
    "a monitor in an Environment without wrap hooks, so that no task is monitored",
    ["SES-4"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let hooks = [
        Slot::OnWrapEnvEnter,
        Slot::OnWrapTaskRun,
        Slot::OnWrapEnvExit,
    ];
    let watching = context.environments.iter().filter(|environment| {
        let slots = environment.slots();
        let wraps = slots.iter().any(|slot| hooks.contains(slot));
        environment.monitor().is_some() && !slots.is_empty() && !wraps
    });
    watching
        .map(|environment| {
            let message = "tasks run unmonitored: without wrap hooks, a monitor only watches `onEnter` and `onExit`";
            Draft::new(&RULE, Place::Key(environment.monitor_path()), message).help(
                "to monitor tasks, run them through `onWrapTaskRun` (extension WRAP_ACTIONS, with the other two hooks)",
            )
        })
        .collect()
}
