//! The commands of a template, each with the code that it runs: the command lines of shells and the
//! embedded files, each read once.

mod action;
mod code;
mod invocation;
mod owner;

pub(crate) use action::{ActionCommand, known};
pub(crate) use code::Code;
pub(crate) use owner::{File, Owner, file_names};

use super::context::Context;
use super::monitored::Monitored;
use crate::template::{Effective, Environment};
use std::rc::Rc;

/// One `command` that is written in a monitor or an override, and is used.
pub(crate) struct CheckCommand<'c, 'd> {
    pub environment: &'c Environment<'d>,
    /// The effective monitors that have it, one a slot.
    pub monitors: Vec<&'c Effective<'d>>,
    pub run: ActionCommand<'d>,
    /// The index of the script of its Environment.
    script: usize,
}

/// An Environment or a step with its actions; `onMonitor` is none of them.
pub(crate) struct Script<'d> {
    pub owner: Rc<Owner<'d>>,
    pub actions: Vec<ActionCommand<'d>>,
}

/// The commands of a template.
pub(crate) struct Commands<'c, 'd> {
    /// The checks of all monitors that are used.
    pub checks: Vec<CheckCommand<'c, 'd>>,
    /// Every Environment, in the order of the context, and then every step.
    pub scripts: Vec<Script<'d>>,
}

/// Reads the commands of a template.
pub(crate) fn of<'c, 'd>(context: &'c Context<'d>) -> Commands<'c, 'd> {
    let owners: Vec<_> = owner::of(context).into_iter().map(Rc::new).collect();
    let monitors = context.monitors.iter();
    let checks = monitors
        .flat_map(|monitored| checks_of(monitored, &owners[monitored.index]))
        .collect();
    Commands {
        checks,
        scripts: owners.into_iter().map(Script::new).collect(),
    }
}

impl<'d> Script<'d> {
    fn new(owner: Rc<Owner<'d>>) -> Self {
        let written = owner.actions();
        let written = written.map(|(name, action)| ActionCommand::new(&owner, name, action));
        let sugar = Some(&owner).filter(|owner| owner.is_step);
        let actions = written.chain(sugar.and_then(ActionCommand::of_sugar));
        Self {
            actions: actions.collect(),
            owner,
        }
    }

    /// The action of this name.
    pub fn action(&self, name: &str) -> Option<&ActionCommand<'d>> {
        self.actions.iter().find(|action| action.name == name)
    }
}

impl<'c, 'd> Commands<'c, 'd> {
    /// The actions of all Environments and steps.
    pub fn actions(&self) -> impl Iterator<Item = &ActionCommand<'d>> {
        self.scripts.iter().flat_map(|script| &script.actions)
    }

    /// The actions of all Environments and steps, and all checks.
    pub fn all(&self) -> impl Iterator<Item = &ActionCommand<'d>> {
        let checks = self.checks.iter().map(|check| &check.run);
        checks.chain(self.actions())
    }

    /// The checks of the Environment with this index.
    pub fn checks_of(&self, index: usize) -> impl Iterator<Item = &CheckCommand<'c, 'd>> {
        let start = self.checks.partition_point(|check| check.script < index);
        self.checks[start..]
            .iter()
            .take_while(move |check| check.script == index)
    }

    /// The Environment of a check, with its actions.
    pub fn script_of(&self, check: &CheckCommand<'_, 'd>) -> &Script<'d> {
        &self.scripts[check.script]
    }
}

fn checks_of<'c, 'd>(
    monitored: &'c Monitored<'d>,
    owner: &Rc<Owner<'d>>,
) -> Vec<CheckCommand<'c, 'd>> {
    let actions = monitored.by_place(|monitor| {
        let action = monitor.command.as_ref()?;
        Some((action.path.clone(), (action, monitor)))
    });
    let checks = actions.into_iter().map(|(_, group)| CheckCommand {
        environment: &monitored.environment,
        monitors: group.iter().map(|(_, monitor)| *monitor).collect(),
        run: ActionCommand::new(owner, "onMonitor", group[0].0.clone()),
        script: monitored.index,
    });
    checks.collect()
}
