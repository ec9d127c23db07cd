//! `monitor-never-fires`: the action times out before so many checks have failed (ACT-2, ACT-3).

use crate::lint::context::{Context, InSlot};
use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::timing::{self, Times};
use crate::template::{Environment, OnFailure, Path};

pub(super) static RULE: Rule = rule!(
    "monitor-never-fires",
    Warning,
    "a monitor that cannot reach its threshold before the action times out",
    ["SCH-7", "TIM-4", "ACT-2", "ACT-3"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let environments = context.environments.iter();
    environments
        .flat_map(|environment| check_environment(context, environment))
        .collect()
}

fn check_environment(context: &Context<'_>, environment: &Environment<'_>) -> Vec<Draft> {
    let mut found: Vec<(Path, Draft)> = Vec::new();
    for in_slot in context.monitors_of(environment) {
        let Some((path, draft)) = judge(context, &in_slot) else {
            continue;
        };
        match found.iter_mut().find(|(of, _)| *of == path) {
            // Slots with one `onFailure`: the first is said, the others are beside it.
            Some((_, said)) => {
                let key = in_slot
                    .environment
                    .actions_path()
                    .key(in_slot.monitor.slot.name());
                let name = in_slot.monitor.slot.name();
                let also = format!("it cannot fire in `{name}` either");
                *said = said.clone().related(Place::Key(key), also);
            }
            None => found.push((path, draft)),
        }
    }
    found.into_iter().map(|(_, draft)| draft).collect()
}

fn judge(context: &Context<'_>, in_slot: &InSlot<'_, '_>) -> Option<(Path, Draft)> {
    let failures = timing::failures_to_fire(context, in_slot).filter(|&failures| failures > 0)?;
    let times = timing::times(context, in_slot)?;
    let more = failures.saturating_sub(1).saturating_mul(times.period);
    let earliest = times.first.saturating_add(more);
    if times.first >= times.limit || earliest < times.limit {
        return None;
    }
    let path = in_slot.monitor.on_failure.as_ref()?.path.clone();
    let name = in_slot.monitor.slot.name();
    let ordinal = if failures == 1 {
        "the first failure takes".to_owned()
    } else {
        format!("{failures} failures in a row take")
    };
    let message = format!(
        "the monitor can never fire in `{name}`: {ordinal} {earliest} s, but the action times out after {} s",
        times.limit
    );
    let mut draft = Draft::new(&RULE, Place::Value(path.clone()), message);
    if let Some(threshold) = &in_slot.monitor.failure_threshold {
        draft = draft.related(Place::Value(threshold.path.clone()), "the threshold");
    }
    draft = match &times.limit_field {
        Some(field) => draft.related(
            Place::Value(field.path.clone()),
            format!("`{name}` times out after {} s", times.limit),
        ),
        None => draft.related(
            Place::Key(in_slot.environment.actions_path().key(name)),
            format!("`{name}` has the default timeout of {} s", times.limit),
        ),
    };
    Some((path, draft.help(help(&times, in_slot))))
}

fn help(times: &Times<'_>, in_slot: &InSlot<'_, '_>) -> String {
    // The greatest number of checks that are due before the timeout.
    let checks = (times.limit - 1 - times.first) / times.period + 1;
    let largest = match in_slot.monitor.acts_as() {
        Some(OnFailure::Warn) => checks - 1,
        _ => checks,
    };
    if largest >= 1 {
        format!("write a `failureThreshold` of {largest} or less, or a shorter `period`")
    } else {
        "write a shorter `period` or `initialDelay`, or `terminate` instead of `warn`".to_owned()
    }
}
