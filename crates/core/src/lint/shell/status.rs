//! Detection of command lines that cannot end with another exit status than 0. What is not known to succeed
//! always is taken for a command that can fail.

use super::{
    Command, Joint, Language, Redirection, ShellScript, Word, base_name, branches,
    weakness::{self, Weakness},
};
use std::ops::Range;

/// Possible end of a command line; a later variant is likelier to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// With exit status 0 only.
    Succeeds,
    /// With 0 whatever it is that it says.
    Weak(Weakness),
    /// With another status too, as far as one can tell.
    CanFail,
}

/// Reason that a command line cannot fail.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// There is no command.
    Empty,
    /// The last command succeeds, whatever the ones before it did.
    Ends(Range<usize>),
    /// `|| true`
    Swallows(Range<usize>),
    /// The last command of a pipe succeeds.
    Pipes(Range<usize>),
    /// Each branch of its last `if` succeeds.
    Branches(Range<usize>),
    /// The command that decides does not test what it looks at.
    Weak(Weakness, Range<usize>),
}

/// Shell options that concern exit statuses.
#[derive(Debug, Clone, Copy, Default)]
struct Options {
    /// The first command that fails ends the script.
    errexit: bool,
    /// A variable that is not set ends it.
    nounset: bool,
    /// A pipe fails with any of its commands.
    pipefail: bool,
    /// Something may end the script that is not understood.
    is_unclear: bool,
}

impl Options {
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

    /// Takes options as a shell has them, in its arguments or those of `set`.
    fn take<'w>(&mut self, arguments: impl IntoIterator<Item = &'w str>) {
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
}

/// Returns the reason that a program run without a shell cannot fail, if there is one.
pub(crate) fn of_command(words: Vec<Word>) -> Option<Verdict> {
    let range = 0..0;
    let command = Command {
        words,
        ..Command::default()
    };
    match simple(Language::Sh, &command, Options::default(), false) {
        Status::Succeeds => Some(Verdict::Ends(range)),
        Status::Weak(weakness) => Some(Verdict::Weak(weakness, range)),
        Status::CanFail => None,
    }
}

/// Returns the reason that a script cannot fail, if there is one; `options` are those of its shell.
pub(crate) fn of_script(
    script: &ShellScript,
    language: Language,
    options: &[&str],
) -> Option<Verdict> {
    let commands = &script.commands;
    if !script.is_whole {
        return None;
    }
    let mut given = Options::default();
    given.take(options.iter().copied());
    let Some(last) = commands.last() else {
        return Some(Verdict::Empty);
    };
    if let Some(start) = branches::start(commands) {
        let (before, compound) = commands.split_at(start);
        for command in before {
            options_of(language, command, &mut given);
        }
        let may_end = before.iter().any(may_end) || given.is_unclear || given.errexit;
        let never_fails = branches::succeed(compound, &|command| {
            simple(language, command, given, false) == Status::Succeeds
        });
        let end = compound.last().and_then(Command::range)?.end;
        let start = compound.first().and_then(Command::range)?.start;
        return (!may_end && never_fails).then_some(Verdict::Branches(start..end));
    }
    let is_next = |command: &Command| command.joint == Joint::Next;
    let last_start = commands.iter().rposition(is_next).unwrap_or_default();
    for command in &commands[..last_start] {
        options_of(language, command, &mut given);
    }
    let (before, list) = commands.split_at(last_start);
    let init = &list[..list.len() - 1];
    let is_judged = !given.is_unclear
        && before.iter().chain(init).all(|command| !may_end(command))
        && !has_demand(last);
    if !is_judged {
        return None;
    }
    let mut status = list_status(language, list, given);
    if given.errexit {
        let lists = before.chunk_by(|_, next| next.joint != Joint::Next);
        status = lists.fold(status, |status, list| {
            status.max(list_status(language, list, given))
        });
    }
    let range = |command: &Command| command.range().unwrap_or(0..0);
    match status {
        Status::CanFail => None,
        Status::Weak(weakness) => {
            let is_meant = |command: &&Command| match weakness {
                Weakness::Itself => is_grep(command),
                _ => simple(language, command, given, false) == status,
            };
            let found = commands.iter().rev().find(is_meant);
            found.map(|found| Verdict::Weak(weakness, range(found)))
        }
        Status::Succeeds => Some(match last.joint {
            Joint::Or => Verdict::Swallows(range(last)),
            Joint::Pipe => Verdict::Pipes(range(last)),
            Joint::Next | Joint::And => Verdict::Ends(range(last)),
        }),
    }
}

