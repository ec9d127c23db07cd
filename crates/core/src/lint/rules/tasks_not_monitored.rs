//! `tasks-not-monitored`: no check runs beside a task that no hook wraps (SES-4).

use crate::lint::commands::{CheckCommand, Script};
use crate::lint::finding::{Draft, Place};
use crate::lint::hooks;
use crate::lint::pass::Pass;
use crate::lint::rule::{Level, Rule, rule};
use crate::lint::services;
use crate::lint::session_variables::set_on_enter;
use crate::lint::spelling::slot_names;
use crate::template::Slot;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = rule!(
    "tasks-not-monitored",
    Warning,
    "a monitor in an Environment without wrap hooks, so that no task is monitored",
    ["SES-4"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let environments = pass.context.environments.iter().zip(&pass.commands.scripts);
    environments
        .enumerate()
        .filter_map(|(index, (environment, script))| {
            let monitor = environment.monitor()?;
            // `monitor-never-fires` reports one that fires nowhere.
            if environment.wraps()
                || environment.slots().is_empty()
                || monitor.fires_nowhere()
            {
                return None;
            }
            let place = Place::Key(environment.monitor_path());
            let help = hooks::advice(pass.context);
            let Some((reason, start)) = reason(pass, script, index) else {
                let message = "tasks run unmonitored: without wrap hooks, a monitor only watches `onEnter` and `onExit`";
                let draft = Draft::new(&RULE, place, message);
                return Some(draft.level(Level::Info).help(help));
            };
            let slots = slot_names(&monitor.slots());
            let message = format!("this monitor watches {slots} only, and no task: {reason}");
            let draft = Draft::new(&RULE, place, message).help(help);
            let draft = draft.related(start, "lives on beside the tasks");
            Some(draft.fix(hooks::adding(pass.context, environment)))
        })
        .collect()
}

/// Returns the reason that the tasks need what the monitor watches, with the place where it is started.
fn reason(
    pass: &Pass<'_, '_>,
    script: &Script<'_>,
    index: usize,
) -> Option<(String, Option<Place>)> {
    let set = set_on_enter(script);
    let on_enter = script.action(Slot::OnEnter.name());
    let start = on_enter.and_then(services::start);
    for check in pass.commands.checks_of(index) {
        if let Some(name) = first_used(check, &set) {
            let reason =
                format!("the check uses `{name}`, which `onEnter` sets for what comes after it");
            return Some((reason, None));
        }
        if services::is_asked_for(&check.run, script, start.is_some()) {
            let reason = "what its check asks for is there for the tasks".to_owned();
            return Some((reason, start));
        }
    }
    None
}

/// Returns the first variable of `set` that the code of a check uses, except search paths, which most programs use.
fn first_used<'c>(check: &'c CheckCommand<'_, '_>, set: &BTreeSet<&str>) -> Option<&'c str> {
    let mut first = None;
    for command in check.run.code.iter().flat_map(|code| &code.script.commands) {
        command.visit(&mut |command| {
            let mut names = command.variables().map(|used| used.name.as_str());
            first =
                first.or_else(|| names.find(|name| set.contains(name) && !name.ends_with("PATH")));
        });
    }
    first
}
