//! `command-of-another-system`: a command that the operating system does not have that its step requires.

use crate::lint::commands::ActionCommand;
use crate::lint::finding::{Draft, Place};
use crate::lint::hosts::Families;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::shell::base_name;

pub(super) static RULE: Rule = rule!(
    "command-of-another-system",
    Warning,
    "a command of Windows in a step for Linux or macOS, or the other way around",
    []
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let template = pass.context.document.value();
    let actions = pass.commands.all();
    actions
        .filter_map(|action| judge(action, Families::of(template, action.owner.home)))
        .collect()
}

fn judge(action: &ActionCommand<'_>, families: Families) -> Option<Draft> {
    if families.is_windows_only() == families.is_posix_only() {
        return None;
    }
    let (place, command) = match action.action.child("command") {
        Some(command) => (Place::Value(command.path.clone()), command.value.as_str()?),
        None => (Place::Key(action.action.path.clone()), action.name),
    };
    let file = action.file();
    // It says itself what it is run with.
    if file.is_some_and(|file| file.text.starts_with("#!")) {
        return None;
    }
    let name = file.map_or(command, |file| file.file_name);
    let (is_foreign, message) = match families.is_windows_only() {
        true => (
            name.starts_with('/'),
            format!("`{name}` is a path of Linux and macOS, and the step runs on Windows only"),
        ),
        false => (
            is_of_windows(name),
            format!("`{name}` is a command of Windows, and the step runs on Linux or macOS only"),
        ),
    };
    let help =
        "change the command, or the `attr.worker.os.family` of the step's `hostRequirements`";
    is_foreign.then(|| Draft::new(&RULE, place, message).help(help))
}

fn is_of_windows(command: &str) -> bool {
    let name = base_name(command).to_lowercase();
    let has_drive = command
        .get(1..3)
        .is_some_and(|rest| rest == ":\\" || rest == ":/");
    let is_script = [".bat", ".cmd", ".ps1"]
        .iter()
        .any(|ending| name.ends_with(ending));
    has_drive
        || is_script
        || command.to_lowercase().ends_with(".exe")
        || ["cmd", "powershell"].contains(&name.as_str())
}
