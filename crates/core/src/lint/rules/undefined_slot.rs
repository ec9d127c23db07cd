//! `undefined-slot`: a slot in `scope` or `overrides` that the monitor cannot watch.

use crate::lint::finding::{Draft, Place};
use crate::lint::monitored::Monitored;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use crate::template::{Environment, Monitor, Slot};
use std::collections::HashSet;

pub(super) static RULE: Rule = rule!(
    "undefined-slot",
    Error,
    "a slot in `scope` that the Environment does not define, or in `overrides` that is not in scope",
    ["SCH-3", "SCH-4"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let mut drafts = Vec::new();
    for Monitored {
        environment,
        monitor,
        ..
    } in &context.monitors
    {
        if !environment.slots().is_empty() && !spelling::has_misspelt_slot(environment) {
            check_monitor(environment, monitor, &mut drafts);
        }
    }
    drafts
}

fn check_monitor(environment: &Environment<'_>, monitor: &Monitor<'_>, drafts: &mut Vec<Draft>) {
    let undefined = |slot: Slot, place: Place| {
        let message = format!("this Environment does not define `{}`", slot.name());
        let defined = spelling::list(environment.slots().into_iter().map(Slot::name), "and");
        Draft::new(&RULE, place, message).help(format!(
            "it defines {defined}: remove the name, or define the action"
        ))
    };
    let mut seen = HashSet::new();
    for (path, name) in monitor.scope().into_iter().flatten() {
        let slot = Slot::from_name(name).filter(|&slot| !environment.defines(slot));
        // A slot that is named twice is reported by `invalid-value`.
        if let Some(slot) = slot.filter(|&slot| seen.insert(slot)) {
            drafts.push(undefined(slot, Place::Value(path)));
        }
    }
    let path = monitor.path.key("overrides");
    for name in monitor.override_names() {
        let Some(slot) = Slot::from_name(name) else {
            continue;
        };
        let place = Place::Key(path.key(name));
        if !environment.defines(slot) {
            drafts.push(undefined(slot, place));
        } else if !monitor.has_in_scope(slot) {
            let message = format!("`{name}` is overridden, but not in the monitor's scope");
            let draft = Draft::new(&RULE, place, message).related(
                Place::Key(monitor.path.key("scope")),
                "the scope is given here",
            );
            drafts.push(draft.help(format!("add `{name}` to `scope`, or remove the override")));
        }
    }
}
