//! A description in words and tables.

use super::Described;
use super::page::Block;
use openjd_monitor_core::describe::{
    Cancelation, Monitor, Notice, Owner, Part, Runs, Unwatched, Watch, Watcher, number, seconds,
    story,
};
use openjd_monitor_core::shown::code;
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
