//! `ignored-message`: a message to the runtime that has no effect when a check prints it (OUT-2).

use crate::lint::commands::{self, CheckCommand, Code};
use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::shell::{Command, Joint, Language, UNKNOWN, Word};
use crate::template::{Environment, Field, Path, Segment, visit};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) static RULE: Rule = rule!(
    "ignored-message",
    Warning,
    "a message that has no effect when a check prints it",
    ["OUT-1", "OUT-2"]
);

/// The messages of OUT-2.
const NAMES: [&str; 5] = [
    "openjd_progress",
    "openjd_env",
    "openjd_unset_env",
    "openjd_redacted_env",
    "openjd_session_runtime_loglevel",
];

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for check in &pass.commands {
        if !has_message(check) {
            continue;
        }
        let shared = shared_files(check.environment);
        let is_own = |code: &&Code<'_>| code.file.is_none_or(|file| !shared.contains(file));
        for code in check.code.iter().filter(is_own) {
            drafts.extend(in_script(code));
        }
        let is_shell = |path: &Path| check.code.iter().any(|code| code.path == *path);
        for (path, text) in other_texts(check, &shared) {
            if !is_shell(&path) {
                let ranges = printed_by_python(text).into_iter();
                drafts.extend(ranges.map(|range| draft(&path, text, range)));
            }
        }
        drafts.extend(printed_by_program(check));
    }
    drafts
}

/// Returns true if any text of the check contains the name of a message.
fn has_message(check: &CheckCommand<'_, '_>) -> bool {
    let files = commands::embedded(check.environment);
    let arguments = check.action.action_strings();
    let arguments = arguments.iter().filter_map(|field| field.value.as_str());
    let mut texts = files.iter().map(|file| file.text).chain(arguments);
    texts.any(|text| NAMES.iter().any(|name| text.contains(name)))
}

/// The names of the files that something else than the monitor refers to.
fn shared_files<'d>(environment: &Environment<'d>) -> BTreeSet<&'d str> {
    let key = |name: &str| Segment::Key(name.to_owned());
    let monitor = [key("script"), key("actions"), key("onMonitor")];
    let files = [key("script"), key("embeddedFiles")];
    let mut shared = BTreeSet::new();
    visit(environment.value, &mut |path, value| {
        let is_outside =
            !path.segments().starts_with(&monitor) && !path.segments().starts_with(&files);
        if let Some(text) = value.as_str().filter(|_| is_outside) {
            shared.extend(commands::file_names(text));
        }
    });
    let files = commands::embedded(environment);
    loop {
        let of_shared = files.iter().filter(|file| shared.contains(file.name));
        let more: BTreeSet<_> = of_shared
            .flat_map(|file| commands::file_names(file.text))
            .collect();
        if more.is_subset(&shared) {
            return shared;
        }
        shared.extend(more);
    }
}

/// The strings of the command, and the files that it names and nobody else does.
fn other_texts<'d>(check: &CheckCommand<'_, 'd>, shared: &BTreeSet<&str>) -> Vec<(Path, &'d str)> {
    let arguments = check.action.action_strings().into_iter();
    let text = |field: Field<'d>| Some((field.path, field.value.as_str()?));
    let mut found: Vec<_> = arguments.filter_map(text).collect();
    let named = check.files();
    let files = commands::embedded(check.environment).into_iter();
    let own = files.filter(|file| named.contains(&file.name) && !shared.contains(file.name));
    found.extend(own.map(|file| (file.data.path, file.text)));
    found
}

/// The messages that the commands of a script print.
fn in_script(code: &Code<'_>) -> Vec<Draft> {
    let commands = &code.script.commands;
    let mut drafts = Vec::new();
    for (index, command) in commands.iter().enumerate() {
        let is_piped = commands
            .get(index + 1)
            .is_some_and(|next| next.joint == Joint::Pipe);
        let is_elsewhere = command.redirections.iter().any(|redirection| {
            let is_stream = redirection.target.text.parse::<u32>().is_ok()
                || ["/dev/stdout", "/dev/stderr"].contains(&redirection.target.text.as_str());
            redirection.is_output && redirection.descriptor != Some(2) && !is_stream
        });
        if is_piped || is_elsewhere {
            continue;
        }
        if let Some(range) = printed(code.language, command, code.text) {
            drafts.push(draft(&code.path, code.text, range));
        }
    }
    drafts
}

