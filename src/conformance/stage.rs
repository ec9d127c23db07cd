//! The operating system of a case: it starts, notifies and kills the scripted processes as a runtime asks.

use super::protocol::{Happening, Role, Spawn};
use openjd_monitor_core::session::{ActionName, Event, Invocation, ProcessId, Start, Target, Time};
use openjd_monitor_core::simulate::{Behaviour, Processes, Script};
use openjd_monitor_core::trace::{Fields, seconds};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The processes of a case.
pub(super) struct Stage {
    behaviour: Behaviour,
    processes: Processes,
    /// The adapter's names of processes, by ours.
    names: Vec<String>,
    known: HashMap<String, (ProcessId, Role)>,
    /// Whether the Session has ended.
    pub is_over: bool,
}

impl Stage {
    /// Processes that behave like this.
    pub fn new(behaviour: Behaviour) -> Self {
        Self {
            behaviour,
            processes: Processes::default(),
            names: Vec::new(),
            known: HashMap::new(),
            is_over: false,
        }
    }

    /// When the next process does something.
    pub fn next(&self) -> Option<Time> {
        self.processes.next()
    }

    /// What processes do at `now`, and what comes from outside, in the names that the adapter gave them.
    pub fn take(&mut self, now: Time, inputs: impl Iterator<Item = Event>) -> Vec<Happening> {
        let events = self.processes.take(now).into_iter().chain(inputs);
        let name = |process: ProcessId| self.name(process);
        events.map(|event| Happening::of(event, &name)).collect()
    }

    fn name(&self, process: ProcessId) -> String {
        let index = usize::try_from(process.0).unwrap_or(usize::MAX);
        self.names.get(index).cloned().unwrap_or_default()
    }

    /// Carries out an effect, and makes it the event of a trace that it is.
    ///
    /// # Errors
    ///
    /// In words, if it breaks the protocol.
    pub fn apply(&mut self, now: Time, effect: Map<String, Value>) -> Result<Fields, String> {
        let kind = effect
            .get("effect")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let mut event = effect.clone();
        event.remove("effect");
        let mut name = kind.clone();
        match kind.as_str() {
            "spawn" => {
                let role = self.spawn(now, effect)?;
                name = match role {
                    Role::Action => "action_started".to_owned(),
                    Role::Check => "check_started".to_owned(),
                };
                for field in ["process", "role", "wraps", "parameters"] {
                    event.remove(field);
                }
            }
            "notify" | "kill" => {
                let process = event.remove("process");
                let process = process.as_ref().and_then(Value::as_str).unwrap_or_default();
                let (id, role) = *self
                    .known
                    .get(process)
                    .ok_or_else(|| format!("`{kind}` of `{process}`, which it has not started"))?;
                match kind.as_str() {
                    "notify" => self.processes.notify(now, id),
                    _ => self.processes.kill(now, id),
                }
                let role = serde_json::to_value(role).unwrap_or_default();
                event.insert("target".to_owned(), role);
            }
            "session_ended" => self.is_over = true,
            "status" | "check_ended" | "action_ended" => {}
            other => return Err(format!("there is no effect `{other}`")),
        }
        event.insert("at".to_owned(), seconds(now));
        event.insert("event".to_owned(), name.into());
        Ok(Fields::from(&event))
    }

    fn spawn(&mut self, now: Time, effect: Map<String, Value>) -> Result<Role, String> {
        let spawn: Spawn = serde_json::from_value(Value::Object(effect))
            .map_err(|error| format!("a `spawn` is not one: {error}"))?;
        let id = ProcessId(self.names.len() as u64);
        let known = self.known.insert(spawn.process.clone(), (id, spawn.role));
        if known.is_some() {
            return Err(format!("a second process has the name `{}`", spawn.process));
        }
        self.names.push(spawn.process.clone());
        let role = spawn.role;
        let start = start(id, spawn)?;
        let run = self.behaviour.run(now, &start);
        self.processes.start(now, &start, run);
        Ok(role)
    }
}

/// A process to start, as the scripts of processes know it.
fn start(process: ProcessId, spawn: Spawn) -> Result<Start, String> {
    let (environment, step) = (spawn.environment.as_deref(), spawn.step.as_deref());
    let action = ActionName::named(environment, step, &spawn.slot).ok_or_else(|| {
        format!(
            "the `spawn` of `{}` has either no slot, or not one of `environment` and `step`",
            spawn.process
        )
    })?;
    Ok(Start {
        process,
        target: match spawn.role {
            Role::Action => Target::Action,
            Role::Check => Target::Check,
        },
        action: Arc::new(action),
        invocation: Arc::new(Invocation {
            command: spawn.command,
            args: spawn.args,
        }),
        variables: Arc::new(BTreeMap::new()),
        wraps: spawn.wraps,
        parameters: spawn.parameters,
        files: Vec::new(),
    })
}
