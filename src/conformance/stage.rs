//! Simulated operating system of a case: starts, notifies and kills scripted processes for the runtime under test.

use super::protocol::{Role, Spawn, WireEffect, WireEvent};
use openjd_monitor_core::session::{ActionName, Event, Invocation, ProcessId, Start, Target, Time};
use openjd_monitor_core::simulate::{Behaviour, ProcessModel, Processes};
use openjd_monitor_core::trace::Fields;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use thiserror::Error;

/// The processes of a case.
pub(super) struct Stage {
    behaviour: Behaviour,
    processes: Processes,
    /// Names that the adapter gave to processes, by id.
    names: Vec<String>,
    known: HashMap<String, (ProcessId, Role)>,
    /// True once the Session has ended.
    pub is_over: bool,
}

/// Error for an effect that breaks the protocol.
#[derive(Debug, Error)]
pub(super) enum BadEffect {
    #[error("`{effect}` of `{process}`, which it has not started")]
    UnknownProcess {
        effect: &'static str,
        process: String,
    },
    #[error("a second process has the name `{0}`")]
    SecondProcess(String),
    #[error("the `spawn` of `{0}` has either no slot, or not one of `environment` and `step`")]
    NoAction(String),
}

impl Stage {
    /// Creates a stage without processes yet.
    pub fn new(behaviour: Behaviour) -> Self {
        Self {
            behaviour,
            processes: Processes::default(),
            names: Vec::new(),
            known: HashMap::new(),
            is_over: false,
        }
    }

    /// Returns the time of the next event of a process.
    pub fn next(&self) -> Option<Time> {
        self.processes.next()
    }

    /// Returns the events of processes at `now`, and the `inputs` from outside.
    pub fn take(&mut self, now: Time, inputs: impl Iterator<Item = Event>) -> Vec<WireEvent> {
        let events = self.processes.take(now).into_iter().chain(inputs);
        events
            .map(|event| WireEvent::from_session(event, |process| self.name(process)))
            .collect()
    }

    fn name(&self, process: ProcessId) -> String {
        let index = usize::try_from(process.0).unwrap_or(usize::MAX);
        self.names.get(index).cloned().unwrap_or_default()
    }

    /// Applies an effect, and returns the event of a trace that it is.
    ///
    /// # Errors
    ///
    /// Fails if the effect breaks the protocol.
    pub fn apply(&mut self, now: Time, effect: WireEffect) -> Result<Fields, BadEffect> {
        let role = match &effect {
            WireEffect::Spawn(spawn) => {
                self.spawn(now, spawn.clone())?;
                None
            }
            WireEffect::Notify { process } => {
                let (id, role) = self.find("notify", process)?;
                self.processes.notify(now, id);
                Some(role)
            }
            WireEffect::Kill { process } => {
                let (id, role) = self.find("kill", process)?;
                self.processes.kill(now, id);
                Some(role)
            }
            WireEffect::SessionEnded(_) => {
                self.is_over = true;
                None
            }
            WireEffect::Status(_) | WireEffect::CheckEnded(_) | WireEffect::ActionEnded(_) => None,
        };
        Ok(effect.event(now, role))
    }

    fn find(&self, effect: &'static str, process: &str) -> Result<(ProcessId, Role), BadEffect> {
        let found = self.known.get(process).copied();
        found.ok_or_else(|| BadEffect::UnknownProcess {
            effect,
            process: process.to_owned(),
        })
    }

    fn spawn(&mut self, now: Time, spawn: Spawn) -> Result<(), BadEffect> {
        let id = ProcessId(self.names.len() as u64);
        let known = self.known.insert(spawn.process.clone(), (id, spawn.role));
        if known.is_some() {
            return Err(BadEffect::SecondProcess(spawn.process));
        }
        self.names.push(spawn.process.clone());
        let start = start(id, spawn)?;
        let run = self.behaviour.run(now, &start);
        self.processes.start(now, &start, run);
        Ok(())
    }
}

/// Converts to the process that scripts of processes know.
fn start(process: ProcessId, spawn: Spawn) -> Result<Start, BadEffect> {
    let started = spawn.started;
    let (environment, step) = (started.environment.as_deref(), started.step.as_deref());
    let action = ActionName::named(environment, step, &started.slot)
        .ok_or(BadEffect::NoAction(spawn.process))?;
    Ok(Start {
        process,
        target: match spawn.role {
            Role::Action => Target::Action,
            Role::Check => Target::Check,
        },
        action: Arc::new(action),
        invocation: Arc::new(Invocation {
            command: started.command,
            args: started.args.unwrap_or_default(),
        }),
        variables: Arc::new(BTreeMap::new()),
        wraps: spawn.wraps,
        parameters: spawn.parameters,
        files: Vec::new(),
    })
}
