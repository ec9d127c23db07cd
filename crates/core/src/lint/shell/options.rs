//! Options of `sh` that concern exit statuses.

use super::{Command, Language, ShellScript};

/// Shell options that concern exit statuses.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Options {
    /// The first command that fails ends the script.
    pub errexit: bool,
    /// A variable that is not set ends it.
    pub nounset: bool,
    /// A pipe fails with any of its commands.
    pub pipefail: bool,
    /// An option or command that is not understood may end the script.
    pub is_unclear: bool,
}

impl Options {
    /// Returns the options that hold at the end of a script of `sh`; `given` are those of its shell.
    pub fn at_end(script: &ShellScript, given: &[&str]) -> Self {
        let mut options = Self::default();
        options.take(given.iter().copied());
        for command in &script.commands {
            options.apply_set(Language::Sh, command);
        }
        options
    }

    fn letters(&mut self, option: &str) {
        self.errexit |= option.contains('e');
        self.nounset |= option.contains('u');
    }

    fn name(&mut self, name: &str) {
        match name {
            "errexit" => self.errexit = true,
            "nounset" => self.nounset = true,
            "pipefail" => self.pipefail = true,
            _ => {}
        }
    }

    /// Applies options, given as arguments of a shell or of `set`.
    pub fn take<'w>(&mut self, arguments: impl IntoIterator<Item = &'w str>) {
        let mut takes_name = false;
        for argument in arguments {
            match argument.strip_prefix('-') {
                Some(letters) if !letters.starts_with('-') => {
                    self.letters(letters);
                    takes_name = letters.ends_with('o');
                }
                _ if argument.starts_with('+') => self.is_unclear = true,
                _ if takes_name => {
                    self.name(argument);
                    takes_name = false;
                }
                _ => {}
            }
        }
    }

    /// Applies the options of `set`, which hold from this command on.
    pub fn apply_set(&mut self, language: Language, command: &Command) {
        if let [program, arguments @ ..] = command.program()
            && program.text == "set"
            && language == Language::Sh
        {
            self.is_unclear |= arguments.iter().any(|word| !word.is_known());
            self.take(arguments.iter().map(|word| word.text.as_str()));
        }
    }
}
