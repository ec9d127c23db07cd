//! The parts of a Session: what is due, what runs in its place, and whose monitor watches that (clauses SES).

use crate::session::{JobError, two_wrappers};
use crate::template::{Environment, Slot};

/// Owner of an action that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// The Environment of this name.
    Environment(String),
    /// The step of this name.
    Step(String),
    /// Any Environment of a job that is not known.
    AnyEnvironment,
    /// Any step of a job that is not known.
    AnyStep,
}

/// Action that runs when one is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runs {
    /// The action itself.
    Itself,
    /// A hook in its place (RFC 0008).
    Hook(Watcher),
    /// Nothing: the action is not defined, and so no hook replaces it.
    Nothing,
}

/// A slot of an Environment, whose monitor watches what runs there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watcher {
    /// Name of the Environment.
    pub environment: String,
    /// The slot.
    pub slot: Slot,
}

/// A reason for which no monitor watches what runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unwatched {
    /// Nothing runs.
    Nothing,
    /// A task's action is not that of an Environment, and no hook replaces it (SES-4).
    NotWrapped,
    /// This Environment has no monitor.
    NoMonitor(String),
    /// The monitor's `scope` leaves out the slot (SCH-3).
    OutOfScope(Watcher),
}

/// A part of a Session: an action that is due.
#[derive(Debug, Clone)]
pub struct Part {
    /// The owner of the action.
    pub owner: Owner,
    /// The key of the action: `onEnter`, `onRun` or `onExit`.
    pub action: &'static str,
    /// The action that runs.
    pub runs: Runs,
    /// The slot whose monitor watches it.
    pub watched: Result<Watcher, Unwatched>,
    /// `true` if the owner has a monitor for the action that does not run, because a hook replaces the action (SES-2).
    pub is_shadowed: bool,
}

/// The Environments that are entered, and what was due so far.
#[derive(Default)]
pub(super) struct Walk<'e, 'd> {
    entered: Vec<&'e Environment<'d>>,
    /// The one of them that has wrap hooks.
    wrapper: Option<&'e Environment<'d>>,
    pub parts: Vec<Part>,
}

impl<'e, 'd> Walk<'e, 'd> {
    /// Enters an Environment.
    ///
    /// # Errors
    ///
    /// Fails if it and one that is entered both have wrap hooks (RFC 0008).
    pub fn enter(&mut self, environment: &'e Environment<'d>) -> Result<(), JobError> {
        let wraps = environment.wraps();
        if let Some(other) = self.wrapper.filter(|_| wraps) {
            return Err(two_wrappers(other.name(), environment.name()));
        }
        self.slot(environment, Slot::OnEnter);
        self.entered.push(environment);
        self.wrapper = self.wrapper.or(Some(environment).filter(|_| wraps));
        Ok(())
    }

    /// Exits the Environment that was entered last.
    pub fn exit(&mut self) {
        if let Some(environment) = self.entered.pop() {
            self.wrapper = self.wrapper.filter(|own| !std::ptr::eq(*own, environment));
            self.slot(environment, Slot::OnExit);
        }
    }

    /// Runs the tasks of the step of this name; of any step, if there is none.
    pub fn task(&mut self, name: Option<&str>) {
        let owner = name.map_or(Owner::AnyStep, |name| Owner::Step(name.to_owned()));
        let hook = self.hook(Slot::OnWrapTaskRun);
        let (runs, watched) = match hook {
            Some(wrapper) => hooked(wrapper, Slot::OnWrapTaskRun),
            None => (Runs::Itself, Err(Unwatched::NotWrapped)),
        };
        self.parts.push(Part {
            owner,
            action: "onRun",
            runs,
            watched,
            is_shadowed: false,
        });
    }

    /// Runs a job that is not known: an Environment of its own, and a task.
    pub fn inside(&mut self) {
        let wrapped = |hook: Slot, action: &'static str| {
            let wrapper = self.hook(hook)?;
            let (runs, watched) = hooked(wrapper, hook);
            Some(Part {
                owner: Owner::AnyEnvironment,
                action,
                runs,
                watched,
                is_shadowed: false,
            })
        };
        let enter = wrapped(Slot::OnWrapEnvEnter, "onEnter");
        let exit = wrapped(Slot::OnWrapEnvExit, "onExit");
        self.parts.extend(enter);
        self.task(None);
        self.parts.extend(exit);
    }

    /// Adds the `onEnter` or `onExit` of an Environment that is not, or no longer, entered.
    fn slot(&mut self, environment: &Environment<'_>, slot: Slot) {
        let hook = slot.hook().and_then(|hook| Some((self.hook(hook)?, hook)));
        let own = watched(environment, slot);
        let (runs, watched) = match (environment.defines(slot), hook) {
            (false, None) => return,
            (false, Some(_)) => (Runs::Nothing, Err(Unwatched::Nothing)),
            (true, None) => (Runs::Itself, own.clone()),
            (true, Some((wrapper, hook))) => hooked(wrapper, hook),
        };
        self.parts.push(Part {
            owner: Owner::Environment(environment.name().to_owned()),
            action: slot.name(),
            is_shadowed: matches!(runs, Runs::Hook(_)) && own.is_ok(),
            runs,
            watched,
        });
    }

    /// Returns the entered Environment that has this hook.
    fn hook(&self, hook: Slot) -> Option<&'e Environment<'d>> {
        self.wrapper.filter(|own| own.defines(hook))
    }
}

fn hooked(wrapper: &Environment<'_>, hook: Slot) -> (Runs, Result<Watcher, Unwatched>) {
    (Runs::Hook(watcher(wrapper, hook)), watched(wrapper, hook))
}

fn watcher(environment: &Environment<'_>, slot: Slot) -> Watcher {
    Watcher {
        environment: environment.name().to_owned(),
        slot,
    }
}

/// Returns the slot, if the monitor of its Environment watches it (SES-1).
fn watched(environment: &Environment<'_>, slot: Slot) -> Result<Watcher, Unwatched> {
    match environment.monitor() {
        None => Err(Unwatched::NoMonitor(environment.name().to_owned())),
        Some(monitor) if !monitor.slots().contains(&slot) => {
            Err(Unwatched::OutOfScope(watcher(environment, slot)))
        }
        Some(_) => Ok(watcher(environment, slot)),
    }
}
