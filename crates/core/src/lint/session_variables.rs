//! The variables that `onEnter` sets with messages, and uses of them that nothing tests.

use super::commands::{Code, Script, file_names};
use super::shell::{Command, Language, Variable, base_name};
use crate::template::Slot;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The texts of an action: its command line and the embedded files that it names, directly or not.
pub(crate) fn texts<'d>(script: &Script<'d>, action: &str) -> Vec<&'d str> {
    let Some(action) = script.action(action) else {
        return Vec::new();
    };
    let strings = action.action.action_strings();
    let mut texts: Vec<&str> = strings
        .iter()
        .filter_map(|field| field.value.as_str())
        .collect();
    let mut seen = HashSet::new();
    let mut next = 0;
    while let Some(text) = texts.get(next) {
        let named = file_names(text).filter_map(|name| script.owner.file(name));
        let new = named.filter(|file| seen.insert(file.name));
        let new: Vec<_> = new.map(|file| file.text).collect();
        texts.extend(new);
        next += 1;
    }
    texts
}

/// Returns the variables that `onEnter` sets with messages and that have no value before.
pub(crate) fn set_on_enter<'d>(script: &Script<'d>) -> BTreeSet<&'d str> {
    let variables = script.owner.value.get("variables");
    let has_value = |name: &&str| variables.is_some_and(|variables| variables.get(*name).is_some());
    let texts = texts(script, Slot::OnEnter.name()).into_iter();
    let names = texts.flat_map(names_set);
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
pub(crate) fn unguarded<'c>(
    code: &'c Code<'_>,
    set: &BTreeSet<&str>,
) -> BTreeMap<&'c str, &'c Variable> {
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
