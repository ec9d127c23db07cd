//! `single-failure-terminates`: one check that fails ends the action (ACT-3).

use crate::lint::context::Context;
use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling::slot_names;
use crate::lint::timing;
use crate::template::{Environment, OnFailure, Path, Slot};

pub(super) static RULE: Rule = rule!(
    "single-failure-terminates",
    Info,
    "`onFailure: terminate` at the first check that fails",
    ["SCH-7", "ACT-3"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let environments = context.environments.iter();
    environments
        .flat_map(|environment| check_environment(context, environment))
        .collect()
}

fn check_environment(context: &Context<'_>, environment: &Environment<'_>) -> Vec<Draft> {
    let mut found: Vec<(Path, Vec<Slot>)> = Vec::new();
    for in_slot in context.monitors_of(environment) {
        let monitor = &in_slot.monitor;
        let terminates = monitor.acts_as() == Some(OnFailure::Terminate);
        let Some(on_failure) = monitor.on_failure.as_ref().filter(|_| terminates) else {
            continue;
        };
        if timing::failures_to_fire(context, &in_slot) != Some(1) {
            continue;
        }
        match found.iter_mut().find(|(path, _)| *path == on_failure.path) {
            Some((_, slots)) => slots.push(monitor.slot),
            None => found.push((on_failure.path.clone(), vec![monitor.slot])),
        }
    }
    found
        .into_iter()
        .map(|(path, slots)| {
            let message = format!("a single failed check ends {}", slot_names(&slots));
            Draft::new(&RULE, Place::Value(path), message).help(
                "set `failureThreshold` to 2 or more if a short network or Docker problem should not fail the task",
            )
        })
        .collect()
}
