//! `nothing-to-monitor`: a monitor in an Environment that defines no action (SCH-2).

use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use crate::template::Slot;

pub(super) static RULE: Rule = rule!(
    "nothing-to-monitor",
    Error,
    "a monitor in an Environment that defines no action",
    ["SCH-2"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let idle = context.monitored().filter(|environment| {
        environment.slots().is_empty() && !spelling::has_misspelt_slot(environment)
    });
    let slots = spelling::list(Slot::ALL.map(Slot::name), "or");
    let help = format!("add an action ({slots}), or remove the monitor");
    let message = "this Environment has a monitor, but no action to monitor";
    idle.map(|environment| {
        Draft::new(&RULE, Place::Key(environment.monitor_path()), message).help(help.clone())
    })
    .collect()
}
