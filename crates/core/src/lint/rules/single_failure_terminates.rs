//! `single-failure-terminates`: one check that fails ends the action (ACT-3).

use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling::slot_names;
use crate::lint::timing;
use crate::template::OnFailure;

pub(super) static RULE: Rule = rule!(
    "single-failure-terminates",
    Info,
    "`onFailure: terminate` at the first check that fails",
    ["SCH-7", "ACT-3"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for monitored in &pass.context.monitors {
        let groups = monitored.by_place(|monitor| {
            let failures = timing::failures_to_fire(pass.context, &monitored.environment, monitor);
            let terminates = monitor.acts_as() == Some(OnFailure::Terminate);
            let path = monitor.on_failure.as_ref()?.path.clone();
            (terminates && failures == Some(1)).then_some((path, monitor.slot))
        });
        drafts.extend(groups.into_iter().map(|(path, slots)| {
            let message = format!("a single failed check ends {}", slot_names(&slots));
            Draft::new(&RULE, Place::Value(path), message).help(
                "set `failureThreshold` to 2 or more if a short network or Docker problem should not fail the task",
            )
        }));
    }
    drafts
}
