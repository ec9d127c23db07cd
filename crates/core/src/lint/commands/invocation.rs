//! Recognizes commands that run a shell: its language, and the text or file that it reads.

use crate::lint::shell::{Language, TRANSPARENT, base_name};
use crate::template::Field;
use serde_json::Value;

/// Source of the code that a shell runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runs {
    /// A command line: `-c`.
    CommandLine,
    /// A file.
    File,
}

/// A command that runs a shell, or a file as a program.
pub(crate) struct Invocation<'d> {
    /// `None` where the file says it itself.
    pub language: Option<Language>,
    pub runs: Runs,
    /// The strings that make up the command line, or the one that names the file.
    pub pieces: Vec<Field<'d>>,
    /// The shell's options.
    pub options: Vec<&'d str>,
    /// True if the command always ends with the exit status of the shell.
    pub is_transparent: bool,
}

/// Programs that run the one that their arguments name, and can fail by themselves.
const OPAQUE: [&str; 12] = [
    "timeout", "docker", "podman", "nerdctl", "kubectl", "flock", "chroot", "nsenter", "xvfb-run",
    "wsl", "ionice", "time",
];

/// The language that a shell of this name reads.
pub(super) fn language_of(program: &str) -> Option<Language> {
    match base_name(program).to_lowercase().as_str() {
        "sh" | "bash" | "dash" | "ash" | "ksh" | "zsh" => Some(Language::Sh),
        "cmd" => Some(Language::Cmd),
        "powershell" | "pwsh" => Some(Language::PowerShell),
        _ => None,
    }
}

/// The language of a file that is run as a program.
pub(super) fn language_of_file(text: &str, file_name: &str) -> Option<Language> {
    if let Some(line) = text.lines().next().and_then(|line| line.strip_prefix("#!")) {
        let mut words = line.split_whitespace();
        return words.find_map(language_of);
    }
    let ending = file_name.rsplit_once('.')?.1.to_lowercase();
    match ending.as_str() {
        "sh" | "bash" => Some(Language::Sh),
        "bat" | "cmd" => Some(Language::Cmd),
        "ps1" => Some(Language::PowerShell),
        _ => None,
    }
}

/// The shell that an action runs, if it can be told.
pub(super) fn of<'d>(action: &Field<'d>) -> Option<Invocation<'d>> {
    let strings = action.action_strings();
    let (program, arguments) = strings.split_first()?;
    let name = program.value.as_str()?;
    if super::owner::only_file(name).is_some() {
        return Some(Invocation {
            language: None,
            runs: Runs::File,
            pieces: vec![program.clone()],
            options: Vec::new(),
            is_transparent: true,
        });
    }
    if let Some(language) = language_of(name) {
        return shell(language, name, arguments, true);
    }
    let own = base_name(name).to_lowercase();
    let is_busybox = own == "busybox";
    let is_transparent = TRANSPARENT.contains(&own.as_str()) || is_busybox;
    if !is_transparent && !OPAQUE.contains(&own.as_str()) && own != "sudo" {
        return None;
    }
    (0..arguments.len()).find_map(|index| {
        let name = arguments[index].value.as_str()?;
        let found = shell(
            language_of(name)?,
            name,
            &arguments[index + 1..],
            is_transparent,
        )?;
        // The word may be an argument of another program.
        Some(found).filter(|found| found.runs == Runs::CommandLine)
    })
}

fn shell<'d>(
    language: Language,
    name: &str,
    arguments: &[Field<'d>],
    is_transparent: bool,
) -> Option<Invocation<'d>> {
    let invocation = |runs, pieces: &[Field<'d>], options| Invocation {
        language: Some(language),
        runs,
        pieces: pieces.to_vec(),
        options,
        is_transparent,
    };
    let mut options = Vec::new();
    let mut is_line = false;
    let mut index = 0;
    while let Some(argument) = arguments.get(index) {
        let is_text = argument.value.is_string();
        let text = argument.value.as_str().filter(|_| is_text)?;
        let rest = &arguments[index..];
        match language {
            Language::Sh => match sh_option(text) {
                Some(width) => {
                    is_line |= is_letters(text) && text.contains('c');
                    let given = rest.iter().take(width).map(|field| field.value);
                    options.extend(given.filter_map(Value::as_str));
                    index += width;
                }
                None => {
                    let index = index + usize::from(text == "--");
                    let piece = arguments.get(index..index + 1)?;
                    let runs = if is_line {
                        Runs::CommandLine
                    } else {
                        Runs::File
                    };
                    return Some(invocation(runs, piece, options));
                }
            },
            Language::Cmd => {
                let option = text.strip_prefix('/')?.to_lowercase();
                if ["c", "k", "r"].contains(&option.as_str()) {
                    return Some(invocation(Runs::CommandLine, rest.get(1..)?, options))
                        .filter(|found| !found.pieces.is_empty());
                }
                index += 1;
            }
            Language::PowerShell => {
                let is_pwsh = base_name(name).to_lowercase() == "pwsh";
                match power_shell_option(text, is_pwsh)? {
                    PowerShell::Takes(width) => index += width,
                    PowerShell::CommandLine(skip) => {
                        return Some(invocation(Runs::CommandLine, rest.get(skip..)?, options))
                            .filter(|found| !found.pieces.is_empty());
                    }
                    PowerShell::File(skip) => {
                        let piece = rest.get(skip..=skip)?;
                        return Some(invocation(Runs::File, piece, options));
                    }
                }
            }
        }
    }
    None
}

fn is_letters(option: &str) -> bool {
    option
        .strip_prefix('-')
        .is_some_and(|letters| !letters.starts_with('-'))
}

/// Returns the number of arguments that an option of a `sh` takes up; `None` if it is no option.
fn sh_option(text: &str) -> Option<usize> {
    let letters = text.strip_prefix(['-', '+'])?;
    match letters {
        "" | "-" => None,
        "-rcfile" | "-init-file" => Some(2),
        _ if !letters.starts_with('-') && letters.ends_with(['o', 'O']) => Some(2),
        _ => Some(1),
    }
}

enum PowerShell {
    /// An option that takes up so many arguments.
    Takes(usize),
    /// The command line starts so many arguments from here.
    CommandLine(usize),
    File(usize),
}

/// An argument of a PowerShell; `None` if nothing can be said of what follows.
fn power_shell_option(text: &str, is_pwsh: bool) -> Option<PowerShell> {
    let Some(option) = text.strip_prefix(['-', '/']) else {
        return Some(if is_pwsh {
            PowerShell::File(0)
        } else {
            PowerShell::CommandLine(0)
        });
    };
    let option = option.to_lowercase();
    let is = |name: &str| !option.is_empty() && name.starts_with(&option);
    let flags = [
        "noprofile",
        "nologo",
        "noninteractive",
        "noexit",
        "sta",
        "mta",
        "login",
    ];
    let takes = [
        "executionpolicy",
        "windowstyle",
        "inputformat",
        "outputformat",
        "version",
        "workingdirectory",
        "configurationname",
        "settingsfile",
    ];
    if is("command") {
        Some(PowerShell::CommandLine(1))
    } else if is("file") {
        Some(PowerShell::File(1))
    } else if flags.into_iter().any(is) {
        Some(PowerShell::Takes(1))
    } else if takes.into_iter().any(is) || ["ep", "ex", "wd"].contains(&option.as_str()) {
        Some(PowerShell::Takes(2))
    } else {
        None
    }
}
