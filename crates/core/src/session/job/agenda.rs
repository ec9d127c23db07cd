//! Agenda of a Session: the Environments that it enters for its tasks, and in which order.

use super::definition::{AgendaItem, Environment};
use super::error::JobError;
use super::tasks::{self, Tasks};
use openjd_model::job;
use std::collections::VecDeque;
use std::ops::Range;

/// Builds the agenda: the job's `shared` Environments around all tasks, and around those of each step the step's
/// own, which `of_steps` gives.
pub(super) fn agenda(
    job: &job::Job,
    tasks: &Tasks,
    shared: usize,
    of_steps: &[Range<usize>],
) -> Result<VecDeque<AgendaItem>, JobError> {
    let mut agenda = VecDeque::new();
    let mut tasks = tasks::sets_by_step(job, tasks)?.into_iter().peekable();
    if tasks.peek().is_some() {
        agenda.extend((0..shared).map(AgendaItem::Enter));
    }
    let mut entered = 0..0;
    let mut begun = None;
    for (step, sets) in tasks {
        let own = of_steps[step].clone();
        let is_change = own != entered;
        if is_change && !entered.is_empty() {
            agenda.push_back(AgendaItem::ExitTo(shared));
        }
        if begun.replace(step) != Some(step) {
            agenda.push_back(AgendaItem::Begin(step));
        }
        if is_change {
            agenda.extend(own.clone().map(AgendaItem::Enter));
            // All empty ranges are one: that of no Environments.
            entered = if own.is_empty() { 0..0 } else { own };
        }
        agenda.push_back(AgendaItem::Tasks(step, sets));
    }
    Ok(agenda)
}

/// Refuses agendas in which two Environments with wrap hooks are entered at a time (RFC 0008).
pub(super) fn refuse_two_wrappers(
    environments: &[Environment],
    agenda: &VecDeque<AgendaItem>,
) -> Result<(), JobError> {
    let mut entered = 0;
    // The wrapper that is entered, and the number of Environments around it.
    let mut wrapper: Option<(usize, &Environment)> = None;
    for item in agenda {
        match item {
            AgendaItem::Enter(index) => {
                let environment = &environments[*index];
                match wrapper {
                    _ if !environment.wraps() => {}
                    Some((_, outer)) => return Err(two_wrappers(outer.name(), environment.name())),
                    None => wrapper = Some((entered, environment)),
                }
                entered += 1;
            }
            AgendaItem::ExitTo(left) => {
                entered = *left;
                wrapper = wrapper.filter(|(around, _)| around < left);
            }
            AgendaItem::Begin(_) | AgendaItem::Tasks(..) => {}
        }
    }
    Ok(())
}

/// Creates the error for two Environments of one Session that have wrap hooks, given their names.
pub(crate) fn two_wrappers(one: &str, two: &str) -> JobError {
    JobError::of_template(format!(
        "environments '{one}' and '{two}' both have wrap hooks, but only one Environment of a Session can"
    ))
}
