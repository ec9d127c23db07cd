//! A created job and its parts.

use super::error::{JobError, Part};
use super::tasks::TaskSets;
use crate::session::event::{ActionName, File};
use crate::template::{OnFailure, Slot};
use openjd_expr::{FunctionLibrary, PathMappingRule};
use openjd_model::SymbolTable;
use openjd_model::job::{self, Action, EmbeddedFile};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// A created job with the tasks to run, ready for one Session.
pub struct Job {
    pub(in crate::session) name: String,
    pub(in crate::session) environments: Vec<Environment>,
    pub(in crate::session) steps: Vec<Step>,
    pub(in crate::session) agenda: VecDeque<AgendaItem>,
    /// Functions of expressions, those of the worker host included.
    pub(in crate::session) library: Arc<FunctionLibrary>,
    /// `true` if `openjd_redacted_env` sets variables (REDACTED_ENV_VARS).
    pub(in crate::session) has_redacted_variables: bool,
    /// Rules that map paths of other hosts to this one.
    pub(in crate::session) path_rules: Vec<PathMappingRule>,
    /// File that `Session.PathMappingRulesFile` names.
    pub(in crate::session) path_mapping: File,
}

impl Job {
    /// Returns the name of the job.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the shortest period of its effective monitors; `None` if it has none.
    pub fn shortest_period(&self) -> Option<Duration> {
        let environments = self.environments.iter();
        let monitors = environments.flat_map(|environment| environment.monitors.values());
        monitors.map(|monitor| monitor.period).min()
    }

    /// Returns its monitored actions, those among them that other Environments wrap.
    pub fn schedules(&self) -> Vec<Schedule> {
        let schedules = self.environments.iter().flat_map(|environment| {
            let monitors = environment.monitors.iter();
            monitors.map(|(slot, monitor)| Schedule {
                action: ActionName::of_environment(environment.name(), *slot),
                first_check: monitor.initial_delay,
                period: monitor.period,
            })
        });
        schedules.collect()
    }

    /// Checks that its tasks can share one Session, and returns the job.
    ///
    /// # Errors
    ///
    /// Fails if it has tasks of steps whose step environments differ.
    pub fn for_one_session(self) -> Result<Self, JobError> {
        let changes = self
            .agenda
            .iter()
            .any(|item| matches!(item, AgendaItem::ExitTo(_)));
        let has_late_entry = self
            .agenda
            .iter()
            .skip_while(|item| !matches!(item, AgendaItem::Tasks(..)))
            .any(|item| matches!(item, AgendaItem::Enter(_)));
        if changes || has_late_entry {
            let message = "tasks of steps whose step environments differ cannot share a Session";
            return Err(JobError::new(Part::Tasks(None), message));
        }
        Ok(self)
    }
}

/// Times of the checks beside an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Action that is monitored.
    pub action: ActionName,
    /// Time from the start of the action to its first check (TIM-1).
    pub first_check: Duration,
    /// Time between the starts of two checks.
    pub period: Duration,
}

/// Item of an agenda, which is followed as long as nothing fails.
pub(in crate::session) enum AgendaItem {
    /// Begin with the step with this index.
    Begin(usize),
    /// Enter the Environment with this index.
    Enter(usize),
    /// Run these tasks of the step with this index.
    Tasks(usize, TaskSets),
    /// Exit Environments until this many are left.
    ExitTo(usize),
}

/// Environment of a Session.
pub(in crate::session) struct Environment {
    pub definition: job::Environment,
    /// Symbols of its format strings, without those that its script defines itself.
    pub symbols: SymbolTable,
    /// Directory of its embedded files.
    pub directory: String,
    /// Effective monitors of the slots in scope (SCH-3, SCH-4).
    pub monitors: BTreeMap<Slot, MonitorSpec>,
}

/// Step of which a Session runs tasks.
pub(in crate::session) struct Step {
    pub definition: job::Step,
    /// Symbols of its format strings, without task parameters and those that its script defines itself.
    pub symbols: SymbolTable,
    /// Directory of its embedded files.
    pub directory: String,
}

/// Effective monitor, its numbers resolved (SCH-5), its command not yet (VAR-4).
#[derive(Debug, Clone)]
pub(in crate::session) struct MonitorSpec {
    /// Action of a check.
    pub check: Action,
    pub period: Duration,
    pub initial_delay: Duration,
    pub threshold: u64,
    /// Consequence of unhealthy checks in this slot (ACT-9).
    pub on_failure: OnFailure,
}

/// Symbols that the script of an Environment or a Step defines for its actions.
pub(in crate::session) struct Definitions<'s> {
    pub files: &'s [EmbeddedFile],
    /// `let` bindings.
    pub bindings: Option<&'s [String]>,
    /// Prefix of the symbols for the paths of the files.
    pub prefix: &'static str,
    directory: &'s str,
}

impl Definitions<'_> {
    /// Returns the path of an embedded file, in the directory of its owner.
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

    /// Returns `true` if it wraps the actions of inner Environments or tasks (RFC 0008).
    pub fn wraps(&self) -> bool {
        let script = self.definition.script.as_ref();
        script.is_some_and(|script| script.actions.has_any_wrap_hook())
    }

    pub fn definitions(&self) -> Definitions<'_> {
        let script = self.definition.script.as_ref();
        Definitions {
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
    pub fn definitions(&self) -> Definitions<'_> {
        let script = &self.definition.script;
        Definitions {
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
