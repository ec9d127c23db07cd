//! `ignored-message`: a message to the runtime that has no effect where it is printed (OUT-2), or as it is
//! written.

use crate::lint::commands::{self, Script};
use crate::lint::finding::{Draft, Place};
use crate::lint::messages::{self, Form, Printed};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use crate::template::{Environment, Segment, visit};
use std::collections::BTreeSet;

pub(super) static RULE: Rule = rule!(
    "ignored-message",
    Warning,
    "a message that has no effect where it is printed, or as it is written",
    ["OUT-1", "OUT-2"]
);

/// The messages that change the Session's variables, which tasks cannot.
const OF_VARIABLES: [&str; 3] = ["openjd_env", "openjd_unset_env", "openjd_redacted_env"];

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let environments = pass.context.environments.iter().enumerate();
    for (index, environment) in environments {
        let mut checks = pass.commands.checks_of(index).peekable();
        let script = &pass.commands.scripts[index];
        if checks.peek().is_none() || !mentions_message(script, environment) {
            continue;
        }
        let shared = shared_files(script, environment);
        for check in checks {
            let is_own = |file: &str| !shared.contains(file);
            for message in messages::printed(&check.run, &is_own) {
                drafts.extend(malformed(&message).or_else(|| of_check(&message)));
            }
        }
    }
    for action in pass.commands.actions() {
        let is_task = action.owner.is_step;
        for message in messages::printed(action, &|_| true) {
            let without_effect = || of_task(&message).filter(|_| is_task);
            drafts.extend(malformed(&message).or_else(without_effect));
        }
    }
    drafts
}

/// Returns true if any text of the Environment could have a message.
fn mentions_message(script: &Script<'_>, environment: &Environment<'_>) -> bool {
    let mut is_mentioned = script
        .owner
        .files
        .iter()
        .any(|file| file.text.contains("openjd"));
    visit(environment.value, &mut |_, value| {
        is_mentioned |= value.as_str().is_some_and(|text| text.contains("openjd"));
    });
    is_mentioned
}

/// The names of the files that something else than the monitor refers to.
fn shared_files<'d>(script: &Script<'d>, environment: &Environment<'d>) -> BTreeSet<&'d str> {
    let key = |name: &str| Segment::Key(name.into());
    let monitor = [key("script"), key("actions"), key("onMonitor")];
    let files = [key("script"), key("embeddedFiles")];
    let mut named = Vec::new();
    visit(environment.value, &mut |path, value| {
        let is_outside =
            !path.segments().starts_with(&monitor) && !path.segments().starts_with(&files);
        if let Some(text) = value.as_str().filter(|_| is_outside) {
            named.extend(commands::file_names(text));
        }
    });
    let mut shared = BTreeSet::new();
    while let Some(name) = named.pop() {
        if shared.insert(name) {
            let file = script.owner.file(name).into_iter();
            named.extend(file.flat_map(|file| commands::file_names(file.text)));
        }
    }
    shared
}

fn name<'t>(message: &'t Printed<'_>) -> &'t str {
    let written = message.text.get(message.range.clone()).unwrap_or_default();
    written.split(':').next().unwrap_or_default().trim_start()
}

fn draft(message: &Printed<'_>, text: String, help: impl Into<String>) -> Draft {
    let place = Place::Text(message.path.clone(), message.range.clone());
    Draft::new(&RULE, place, text).help(help)
}

/// Reports a message that the runtime does not recognize.
fn malformed(message: &Printed<'_>) -> Option<Draft> {
    let name = name(message);
    let is_of_variables = OF_VARIABLES.contains(&name);
    let outcome = match is_of_variables {
        true => "the runtime takes it for malformed, and cancels the action",
        false => "the runtime takes it for a line of the log",
    };
    match message.form {
        Form::Right => None,
        Form::Indented => Some(draft(
            message,
            format!("white space stands before `{name}`: {outcome}"),
            format!("start the line with `{name}: `"),
        )),
        Form::Unspaced => Some(draft(
            message,
            format!("no space follows the colon of `{name}:`: {outcome}"),
            format!("write `{name}: `"),
        )),
        Form::Misspelt(near) => Some(draft(
            message,
            format!("`{name}` is not a message: the runtime takes it for a line of the log"),
            match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "the messages are {}",
                    spelling::list(messages::NAMES, "and")
                ),
            },
        )),
    }
}

fn of_check(message: &Printed<'_>) -> Option<Draft> {
    let name = name(message);
    let help = match name {
        "openjd_status" | "openjd_fail" => return None,
        "openjd_progress" => "report with `openjd_status`: only an action can report progress",
        "openjd_session_runtime_loglevel" => "let the monitored action print it",
        _ => "let the monitored action print it: a check cannot change the Session's variables",
    };
    let text = format!("`{name}` has no effect when a check prints it");
    Some(draft(message, text, help))
}

fn of_task(message: &Printed<'_>) -> Option<Draft> {
    let name = name(message);
    OF_VARIABLES.contains(&name).then(|| {
        draft(
            message,
            format!("`{name}` has no effect when a task prints it"),
            "print it in the `onEnter` of an Environment, or write a file to hand a value on to later tasks",
        )
    })
}
