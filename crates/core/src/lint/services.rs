//! Recognizes actions that start what lives on when they have ended, and checks that look at such things.

use super::commands::ActionCommand;
use super::finding::Place;
use super::session_variables;
use super::shell::{Language, Word, base_name};
use crate::lint::commands::Script;
use crate::template::Slot;

/// Programs that keep containers.
const CONTAINERS: [&str; 3] = ["docker", "podman", "nerdctl"];

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
        if let Some(range) = start.and_then(super::shell::Command::range) {
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
        _ if CONTAINERS.contains(&name) => match texts.as_slice() {
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

/// Maximum number of words of a command that are looked for in `onEnter`.
const MAX_NAMES: usize = 8;

/// Returns true if a check asks for a process, a container or a server of this host that `onEnter` names, for
/// a license, or for the age of a file that `onEnter` does not write.
pub(crate) fn is_asked_for(check: &ActionCommand<'_>, script: &Script<'_>) -> bool {
    let texts = session_variables::texts(script, Slot::OnEnter.name());
    let asks = |words: &[Word]| asks(words, &texts) || is_stale(words, &texts);
    let mut found = asks(&check.words());
    for code in &check.code {
        for command in &code.script.commands {
            command.visit(&mut |command| {
                found = found || asks(command.program());
            });
        }
    }
    found
}

fn asks(words: &[Word], on_enter: &[&str]) -> bool {
    let [program, arguments @ ..] = words else {
        return false;
    };
    let texts: Vec<_> = arguments.iter().map(|word| word.text.as_str()).collect();
    let is_local = |text: &&str| {
        ["localhost", "127.0.0.1", "[::1]"]
            .iter()
            .any(|host| text.contains(host))
    };
    let is_named = || {
        let mut names = texts
            .iter()
            .filter(|text| text.len() > 4 && !text.starts_with('-') && !VERBS.contains(text))
            .take(MAX_NAMES);
        names.any(|name| on_enter.iter().any(|text| text.contains(*name)))
    };
    let asks_for_a_service = match base_name(&program.text) {
        "lmstat" | "rlmstat" => return true,
        "lmutil" | "rlmutil" => return texts.iter().any(|text| text.ends_with("stat")),
        "timeout" => arguments
            .iter()
            .position(|word| {
                !word
                    .text
                    .starts_with(|c: char| c.is_ascii_digit() || c == '-')
            })
            .is_some_and(|start| asks(&arguments[start..], on_enter)),
        "kill" => texts.contains(&"-0"),
        "pgrep" | "pidof" | "ps" | "pg_isready" | "redis-cli" => true,
        "systemctl" => texts
            .iter()
            .any(|text| ["is-active", "status"].contains(text)),
        "curl" | "wget" | "nc" | "ncat" => texts.iter().any(is_local),
        "apptainer" | "singularity" => {
            matches!(texts[..], ["instance", "list", ..])
                || texts.iter().any(|text| text.starts_with("instance://"))
        }
        name if CONTAINERS.contains(&name) => matches!(
            texts[..],
            ["inspect" | "ps" | "top" | "exec" | "container", ..]
        ),
        _ => false,
    };
    asks_for_a_service && is_named()
}

/// Returns true for a test of a file's age, unless `onEnter` names the file.
fn is_stale(words: &[Word], on_enter: &[&str]) -> bool {
    let is_find = words
        .first()
        .is_some_and(|word| base_name(&word.text) == "find");
    let is_age = |word: &Word| ["-mmin", "-mtime", "-newermt"].contains(&word.text.as_str());
    if !is_find || !words.iter().any(is_age) {
        return false;
    }
    let file = words
        .get(1)
        .map(|word| base_name(&word.text))
        .unwrap_or_default();
    let is_named = |text: &&str| !file.is_empty() && text.contains(file);
    !on_enter.iter().any(is_named)
}
