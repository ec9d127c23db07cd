//! `unguarded-session-variable`: a check beside `onEnter` that needs what `onEnter` is yet to set
//! (VAR-5).

use crate::lint::commands::{self, CheckCommand, Code};
use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Level, Rule, rule};
use crate::lint::shell::{Command, Language, Variable, base_name};
use crate::template::{Environment, Field, Slot};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static RULE: Rule = rule!(
    "unguarded-session-variable",
    Warning,
    "a check of `onEnter` that uses a variable set by this `onEnter`, without testing it",
    ["VAR-5"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    pass.commands.iter().flat_map(judge).collect()
}

fn judge(check: &CheckCommand<'_, '_>) -> Vec<Draft> {
    let monitor = check
        .monitors
        .iter()
        .find(|monitor| monitor.slot == Slot::OnEnter);
    let Some(monitor) = monitor else {
        return Vec::new();
    };
    let set = variables_set(check.environment);
    let mut drafts = Vec::new();
    for code in check.code.iter().filter(|_| !set.is_empty()) {
        for (_, variable) in unguarded(code, &set) {
            let draft = draft(check, code, variable);
            drafts.push(if monitor.can_fire() {
                draft
            } else {
                draft.level(Level::Info)
            });
        }
    }
    drafts
}

/// The variables that `onEnter` sets with messages, and that have no value before.
fn variables_set<'d>(environment: &Environment<'d>) -> BTreeSet<&'d str> {
    let action = environment
        .actions()
        .and_then(|actions| actions.get(Slot::OnEnter.name()));
    let Some(value) = action else {
        return BTreeSet::new();
    };
    let action = Field {
        path: environment.actions_path().key(Slot::OnEnter.name()),
        value,
    };
    let mut texts: Vec<&str> = action
        .action_strings()
        .iter()
        .filter_map(|field| field.value.as_str())
        .collect();
    let files = commands::embedded(environment);
    let mut next = 0;
    while let Some(text) = texts.get(next) {
        for name in commands::file_names(text) {
            let file = files.iter().find(|file| file.name == name);
            texts.extend(
                file.map(|file| file.text)
                    .filter(|text| !texts.contains(text)),
            );
        }
        next += 1;
    }
    let has_value = |name: &&str| {
        let variables = environment.value.get("variables");
        variables.is_some_and(|variables| variables.get(*name).is_some())
    };
    let names = texts.into_iter().flat_map(names_set);
    names.filter(|name| !has_value(name)).collect()
}

/// The names in the messages of a text that set variables.
fn names_set(text: &str) -> impl Iterator<Item = &str> {
    let messages = ["openjd_env: ", "openjd_redacted_env: "];
    let rests = messages
        .into_iter()
        .flat_map(|message| text.split(message).skip(1));
    rests.filter_map(|rest| {
        // The value may be a JSON string, with its quotes escaped for the shell.
        let rest = rest.trim_start_matches(['"', '\\', ' ']);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        (end > 0 && rest[end..].starts_with('=')).then(|| &rest[..end])
    })
}

/// The first use of each variable that nothing in the code tests.
fn unguarded<'c>(code: &'c Code<'_>, set: &BTreeSet<&str>) -> BTreeMap<&'c str, &'c Variable> {
    let mut uses: BTreeMap<&str, &Variable> = BTreeMap::new();
    let mut tested: BTreeSet<&str> = BTreeSet::new();
    for command in &code.script.commands {
        command.visit(&mut |command| {
            let is_test = match code.language {
                Language::Sh => tests_whether_set(command),
                _ => command
                    .words
                    .iter()
                    .any(|word| word.text.eq_ignore_ascii_case("if")),
            };
            if is_test {
                // `-v NAME`
                tested.extend(command.words.iter().map(|word| word.text.as_str()));
            }
            let assigned = command
                .words
                .iter()
                .filter_map(|word| word.text.split_once('='));
            tested.extend(assigned.map(|(name, _)| name));
            for variable in command.variables() {
                if variable.has_operator || is_test {
                    tested.insert(&variable.name);
                }
                uses.entry(&variable.name).or_insert(variable);
            }
        });
    }
    uses.retain(|name, _| set.contains(name) && !tested.contains(name));
    uses
}

/// Returns true for a `test` of a variable's text, as opposed to one of a file or a number.
fn tests_whether_set(command: &Command) -> bool {
    let Some((program, operands)) = command.program().split_first() else {
        return false;
    };
    let texts: Vec<_> = operands.iter().map(|word| word.text.as_str()).collect();
    let is_alone = texts
        .iter()
        .filter(|text| !["]", "]]", "!"].contains(text))
        .count()
        == 1;
    let compares = ["-n", "-z", "-v", "=", "==", "!="];
    ["test", "[", "[["].contains(&base_name(&program.text))
        && (is_alone || texts.iter().any(|text| compares.contains(text)))
}

fn draft(check: &CheckCommand<'_, '_>, code: &Code<'_>, variable: &Variable) -> Draft {
    let name = &variable.name;
    let message = format!(
        "`{name}` may not be set yet: checks start before `onEnter` sets it with `openjd_env`"
    );
    let place = Place::Text(code.path.clone(), variable.range.clone());
    let key = check.environment.actions_path().key(Slot::OnEnter.name());
    let draft = Draft::new(&RULE, place, message).related(
        Place::Key(key),
        "this action sets it, and is monitored itself",
    );
    draft.help(match code.language {
        Language::Sh => format!(
            "test it first, as in `[ -n \"${{{name}:-}}\" ] || exit 0`, or leave `onEnter` out of `scope`"
        ),
        _ => "test it first, or leave `onEnter` out of `scope`".to_owned(),
    })
}
