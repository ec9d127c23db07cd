//! The checks of a template, each with the code that it runs: the command lines of shells and the
//! embedded files, each read once.

mod invocation;

use super::context::Context;
use super::monitored::Monitored;
use super::references;
use super::shell::{self, Language, ShellScript, Word};
use crate::template::{Effective, Environment, Field, Path, text_of};
use invocation::{Invocation, Runs};
use serde_json::Value;

/// One `command` that is written in a monitor or an override, and is used.
pub(crate) struct CheckCommand<'c, 'd> {
    pub environment: &'c Environment<'d>,
    /// The `<Action>`.
    pub action: Field<'d>,
    /// The effective monitors that have it, one a slot.
    pub monitors: Vec<&'c Effective<'d>>,
    /// The code that it runs, as far as that can be told.
    pub code: Vec<Code<'d>>,
    /// The invocation of the shell, if the command is one.
    pub invocation: Option<Invocation<'d>>,
}

/// A text that a shell reads.
pub(crate) struct Code<'d> {
    pub path: Path,
    pub text: &'d str,
    pub language: Language,
    pub script: ShellScript,
    /// The name of the embedded file; `None` for a command line.
    pub file: Option<&'d str>,
    /// True if the check ends with its exit status.
    pub is_whole_check: bool,
    /// True if it is one of several arguments that make up a command line.
    pub is_piece: bool,
}

/// The checks of all monitors that are used.
pub(crate) fn of<'c, 'd>(context: &'c Context<'d>) -> Vec<CheckCommand<'c, 'd>> {
    context.monitors.iter().flat_map(of_monitor).collect()
}

fn of_monitor<'c, 'd>(monitored: &'c Monitored<'d>) -> Vec<CheckCommand<'c, 'd>> {
    let actions = monitored.by_place(|monitor| {
        let action = monitor.command.as_ref()?;
        Some((action.path.clone(), (action, monitor)))
    });
    let groups = actions.into_iter().map(|(_, group)| {
        let monitors = group.iter().map(|(_, monitor)| *monitor).collect();
        CheckCommand::new(&monitored.environment, group[0].0.clone(), monitors)
    });
    groups.collect()
}

impl<'c, 'd> CheckCommand<'c, 'd> {
    fn new(
        environment: &'c Environment<'d>,
        action: Field<'d>,
        monitors: Vec<&'c Effective<'d>>,
    ) -> Self {
        let mut check = Self {
            environment,
            invocation: invocation::of(&action),
            action,
            monitors,
            code: Vec::new(),
        };
        if let Some(invocation) = &check.invocation {
            let language = invocation.language;
            let is_only = invocation.is_transparent && invocation.pieces.len() == 1;
            match invocation.runs {
                Runs::File => {
                    let piece = &invocation.pieces[0];
                    if let Some(name) = only_file(piece.value.as_str().unwrap_or_default()) {
                        let is_whole = invocation.is_transparent;
                        add_file(&mut check.code, environment, name, language, is_whole);
                    }
                }
                Runs::CommandLine => {
                    for piece in &invocation.pieces {
                        if let Value::String(text) = piece.value {
                            let path = piece.path.clone();
                            let language = language.unwrap_or(Language::Sh);
                            check.code.push(Code {
                                is_piece: invocation.pieces.len() > 1,
                                ..Code::new(path, text, language, None, is_only)
                            });
                        }
                    }
                }
            }
        }
        check.follow();
        check
    }

    /// Adds the embedded files that the code so far runs.
    fn follow(&mut self) {
        let mut next = 0;
        while let Some(code) = self.code.get(next) {
            let is_only = code.is_whole_check && code.script.commands.len() == 1;
            for (name, language) in code.files_run() {
                add_file(&mut self.code, self.environment, name, language, is_only);
            }
            next += 1;
        }
    }

    /// The words of the command, of which only the constant ones are known.
    pub fn words(&self) -> Vec<Word> {
        let texts = self.action.action_strings();
        texts.iter().map(|field| known(field.value)).collect()
    }

