//! `tasks-not-monitored`: no check runs beside a task that no hook wraps (SES-4).

use crate::lint::commands::Script;
use crate::lint::extensions;
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::pass::Pass;
use crate::lint::rule::{Level, Rule, rule};
use crate::lint::services;
use crate::lint::session_variables::set_on_enter;
use crate::lint::spelling::slot_names;
use crate::template::{Change, Environment, Slot};
use serde_json::json;

pub(super) static RULE: Rule = rule!(
    "tasks-not-monitored",
    Warning,
    "a monitor in an Environment without wrap hooks, so that no task is monitored",
    ["SES-4"]
);

/// The slots that take the place of other actions: all three, or none.
const HOOKS: [Slot; 3] = [
    Slot::OnWrapEnvEnter,
    Slot::OnWrapTaskRun,
    Slot::OnWrapEnvExit,
];

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let wrapping = pass.context.environments.iter().find(|own| wraps(own));
    let environments = pass.context.environments.iter().zip(&pass.commands.scripts);
    environments
        .enumerate()
        .filter_map(|(index, (environment, script))| {
            let monitor = environment.monitor()?;
            if wraps(environment) || environment.slots().is_empty() {
                return None;
            }
            let place = Place::Key(environment.monitor_path());
            let draft = match reason(pass, script, index) {
                Some((reason, start)) => {
                    let slots = slot_names(&monitor.slots());
                    let message = format!(
                        "this monitor watches {slots} only, and no task: {reason}"
                    );
                    let draft = Draft::new(&RULE, place, message);
                    match start {
                        Some(start) => draft.related(start, "lives on beside the tasks"),
                        None => draft,
                    }
                }
                None => Draft::new(
                    &RULE,
                    place,
                    "tasks run unmonitored: without wrap hooks, a monitor only watches `onEnter` and `onExit`",
                )
                .level(Level::Info),
            };
            Some(remedied(pass, environment, wrapping, draft))
        })
        .collect()
}

fn wraps(environment: &Environment<'_>) -> bool {
    HOOKS.into_iter().any(|hook| environment.defines(hook))
}

/// Returns the reason that what the monitor watches is there for the tasks, with the place where it is
/// started.
fn reason(
    pass: &Pass<'_, '_>,
    script: &Script<'_>,
    index: usize,
) -> Option<(String, Option<Place>)> {
    if let Some(start) = script
        .action(Slot::OnEnter.name())
        .and_then(services::start)
    {
        let reason = "what `onEnter` starts lives on beside the tasks".to_owned();
        return Some((reason, Some(start)));
    }
    let set = set_on_enter(script);
    let checks = pass.commands.checks_of(index);
    for check in checks {
        let mut used = None;
        for code in &check.run.code {
            for command in &code.script.commands {
                command.visit(&mut |command| {
                    let name = |name: &&str| command.variables().any(|used| used.name == **name);
                    used = used.or_else(|| set.iter().find(|found| name(found)).copied());
                });
            }
        }
        if let Some(name) = used {
            let reason =
                format!("the check uses `{name}`, which `onEnter` sets for what comes after it");
            return Some((reason, None));
        }
        if services::is_asked_for(&check.run, script) {
            let reason = "what its check asks for is there for the tasks".to_owned();
            return Some((reason, None));
        }
    }
    None
}

fn remedied(
    pass: &Pass<'_, '_>,
    environment: &Environment<'_>,
    wrapping: Option<&Environment<'_>>,
    draft: Draft,
) -> Draft {
    // No more than one Environment of a Session may wrap.
    if let Some(wrapping) = wrapping {
        let name = wrapping.value.get("name").and_then(|name| name.as_str());
        let name = name.map_or("the Environment that wraps the tasks".to_owned(), |name| {
            format!("`{name}`, which wraps the tasks")
        });
        return draft.help(format!("move the check into the `onMonitor` of {name}"));
    }
    let draft = draft.help(
        "run the tasks through this Environment: add `onWrapTaskRun` and the other two hooks, each with `command: env` and `args: [\"{{WrappedAction.Environment}}\", \"{{WrappedAction.Command}}\", \"{{WrappedAction.Args}}\"]` (extensions EXPR and WRAP_ACTIONS)",
    );
    match hooks(pass, environment) {
        Some(change) => draft.fix(Proposal::not_safe(
            "run what is wrapped through the three hooks, which the monitor watches",
            change,
        )),
        None => draft,
    }
}

/// The change that adds the three hooks, which pass on what they wrap, and brings them into `scope`.
fn hooks(pass: &Pass<'_, '_>, environment: &Environment<'_>) -> Option<Change> {
    let context = pass.context;
    if !extensions::can_be_listed(context) {
        return None;
    }
    let pass_on = json!({
        "command": "env",
        "args": [
            "{{WrappedAction.Environment}}",
            "{{WrappedAction.Command}}",
            "{{WrappedAction.Args}}",
        ],
    });
    let after = environment.slots().first()?.name();
    let entries = HOOKS.map(|hook| (hook.name().to_owned(), pass_on.clone()));
    let mut changes = vec![Change::Insert {
        after: environment.actions_path().key(after),
        entries: entries.to_vec(),
    }];
    let names = ["EXPR", "WRAP_ACTIONS"];
    let missing: Vec<_> = names
        .into_iter()
        .filter(|name| !context.has_extension(name))
        .collect();
    if !missing.is_empty() {
        changes.push(extensions::listing(context, &missing));
    }
    let monitor = environment.monitor()?;
    if monitor.scope().is_some() {
        let scope = monitor.base().child("scope")?.path;
        changes.push(Change::Append(
            scope,
            vec![Slot::OnWrapTaskRun.name().to_owned()],
        ));
    }
    Some(Change::All(changes))
}
