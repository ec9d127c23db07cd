//! What a Session is about: a job's Environments with their monitors, and its tasks.

mod create;
mod host;
mod monitoring;
mod tasks;

pub use create::{JobError, Part, Request};
pub use host::Host;
pub use tasks::{Selection, TaskChoice, Tasks};

use super::event::File;
use crate::template::{OnFailure, Slot};
use openjd_expr::{FunctionLibrary, PathMappingRule};
use openjd_model::job::{self, Action, EmbeddedFile};
use openjd_model::{SymbolTable, TaskParameterSet};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// A created job, of which each Session runs once through the agenda.
pub struct Job {
    pub(super) name: String,
    pub(super) environments: Vec<Environment>,
    pub(super) steps: Vec<Step>,
    pub(super) agenda: VecDeque<Item>,
    /// The functions of expressions, with what the worker host knows.
    pub(super) library: Arc<FunctionLibrary>,
    /// Whether `openjd_redacted_env` sets variables (REDACTED_ENV_VARS).
    pub(super) has_redacted_variables: bool,
    /// How paths of elsewhere become paths of here.
    pub(super) path_rules: Vec<PathMappingRule>,
    /// The file that `Session.PathMappingRulesFile` names.
    pub(super) path_mapping: File,
}

impl Job {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The shortest period of its effective monitors; `None` without any.
    pub fn shortest_period(&self) -> Option<Duration> {
        let environments = self.environments.iter();
        let monitors = environments.flat_map(|environment| environment.monitors.values());
        monitors.map(|monitoring| monitoring.period).min()
    }

    /// This job, if its tasks can share one Session.
    ///
    /// # Errors
    ///
    /// If it has tasks of steps whose step environments differ.
    pub fn for_one_session(self) -> Result<Self, JobError> {
        let changes = self
            .agenda
            .iter()
            .any(|item| matches!(item, Item::ExitTo(_)));
        let has_late_entry = self
            .agenda
            .iter()
            .skip_while(|item| !matches!(item, Item::Tasks(..)))
            .any(|item| matches!(item, Item::Enter(_)));
        if changes || has_late_entry {
            let message = "tasks of steps whose step environments differ cannot share a Session";
            return Err(JobError::new(Part::Tasks(None), message));
        }
        Ok(self)
    }
}

/// What a Session does next, as long as nothing fails.
pub(super) enum Item {
    /// Begin with the step with this index.
    Begin(usize),
    /// Enter the Environment with this index.
    Enter(usize),
    /// Run the tasks of the step with this index.
    Tasks(usize, Box<dyn Iterator<Item = TaskParameterSet> + Send>),
    /// Exit Environments until so many are left.
    ExitTo(usize),
}

/// An Environment of a Session.
pub(super) struct Environment {
    pub definition: job::Environment,
    /// What its format strings see, but for what its script defines itself.
    pub symbols: SymbolTable,
    /// Where its embedded files are.
    pub directory: String,
    /// The effective monitors of the slots in scope (SCH-3, SCH-4).
    pub monitors: BTreeMap<Slot, Monitoring>,
}

/// A Step of which a Session runs tasks.
pub(super) struct Step {
    pub definition: job::Step,
    /// What its format strings see, but for the task's parameters and what its script defines itself.
    pub symbols: SymbolTable,
    /// Where its embedded files are.
    pub directory: String,
}

/// An effective monitor, its numbers resolved (SCH-5), its command not yet (VAR-4).
#[derive(Debug, Clone)]
pub(super) struct Monitoring {
    pub check: Action,
    pub period: Duration,
    pub initial_delay: Duration,
    pub threshold: u64,
    /// What unhealthy checks lead to in this slot (ACT-9).
    pub on_failure: OnFailure,
}

/// The part of an Environment or a Step that its actions see.
pub(super) struct Script<'s> {
    pub files: &'s [EmbeddedFile],
    pub bindings: Option<&'s [String]>,
    /// Under which the paths of the files are known.
    pub prefix: &'static str,
    directory: &'s str,
}

impl Script<'_> {
    /// Where the file is: below the working directory, in a folder named for its owner.
    pub fn path_of(&self, file: &EmbeddedFile) -> String {
        let name = file.filename.as_ref().unwrap_or(&file.name);
        format!("{}/{name}", self.directory)
    }
}

impl Environment {
    pub fn name(&self) -> &str {
        &self.definition.name
    }

    pub fn action(&self, slot: Slot) -> Option<&Action> {
        let actions = &self.definition.script.as_ref()?.actions;
        slot_of(actions, slot).as_ref()
    }

    /// Whether it wraps the actions of inner Environments and tasks (RFC 0008).
    pub fn wraps(&self) -> bool {
        let script = self.definition.script.as_ref();
        script.is_some_and(|script| script.actions.has_any_wrap_hook())
    }

    pub fn script(&self) -> Script<'_> {
        let script = self.definition.script.as_ref();
        Script {
            files: script
                .and_then(|script| script.embedded_files.as_deref())
                .unwrap_or_default(),
            bindings: script.and_then(|script| script.let_bindings.as_deref()),
            prefix: "Env.File",
            directory: &self.directory,
        }
    }
}

impl Step {
    pub fn script(&self) -> Script<'_> {
        let script = &self.definition.script;
        Script {
            files: script.embedded_files.as_deref().unwrap_or_default(),
            bindings: script.let_bindings.as_deref(),
            prefix: "Task.File",
            directory: &self.directory,
        }
    }
}

fn slot_of(actions: &job::EnvironmentActions, slot: Slot) -> &Option<Action> {
    match slot {
        Slot::OnEnter => &actions.on_enter,
        Slot::OnWrapEnvEnter => &actions.on_wrap_env_enter,
        Slot::OnWrapTaskRun => &actions.on_wrap_task_run,
        Slot::OnWrapEnvExit => &actions.on_wrap_env_exit,
        Slot::OnExit => &actions.on_exit,
    }
}