    /// The names of the embedded files that the command names, run or not.
    pub fn files(&self) -> Vec<&'d str> {
        let texts = self.action.action_strings().into_iter();
        texts
            .filter_map(|field| field.value.as_str())
            .flat_map(file_names)
            .collect()
    }
}

/// A whole argument as a word.
pub(crate) fn known(value: &Value) -> Word {
    let text = text_of(value);
    if text.contains("{{") {
        return Word::argument(shell::UNKNOWN.to_string());
    }
    Word::argument(text)
}

impl<'d> Code<'d> {
    fn new(
        path: Path,
        text: &'d str,
        language: Language,
        file: Option<&'d str>,
        is_whole_check: bool,
    ) -> Self {
        Self {
            script: shell::read(text, language, &references::ranges(text)),
            path,
            text,
            language,
            file,
            is_whole_check,
            is_piece: false,
        }
    }

    /// Returns true if `written` is the whole text.
    pub fn is_all_of(&self, written: &str) -> bool {
        !self.is_piece && self.text.trim() == written
    }

    /// The embedded files that its commands run, each with the language of the shell that reads
    /// it, if a shell is named.
    fn files_run(&self) -> Vec<(&'d str, Option<Language>)> {
        let mut found = Vec::new();
        for command in &self.script.commands {
            let [program, arguments @ ..] = command.program() else {
                continue;
            };
            let name = shell::base_name(&program.text);
            let is_source = ["source", ".", "call"].contains(&name);
            let language = if is_source {
                Some(self.language)
            } else {
                invocation::language_of(name)
            };
            let script = match language {
                Some(_) => arguments.iter().find(|word| !word.text.starts_with('-')),
                None => Some(program),
            };
            let is_line = arguments.iter().any(|word| {
                word.text.starts_with('-') && word.text.contains('c') && language.is_some()
            });
            let text = script.and_then(|word| self.text.get(word.range.clone()));
            let text = text.filter(|_| !is_line).unwrap_or_default();
            let text = text.trim_matches(['"', '\'']);
            found.extend(only_file(text).map(|name| (name, language)));
        }
        found
    }
}

/// The file of `{{Env.File.<name>}}`, if that is all of the text.
fn only_file(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    let name = inner.trim().strip_prefix("Env.File.")?;
    (!name.is_empty() && !name.contains(|c: char| !c.is_alphanumeric() && c != '_')).then_some(name)
}

/// The names in every `Env.File.<name>` of a text.
pub(crate) fn file_names(text: &str) -> impl Iterator<Item = &str> {
    text.split("Env.File.").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// An embedded file with text.
pub(crate) struct File<'d> {
    pub name: &'d str,
    pub file_name: &'d str,
    pub data: Field<'d>,
    pub text: &'d str,
}

/// The embedded files of an Environment.
pub(crate) fn embedded<'d>(environment: &Environment<'d>) -> Vec<File<'d>> {
    let path = environment.path.key("script").key("embeddedFiles");
    let script = environment.value.get("script");
    let list = script.and_then(|script| script.get("embeddedFiles"));
    let list = list.and_then(Value::as_array).into_iter().flatten();
    let file = |(index, value): (usize, &'d Value)| {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        Some(File {
            name: text("name")?,
            file_name: text("filename").unwrap_or_default(),
            data: Field {
                path: path.index(index).key("data"),
                value: value.get("data")?,
            },
            text: text("data")?,
        })
    };
    list.enumerate().filter_map(file).collect()
}

fn add_file<'d>(
    code: &mut Vec<Code<'d>>,
    environment: &Environment<'d>,
    name: &str,
    language: Option<Language>,
    is_whole_check: bool,
) {
    if code.iter().any(|code| code.file == Some(name)) {
        return;
    }
    let files = embedded(environment);
    let Some(file) = files.into_iter().find(|file| file.name == name) else {
        return;
    };
    let language = language.or_else(|| invocation::language_of_file(file.text, file.file_name));
    if let Some(language) = language {
        let path = file.data.path;
        code.push(Code::new(
            path,
            file.text,
            language,
            Some(file.name),
            is_whole_check,
        ));
    }
}
