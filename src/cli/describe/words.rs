//! A description in words and tables.

use super::Described;
use super::page::{Block, code};
use openjd_monitor_core::describe::{
    Cancelation, Hindrance, Monitor, Notice, Owner, Part, Quantity, Runs, Unwatched, Watch, Watcher,
};
use openjd_monitor_core::template::{OnFailure, TemplateKind};

/// Longest list of names in a sentence.
const MAX_NAMES: usize = 5;

/// Returns the page that describes these templates.
pub(super) fn page(all: &[Described]) -> Vec<Block> {
    all.iter().flat_map(template).collect()
}

fn template(described: &Described) -> Vec<Block> {
    let description = &described.description;
    let kind = match described.kind {
        TemplateKind::Job => "job template",
        TemplateKind::Environment => "environment template",
    };
    let name = code(&described.name);
    let mut blocks = vec![
        Block::Title(format!("{}: {kind} {name}", code(&described.path))),
        Block::List(tasks(&description.parts)),
        Block::Section("What runs, in this order".to_owned()),
        Block::Table(parts(&description.parts)),
    ];
    for monitor in &description.monitors {
        blocks.extend(section(monitor));
    }
    if !description.monitors.is_empty() {
        blocks.push(Block::Section("What holds for all of them".to_owned()));
        blocks.push(Block::List(general(&description.monitors)));
    }
    blocks
}

/// Says which tasks are monitored, and why others are not.
fn tasks(parts: &[Part]) -> Vec<String> {
    let tasks: Vec<_> = parts.iter().filter(|part| part.action == "onRun").collect();
    let mut groups: Vec<(String, Vec<&Part>)> = Vec::new();
    for &task in &tasks {
        let how = match &task.watched {
            Ok(watcher) => format!("monitored by {}", code(&watcher.environment)),
            Err(why) => format!("unmonitored: {}", why_not(why)),
        };
        match groups.iter_mut().find(|(known, _)| *known == how) {
            Some((_, group)) => group.push(task),
            None => groups.push((how, vec![task])),
        }
    }
    let is_one = groups.len() == 1;
    let sentence = |(how, group): (String, Vec<&Part>)| match is_one {
        true => format!("All tasks run {how}."),
        false => format!("The tasks of {} run {how}.", names(&group)),
    };
    groups.into_iter().map(sentence).collect()
}

fn names(tasks: &[&Part]) -> String {
    let steps: Vec<_> = tasks
        .iter()
        .take(MAX_NAMES)
        .map(|task| match &task.owner {
            Owner::Step(name) | Owner::Environment(name) => code(name),
            Owner::AnyStep | Owner::AnyEnvironment => "any step".to_owned(),
        })
        .collect();
    let more = match tasks.len() - steps.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", steps.join(", "))
}

fn why_not(why: &Unwatched) -> String {
    match why {
        Unwatched::Nothing => "nothing runs".to_owned(),
        Unwatched::NotWrapped => "no Environment around them has `onWrapTaskRun`".to_owned(),
        Unwatched::NoMonitor(environment) => format!("{} has no `onMonitor`", code(environment)),
        Unwatched::OutOfScope(Watcher { environment, slot }) => format!(
            "the `scope` of {} leaves out `{}`",
            code(environment),
            slot.name()
        ),
    }
}

fn parts(parts: &[Part]) -> Vec<Vec<String>> {
    let header = ["due", "what runs", "monitor"].map(str::to_owned);
    let row = |part: &Part| {
        let due = match (&part.owner, part.action) {
            (Owner::Environment(name), action) => format!("`{action}` of {}", code(name)),
            (Owner::Step(name), _) => format!("tasks of {}", code(name)),
            (Owner::AnyEnvironment, action) => format!("`{action}` of an inner Environment"),
            (Owner::AnyStep, _) => "tasks".to_owned(),
        };
        let runs = match &part.runs {
            Runs::Itself => "itself".to_owned(),
            Runs::Hook(Watcher { environment, slot }) => {
                format!("`{}` of {}", slot.name(), code(environment))
            }
            Runs::Nothing => "nothing: it is not defined, and no hook runs for it".to_owned(),
        };
        let shadowed = match (&part.owner, part.is_shadowed) {
            (Owner::Environment(name), true) => format!("; that of {} does not run", code(name)),
            _ => String::new(),
        };
        let monitor = match &part.watched {
            Ok(watcher) => format!("that of {}{shadowed}", code(&watcher.environment)),
            Err(Unwatched::Nothing) => String::new(),
            Err(Unwatched::NotWrapped) => "none: no Environment wraps tasks".to_owned(),
            Err(why) => format!("none: {}{shadowed}", why_not(why)),
        };
        vec![due, runs, monitor]
    };
    let rows = parts.iter().map(row);
    std::iter::once(header.to_vec()).chain(rows).collect()
}

