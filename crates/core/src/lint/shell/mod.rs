//! Command lines of shells, read as far as the rules need them: commands, how they are joined,
//! their words, and the variables and interpolations in these. Whatever a shell knows beyond that
//! (compound commands, functions, arithmetic) is kept as words, and never judged.

mod branches;
mod options;
mod reader;
mod status;
mod verdict;
mod weakness;
mod word;

pub(crate) use options::Options;
pub(crate) use reader::read;
pub(crate) use verdict::{Verdict, of_command, of_script};
pub(crate) use weakness::Weakness;

use std::ops::Range;

/// The language of a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// `sh` and its family.
    Sh,
    /// `cmd` of Windows.
    Cmd,
    /// `powershell` and `pwsh`.
    PowerShell,
}

/// Placeholder in the text of a word for a part that is known only when the command runs.
pub(crate) const UNKNOWN: char = '\u{fffc}';

/// The commands of a script in the order of the text, those within compound commands among them.
#[derive(Debug, Default)]
pub(crate) struct ShellScript {
    pub commands: Vec<Command>,
    /// The interpolations of the script.
    pub holes: Vec<Hole>,
    /// True if no quote or parenthesis is left open.
    pub is_whole: bool,
}

/// An interpolation in a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hole {
    /// From the first brace to the last.
    pub range: Range<usize>,
    pub within: Within,
}

/// Part of a script that an interpolation stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    /// A command, outside of quotes.
    Code,
    /// Quotes of the shell, or text that is quoted in another way.
    Quotes,
    /// A comment, which ends with the line.
    Comment,
}

/// Operator between a command and the one before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Joint {
    /// As the next of a sequence, or as the first.
    #[default]
    Next,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|`
    Pipe,
}

/// One simple command, or a parenthesis (no words).
#[derive(Debug, Default)]
pub(crate) struct Command {
    pub joint: Joint,
    pub words: Vec<Word>,
    pub redirections: Vec<Redirection>,
    /// True if it runs in the background.
    pub is_background: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Redirection {
    /// The redirected descriptor, if it is written out.
    pub descriptor: Option<u32>,
    pub is_output: bool,
    pub target: Word,
}

/// A word of a command.
#[derive(Debug, Clone, Default)]
pub(crate) struct Word {
    /// The range in the text, quotes included.
    pub range: Range<usize>,
    /// The text without quotes; [`UNKNOWN`] for each variable, substitution or interpolation.
    pub text: String,
    pub variables: Vec<Variable>,
    /// The commands whose output is part of the word.
    pub substitutions: Vec<std::rc::Rc<Vec<Command>>>,
}

/// A use of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    pub name: String,
    pub range: Range<usize>,
    /// True if the expansion handles an unset variable: `${NAME:-x}`.
    pub has_operator: bool,
}

impl Word {
    /// A word that is an argument of its own.
    pub fn argument(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    pub fn is_known(&self) -> bool {
        !self.text.contains(UNKNOWN)
    }

    /// The variable that the word consists of, if it is one and nothing else.
    pub fn only_variable(&self) -> Option<&Variable> {
        match self.variables.as_slice() {
            [variable] if self.text.chars().eq([UNKNOWN]) => Some(variable),
            _ => None,
        }
    }
}

impl Command {
    /// Every variable of its words, those of substitutions left out.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        let targets = self.redirections.iter().map(|found| &found.target);
        let words = self.words.iter().chain(targets);
        words.flat_map(|word| &word.variables)
    }

    /// Calls `see` with this command and those in its substitutions.
    pub fn visit<'c>(&'c self, see: &mut dyn FnMut(&'c Command)) {
        see(self);
        let targets = self.redirections.iter().map(|found| &found.target);
        for word in self.words.iter().chain(targets) {
            for command in word.substitutions.iter().flat_map(|inner| inner.iter()) {
                command.visit(see);
            }
        }
    }

    /// The words from the command's name on: without keywords, assignments and programs that only
    /// run another one with its exit status.
    pub fn program(&self) -> &[Word] {
        let mut words = self.words.as_slice();
        while let [first, rest @ ..] = words {
            let text = first.text.as_str();
            let is_prefix = KEYWORDS.contains(&text)
                || is_assignment(text)
                || (is_runner(text) && !rest.is_empty());
            if !is_prefix {
                break;
            }
            words = rest;
            let is_runner = is_runner(text);
            while let [option, rest @ ..] = words
                && is_runner
                && option.text.starts_with('-')
                && !rest.is_empty()
            {
                words = rest;
            }
        }
        words
    }

    /// The bytes from its first word to its last, if it has any.
    pub fn range(&self) -> Option<Range<usize>> {
        let (first, last) = self.words.first().zip(self.words.last())?;
        Some(first.range.start..last.range.end)
    }

    /// Returns true if the command consists of assignments only.
    pub fn is_assignment(&self) -> bool {
        !self.words.is_empty() && self.words.iter().all(|word| is_assignment(&word.text))
    }
}

/// Words of the shell before a command.
const KEYWORDS: [&str; 9] = [
    "if", "then", "elif", "else", "while", "until", "do", "!", "{",
];

/// Programs that run the program in their arguments, end with its exit status and do not fail by themselves.
pub(crate) const TRANSPARENT: [&str; 5] = ["env", "nice", "nohup", "setsid", "stdbuf"];

/// Returns true for a word before a command whose exit status is that of the whole.
fn is_runner(word: &str) -> bool {
    let name = base_name(word);
    TRANSPARENT.contains(&name) || matches!(name, "exec" | "sudo")
}

fn is_assignment(text: &str) -> bool {
    let is_name = |name: &str| {
        let mut letters = name.chars();
        letters
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    text.split_once('=')
        .is_some_and(|(name, _)| is_name(name.trim_end_matches('+')))
}

/// Programs that keep containers, and take the same commands.
pub(crate) const CONTAINER_CLIENTS: [&str; 3] = ["docker", "podman", "nerdctl"];

/// Returns the name of the program that runs in the end, behind `timeout` or not, and its arguments.
pub(crate) fn behind_timeout(mut words: &[Word]) -> Option<(&str, &[Word])> {
    // A loop, since a script can repeat `timeout` as often as it likes.
    while let [program, arguments @ ..] = words {
        let name = base_name(&program.text);
        if !name.eq_ignore_ascii_case("timeout") {
            return Some((name, arguments));
        }
        let is_own = |word: &Word| {
            let text = &word.text;
            text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        };
        let start = arguments.iter().position(|word| !is_own(word))?;
        words = &arguments[start..];
    }
    None
}

/// The name of a program without its folder, in lower case and without `.exe`.
pub(crate) fn base_name(program: &str) -> &str {
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.len().saturating_sub(4);
    match name.get(stem..) {
        Some(ending) if ending.eq_ignore_ascii_case(".exe") => &name[..stem],
        _ => name,
    }
}

#[cfg(test)]
mod tests;
