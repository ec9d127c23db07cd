//! `monitor-never-fires`: the action times out before enough checks can fail (ACT-2, ACT-3), or each slot is an exit
//! slot (ACT-9).

use crate::lint::context::Context;
use crate::lint::finding::{Draft, Place};
use crate::lint::hooks;
use crate::lint::monitored::Monitored;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling::slot_names;
use crate::lint::timing::{self, Times};
use crate::template::{Effective, Environment, OnFailure, Path};

pub(super) static RULE: Rule = rule!(
    "monitor-never-fires",
    Warning,
    "a monitor that is meant to fire, and cannot",
    ["SCH-7", "TIM-4", "ACT-2", "ACT-3", "ACT-9"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let monitors = context.monitors.iter();
    monitors
        .flat_map(|monitored| check_monitor(context, monitored))
        .collect()
}

fn check_monitor(context: &Context<'_>, monitored: &Monitored<'_>) -> Vec<Draft> {
    if let Some(draft) = in_exit_slots_only(context, monitored) {
        return vec![draft];
    }
    let environment = &monitored.environment;
    let groups = monitored.by_place(|monitor| {
        let (path, draft) = judge(context, environment, monitor)?;
        Some((path, (monitor.slot.name(), draft)))
    });
    // Slots with one `onFailure`: the first is said, the others are beside it.
    let merged = groups.into_iter().filter_map(|(_, group)| {
        let also = |draft: Draft, (name, _)| {
            let key = Place::Key(environment.actions_path().key(name));
            draft.related(key, format!("it cannot fire in `{name}` either"))
        };
        let mut group = group.into_iter();
        let (_, first) = group.next()?;
        Some(group.fold(first, also))
    });
    merged.collect()
}

fn in_exit_slots_only(context: &Context<'_>, monitored: &Monitored<'_>) -> Option<Draft> {
    let environment = &monitored.environment;
    let monitor = Some(&monitored.monitor).filter(|monitor| monitor.fires_nowhere())?;
    let on_failure = monitor.base().child("onFailure")?;
    let (written, slots) = (on_failure.value.as_str()?, monitor.slots());
    let names = slot_names(&slots);
    let message = format!(
        "the monitor can never fire: it watches {names} only, and its `onFailure: {written}` does not apply to exit slots"
    );
    let first = slots.first()?.name();
    let (help, fix) = match environment.wraps() {
        true => (
            "add `onWrapTaskRun` to `scope` to monitor the tasks".to_owned(),
            None,
        ),
        false => (hooks::advice(context), hooks::adding(context, environment)),
    };
    let draft = Draft::new(&RULE, Place::Value(on_failure.path), message).fix(fix);
    Some(draft.help(format!(
        "{help}; to fire in `{first}`, write `overrides: {{{first}: {{onFailure: {written}}}}}`"
    )))
}

fn judge<'d>(
    context: &Context<'d>,
    environment: &Environment<'d>,
    monitor: &Effective<'d>,
) -> Option<(Path, Draft)> {
    let failures = timing::failures_to_fire(context, environment, monitor)?;
    let times = timing::times(context, environment, monitor).filter(|_| failures > 0)?;
    let more = failures.saturating_sub(1).saturating_mul(times.period);
    let earliest = times.first.saturating_add(more);
    if times.first >= times.limit || earliest < times.limit {
        return None;
    }
    let path = monitor.on_failure.as_ref()?.path.clone();
    let name = monitor.slot.name();
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
    if let Some(threshold) = &monitor.failure_threshold {
        draft = draft.related(Place::Value(threshold.path.clone()), "the threshold");
    }
    let (place, limit) = times.limit_of(environment, name);
    draft = draft.related(place, limit);
    Some((path, draft.help(help(&times, monitor))))
}

fn help(times: &Times<'_>, monitor: &Effective<'_>) -> String {
    // The greatest number of checks that are due before the timeout.
    let checks = (times.limit - 1 - times.first) / times.period + 1;
    let largest = match monitor.acts_as() {
        Some(OnFailure::Warn) => checks - 1,
        _ => checks,
    };
    if largest >= 1 {
        format!("write a `failureThreshold` of {largest} or less, or a shorter `period`")
    } else {
        "write a shorter `period` or `initialDelay`, or `terminate` instead of `warn`".to_owned()
    }
}
