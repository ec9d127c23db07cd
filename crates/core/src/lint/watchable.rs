//! Recognizes what an Environment wraps tasks in or starts beside them, and the check that tells if it is still there.

use super::clients;
use super::commands::{ActionCommand, Code, Script};
use super::services::detaches;
use super::session_variables::{set_on_enter, texts};
use super::shell::{CONTAINER_CLIENTS, Command, Language, Word, base_name};
use crate::template::Slot;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A thing that a monitor can watch.
pub(crate) struct Watchable {
    /// The thing in words.
    pub what: String,
    /// The `<Action>` that fails when it is gone.
    pub command: Value,
}

impl Watchable {
    fn new(what: String, line: &str) -> Self {
        Self {
            what,
            command: json!({"command": "bash", "args": ["-c", line]}),
        }
    }
}

/// Options that name the file with the number of a process.
const PID_FILE: [&str; 3] = ["--pidfile", "--pid-file", "-pidfile"];

/// Options that name the port of a server.
const PORT: [&str; 3] = ["--port", "-port", "--listen-port"];

/// Returns what the hooks run tasks in, or else what `onEnter` starts.
pub(crate) fn of(script: &Script<'_>) -> Option<Watchable> {
    let set = set_on_enter(script);
    let mut hooks = Slot::HOOKS.into_iter();
    let client = hooks.find_map(|hook| clients::waited_for(script.action(hook.name())?));
    if let Some(client) = client
        && let Some(command) = client.probe(&|name| set.contains(name))
    {
        let what = format!("what `{}` runs commands in", client.name);
        return Some(Watchable { what, command });
    }
    let enter = script.action(Slot::OnEnter.name())?;
    container(&set, enter)
        .or_else(|| pid_variable(script, &set))
        .or_else(|| pid_file(enter))
        .or_else(|| port(enter))
}

