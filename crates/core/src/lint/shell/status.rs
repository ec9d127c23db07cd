//! Exit status of a simple command, as far as it can be told.

use super::options::Options;
use super::weakness::{self, Weakness};
use super::{Command, KEYWORDS, Language, Redirection, Word, base_name};

/// Possible end of a command; a later variant is likelier to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    /// With exit status 0 only.
    Succeeds,
    /// With 0, even when what it tests has failed.
    Weak(Weakness),
    /// With another status too, as far as one can tell.
    CanFail,
}

/// The status of one command, which reads a pipe or not.
pub(super) fn of_simple(
    language: Language,
    command: &Command,
    options: Options,
    is_piped: bool,
) -> Status {
    if command.words.is_empty() || command.redirections.iter().any(can_fail) {
        return Status::CanFail;
    }
    if command.is_background {
        return Status::Succeeds;
    }
    if KEYWORDS.contains(&command.words[0].text.as_str()) {
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

pub(super) fn is_grep(command: &Command) -> bool {
    let program = command.program().first();
    program.is_some_and(|word| ["grep", "egrep", "fgrep"].contains(&base_name(&word.text)))
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
