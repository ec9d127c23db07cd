//! Commands that do not end by themselves: servers in the foreground, and commands that wait forever.

use super::services::detaches;
use super::shell::{CONTAINER_CLIENTS, Word, base_name};

/// A command that runs until something else ends it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Endless {
    /// Its name, with the words that make it endless.
    pub name: String,
    /// The option with which it goes to the background by itself, if it has one.
    pub detach: Option<&'static str>,
}

/// Servers, each with the word that must follow its name, if one must, and the options with which it goes to the
/// background.
const SERVERS: [(&str, &str, &[&str]); 26] = [
    ("Xorg", "", &[]),
    ("Xvfb", "", &[]),
    ("celery", "worker", &["--detach", "-D"]),
    ("dask", "scheduler", &[]),
    ("dask", "worker", &[]),
    ("dask-scheduler", "", &[]),
    ("dask-worker", "", &[]),
    ("dockerd", "", &[]),
    ("flask", "run", &[]),
    ("gunicorn", "", &["--daemon", "-D"]),
    ("jupyter", "lab", &[]),
    ("jupyter", "notebook", &[]),
    ("jupyter", "server", &[]),
    ("kubectl", "port-forward", &[]),
    ("kubectl", "proxy", &[]),
    ("memcached", "", &["--daemon", "-d"]),
    ("mongod", "", &["--fork"]),
    ("mysqld", "", &["--daemonize", "-D"]),
    ("ollama", "serve", &[]),
    ("postgres", "", &[]),
    ("redis-server", "", &["--daemonize"]),
    ("rlm", "", &[]),
    ("tritonserver", "", &[]),
    ("uvicorn", "", &[]),
    ("vllm", "serve", &[]),
    ("http.server", "", &[]),
];

/// Programs that go to the background unless an option keeps them from it.
const KEPT: [(&str, &str); 5] = [
    ("lmgrd", "-z"),
    ("nginx", "daemon off;"),
    ("nvidia-cuda-mps-control", "-f"),
    ("ray", "--block"),
    ("sshd", "-D"),
];

/// Options with which a program only says something, or reads elsewhere whether it stays in the foreground.
const UNCLEAR: [&str; 6] = ["--help", "-h", "--version", "-version", "--config", "-f"];

/// Returns the command if it certainly does not end. `is_used` tells of a container's name if it is needed later.
pub(crate) fn of(words: &[Word], is_used: &dyn Fn(&str) -> bool) -> Option<Endless> {
    let [program, arguments @ ..] = words else {
        return None;
    };
    let texts: Vec<_> = arguments.iter().map(|word| word.text.as_str()).collect();
    let name = base_name(&program.text);
    let endless = |name: String, detach| Some(Endless { name, detach });
    let is_kept = |(kept, option): &(&str, &str)| *kept == name && texts.contains(option);
    if KEPT.iter().any(is_kept) {
        return endless(name.to_owned(), None);
    }
    if detaches(words) {
        return None;
    }
    if waits(name, &texts) {
        let first = texts.first().copied().unwrap_or_default();
        return endless(format!("{name} {first}"), None);
    }
    if let Some((command, is_endless)) = of_containers(name, &texts, is_used) {
        let detach = Some("--detach").filter(|_| is_endless);
        return detach.and_then(|detach| endless(format!("{name} {command}"), Some(detach)));
    }
    serves(name, &texts)
}

/// Returns true for commands that wait for what never comes.
fn waits(name: &str, texts: &[&str]) -> bool {
    let follows = |text: &&str| matches!(*text, "-f" | "-F" | "--follow" | "--follow=name");
    match name {
        "sleep" => matches!(texts, ["infinity" | "inf"]),
        "tail" => texts.iter().any(follows) && !texts.iter().any(|text| text.starts_with("--pid")),
        "journalctl" => texts.iter().any(follows),
        _ => {
            CONTAINER_CLIENTS.contains(&name)
                && texts.first() == Some(&"logs")
                && texts.iter().any(follows)
        }
    }
}

/// Returns the name of a command that runs containers in the foreground, and true if it does not end.
fn of_containers<'t>(
    name: &str,
    texts: &[&'t str],
    is_used: &dyn Fn(&str) -> bool,
) -> Option<(&'t str, bool)> {
    let is_client = CONTAINER_CLIENTS.contains(&name);
    let has = |options: &[&str]| {
        texts
            .iter()
            .any(|text| options.iter().any(|own| text.starts_with(own)))
    };
    match texts {
        ["up", ..] if name.ends_with("-compose") => Some(("up", composes(texts))),
        ["compose", ..] if is_client => texts
            .contains(&"up")
            .then(|| ("compose up", composes(texts))),
        ["run", rest @ ..] | ["container", "run", rest @ ..] if is_client => {
            let inner = rest.last().copied().unwrap_or_default();
            let is_loop = ["while true", "while :", "sleep infinity", "tail -f"]
                .iter()
                .any(|endless| inner.contains(endless));
            let is_endless = is_loop
                || matches!(
                    rest,
                    [.., "sleep", "infinity" | "inf"] | [.., "tail", "-f", _]
                )
                || container_name(rest).is_some_and(is_used);
            Some(("run", is_endless && !has(&["--help"])))
        }
        _ => None,
    }
}

fn composes(texts: &[&str]) -> bool {
    let ends = [
        "-d",
        "--detach",
        "--wait",
        "--abort-on-container",
        "--exit-code-from",
        "--no-start",
        "--help",
    ];
    !texts
        .iter()
        .any(|text| ends.iter().any(|own| text.starts_with(own)))
}

/// The value of `--name`.
fn container_name<'t>(texts: &[&'t str]) -> Option<&'t str> {
    let name = texts
        .iter()
        .enumerate()
        .find_map(|(index, text)| match *text {
            "--name" => texts.get(index + 1).copied(),
            text => text.strip_prefix("--name="),
        });
    name.filter(|name| name.len() > 2 && !name.contains(super::shell::UNKNOWN))
}

fn serves(name: &str, texts: &[&str]) -> Option<Endless> {
    // `python -m NAME`
    let (name, texts) = match texts {
        ["-m", module, rest @ ..] if name.starts_with("python") => (*module, rest),
        _ => (name, texts),
    };
    let is_unclear = |text: &&str| UNCLEAR.contains(text) || text.ends_with(".conf");
    let is_server = |(own, first, detach): &&(&str, &str, &[&str])| {
        let is_detached = texts.iter().any(|text| detach.contains(text));
        *own == name && (first.is_empty() || texts.first() == Some(first)) && !is_detached
    };
    let (own, first, detach) = SERVERS.iter().find(is_server)?;
    if texts.iter().any(is_unclear) {
        return None;
    }
    Some(Endless {
        name: format!("{own} {first}").trim_end().to_owned(),
        detach: detach.first().copied(),
    })
}