/// The status of commands that are joined by `&&`, `||` and `|`.
fn list_status(language: Language, list: &[Command], options: Options) -> Status {
    let mut status = Status::Succeeds;
    for pipe in list.chunk_by(|_, next| next.joint == Joint::Pipe) {
        let own = pipe_status(language, pipe, options);
        status = match pipe.first().map(|command| command.joint) {
            Some(Joint::Or) => status.min(own),
            Some(Joint::And) => status.max(own),
            _ => own,
        };
    }
    status
}

fn pipe_status(language: Language, pipe: &[Command], options: Options) -> Status {
    let Some((last, before)) = pipe.split_last() else {
        return Status::Succeeds;
    };
    // What becomes of the exit status in a pipe of PowerShell depends on its version.
    if language == Language::PowerShell && !before.is_empty() {
        return Status::CanFail;
    }
    if finds_itself(pipe) {
        return Status::Weak(Weakness::Itself);
    }
    let status = simple(language, last, options, !before.is_empty());
    if options.pipefail {
        let own = |command| simple(language, command, options, true);
        return before.iter().map(own).fold(status, Status::max);
    }
    status
}

/// Returns true if a command before the last may end the script with its own status.
fn may_end(command: &Command) -> bool {
    let program = command.program();
    let (before, _) = command.words.split_at(command.words.len() - program.len());
    let is_replaced = before.iter().any(|word| word.text == "exec");
    let [program, arguments @ ..] = program else {
        return is_replaced;
    };
    let name = program.text.to_lowercase();
    let ends = match name.as_str() {
        // With redirections alone the script goes on.
        "exec" => !arguments.is_empty(),
        // `kill -0` only asks.
        "kill" => {
            let asks = arguments.iter().any(|word| word.text == "-0");
            !asks && arguments.iter().any(|word| !word.is_known())
        }
        "return" | "trap" | "eval" | "source" | "." | "throw" | "goto" | "shopt" => true,
        _ => false,
    };
    // In `cmd` it may stand behind a condition.
    let words = &command.words;
    let exit = words
        .iter()
        .position(|word| word.text.eq_ignore_ascii_case("exit"));
    let status = |at: usize| words.get(at + 1).map(|word| word.text.as_str());
    let exits = exit.is_some_and(|at| status(at) != Some("0"));
    let stops = |name: &str| name.eq_ignore_ascii_case("$ErrorActionPreference");
    is_replaced
        || ends
        || exits
        || command.variables().any(|variable| stops(&variable.name))
        || has_demand(command)
}

/// Returns true for `${NAME:?}`, which ends the script if the variable is not set.
fn has_demand(command: &Command) -> bool {
    command.variables().any(|variable| variable.has_operator)
}

/// Applies the options of `set`, which hold from this command on.
fn options_of(language: Language, command: &Command, options: &mut Options) {
    if let [program, arguments @ ..] = command.program()
        && program.text == "set"
        && language == Language::Sh
    {
        options.is_unclear |= arguments.iter().any(|word| !word.is_known());
        options.take(arguments.iter().map(|word| word.text.as_str()));
    }
}

