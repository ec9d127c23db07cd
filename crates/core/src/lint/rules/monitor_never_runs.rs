//! `monitor-never-runs`: the action is over before its first check is due (TIM-1, TIM-4).

use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling::slot_names;
use crate::lint::timing::{self, Times};
use crate::template::{Environment, Monitor, Slot};

pub(super) static RULE: Rule = rule!(
    "monitor-never-runs",
    Warning,
    "a monitor whose first check is not due before the action times out",
    ["TIM-1", "TIM-4", "SES-7"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let mut drafts = Vec::new();
    for monitored in &context.monitors {
        let environment = &monitored.environment;
        let late = |monitor| {
            let times = timing::times(context, environment, monitor)?;
            (times.first >= times.limit).then_some(times)
        };
        let is_every = monitored
            .slots
            .iter()
            .all(|monitor| late(monitor).is_some());
        let groups = monitored.by_place(|monitor| {
            let times = late(monitor)?;
            let is_said = is_every || is_named(&monitored.monitor, monitor.slot);
            is_said.then(|| (times.first_field.path.clone(), (monitor.slot, times)))
        });
        let said = groups.iter();
        drafts.extend(said.filter_map(|(_, group)| draft(environment, group)));
    }
    drafts
}

/// Returns true if the template names the slot, so that its author wants it monitored.
fn is_named(monitor: &Monitor<'_>, slot: Slot) -> bool {
    let is_overridden = monitor.override_names().contains(&slot.name());
    is_overridden || (monitor.scope().is_some() && monitor.has_in_scope(slot))
}

/// Slots whose first tick is given in one place.
fn draft(environment: &Environment<'_>, group: &[(Slot, Times<'_>)]) -> Option<Draft> {
    let (_, shortest) = group.iter().min_by_key(|(_, times)| times.limit)?;
    let slots: Vec<_> = group.iter().map(|(slot, _)| *slot).collect();
    let (first, limit) = (shortest.first, shortest.limit);
    let message = format!(
        "no check ever runs in {}: the first is due after {first} s, but the action times out after {limit} s",
        slot_names(&slots)
    );
    let place = Place::Value(shortest.first_field.path.clone());
    let mut draft = Draft::new(&RULE, place, message);
    for (slot, times) in group {
        let (place, limit) = times.limit_of(environment, slot.name());
        draft = draft.related(place, limit);
    }
    Some(draft.help(format!(
        "set an `initialDelay` below {limit}, or raise the action's timeout"
    )))
}
