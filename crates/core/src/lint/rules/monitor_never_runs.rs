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
    for environment in &context.environments {
        let Some(monitor) = environment.monitor() else {
            continue;
        };
        let late: Vec<_> = context
            .monitors_of(environment)
            .into_iter()
            .filter_map(|in_slot| {
                let times = timing::times(context, &in_slot)?;
                (times.first >= times.limit).then_some((in_slot.monitor.slot, times))
            })
            .collect();
        let is_every = late.len() == monitor.slots().len();
        let is_said = |slot: Slot| is_every || is_named(&monitor, slot);
        let mut said: Vec<_> = late
            .into_iter()
            .filter(|(slot, _)| is_said(*slot))
            .collect();
        while let Some((_, first)) = said.first() {
            let path = first.first_field.path.clone();
            let same = |(_, times): &(Slot, Times<'_>)| times.first_field.path == path;
            let (group, rest): (Vec<_>, Vec<_>) = said.into_iter().partition(same);
            drafts.extend(draft(environment, &group));
            said = rest;
        }
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
        let name = slot.name();
        draft = match &times.limit_field {
            Some(field) => draft.related(
                Place::Value(field.path.clone()),
                format!("`{name}` times out after {} s", times.limit),
            ),
            None => draft.related(
                Place::Key(environment.actions_path().key(name)),
                format!("`{name}` has the default timeout of {} s", times.limit),
            ),
        };
    }
    Some(draft.help(format!(
        "set an `initialDelay` below {limit}, or raise the action's timeout"
    )))
}
