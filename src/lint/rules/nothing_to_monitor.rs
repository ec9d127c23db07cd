//! `nothing-to-monitor`: a monitor in an Environment that defines no action (SCH-2).

use crate::lint::context::Context;
use crate::lint::finding::{Draft, Place};
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use crate::template::{Environment, Slot};

pub(crate) static RULE: Rule = rule!(
    "nothing-to-monitor",
    Error,
    "a monitor in an Environment without an action to watch",
    ["SCH-2"]
);

pub(crate) fn check(context: &Context<'_>) -> Vec<Draft> {
    let idle = context
        .monitored()
        .filter(|environment| applies(environment) && !has_misspelt_slot(environment));
    let slots = spelling::list(Slot::ALL.map(Slot::name), "or");
    let help = format!("add an action ({slots}), or remove the monitor");
    let message = "this Environment has a monitor, but no action that it could watch";
    idle.map(|environment| {
        Draft::new(&RULE, Place::Key(environment.monitor_path()), message).help(help.clone())
    })
    .collect()
}

/// Whether there is nothing to watch; every slot that the monitor names is then part of the same
/// mistake.
pub(crate) fn applies(environment: &Environment<'_>) -> bool {
    environment.slots().is_empty()
}

/// Whether a key beside the monitor is a slot misspelt: that is then the mistake.
pub(crate) fn has_misspelt_slot(environment: &Environment<'_>) -> bool {
    let mut keys = environment
        .actions()
        .into_iter()
        .flat_map(|actions| actions.keys());
    keys.any(|key| {
        let is_known = key == "onMonitor" || Slot::from_name(key).is_some();
        !is_known && spelling::nearest(key, Slot::ALL.map(Slot::name)).is_some()
    })
}