/// Calls `see` for each command of `onEnter` with the code that it stands in, until it returns something.
fn find_in<T>(
    enter: &ActionCommand<'_>,
    see: impl Fn(&Code<'_>, &Command) -> Option<T>,
) -> Option<T> {
    let mut found = None;
    for code in enter
        .code
        .iter()
        .filter(|code| code.language == Language::Sh)
    {
        for command in &code.script.commands {
            command.visit(&mut |command| {
                if found.is_none() {
                    found = see(code, command);
                }
            });
        }
    }
    found
}

/// A container or an instance that `onEnter` starts: by its name, or by the variable with its id.
fn container(set: &BTreeSet<&str>, enter: &ActionCommand<'_>) -> Option<Watchable> {
    let of_command = |words: &[Word]| {
        let (program, arguments) = words.split_first()?;
        let client = base_name(&program.text);
        let is_container = CONTAINER_CLIENTS.contains(&client);
        let is_instance = ["apptainer", "singularity"].contains(&client);
        if !(is_container || is_instance) || !detaches(words) {
            return None;
        }
        let name = match is_instance {
            true => arguments.last(),
            false => value_of(arguments, "--name"),
        };
        if is_instance {
            let name = plain(&name?.text)?;
            return Some(Watchable::new(
                format!("the instance `{name}`"),
                &format!("{client} exec instance://{name} true"),
            ));
        }
        let running = |what: String, filter: &str| {
            let line = format!(
                "{client} ps --quiet --no-trunc --filter {filter} --filter status=running | grep -q ."
            );
            Some(Watchable::new(what, &line))
        };
        let Some(name) = name else {
            // The only variable that is set is that of the container.
            let id = set.first().filter(|_| set.len() == 1)?;
            return running(format!("the container in `{id}`"), &format!("\"id=${id}\""));
        };
        if name.variables.is_empty() {
            let name = plain(&name.text)?;
            return running(
                format!("the container `{name}`"),
                &format!("name='^{name}$'"),
            );
        }
        let variable = name.only_variable()?.name.as_str();
        if set.contains(variable) {
            let filter = format!("\"name=^${variable}$\"");
            return running(format!("the container in `{variable}`"), &filter);
        }
        let file = file_with(enter, variable)?;
        let filter = format!("\"name=^$(cat '{file}')$\"");
        running(
            format!("the container that the file `{file}` names"),
            &filter,
        )
    };
    let alone = of_command(&enter.words());
    alone.or_else(|| find_in(enter, |_, command| of_command(command.program())))
}

/// Returns the file that `onEnter` writes the value of a variable to.
fn file_with(enter: &ActionCommand<'_>, variable: &str) -> Option<String> {
    find_in(enter, |_, command| {
        let mut variables = command.words.iter().filter_map(Word::only_variable);
        variables.find(|own| own.name == variable)?;
        let output = command.redirections.iter().find(|own| own.is_output)?;
        plain(&output.target.text).map(str::to_owned)
    })
}

/// Returns a name or a path that means the same in quotes and without.
fn plain(text: &str) -> Option<&str> {
    let is_plain = |c: char| c.is_alphanumeric() || "_.-/".contains(c);
    Some(text).filter(|text| !text.is_empty() && text.chars().all(is_plain))
}

/// A process whose number `onEnter` puts into a variable: `openjd_env: NAME=$!`.
fn pid_variable(script: &Script<'_>, set: &BTreeSet<&str>) -> Option<Watchable> {
    let texts = texts(script, Slot::OnEnter.name());
    let is_pid = |value: &str| {
        let value = value.trim_start_matches(['"', '\\', '{']);
        value.starts_with("$!") || {
            let name = value.strip_prefix('$').unwrap_or_default();
            let name = name.trim_start_matches('{');
            let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let name = &name[..end.unwrap_or(name.len())];
            let assigned = format!("{name}=$!");
            !name.is_empty() && texts.iter().any(|text| text.contains(&assigned))
        }
    };
    let messages = texts
        .iter()
        .flat_map(|text| text.split("openjd_env: ").skip(1));
    let values = messages.filter_map(|message| message.split_once('='));
    let pids = values.filter(|(name, value)| set.contains(*name) && is_pid(value));
    let name = pids.map(|(name, _)| name).min()?;
    Some(Watchable::new(
        format!("the process in `{name}`"),
        &format!("kill -0 \"${name}\""),
    ))
}

/// A process whose number `onEnter`, or what that starts, writes to a file.
fn pid_file(enter: &ActionCommand<'_>) -> Option<Watchable> {
    let file = find_in(enter, |code, command| {
        let raw = |word: &Word| code.text.get(word.range.clone()).map(str::to_owned);
        let says_pid = |word: &Word| raw(word).is_some_and(|text| text.trim_matches('"') == "$!");
        let mut outputs = command.redirections.iter().filter(|own| own.is_output);
        let written = outputs
            .next()
            .filter(|_| command.words.iter().any(says_pid));
        let written = written.and_then(|own| raw(&own.target));
        written.or_else(|| option(command.program(), &PID_FILE))
    });
    let file = file.or_else(|| option(&enter.words(), &PID_FILE))?;
    // A variable of the script is none of the check.
    let file = plain(file.trim_matches(['"', '\'']))?;
    Some(Watchable::new(
        format!("the process in the file `{file}`"),
        &format!("kill -0 \"$(cat '{file}')\""),
    ))
}

/// A server on a port of this host.
fn port(enter: &ActionCommand<'_>) -> Option<Watchable> {
    let port = option(&enter.words(), &PORT)
        .or_else(|| find_in(enter, |_, command| option(command.program(), &PORT)))?;
    let number: u16 = port.parse().ok()?;
    Some(Watchable::new(
        format!("the server on port {number}"),
        &format!("exec 3<>/dev/tcp/127.0.0.1/{number}"),
    ))
}

/// Returns the word behind an option.
fn value_of<'w>(words: &'w [Word], name: &str) -> Option<&'w Word> {
    let mut words = words.iter();
    words.find(|word| word.text == name)?;
    words.next()
}

/// Returns the value of the first of these options among the words of a command.
fn option(words: &[Word], names: &[&str]) -> Option<String> {
    let texts = || words.iter().map(|word| word.text.as_str());
    let of_own = texts()
        .zip(texts().skip(1))
        .find_map(|(name, value)| names.contains(&name).then(|| value.to_owned()));
    of_own.or_else(|| {
        texts().find_map(|text| {
            let (name, value) = text.split_once('=')?;
            names.contains(&name).then(|| value.to_owned())
        })
    })
}
