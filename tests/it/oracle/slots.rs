//! The action that runs and its monitor: hooks (SES-2), scope, overrides and defaults (SCH-4, SCH-7), and the effective
//! `onFailure` (ACT-8, ACT-9).

use super::action::Watch;
use super::case::{Case, Declared, Environment, OnFailure, Slot};

/// The action that runs, with its Environment and slot unless it is a task.
pub struct Running<'c> {
    pub environment: Option<&'c Environment>,
    pub slot: Option<Slot>,
    pub declared: &'c Declared,
}

/// The action that runs when an Environment is entered or exited, if it declares one. A hook of the outer Environment
/// replaces the inner one's action (SES-2).
pub fn enter_or_exit<'c>(
    case: &'c Case,
    environment: &'c Environment,
    slot: Slot,
) -> Option<Running<'c>> {
    let declared = environment.slots.get(&slot)?;
    let hook = match slot {
        Slot::Enter => Slot::WrapEnter,
        _ => Slot::WrapExit,
    };
    let own = Running {
        environment: Some(environment),
        slot: Some(slot),
        declared,
    };
    let hook = (environment.name == "Inner").then(|| of_hook(case, hook));
    Some(hook.flatten().unwrap_or(own))
}

fn of_hook(case: &Case, hook: Slot) -> Option<Running<'_>> {
    let declared = case.outer.slots.get(&hook)?;
    Some(Running {
        environment: Some(&case.outer),
        slot: Some(hook),
        declared,
    })
}

pub fn task(case: &Case) -> Running<'_> {
    of_hook(case, Slot::WrapRun).unwrap_or(Running {
        environment: None,
        slot: None,
        declared: &case.task,
    })
}

/// The monitor of a slot, if it has one.
pub enum Monitored {
    Not,
    With(Watch),
    /// The check's strings do not resolve (VAR-4).
    Unresolved,
}

pub fn monitored(running: &Running<'_>, is_sound: bool) -> Monitored {
    let (Some(environment), Some(slot)) = (running.environment, running.slot) else {
        return Monitored::Not;
    };
    let Some(monitor) = &environment.monitor else {
        return Monitored::Not;
    };
    if monitor
        .scope
        .as_ref()
        .is_some_and(|scope| !scope.contains(&slot))
    {
        return Monitored::Not;
    }
    let (base, over) = (&monitor.base, monitor.overrides.get(&slot).cloned());
    let over = over.unwrap_or_default();
    let command = over.command.or_else(|| base.command.clone());
    let command = command.expect("a monitor has a command");
    if !command.resolves {
        return match slot.is_exit() {
            true => Monitored::Not,
            false => Monitored::Unresolved,
        };
    }
    let period = over.period.or(base.period).expect("a monitor has a period");
    let on_failure = match slot.is_exit() {
        true => over.on_failure,
        false => over.on_failure.or(base.on_failure),
    };
    Monitored::With(Watch {
        command,
        period,
        initial_delay: over.initial_delay.or(base.initial_delay).unwrap_or(period),
        threshold: over.threshold.or(base.threshold).unwrap_or(1),
        acts_as: on_failure.filter(|_| is_sound).unwrap_or(OnFailure::Log),
    })
}
