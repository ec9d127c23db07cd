//! Detection of command lines that cannot end with another exit status than 0. What is not known to succeed
//! always is taken for a command that can fail.

use super::options::Options;
use super::status::{Status, is_grep, of_simple};
use super::weakness::Weakness;
use super::{Command, Joint, Language, ShellScript, Word, base_name, branches};
use std::ops::Range;

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

/// Returns the reason that a program run without a shell cannot fail, if there is one.
pub(crate) fn of_command(words: Vec<Word>) -> Option<Verdict> {
    let range = 0..0;
    let command = Command {
        words,
        ..Command::default()
    };
    match of_simple(Language::Sh, &command, Options::default(), false) {
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
            given.apply_set(language, command);
        }
        let may_end = before.iter().any(may_end) || given.is_unclear || given.errexit;
        let never_fails = branches::succeed(compound, &|command| {
            of_simple(language, command, given, false) == Status::Succeeds
        });
        let end = compound.last().and_then(Command::range)?.end;
        let start = compound.first().and_then(Command::range)?.start;
        return (!may_end && never_fails).then_some(Verdict::Branches(start..end));
    }
    let is_next = |command: &Command| command.joint == Joint::Next;
    let last_start = commands.iter().rposition(is_next).unwrap_or_default();
    for command in &commands[..last_start] {
        given.apply_set(language, command);
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
                _ => of_simple(language, command, given, false) == status,
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
    let status = of_simple(language, last, options, !before.is_empty());
    if options.pipefail {
        let own = |command| of_simple(language, command, options, true);
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