/// The status of one command, which reads a pipe or not.
fn simple(language: Language, command: &Command, options: Options, is_piped: bool) -> Status {
    if command.words.is_empty() || command.redirections.iter().any(can_fail) {
        return Status::CanFail;
    }
    if command.is_background {
        return Status::Succeeds;
    }
    if super::KEYWORDS.contains(&command.words[0].text.as_str()) {
        return Status::CanFail;
    }
    if command.is_assignment() {
        let runs = command
            .words
            .iter()
            .any(|word| !word.substitutions.is_empty());
        return if runs {
            Status::CanFail
        } else {
            Status::Succeeds
        };
    }
    if options.nounset && command.variables().next().is_some() {
        return Status::CanFail;
    }
    let words = command.program();
    let status = program_status(language, words, is_piped);
    let (before, _) = command.words.split_at(command.words.len() - words.len());
    if before.iter().any(|word| word.text == "sudo") {
        // It may refuse to run anything.
        return if matches!(status, Status::Weak(_)) {
            status
        } else {
            Status::CanFail
        };
    }
    status
}

fn program_status(language: Language, words: &[Word], is_piped: bool) -> Status {
    let [program, arguments @ ..] = words else {
        return Status::CanFail;
    };
    if let Some(weakness) = weakness::of(words) {
        return Status::Weak(weakness);
    }
    let name = base_name(&program.text).to_lowercase();
    let texts: Vec<_> = arguments.iter().map(|word| word.text.as_str()).collect();
    let operands = || texts.iter().filter(|text| !text.starts_with('-'));
    let is_number = |text: &&str| text.parse::<u32>().is_ok();
    let succeeds = match (name.as_str(), language) {
        ("exit", _) => matches!(texts[..], ["0"] | ["/b" | "/B", "0"]),
        ("echo", _) => true,
        ("write-output" | "write-host", Language::PowerShell) => true,
        ("ver" | "rem", Language::Cmd) => true,
        (_, Language::Cmd | Language::PowerShell) => false,
        ("true" | ":" | "printf", Language::Sh) => true,
        ("sleep", Language::Sh) => !texts.is_empty() && texts.iter().all(is_number),
        ("date" | "pwd", Language::Sh) => texts.is_empty(),
        ("cat" | "wc" | "sort" | "uniq" | "tac" | "nl", Language::Sh) => {
            is_piped && operands().next().is_none()
        }
        ("head" | "tail", Language::Sh) => is_piped && operands().all(is_number),
        ("tr" | "tee", Language::Sh) => is_piped,
        _ => false,
    };
    if succeeds {
        Status::Succeeds
    } else {
        Status::CanFail
    }
}

fn is_grep(command: &Command) -> bool {
    let program = command.program().first();
    program.is_some_and(|word| ["grep", "egrep", "fgrep"].contains(&base_name(&word.text)))
}

/// Returns true for `ps aux | grep NAME`, which lists the `grep` and so finds it.
fn finds_itself(pipe: &[Command]) -> bool {
    let [ps, greps @ ..] = pipe else { return false };
    let [program, options @ ..] = ps.program() else {
        return false;
    };
    let texts = options.iter().map(|word| word.text.as_str());
    let shows_arguments = texts.into_iter().any(|text| {
        text.trim_start_matches('-')
            .starts_with(['a', 'u', 'x', 'e', 'f'])
            && text.contains(['u', 'x', 'f'])
            || ["args", "cmd", "command"]
                .iter()
                .any(|column| text.contains(column))
    });
    let can_match = |grep: &Command| {
        let [_, arguments @ ..] = grep.program() else {
            return false;
        };
        let is_option = |word: &&Word| word.text.starts_with('-');
        let mut options = arguments.iter().filter(is_option);
        let pattern = arguments.iter().find(|word| !is_option(word));
        // `[n]ame` does not match itself.
        !options.any(|word| word.text.contains('v'))
            && pattern.is_some_and(|word| !word.text.contains('['))
    };
    base_name(&program.text) == "ps"
        && shows_arguments
        && !greps.is_empty()
        && greps.iter().all(|grep| is_grep(grep) && can_match(grep))
}

/// Returns true if a redirection may fail, as to a file that cannot be written.
fn can_fail(redirection: &Redirection) -> bool {
    let target = redirection.target.text.as_str();
    let is_descriptor = target.parse::<u32>().is_ok() || target == "-";
    let is_device = ["/dev/null", "/dev/stdout", "/dev/stderr", "$null", "nul"]
        .iter()
        .any(|device| device.eq_ignore_ascii_case(target));
    !is_descriptor && !is_device
}
