//! Decides on the next action of a Session: the agenda, wrap interception, variables and parameters.

use super::Plan;
use super::action_scope::{self, ActionScope, Wrapped};
use super::error::{MAX_VARIABLE, PlanError};
use super::planned::{Planned, PlannedAction, Refusal, Remark};
use super::prepare;
use super::variables::SessionVariables;
use crate::session::effect::{Parameter, Phase};
use crate::session::event::{ActionName, Variables};
use crate::session::job::{AgendaItem, Environment, Job};
use crate::session::scope::Scope;
use crate::template::{Slot, defaults};
use openjd_expr::FunctionLibrary;
use openjd_model::TaskParameterSet;
use openjd_model::job::Action;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// Planner of one Session.
pub(in crate::session) struct Planner {
    job: Job,
    /// Environments that were entered or attempted and not yet exited, outermost first.
    entered: Vec<usize>,
    variables: SessionVariables,
    /// Environments whose shadowed monitor has been remarked on (SES-2).
    shadowed: BTreeSet<usize>,
}

/// The action that is due, before it is known if a hook replaces it.
struct Due<'p> {
    name: ActionName,
    action: &'p Action,
    scope: Result<ActionScope<'p>, PlanError>,
    /// Environment and slot whose monitor watches it; `None` for a task.
    slot: Option<(&'p Environment, Slot)>,
    /// Hook that could replace it.
    hook: Slot,
    /// Name of its owner, and the symbol for that in a hook.
    owner: (&'static str, &'p str),
    notify_period: Duration,
    parameters: Option<BTreeMap<String, String>>,
    enters: Option<usize>,
}

impl Plan for Planner {
    fn next(&mut self, is_cleanup: bool) -> Option<Planned> {
        while !is_cleanup && let Some(item) = self.job.agenda.pop_front() {
            match item {
                AgendaItem::Begin(step) => {
                    let name = self.job.steps[step].definition.name.clone();
                    return Some(Planned::without_action(Phase::Step(name)));
                }
                AgendaItem::Enter(environment) => return Some(self.enter(environment)),
                AgendaItem::Tasks(step, mut sets) => {
                    if let Some(task) = sets.next() {
                        self.job.agenda.push_front(AgendaItem::Tasks(step, sets));
                        return Some(self.task(step, &task));
                    }
                }
                AgendaItem::ExitTo(left) if self.entered.len() > left => {
                    self.job.agenda.push_front(AgendaItem::ExitTo(left));
                    return self.exit(is_cleanup);
                }
                AgendaItem::ExitTo(_) => {}
            }
        }
        self.exit(is_cleanup)
    }

    fn variables(&self) -> Variables {
        self.variables.merged(&self.entered)
    }

    fn set_variable(&mut self, entering: Option<usize>, name: String, value: Option<String>) {
        self.variables.apply(entering, name, value);
    }

    fn has_redacted_variables(&self) -> bool {
        self.job.has_redacted_variables
    }
}

impl Planner {
    pub fn new(job: Job) -> Self {
        Self {
            entered: Vec::new(),
            variables: SessionVariables::new(job.environments.len()),
            shadowed: BTreeSet::new(),
            job,
        }
    }

    fn enter(&mut self, index: usize) -> Planned {
        // An Environment that was only attempted exits like one that was entered (VAR-4).
        self.entered.push(index);
        let environment = &self.job.environments[index];
        let phase = Phase::Enter(environment.name().to_owned());
        match declared_variables(environment, &self.job.library) {
            Ok(variables) => self.variables.declare(index, variables),
            Err(error) => {
                let hook = self.wrapper(Slot::OnWrapEnvEnter, Some(index));
                let hook = hook.filter(|_| environment.action(Slot::OnEnter).is_some());
                let action = match hook.map(|wrapper| self.job.environments[wrapper].name()) {
                    Some(wrapper) => ActionName::of_environment(wrapper, Slot::OnWrapEnvEnter),
                    None => ActionName::of_environment(environment.name(), Slot::OnEnter),
                };
                return Planned {
                    action: Some(Err(Refusal { action, error })),
                    ..Planned::without_action(phase)
                };
            }
        }
        self.slot(phase, index, Slot::OnEnter, self.variables(), false)
    }

    fn exit(&mut self, is_cleanup: bool) -> Option<Planned> {
        // The exiting action, and a hook around it, still have the variables of the Environment that exits:
        // RFC 0008 lists them, although the official runtime leaves them out.
        let variables = self.variables();
        let index = self.entered.pop()?;
        let phase = Phase::Exit(self.job.environments[index].name().to_owned());
        Some(self.slot(phase, index, Slot::OnExit, variables, is_cleanup))
    }

