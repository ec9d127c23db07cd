//! The messages to the runtime that an action prints, well-formed or nearly so: from a shell, from Python, or by
//! `echo` as its command.

use super::commands::{ActionCommand, Code, file_names, known};
use super::shell::{Command, Joint, Language, Word, base_name};
use super::spelling;
use crate::search;
use crate::template::{Field, Path};
use std::ops::Range;

/// The names of the messages of the base specification.
pub(crate) const NAMES: [&str; 7] = [
    "openjd_progress",
    "openjd_status",
    "openjd_fail",
    "openjd_env",
    "openjd_unset_env",
    "openjd_redacted_env",
    "openjd_session_runtime_loglevel",
];

/// A text that an action prints and that starts as a message does.
pub(crate) struct Printed<'d> {
    pub path: Path,
    pub text: &'d str,
    /// The message in the text, without the quotes around it.
    pub range: Range<usize>,
    pub form: Form,
}

/// The way in which a message is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As the runtime reads it.
    Right,
    /// Behind white space.
    Indented,
    /// Without a space behind the colon.
    Unspaced,
    /// With an unknown name, and the name that is meant.
    Misspelt(Option<&'static str>),
}

/// Returns the messages of an action; `is_own` tells which embedded files to look at.
pub(crate) fn printed<'d>(
    run: &ActionCommand<'d>,
    is_own: &dyn Fn(&str) -> bool,
) -> Vec<Printed<'d>> {
    let mut found = Vec::new();
    for code in run.code.iter().filter(|code| code.file.is_none_or(is_own)) {
        found.extend(by_shell(code));
    }
    let is_shell = |path: &Path| run.code.iter().any(|code| code.path == *path);
    let fields = run.action.action_strings();
    let texts = || {
        fields
            .iter()
            .filter_map(|field| Some((&field.path, field.value.as_str()?)))
    };
    let names = texts().flat_map(|(_, text)| file_names(text));
    let files = names
        .filter(|name| is_own(name))
        .filter_map(|name| run.owner.file(name));
    let files = files.map(|file| (&file.data.path, file.text));
    for (path, text) in texts().chain(files) {
        if !is_shell(path) {
            found.extend(by_python(path, text));
        }
    }
    found.extend(by_program(&fields));
    found
}

/// Returns the form of a text that starts as a message does; `is_followed` if more is printed behind it.
fn form(text: &str, is_followed: bool) -> Option<Form> {
    let bare = text.trim_start_matches([' ', '\t']);
    let is_start = |prefix: &str| {
        bare.get(..7)
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    if !is_start("openjd_") && !is_start("openjd-") {
        return None;
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let end = bare.find(|c| !is_name(c))?;
    let (name, rest) = (&bare[..end], bare[end..].strip_prefix(':')?);
    if rest.is_empty() && !is_followed {
        return None;
    }
    Some(if !NAMES.contains(&name) {
        Form::Misspelt(
            spelling::nearest(name, NAMES)
                .and_then(|near| NAMES.into_iter().find(|known| *known == near)),
        )
    } else if bare.len() < text.len() {
        Form::Indented
    } else if !rest.is_empty() && !rest.starts_with(' ') {
        Form::Unspaced
    } else {
        Form::Right
    })
}

/// Returns the index of the first word that starts as a message does, and its form.
fn first_form(words: &[Word]) -> Option<(usize, Form)> {
    words.iter().enumerate().find_map(|(index, word)| {
        let is_followed = words.len() > index + 1;
        Some((index, form(&word.text, is_followed)?))
    })
}

/// The messages that the commands of a script print.
fn by_shell<'d>(code: &Code<'d>) -> Vec<Printed<'d>> {
    let commands = &code.script.commands;
    let mut found = Vec::new();
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
        if let Some((range, form)) = of_command(code.language, command, code.text) {
            found.push(Printed {
                path: code.path.clone(),
                text: code.text,
                range,
                form,
            });
        }
    }
    found
}

/// Returns the message that a command prints.
fn of_command(language: Language, command: &Command, text: &str) -> Option<(Range<usize>, Form)> {
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
    let (first, form) = first_form(words)?;
    let is_first = words[..first].iter().all(|word| word.text.starts_with('-'));
    let is_format = program.text == "printf" && first == 1;
    // `echo name: text` is one message of several words.
    let word = words.get(first)?;
    let is_alone = !word.text.ends_with(':');
    let last = if is_alone { word } else { words.last()? };
    let range = word.range.start..last.range.end;
    (is_first || is_format).then(|| (trimmed(text, range), form))
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

/// Strings that start the arguments of `print(` and `write(`.
fn by_python<'d>(path: &Path, text: &'d str) -> Vec<Printed<'d>> {
    let mut found = Vec::new();
    for (call, name) in ["print(", "write("]
        .into_iter()
        .flat_map(|name| search::all(text, name).map(move |at| (at, name)))
    {
        let start = call + name.len();
        let prefix = text[start..]
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(0);
        let rest = &text[start + prefix..];
        let Some(quote) = rest
            .chars()
            .next()
            .filter(|c| prefix <= 2 && "\"'".contains(*c))
        else {
            continue;
        };
        let quotes = if rest.starts_with(&[quote; 3].iter().collect::<String>()) {
            3
        } else {
            1
        };
        let start = start + prefix + quotes;
        let string = &text[start..];
        let length = string.find([quote, '\n', '\\']).unwrap_or(string.len());
        let behind = string[length..].trim_start_matches(quote).trim_start();
        let message = form(&string[..length], behind.starts_with([',', '+', '%']));
        // What is added to a string follows its colon at once.
        let is_joined = string[..length].ends_with(':') && behind.starts_with('+');
        let form = match message {
            Some(Form::Right) if is_joined => Some(Form::Unspaced),
            other => other,
        };
        found.extend(form.map(|form| Printed {
            path: path.clone(),
            text,
            range: start..start + length,
            form,
        }));
    }
    found.sort_by_key(|message| message.range.start);
    found
}

/// Returns the message of an action whose command is `echo` itself; `fields` are its command and its arguments.
fn by_program<'d>(fields: &[Field<'d>]) -> Option<Printed<'d>> {
    let (program, arguments) = fields.split_first()?;
    if !["echo", "printf"].contains(&base_name(&known(program.value).text)) {
        return None;
    }
    let words: Vec<_> = arguments.iter().map(|field| known(field.value)).collect();
    let (index, form) = first_form(&words)?;
    let field = arguments.get(index)?;
    let text = field.value.as_str()?;
    Some(Printed {
        path: field.path.clone(),
        text,
        range: 0..text.len(),
        form,
    })
}
