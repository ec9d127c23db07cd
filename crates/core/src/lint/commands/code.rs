//! The texts that shells read, and the embedded files that they run in turn.

use super::invocation;
use super::owner::{File, only_file};
use crate::lint::references;
use crate::lint::shell::{self, Language, ShellScript};
use crate::template::Path;

/// A text that a shell reads.
pub(crate) struct Code<'d> {
    pub path: Path,
    pub text: &'d str,
    pub language: Language,
    pub script: ShellScript,
    /// The name of the embedded file; `None` for a command line.
    pub file: Option<&'d str>,
    /// True if its exit status becomes that of the action.
    pub is_whole: bool,
    /// True if it is one of several arguments that the shell joins to a command line.
    pub is_piece: bool,
}

impl<'d> Code<'d> {
    pub(super) fn new(
        path: Path,
        text: &'d str,
        language: Language,
        file: Option<&'d str>,
        is_whole: bool,
    ) -> Self {
        Self {
            script: shell::read(text, language, &references::ranges(text)),
            path,
            text,
            language,
            file,
            is_whole,
            is_piece: false,
        }
    }

    /// Returns the embedded files that its commands run, each with the language of the shell that the command
    /// names, if it names one.
    pub(super) fn files_run(&self) -> Vec<(&'d str, Option<Language>)> {
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

impl<'d> Code<'d> {
    /// Returns the code of an embedded file; `None` if no shell is known to read it.
    pub(super) fn of_file(
        file: &File<'d>,
        language: Option<Language>,
        is_whole: bool,
    ) -> Option<Self> {
        let language =
            language.or_else(|| invocation::language_of_file(file.text, file.file_name))?;
        let path = file.data.path.clone();
        Some(Self::new(
            path,
            file.text,
            language,
            Some(file.name),
            is_whole,
        ))
    }
}
