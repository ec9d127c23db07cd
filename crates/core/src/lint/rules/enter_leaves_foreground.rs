//! `enter-leaves-foreground`: an `onEnter` that runs a server, and so never ends.

use crate::lint::commands::{Code, Script};
use crate::lint::endless::{self, Endless};
use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::session_variables::texts;
use crate::lint::shell::{Command, Joint, Language};
use crate::template::Slot;

pub(super) static RULE: Rule = rule!(
    "enter-leaves-foreground",
    Warning,
    "an `onEnter` that waits for a server, or for something else that does not end",
    []
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let environments = pass.commands.scripts.iter();
    let environments = environments.filter(|script| !script.owner.is_step);
    environments.flat_map(judge).collect()
}

fn judge(script: &Script<'_>) -> Vec<Draft> {
    let Some(enter) = script.action(Slot::OnEnter.name()) else {
        return Vec::new();
    };
    let others = Slot::ALL.into_iter().filter(|slot| *slot != Slot::OnEnter);
    let others: Vec<_> = others.flat_map(|slot| texts(script, slot.name())).collect();
    let is_used = |name: &str| others.iter().any(|text| text.contains(name));
    if let Some(endless) = endless::of(&enter.words(), &is_used) {
        let place = Place::Value(enter.action.path.key("command"));
        return vec![draft(place, &endless)];
    }
    let codes = enter.code.iter().filter(|code| is_judged(code));
    codes.filter_map(|code| of_code(code, &is_used)).collect()
}

/// Returns true for code without groups and functions, and without compound commands in the background.
fn is_judged(code: &Code<'_>) -> bool {
    let is_plain = |command: &Command| {
        let first = command.words.first().map(|word| word.text.as_str());
        let is_end = matches!(first, Some("}" | "done" | "fi" | "esac"));
        first.is_some_and(|first| first != "function") && !(is_end && command.is_background)
    };
    let script = &code.script;
    code.language == Language::Sh && script.is_whole && script.commands.iter().all(is_plain)
}

/// The first command that does not end: what follows it is never run.
fn of_code(code: &Code<'_>, is_used: &dyn Fn(&str) -> bool) -> Option<Draft> {
    let commands = &code.script.commands;
    commands.iter().enumerate().find_map(|(index, command)| {
        let next = commands.get(index + 1);
        // A pipe may end with the command behind it.
        let is_read = next.is_some_and(|next| next.joint == Joint::Pipe);
        if command.is_background || is_read || is_set_free(command) {
            return None;
        }
        let endless = endless::of(command.program(), is_used)?;
        Some(draft(
            Place::Text(code.path.clone(), command.range()?),
            &endless,
        ))
    })
}

/// Returns true for `setsid`, which may go to the background.
fn is_set_free(command: &Command) -> bool {
    command.words.iter().any(|word| word.text == "setsid")
}

fn draft(place: Place, endless: &Endless) -> Draft {
    let name = &endless.name;
    let help = match endless.detach {
        Some(option) => format!("add `{option}`, which runs it in the background"),
        None => "run it in the background, as in `… >server.log 2>&1 &`, and stop it in `onExit`"
            .to_owned(),
    };
    let message =
        format!("`{name}` does not end here, so `onEnter` never ends, and no task starts");
    Draft::new(&RULE, place, message).help(help)
}
