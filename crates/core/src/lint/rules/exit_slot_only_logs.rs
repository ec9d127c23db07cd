//! `exit-slot-only-logs`: an exit slot in `scope` in which the monitor only logs, although it fires elsewhere (ACT-9).

use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::template::{OnFailure, Slot};

pub(super) static RULE: Rule = rule!(
    "exit-slot-only-logs",
    Info,
    "an exit slot in `scope` in which the monitor only logs, although it fires elsewhere",
    ["ACT-9"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let mut drafts = Vec::new();
    for monitored in &context.monitors {
        let (environment, monitor) = (&monitored.environment, &monitored.monitor);
        // `monitor-never-fires` reports one that fires nowhere.
        if monitor.fires_nowhere() {
            continue;
        }
        let base = monitor.base().child("onFailure");
        let written = base.as_ref().and_then(|field| field.value.as_str());
        let Some(written) = written.filter(|word| {
            OnFailure::from_name(word).is_some_and(|action| action != OnFailure::Log)
        }) else {
            continue;
        };
        for (path, name) in monitor.scope().into_iter().flatten() {
            let slot = Slot::from_name(name).filter(|slot| slot.is_exit());
            let Some(slot) = slot.filter(|&slot| environment.defines(slot)) else {
                continue;
            };
            let given = monitored.slot(slot).and_then(|own| own.on_failure.as_ref());
            if given.map(|field| &field.path) == base.as_ref().map(|field| &field.path) {
                let message = format!(
                    "in `{name}` the monitor only logs: its `onFailure: {written}` does not apply to exit slots"
                );
                drafts.push(Draft::new(&RULE, Place::Value(path), message).help(format!(
                    "set `onFailure` in `overrides.{name}`: `{written}` to fire there, too, or `log` if logging is intended"
                )));
            }
        }
    }
    drafts
}
