//! Starting actions: which action it is (its own, or the wrap hook in its place), what it runs, and what
//! monitors it.

use super::effect::{Effect, Parameter, Phase, Start};
use super::event::{ActionName, Target, Time, Variables};
use super::machine::Session;
use super::monitor::Monitor;
use super::ready::{self, Ready};
use super::resolve::{Scope, Unresolved};
use super::running::Running;
use super::scope::{self, NOTIFY_PERIOD, TASK_NOTIFY_PERIOD, Wrapped};
use crate::template::Slot;
use openjd_model::TaskParameterSet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The longest value of a variable that an Environment declares, in characters (Template Schemas 4.4.2).
const MAX_VARIABLE: usize = 2048;

/// What an action is started for.
struct Occasion {
    variables: Arc<Variables>,
    enters: Option<usize>,
    wraps: Option<String>,
    parameters: Option<BTreeMap<String, String>>,
}

impl Occasion {
    fn with(variables: Variables) -> Self {
        Self {
            variables: Arc::new(variables),
            enters: None,
            wraps: None,
            parameters: None,
        }
    }
}

impl Session {
    pub(super) fn enter(&mut self, now: Time, index: usize, effects: &mut Vec<Effect>) {
        // Attempted is as good as entered: it exits like one that was (VAR-4).
        self.entered.push(index);
        let environment = &self.job.environments[index];
        effects.push(Effect::Phase(Phase::Enter(environment.name().to_owned())));
        let own = ActionName::of_environment(environment.name(), Slot::OnEnter);
        match self.declared_variables(index) {
            Ok(variables) => self.changes[index] = variables,
            Err(why) => return self.refuse(own, &why, effects),
        }
        let occasion = Occasion {
            enters: Some(index),
            ..Occasion::with(self.variables())
        };
        self.run_slot(now, index, Slot::OnEnter, occasion, effects);
    }

    pub(super) fn exit(&mut self, now: Time, effects: &mut Vec<Effect>) {
        // The action that exits still has the variables of what it exits, as has what it wraps: RFC 0008
        // wants all of them there, although the official runtime leaves these out.
        let variables = self.variables();
        let Some(index) = self.entered.pop() else {
            return;
        };
        let name = self.job.environments[index].name().to_owned();
        effects.push(Effect::Phase(Phase::Exit(name)));
        self.run_slot(now, index, Slot::OnExit, Occasion::with(variables), effects);
    }

    /// Runs the action of an Environment in `slot`, one of its own two, or the hook of the Environment that wraps
    /// it; neither where there is nothing to run or to replace.
    fn run_slot(
        &mut self,
        now: Time,
        index: usize,
        slot: Slot,
        occasion: Occasion,
        effects: &mut Vec<Effect>,
    ) {
        let environment = &self.job.environments[index];
        let Some(action) = environment.action(slot) else {
            return;
        };
        let hook = match slot {
            Slot::OnEnter => Slot::OnWrapEnvEnter,
            _ => Slot::OnWrapEnvExit,
        };
        let Some(wrapper) = self.wrapper(hook, Some(index)) else {
            let name = ActionName::of_environment(environment.name(), slot);
            let prepared = scope::of_environment(environment, &self.job.library);
            let ready =
                prepared.and_then(|prepared| self.ready(index, slot, action, prepared, effects));
            return self.launch(now, name, ready, occasion, effects);
        };
        let name = ActionName::of_environment(self.job.environments[wrapper].name(), hook);
        let is_silenced = environment.monitors.contains_key(&slot);
        let wraps = environment.name().to_owned();
        let ready = scope::of_environment(environment, &self.job.library).and_then(|inner| {
            let wrapped = Wrapped {
                action,
                scope: &inner.scope,
                name: ("WrappedEnv.Name", environment.name()),
                notify_period: NOTIFY_PERIOD,
                variables: &self.wrapped_variables(&occasion.variables),
            };
            self.ready_hook(wrapper, hook, &wrapped, inner.files, effects)
        });
        if is_silenced && self.silent.insert(index) {
            let text = format!(
                "onMonitor of environment '{wraps}' does not run: environment '{}' wraps what it watches",
                self.job.environments[wrapper].name()
            );
            self.note(Target::Action, &text, effects);
        }
        let occasion = Occasion {
            wraps: Some(wraps),
            ..occasion
        };
        self.launch(now, name, ready, occasion, effects);
    }