fn section(monitor: &Monitor) -> Vec<Block> {
    let mut blocks = vec![
        Block::Section(format!("The monitor of {}", code(&monitor.environment))),
        Block::Table(watches(&monitor.watches)),
    ];
    let mut items = Vec::new();
    for (slots, text) in grouped(monitor.watches.iter().map(|watch| (watch, story(watch)))) {
        items.push(format!("{slots}: {text}"));
    }
    let left_out = monitor.left_out.iter();
    let left_out: Vec<_> = left_out.map(|slot| format!("`{}`", slot.name())).collect();
    if !left_out.is_empty() {
        items.push(format!(
            "{}: outside of `scope`, so no check runs.",
            left_out.join(", ")
        ));
    }
    let check = |watch: &Watch| {
        let words = watch.check.iter().map(String::as_str);
        let line = shlex::try_join(words).unwrap_or_else(|_| watch.check.join(" "));
        code(&line)
    };
    for (slots, check) in grouped(monitor.watches.iter().map(|watch| (watch, check(watch)))) {
        items.push(format!("The check in {slots}: {check}"));
    }
    blocks.push(Block::List(items));
    blocks
}

/// Joins the slots with one text, each text once.
fn grouped<'w>(texts: impl Iterator<Item = (&'w Watch, String)>) -> Vec<(String, String)> {
    let mut groups: Vec<(String, String)> = Vec::new();
    for (watch, text) in texts {
        let slot = format!("`{}`", watch.slot.name());
        match groups.iter_mut().find(|(_, known)| *known == text) {
            Some((slots, _)) => *slots = format!("{slots}, {slot}"),
            None => groups.push((slot, text)),
        }
    }
    groups
}

fn watches(watches: &[Watch]) -> Vec<Vec<String>> {
    let header = [
        "slot",
        "first check",
        "then every",
        "check timeout",
        "ends the action after",
        "time to notice",
        "then",
    ];
    let row = |watch: &Watch| {
        let failures = match (watch.acts_as, watch.failures_to_fire) {
            _ if watch.hindrance.is_some() => "never".to_owned(),
            (OnFailure::Log, _) => "never: it only logs".to_owned(),
            (_, Some(1)) => "1 failure".to_owned(),
            (_, Some(count)) => format!("{count} failures in a row"),
            (OnFailure::Warn, None) => {
                format!("more than {} failures in a row", number(&watch.threshold))
            }
            (_, None) => format!("{} failures in a row", number(&watch.threshold)),
        };
        let then = match (&watch.cancelation, watch.acts_as) {
            (_, OnFailure::Log) => "a status".to_owned(),
            (Cancelation::Terminate, _) => "SIGKILL".to_owned(),
            (Cancelation::NotifyThenTerminate(period), _) => {
                format!("SIGTERM, SIGKILL {} later", seconds(period))
            }
            (Cancelation::Deferred(mode), _) => code(mode),
        };
        vec![
            format!("`{}`", watch.slot.name()),
            seconds(&watch.first_check),
            seconds(&watch.period),
            match (&watch.check_timeout.written, watch.check_timeout.value) {
                (None, None) => "period - 1 s, at most 30 s".to_owned(),
                _ => seconds(&watch.check_timeout),
            },
            failures,
            match (watch.notice, watch.hindrance) {
                (Some(Notice { least, most, .. }), _) => format!("{least} s to {most} s"),
                (None, Some(_)) => "never".to_owned(),
                (None, None) => "not known".to_owned(),
            },
            then,
        ]
    };
    let rows = watches.iter().map(row);
    std::iter::once(header.map(str::to_owned).to_vec())
        .chain(rows)
        .collect()
}

/// Tells what happens in a slot when what is watched fails.
fn story(watch: &Watch) -> String {
    if let Some(hindrance) = watch.hindrance {
        return hindered(watch, hindrance);
    }
    let effect = match (watch.acts_as, watch.failures_to_fire) {
        (OnFailure::Log, _) if watch.on_failure != OnFailure::Log => format!(
            "each failure is reported as a status, and nothing ends the action: in exit slots, `onFailure: {}` applies \
             only if the override of the slot gives it. A failure is noticed",
            watch.on_failure.name()
        ),
        (OnFailure::Log, _) => {
            "each failure is reported as a status, and nothing ends the action. A failure is noticed"
                .to_owned()
        }
        (OnFailure::Warn, Some(count)) => format!(
            "each failure is reported as a status, and number {count} in a row ends the action,"
        ),
        (OnFailure::Terminate, Some(1)) => "the first failure ends the action,".to_owned(),
        (OnFailure::Terminate, Some(count)) => format!("{count} failures in a row end the action,"),
        (_, None) => "failures in a row end the action,".to_owned(),
    };
    let Some(notice) = watch.notice else {
        return format!("{effect} after a time that depends on {}.", unknown(watch));
    };
    let Notice { least, most, .. } = notice;
    let start = match notice.is_from_start {
        true => " The longest time is that of what has failed when the action starts.",
        false => "",
    };
    format!(
        "{effect} {least} s to {most} s after what is watched has failed.{start}{}",
        limit(watch)
    )
}

