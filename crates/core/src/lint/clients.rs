//! Programs that run a command in a container or on another host, and wait for it.

use super::commands::ActionCommand;
use super::finding::Place;
use super::shell::{CONTAINER_CLIENTS, Language, UNKNOWN, Word, base_name};
use serde_json::{Value, json};

/// A client that an action runs.
pub(crate) struct Client {
    /// Its name, with the word that makes it one.
    pub name: String,
    pub place: Place,
    /// The program and its words up to where it runs something.
    program: Vec<String>,
    target: Option<Target>,
}

/// Target in which a client runs its command.
enum Target {
    /// A name or an address.
    Name(String),
    /// The environment variable that holds it, behind a prefix.
    Variable { prefix: &'static str, name: String },
}

/// Prefix of the name of an instance of Apptainer.
const INSTANCE: &str = "instance://";

/// Options of `docker exec` and its like that take a value of their own.
const WITH_VALUE: [&str; 8] = [
    "-e",
    "--env",
    "-u",
    "--user",
    "-w",
    "--workdir",
    "--env-file",
    "--detach-keys",
];

impl Client {
    /// Returns an `<Action>` that runs `true` in the same place, if that is known. `is_set` tells of a variable if
    /// the checks have it.
    pub fn probe(&self, is_set: &dyn Fn(&str) -> bool) -> Option<Value> {
        let (program, words) = self.program.split_first()?;
        match self.target.as_ref()? {
            Target::Name(name) => {
                let mut arguments = words.to_vec();
                arguments.extend([name.clone(), "true".to_owned()]);
                Some(json!({"command": program, "args": arguments, "timeout": 10}))
            }
            Target::Variable { prefix, name } if is_set(name) => {
                let line = format!("{} \"{prefix}${name}\" true", self.program.join(" "));
                Some(json!({"command": "sh", "args": ["-c", line], "timeout": 10}))
            }
            Target::Variable { .. } => None,
        }
    }
}

/// Returns the client that an action runs, alone or in the code of a shell, and that no `timeout` program limits.
pub(crate) fn waited_for(action: &ActionCommand<'_>) -> Option<Client> {
    let place = Place::Value(action.action.path.key("command"));
    if let Some(client) = of(&action.words(), place) {
        return Some(client);
    }
    let codes = action
        .code
        .iter()
        .filter(|code| code.language == Language::Sh);
    let mut commands = codes.flat_map(|code| {
        let commands = code.script.commands.iter();
        commands.map(move |command| (code, command))
    });
    commands.find_map(|(code, command)| {
        let place = Place::Text(code.path.clone(), command.range()?);
        of(command.program(), place).filter(|_| !command.is_background)
    })
}

fn of(words: &[Word], place: Place) -> Option<Client> {
    let [program, arguments @ ..] = words else {
        return None;
    };
    let texts: Vec<_> = arguments.iter().map(|word| word.text.as_str()).collect();
    let name = base_name(&program.text);
    let client = |count: usize, target: Option<Target>| {
        let words = std::iter::once(program).chain(&arguments[..count]);
        let program: Vec<_> = words.map(|word| word.text.clone()).collect();
        let shown = std::iter::once(name).chain(texts[..count].iter().copied());
        Some(Client {
            name: shown.collect::<Vec<_>>().join(" "),
            place,
            program,
            target,
        })
    };
    match (name, texts.as_slice()) {
        (_, ["exec", ..]) if CONTAINER_CLIENTS.contains(&name) => {
            client(1, target(&arguments[1..]))
        }
        (_, ["container", "exec", ..]) if CONTAINER_CLIENTS.contains(&name) => {
            client(2, target(&arguments[2..]))
        }
        ("kubectl", ["exec", ..]) => client(1, None),
        ("apptainer" | "singularity", ["exec" | "run", ..]) => {
            let mut words = arguments.iter();
            let instance = words.find(|word| word.text.starts_with(INSTANCE))?;
            let (_, name) = instance.text.split_once(INSTANCE)?;
            let target = match instance.variables.as_slice() {
                [variable] if name == UNKNOWN.to_string() => Some(Target::Variable {
                    prefix: INSTANCE,
                    name: variable.name.clone(),
                }),
                [] if instance.is_known() => Some(Target::Name(instance.text.clone())),
                _ => None,
            };
            // What `run` runs is the script of the image, which need not end.
            let mut client = client(1, target)?;
            if let Some(verb) = client.program.get_mut(1) {
                *verb = "exec".to_owned();
            }
            Some(client)
        }
        // It notices by itself that the other host is gone.
        ("ssh", _) if texts.iter().any(|text| text.contains("ServerAlive")) => None,
        // It does something to a host, or runs nothing there.
        ("ssh", _)
            if texts
                .iter()
                .any(|text| ["-V", "-G", "-N", "-f", "-O"].contains(text)) =>
        {
            None
        }
        ("ssh", [_, ..]) => client(0, None),
        _ => None,
    }
}

/// Returns the container that `docker exec` runs its command in, if every word before it is understood.
fn target(words: &[Word]) -> Option<Target> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let text = word.text.as_str();
        if text == "-d" || text == "--detach" {
            return None;
        }
        if WITH_VALUE.contains(&text) {
            words.next();
        } else if !text.starts_with('-') {
            return match word.only_variable() {
                Some(variable) => {
                    let name = variable.name.clone();
                    Some(Target::Variable { prefix: "", name })
                }
                None if word.variables.is_empty() && word.is_known() => {
                    Some(Target::Name(text.to_owned()))
                }
                None => None,
            };
        }
    }
    None
}