/// Returns the range in `text` of the message that a command prints.
fn printed(language: Language, command: &Command, text: &str) -> Option<Range<usize>> {
    let (program, arguments) = command.program().split_first()?;
    let is_printing = match language {
        Language::Sh => ["echo", "printf"].contains(&program.text.as_str()),
        Language::Cmd => program.text.eq_ignore_ascii_case("echo"),
        Language::PowerShell => ["write-output", "write-host", "echo", "write"]
            .contains(&program.text.to_lowercase().as_str()),
    };
    // A string by itself is printed, too.
    let words = match is_printing {
        true => arguments,
        false if language == Language::PowerShell => command.words.get(..1)?,
        false => return None,
    };
    let first = words.iter().position(|word| starts_message(&word.text))?;
    let is_first = words[..first].iter().all(|word| word.text.starts_with('-'));
    let is_format = program.text == "printf" && first == 1;
    // `echo name: text` is one message of several words.
    let word = words.get(first)?;
    let is_alone = word.text.contains(' ');
    let last = if is_alone { word } else { words.last()? };
    let has_text = is_alone || words.len() > first + 1;
    let start = word.range.start;
    let range = start..last.range.end;
    (has_text && (is_first || is_format)).then(|| trimmed(text, range))
}

/// Returns true if a word starts with the name of a message.
fn starts_message(text: &str) -> bool {
    NAMES.iter().any(|name| {
        let rest = text
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix(':'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', UNKNOWN]))
    })
}

/// The range without the quotes around it.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let written = text.get(range.clone()).unwrap_or_default();
    for quote in ['"', '\''] {
        let inner = written
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote));
        if inner.is_some() {
            return range.start + 1..range.end - 1;
        }
    }
    range
}

/// Strings in the arguments of `print(` and `write(`.
fn printed_by_python(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices("openjd_") {
        let rest = &text[start..];
        let is_message = NAMES.iter().any(|name| {
            let message = rest
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix(": "));
            message.is_some_and(|text| !text.is_empty())
        });
        let before = &text[..start];
        let Some(quote) = before.chars().next_back().filter(|c| "\"'".contains(*c)) else {
            continue;
        };
        let opening = before
            .trim_end_matches(quote)
            .trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let is_printed = opening.ends_with("print(") || opening.ends_with("write(");
        if is_message && is_printed {
            let end = rest.find([quote, '\n', '\\']).unwrap_or(rest.len());
            found.push(start..start + end);
        }
    }
    found
}

/// `echo` as the check itself.
fn printed_by_program(check: &CheckCommand<'_, '_>) -> Option<Draft> {
    let fields = check.action.action_strings();
    let words: Vec<Word> = check.words();
    let (program, arguments) = words.split_first()?;
    let name = program.text.rsplit('/').next()?;
    let index = arguments
        .iter()
        .position(|word| starts_message(&word.text))?;
    let field = fields
        .get(index + 1)
        .filter(|_| ["echo", "printf"].contains(&name))?;
    let text = field.value.as_str()?;
    Some(draft(&field.path, text, 0..text.len()))
}

fn draft(path: &Path, text: &str, range: Range<usize>) -> Draft {
    let message = text.get(range.clone()).unwrap_or_default();
    let name = message.split(':').next().unwrap_or_default();
    let message = format!("`{name}` has no effect when a check prints it");
    let help = match name {
        "openjd_progress" => "report with `openjd_status`: only an action can report progress",
        "openjd_session_runtime_loglevel" => "let the monitored action print it",
        _ => "let the monitored action print it: a check cannot change the Session's variables",
    };
    Draft::new(&RULE, Place::Text(path.clone(), range), message).help(help)
}