/// Says that the action's own timeout may come first.
fn limit(watch: &Watch) -> String {
    match &watch.action_timeout {
        Some(timeout) => format!(
            " The action times out after {} in any case.",
            seconds(timeout)
        ),
        None => String::new(),
    }
}

fn hindered(watch: &Watch, hindrance: Hindrance) -> String {
    let limit = watch.action_timeout.as_ref().map(seconds);
    let limit = limit.unwrap_or_default();
    match hindrance {
        Hindrance::CheckTimeout => {
            let follows = match watch.slot.is_exit() {
                true => "the action runs without a monitor",
                false => "the action is not started, and FAILED",
            };
            format!(
                "{follows}, because the timeout of the check ({}) is not less than its period ({}).",
                seconds(&watch.check_timeout),
                seconds(&watch.period)
            )
        }
        Hindrance::NoCheck => {
            format!("no check runs, because the action times out after {limit}.")
        }
        Hindrance::NoFiring => format!(
            "the monitor never ends the action, because that times out after {limit}; failures before are only logged."
        ),
    }
}

/// Returns the format strings that the time to notice depends on.
fn unknown(watch: &Watch) -> String {
    let all = [
        &watch.first_check,
        &watch.period,
        &watch.check_timeout,
        &watch.threshold,
    ];
    let unknown = all.into_iter().filter(|quantity| quantity.value.is_none());
    let mut written: Vec<_> = unknown
        .filter_map(|quantity| quantity.written.as_deref())
        .map(code)
        .collect();
    written.dedup();
    written.join(", ")
}

/// Says what holds for every monitor.
fn general(monitors: &[Monitor]) -> Vec<String> {
    let watches = || monitors.iter().flat_map(|monitor| &monitor.watches);
    let mut items = vec![
        "A check that hangs is killed at its timeout and counts as a failure. A success starts the count of failures \
         anew. No check starts before the one before it has ended."
            .to_owned(),
        "The time to notice is the shortest if what is watched fails just before a check and checks fail at once. It is \
         the longest if it fails just after a check has looked, and the last check hangs until its timeout."
            .to_owned(),
    ];
    if watches().any(|watch| watch.acts_as != OnFailure::Log) {
        items.push(
            "An action that a monitor ends is FAILED, and so is the Session: no further task runs, all Environments \
             exit, and monitors only log from then on."
                .to_owned(),
        );
    }
    let is_by_default = |watch: &Watch| {
        let all = [
            &watch.first_check,
            &watch.period,
            &watch.check_timeout,
            &watch.threshold,
        ];
        let timeout = watch.action_timeout.iter();
        all.into_iter()
            .chain(timeout)
            .any(|quantity| quantity.is_by_default)
    };
    if watches().any(is_by_default) {
        items.push(
            "A number with `default` beside it is that of the default of a parameter; `-p NAME=VALUE` gives another."
                .to_owned(),
        );
    }
    items
}

fn seconds(quantity: &Quantity) -> String {
    match quantity.value {
        Some(_) => {
            let (value, note) = quantity_and_note(quantity);
            format!("{value} s{note}")
        }
        None => number(quantity),
    }
}

fn number(quantity: &Quantity) -> String {
    let (value, note) = quantity_and_note(quantity);
    format!("{value}{note}")
}

/// Returns a number, or the format string in its place, and how it is written.
fn quantity_and_note(quantity: &Quantity) -> (String, String) {
    let written = quantity.written.as_deref().map(code);
    match (quantity.value, written) {
        (Some(value), Some(written)) if quantity.is_by_default => {
            (value.to_string(), format!(" ({written}, default)"))
        }
        (Some(value), Some(written)) => (value.to_string(), format!(" ({written})")),
        (Some(value), None) if quantity.is_by_default => {
            (value.to_string(), " (default)".to_owned())
        }
        (Some(value), None) => (value.to_string(), String::new()),
        (None, Some(written)) => (written, String::new()),
        (None, None) => ("not known".to_owned(), String::new()),
    }
}
