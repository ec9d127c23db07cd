//! An action with the code that it runs, each text read once.

use super::code::Code;
use super::invocation::{self, Invocation, Runs};
use super::owner::{File, Owner, only_file};
use crate::lint::shell::{self, Language, Word};
use crate::template::{Field, text_of};
use serde_json::Value;
use std::rc::Rc;

/// One `<Action>`, with the code that it runs.
pub(crate) struct ActionCommand<'d> {
    pub owner: Rc<Owner<'d>>,
    /// The name of the action, such as `onEnter`.
    pub name: &'d str,
    /// The `<Action>`.
    pub action: Field<'d>,
    /// The shell code that it runs, as far as that can be determined.
    pub code: Vec<Code<'d>>,
    /// The invocation of the shell, if the command is one.
    pub invocation: Option<Invocation<'d>>,
}

/// The keys of a step that are short for a script, each with its language if that is a shell.
const SUGAR: [(&str, Option<Language>); 5] = [
    ("bash", Some(Language::Sh)),
    ("cmd", Some(Language::Cmd)),
    ("powershell", Some(Language::PowerShell)),
    ("python", None),
    ("node", None),
];

impl<'d> ActionCommand<'d> {
    pub(super) fn new(owner: &Rc<Owner<'d>>, name: &'d str, action: Field<'d>) -> Self {
        let mut run = Self {
            owner: Rc::clone(owner),
            name,
            invocation: invocation::of(&action),
            action,
            code: Vec::new(),
        };
        run.add_invoked();
        run.follow();
        run
    }

    /// Returns true if it has a timeout of its own.
    pub fn has_timeout(&self) -> bool {
        self.action.child("timeout").is_some()
    }

    /// Returns the action that a step's `bash`, `python` or similar key is short for.
    pub(super) fn of_sugar(owner: &Rc<Owner<'d>>) -> Option<Self> {
        let (key, language) = SUGAR
            .into_iter()
            .find(|(key, _)| owner.value.get(key).is_some_and(Value::is_object))?;
        let action = Field {
            path: owner.path.key(key),
            value: owner.value.get(key)?,
        };
        let script = action.child("script")?;
        let text = script.value.as_str()?;
        let code = language.map(|language| Code::new(script.path, text, language, Some(key), true));
        Some(Self {
            owner: Rc::clone(owner),
            name: key,
            action,
            code: code.into_iter().collect(),
            invocation: None,
        })
    }

    fn add_invoked(&mut self) {
        let Some(invocation) = &self.invocation else {
            return;
        };
        let language = invocation.language;
        let is_only = invocation.is_transparent && invocation.pieces.len() == 1;
        match invocation.runs {
            Runs::File => {
                let text = invocation.pieces[0].value.as_str().unwrap_or_default();
                let file = only_file(text).and_then(|name| self.owner.file(name));
                let is_whole = invocation.is_transparent;
                let code = file.and_then(|file| Code::of_file(file, language, is_whole));
                self.code.extend(code);
            }
            Runs::CommandLine => {
                for piece in &invocation.pieces {
                    if let Value::String(text) = piece.value {
                        let path = piece.path.clone();
                        let language = language.unwrap_or(Language::Sh);
                        self.code.push(Code {
                            is_piece: invocation.pieces.len() > 1,
                            ..Code::new(path, text, language, None, is_only)
                        });
                    }
                }
            }
        }
    }

    /// Adds the embedded files that the code found so far runs.
    fn follow(&mut self) {
        let mut known: std::collections::HashSet<_> =
            self.code.iter().filter_map(|code| code.file).collect();
        let mut next = 0;
        while let Some(code) = self.code.get(next) {
            let is_only = code.is_whole && code.script.commands.len() == 1;
            for (name, language) in code.files_run() {
                let file = self.owner.file(name).filter(|_| known.insert(name));
                let code = file.and_then(|file| Code::of_file(file, language, is_only));
                self.code.extend(code);
            }
            next += 1;
        }
    }

    /// Returns the words of the command line; only constant ones have a known text.
    pub fn words(&self) -> Vec<Word> {
        let texts = self.action.action_strings();
        texts.iter().map(|field| known(field.value)).collect()
    }

    /// Returns the embedded file that is run as the command, without an interpreter in front of it.
    pub fn file(&self) -> Option<&File<'d>> {
        let command = self.action.child("command")?.value.as_str()?;
        self.owner.file(only_file(command)?)
    }
}

/// Returns a whole argument as a word.
pub(crate) fn known(value: &Value) -> Word {
    let text = text_of(value);
    if text.contains("{{") {
        return Word::argument(shell::UNKNOWN.to_string());
    }
    Word::argument(text)
}