    /// Plans the `onEnter` or `onExit` of an Environment.
    fn slot(
        &mut self,
        phase: Phase,
        index: usize,
        slot: Slot,
        variables: Variables,
        log_only: bool,
    ) -> Planned {
        let environment = &self.job.environments[index];
        let Some(action) = environment.action(slot) else {
            return Planned::without_action(phase);
        };
        let (hook, enters) = match slot {
            Slot::OnEnter => (Slot::OnWrapEnvEnter, Some(index)),
            _ => (Slot::OnWrapEnvExit, None),
        };
        let wrapper = self.wrapper(hook, Some(index));
        let due = Due {
            name: ActionName::of_environment(environment.name(), slot),
            action,
            scope: action_scope::of_environment(environment, &self.job.library),
            slot: Some((environment, slot)),
            hook,
            owner: ("WrappedEnv.Name", environment.name()),
            notify_period: defaults::notify_period(slot),
            parameters: None,
            enters,
        };
        let mut planned = self.plan(phase, due, wrapper, variables, log_only);
        if let Some(wrapper) = wrapper
            && environment.monitors.contains_key(&slot)
            && self.shadowed.insert(index)
        {
            planned.remarks.push(Remark::Shadowed {
                environment: environment.name().to_owned(),
                by: self.job.environments[wrapper].name().to_owned(),
            });
        }
        planned
    }

    fn task(&self, index: usize, task: &TaskParameterSet) -> Planned {
        let step = &self.job.steps[index];
        let name = &step.definition.name;
        let given = task.iter().map(|(name, parameter)| Parameter {
            name: name.clone(),
            kind: parameter.param_type.as_spec_str(),
            value: parameter.value.to_display_string(),
        });
        let given: Vec<_> = given.collect();
        let parameters = given.iter();
        let parameters =
            parameters.map(|parameter| (parameter.name.clone(), parameter.value.clone()));
        let hook = Slot::OnWrapTaskRun;
        let due = Due {
            name: ActionName::of_task(name),
            action: &step.definition.script.actions.on_run,
            scope: action_scope::of_task(step, task, &self.job.path_rules, &self.job.library),
            slot: None,
            hook,
            owner: ("WrappedStep.Name", name),
            notify_period: defaults::TASK_NOTIFY_PERIOD,
            parameters: Some(parameters.collect()),
            enters: None,
        };
        let wrapper = self.wrapper(hook, None);
        self.plan(Phase::Task(given), due, wrapper, self.variables(), false)
    }

    /// Plans the action that is due, or the hook of `wrapper` in its place.
    fn plan(
        &self,
        phase: Phase,
        due: Due<'_>,
        wrapper: Option<usize>,
        variables: Variables,
        log_only: bool,
    ) -> Planned {
        let (action, slot) = (due.action, due.slot);
        let wrapper = wrapper.map(|index| &self.job.environments[index]);
        let prepared = due.scope.and_then(|scope| match (wrapper, slot) {
            (Some(wrapper), _) => {
                let wrapped = Wrapped {
                    action,
                    scope: &scope.scope,
                    name: due.owner,
                    notify_period: due.notify_period,
                    variables: &self.variables.for_wrap_hook(&variables),
                };
                let library = &self.job.library;
                prepare::wrap_hook(wrapper, due.hook, &wrapped, scope.files, library, log_only)
            }
            (None, Some((environment, slot))) => {
                prepare::environment_action(environment, slot, action, scope, log_only)
            }
            (None, None) => prepare::task_action(action, scope),
        });
        let name = wrapper.map_or(due.name, |wrapper| {
            ActionName::of_environment(wrapper.name(), due.hook)
        });
        let mut prepared = match prepared {
            Ok(prepared) => prepared,
            Err(error) => {
                return Planned {
                    action: Some(Err(Refusal {
                        action: name,
                        error,
                    })),
                    ..Planned::without_action(phase)
                };
            }
        };
        // As in the official runtime, for every action (SES-7).
        prepared.files.push(self.job.path_mapping.clone());
        let unmonitored = prepared.unmonitored.take();
        let remarks = unmonitored.map(|error| Remark::Unmonitored {
            action: name.clone(),
            error,
        });
        Planned {
            phase,
            remarks: remarks.into_iter().collect(),
            action: Some(Ok(PlannedAction {
                name,
                prepared,
                variables: Arc::new(variables),
                wraps: wrapper.map(|_| due.owner.1.to_owned()),
                parameters: due.parameters,
                enters: due.enters,
            })),
        }
    }

    /// Returns the entered Environment, other than `except`, whose `hook` replaces the action that is due.
    fn wrapper(&self, hook: Slot, except: Option<usize>) -> Option<usize> {
        let entered = self.entered.iter().copied();
        let mut others = entered.filter(|&index| Some(index) != except);
        others.find(|&index| self.job.environments[index].action(hook).is_some())
    }
}

/// Resolves the variables that an Environment declares.
fn declared_variables(
    environment: &Environment,
    library: &FunctionLibrary,
) -> Result<Variables, PlanError> {
    let scope = Scope {
        symbols: environment.symbols.clone(),
        library,
    };
    let declared: BTreeMap<_, _> = environment.definition.variables.iter().flatten().collect();
    let mut variables = Variables::new();
    for (name, string) in declared {
        let value = scope.text(string, &format!("variable '{name}'"))?;
        if value.contains('\0') {
            return Err(PlanError::NulInVariable(name.clone()));
        }
        if value.chars().count() > MAX_VARIABLE {
            return Err(PlanError::VariableTooLong(name.clone()));
        }
        variables.insert(name.clone(), Some(value));
    }
    Ok(variables)
}