    pub(super) fn run_task(
        &mut self,
        now: Time,
        index: usize,
        task: &TaskParameterSet,
        effects: &mut Vec<Effect>,
    ) {
        let step = &self.job.steps[index];
        let action = &step.definition.script.actions.on_run;
        let prepared = scope::of_task(step, task, &self.job.path_rules, &self.job.library);
        let hook = Slot::OnWrapTaskRun;
        let wrapper = self.wrapper(hook, None);
        let step_name = step.definition.name.clone();
        let given = task.iter().map(|(name, parameter)| Parameter {
            name: name.clone(),
            kind: parameter.param_type.as_spec_str(),
            value: parameter.value.to_display_string(),
        });
        let given: Vec<_> = given.collect();
        let parameters = given
            .iter()
            .map(|parameter| (parameter.name.clone(), parameter.value.clone()))
            .collect();
        effects.push(Effect::Phase(Phase::Task(given)));
        let occasion = Occasion {
            wraps: wrapper.map(|_| step_name.clone()),
            parameters: Some(parameters),
            ..Occasion::with(self.variables())
        };
        let (name, ready) = match wrapper {
            None => {
                let name = ActionName::of_task(&step_name);
                let ready = prepared.and_then(|mut prepared| {
                    ready::resolve(action, &mut prepared, None, TASK_NOTIFY_PERIOD)
                });
                (name, ready)
            }
            Some(wrapper) => {
                let ready = prepared.and_then(|inner| {
                    let wrapped = Wrapped {
                        action,
                        scope: &inner.scope,
                        name: ("WrappedStep.Name", &step_name),
                        notify_period: TASK_NOTIFY_PERIOD,
                        variables: &self.wrapped_variables(&occasion.variables),
                    };
                    self.ready_hook(wrapper, hook, &wrapped, inner.files, effects)
                });
                (
                    ActionName::of_environment(self.job.environments[wrapper].name(), hook),
                    ready,
                )
            }
        };
        self.launch(now, name, ready, occasion, effects);
    }

    fn launch(
        &mut self,
        now: Time,
        name: ActionName,
        ready: Result<Ready, Unresolved>,
        occasion: Occasion,
        effects: &mut Vec<Effect>,
    ) {
        let ready = match ready {
            Ok(ready) => ready,
            Err(why) => return self.refuse(name, &why, effects),
        };
        let mut files = ready.files;
        // As in the official runtime, for every action (SES-7).
        files.push(self.job.path_mapping.clone());
        let process = self.new_process();
        let action = Arc::new(name);
        self.running = Some(Running {
            action: action.clone(),
            process,
            monitor: ready.plan.map(|plan| Monitor::new(plan, now)),
            enters: occasion.enters,
            variables: occasion.variables.clone(),
            deadline: ready.timeout.map(|timeout| now.saturating_add(timeout)),
            notify_period: ready.notify_period,
            canceled: None,
            fail_message: None,
        });
        effects.push(Effect::Start(Box::new(Start {
            process,
            target: Target::Action,
            action,
            invocation: Arc::new(ready.invocation),
            variables: occasion.variables,
            wraps: occasion.wraps,
            parameters: occasion.parameters,
            files,
        })));
    }

    /// The changes of all Environments that are entered, the inner over the outer.
    pub(super) fn variables(&self) -> Variables {
        let mut variables = Variables::new();
        for &index in &self.entered {
            variables.extend(self.changes[index].clone());
        }
        variables
    }

    /// Returns what `WrappedAction.Environment` lists: the variables of the wrapped action, and every other one
    /// that an earlier action of the Session has set (RFC 0008).
    fn wrapped_variables(&self, own: &Variables) -> Variables {
        let own = own.iter().filter(|(_, value)| value.is_some());
        let own = own.map(|(name, value)| (name.clone(), value.clone()));
        self.emitted.clone().into_iter().chain(own).collect()
    }

    /// The variables that an Environment declares.
    fn declared_variables(&self, index: usize) -> Result<Variables, Unresolved> {
        let environment = &self.job.environments[index];
        let scope = Scope {
            symbols: environment.symbols.clone(),
            library: &self.job.library,
        };
        let mut variables = Variables::new();
        let declared: BTreeMap<_, _> = environment.definition.variables.iter().flatten().collect();
        for (name, string) in declared {
            let value = scope.text(string, &format!("variable '{name}'"))?;
            if value.contains('\0') {
                return Err(format!("variable '{name}' has a NUL in it"));
            }
            if value.chars().count() > MAX_VARIABLE {
                return Err(format!(
                    "variable '{name}' is longer than {MAX_VARIABLE} characters"
                ));
            }
            variables.insert(name.clone(), Some(value));
        }
        Ok(variables)
    }

    /// The Environment that wraps what runs now with its `hook`, if one that is entered does, other than
    /// `not` itself.
    fn wrapper(&self, hook: Slot, not: Option<usize>) -> Option<usize> {
        let mut others = self
            .entered
            .iter()
            .copied()
            .filter(|&index| Some(index) != not);
        others.find(|&index| self.job.environments[index].action(hook).is_some())
    }
}
