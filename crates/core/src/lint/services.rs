//! Recognizes actions that start something that outlives them, and checks that look at it.

use super::commands::{ActionCommand, Script};
use super::finding::Place;
use super::session_variables;
use super::shell::{CONTAINER_CLIENTS, Command, Language, Word, base_name, behind_timeout};
use crate::template::Slot;

/// Options with which servers go to the background by themselves.
const DETACHING: [&str; 7] = [
    "--detach",
    "--daemon",
    "--daemonize",
    "--background",
    "--fork",
    "--daemon=true",
    "--detach=true",
];

/// Returns the place where an action starts what lives on, and waits until it has come up.
pub(crate) fn awaited_start(action: &ActionCommand<'_>) -> Option<Place> {
    // What has been there before is started at once.
    let starts_anew = |words: &[Word]| {
        let program = words.first().map(|word| base_name(&word.text));
        let is_client = program.is_some_and(|name| CONTAINER_CLIENTS.contains(&name));
        let is_start = words
            .iter()
            .skip(1)
            .take(2)
            .any(|word| word.text == "start");
        is_client && is_start
    };
    let is_awaited = |words: &[Word]| detaches(words) && !starts_anew(words);
    if is_awaited(&action.words()) {
        return Some(Place::Value(action.action.path.key("command")));
    }
    action.code.iter().find_map(|code| {
        let mut commands = code.script.commands.iter();
        let start = commands.find(|command| is_awaited(command.program()))?;
        Some(Place::Text(code.path.clone(), start.range()?))
    })
}

/// Returns the place where an action starts what lives on beside the tasks.
pub(crate) fn start(action: &ActionCommand<'_>) -> Option<Place> {
    let command = Place::Value(action.action.path.key("command"));
    if detaches(&action.words()) {
        return Some(command);
    }
    for code in &action.code {
        let commands = &code.script.commands;
        let waits = commands.iter().any(|command| {
            let program = command.program().first();
            program.is_some_and(|word| word.text == "wait")
        });
        let start = commands.iter().find(|command| {
            let in_background = command.is_background && !command.words.is_empty() && !waits;
            in_background && code.language != Language::Cmd || detaches(command.program())
        });
        if let Some(range) = start.and_then(Command::range) {
            return Some(Place::Text(code.path.clone(), range));
        }
    }
    None
}

/// Returns true for a command that leaves something running when it ends.
pub(crate) fn detaches(words: &[Word]) -> bool {
    let [program, arguments @ ..] = words else {
        return false;
    };
    let name = base_name(&program.text);
    let texts: Vec<_> = arguments.iter().map(|word| word.text.as_str()).collect();
    let has_detach = texts.iter().any(|text| DETACHING.contains(text));
    match name {
        _ if CONTAINER_CLIENTS.contains(&name) => match texts.as_slice() {
            ["start", ..] | ["container", "start", ..] => true,
            ["run", ..] | ["container", "run", ..] | ["compose", ..] => {
                has_detach || texts.iter().any(|text| is_short_detach(text))
            }
            _ => false,
        },
        "apptainer" | "singularity" => matches!(texts[..], ["instance", "start" | "run", ..]),
        "systemctl" | "pg_ctl" => texts.contains(&"start"),
        "service" => texts.get(1) == Some(&"start"),
        "start-stop-daemon" | "daemonize" | "daemon" | "lmgrd" | "Start-Process" | "Start-Job" => {
            !texts.contains(&"-Wait")
        }
        // The adaptors of Deadline Cloud, such as `maya-openjd`.
        _ if texts.starts_with(&["daemon", "start"]) => true,
        "screen" => texts.iter().any(|text| text.starts_with("-dm")),
        "tmux" => texts.contains(&"-d"),
        _ => has_detach,
    }
}

/// Returns true for `-d` among the letters of a short option.
fn is_short_detach(text: &str) -> bool {
    let letters = text.strip_prefix('-').unwrap_or_default();
    let are_letters = letters.chars().all(|c| c.is_ascii_lowercase());
    are_letters && letters.len() <= 3 && letters.contains('d')
}

/// Words of commands that name nothing.
const VERBS: [&str; 5] = ["inspect", "container", "instance", "status", "is-active"];

/// Maximum number of words of a check, and of files, that are looked for in `onEnter`.
const MAX_NAMES: usize = 32;

/// Services that the commands of a check ask for.
#[derive(Default)]
struct Asked {
    has_license: bool,
    /// The words of commands that ask for a process, a container or a server of this host.
    names: Vec<String>,
    /// The names of the files whose age is tested.
    files: Vec<String>,
}

/// Returns true if a check asks for a process, a container or a server of this host that `onEnter` starts and
/// names, for a license, or for the age of a file that `onEnter` does not name.
pub(crate) fn is_asked_for(
    check: &ActionCommand<'_>,
    script: &Script<'_>,
    has_started: bool,
) -> bool {
    let mut asked = Asked::default();
    asked.add(&check.words());
    for code in &check.code {
        for command in &code.script.commands {
            command.visit(&mut |command| asked.add(command.program()));
        }
    }
    let texts = session_variables::texts(script, Slot::OnEnter.name());
    let is_named = |name: &String| texts.iter().any(|text| text.contains(name.as_str()));
    asked.has_license
        || has_started && asked.names.iter().any(is_named)
        || asked.files.iter().any(|file| !is_named(file))
}

impl Asked {
    fn add(&mut self, words: &[Word]) {
        let Some((name, arguments)) = behind_timeout(words) else {
            return;
        };
        let texts: Vec<_> = arguments.iter().map(|word| word.text.as_str()).collect();
        self.has_license |= match name {
            "lmstat" | "rlmstat" => true,
            "lmutil" | "rlmutil" => texts.iter().any(|text| text.ends_with("stat")),
            _ => false,
        };
        if asks_for_a_service(name, &texts) {
            let names = texts
                .iter()
                .filter(|text| text.len() > 4 && !text.starts_with('-') && !VERBS.contains(text));
            add_some(&mut self.names, names);
        }
        let tests_age = || {
            let is_age = |text: &&str| ["-mmin", "-mtime", "-newermt"].contains(text);
            name == "find" && texts.iter().any(is_age)
        };
        if tests_age() {
            let file = texts.first().map(|file| base_name(file));
            add_some(&mut self.files, file.iter().filter(|file| !file.is_empty()));
        }
    }
}

/// Adds as many of the names as there is room for.
fn add_some<'n>(names: &mut Vec<String>, more: impl Iterator<Item = &'n &'n str>) {
    let room = MAX_NAMES - names.len();
    names.extend(more.take(room).map(|&name| name.to_owned()));
}

fn asks_for_a_service(name: &str, texts: &[&str]) -> bool {
    let is_local = |text: &&str| {
        ["localhost", "127.0.0.1", "[::1]"]
            .iter()
            .any(|host| text.contains(host))
    };
    match name {
        "kill" => texts.contains(&"-0"),
        "pgrep" | "pidof" | "ps" | "pg_isready" | "redis-cli" => true,
        "systemctl" => texts
            .iter()
            .any(|text| ["is-active", "status"].contains(text)),
        "curl" | "wget" | "nc" | "ncat" => texts.iter().any(is_local),
        "apptainer" | "singularity" => {
            matches!(texts, ["instance", "list", ..])
                || texts.iter().any(|text| text.starts_with("instance://"))
        }
        name if CONTAINER_CLIENTS.contains(&name) => {
            matches!(texts, ["inspect" | "ps" | "top" | "exec" | "container", ..])
        }
        _ => false,
    }
}
