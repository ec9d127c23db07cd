//! `exit-not-guarded`: an `onExit` that needs what `onEnter` sets, and also runs when `onEnter` has failed.

use crate::lint::commands::{ActionCommand, Code, Script};
use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Level, Rule, rule};
use crate::lint::session_variables::{set_on_enter, unguarded};
use crate::lint::shell::{
    CONTAINER_CLIENTS, Command, Joint, Language, Options, UNKNOWN, Variable, base_name, of_script,
};
use crate::template::Slot;
use std::collections::HashMap;

pub(super) static RULE: Rule = rule!(
    "exit-not-guarded",
    Warning,
    "an `onExit` that uses a variable set by `onEnter`, and fails or does harm without it",
    []
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let environments = pass.commands.scripts.iter();
    let environments = environments.filter(|script| !script.owner.is_step);
    environments.flat_map(judge).collect()
}

fn judge(script: &Script<'_>) -> Vec<Draft> {
    let action = |slot: Slot| script.action(slot.name());
    let (Some(enter), Some(exit)) = (action(Slot::OnEnter), action(Slot::OnExit)) else {
        return Vec::new();
    };
    let set = set_on_enter(script);
    if set.is_empty() || always_succeeds(enter) {
        return Vec::new();
    }
    let options = exit.invocation.as_ref().map(|shell| &*shell.options);
    let mut drafts = Vec::new();
    for code in exit.code.iter().filter(|code| is_judged(code)) {
        let options = Options::at_end(&code.script, options.unwrap_or_default());
        let users = users(code);
        for variable in unguarded(code, &set).into_values() {
            let effect = effect(code, variable, &options, &users);
            drafts.extend(effect.map(|effect| draft(script, code, variable, effect)));
        }
    }
    drafts
}

/// Returns true if `onEnter` sets its variables whatever happens.
fn always_succeeds(enter: &ActionCommand<'_>) -> bool {
    let succeeds = |code: &Code<'_>| of_script(&code.script, code.language, &[]).is_some();
    enter
        .code
        .iter()
        .any(|code| code.is_whole && succeeds(code))
}

/// Returns true for code that is understood: what stands behind a condition may have been tested by it.
fn is_judged(code: &Code<'_>) -> bool {
    let exits = code.script.commands.iter().any(|command| {
        command
            .words
            .iter()
            .any(|word| ["exit", "return", "trap"].contains(&&*word.text))
    });
    code.language == Language::Sh && !code.is_piece && code.script.is_whole && !exits
}

/// Consequence of a variable that is not set.
enum Effect {
    /// The script ends where the variable stands.
    Ends,
    /// The command fails, and the script with it.
    Fails(String),
    /// The command removes files that have nothing to do with the Environment.
    Removes,
}

/// Returns the indices of the commands that use each variable, by its start and its name.
fn users<'c>(code: &'c Code<'_>) -> HashMap<(usize, &'c str), usize> {
    let mut users = HashMap::new();
    for (index, command) in code.script.commands.iter().enumerate() {
        command.visit(&mut |command| {
            for variable in command.variables() {
                let key = (variable.range.start, variable.name.as_str());
                users.entry(key).or_insert(index);
            }
        });
    }
    users
}

fn effect(
    code: &Code<'_>,
    variable: &Variable,
    options: &Options,
    users: &HashMap<(usize, &str), usize>,
) -> Option<Effect> {
    let commands = &code.script.commands;
    let index = *users.get(&(variable.range.start, variable.name.as_str()))?;
    let command = &commands[index];
    if options.nounset {
        return Some(Effect::Ends);
    }
    if removes_below(command, variable) {
        return Some(Effect::Removes);
    }
    let next = commands.get(index + 1);
    let is_last = next.is_none() || options.errexit;
    let is_alone =
        command.joint == Joint::Next && next.is_none_or(|next| next.joint == Joint::Next);
    let name = needs_operand(command, variable)?;
    (is_last && is_alone && !command.is_background).then(|| Effect::Fails(name.to_owned()))
}

/// Returns true for `rm -r "$NAME/…"`.
fn removes_below(command: &Command, variable: &Variable) -> bool {
    let [program, arguments @ ..] = command.program() else {
        return false;
    };
    let is_recursive = arguments.iter().any(|word| {
        let letters = word.text.strip_prefix('-').unwrap_or_default();
        letters == "-recursive" || !letters.starts_with('-') && letters.contains(['r', 'R'])
    });
    let is_below = arguments.iter().any(|word| {
        let mut rest = word.text.chars();
        word.variables.first() == Some(variable)
            && rest.next() == Some(UNKNOWN)
            && rest.next() == Some('/')
    });
    base_name(&program.text) == "rm" && is_recursive && is_below
}

/// Returns the name of a command whose only operand is the variable, and that fails without one.
fn needs_operand<'c>(command: &'c Command, variable: &Variable) -> Option<&'c str> {
    let [program, arguments @ ..] = command.program() else {
        return None;
    };
    // A keyword makes it a condition, or a part of something larger.
    if command.words.first()?.range != program.range {
        return None;
    }
    let name = base_name(&program.text);
    let texts: Vec<_> = arguments.iter().map(|word| word.text.as_str()).collect();
    let fails = match name {
        _ if CONTAINER_CLIENTS.contains(&name) => matches!(
            texts[..],
            ["stop" | "rm" | "kill", ..] | ["container", "stop" | "rm" | "kill", ..]
        ),
        "apptainer" | "singularity" => matches!(texts[..], ["instance", "stop", ..]),
        "kill" | "umount" | "fusermount" | "rmdir" => true,
        _ => false,
    };
    let mut operands = arguments.iter().filter(|word| !word.is_known());
    let operand = operands.next()?;
    let is_only = operand.variables.first() == Some(variable)
        && operand.text == UNKNOWN.to_string()
        && operands.next().is_none();
    (fails && is_only).then_some(name)
}

fn draft(script: &Script<'_>, code: &Code<'_>, variable: &Variable, effect: Effect) -> Draft {
    let name = &variable.name;
    let unset = format!("`{name}` is not set if `onEnter` fails before it sets it");
    let (level, message) = match effect {
        Effect::Ends => (Level::Info, format!("{unset}: `set -u` ends `onExit` here")),
        Effect::Fails(program) => (
            Level::Info,
            format!("{unset}: `{program}` fails without it, and so does `onExit`"),
        ),
        Effect::Removes => (
            Level::Warning,
            format!("{unset}: `rm` then removes what is in the root folder"),
        ),
    };
    let key = script
        .owner
        .path
        .key("script")
        .key("actions")
        .key(Slot::OnEnter.name());
    Draft::new(
        &RULE,
        Place::Text(code.path.clone(), variable.range.clone()),
        message,
    )
    .level(level)
    .related(
        Place::Key(key),
        "this action sets it; `onExit` runs even if it fails",
    )
    .help(format!(
        "test it first, as in `[ -n \"${{{name}:-}}\" ] || exit 0`"
    ))
}
