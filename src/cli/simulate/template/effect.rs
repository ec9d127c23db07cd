//! Options of a question that would change nothing.

use super::Question;
use openjd_monitor_core::session::{Effect, Job, Session, Target};
use openjd_monitor_core::simulate::{WhatIf, simulate};
use std::collections::BTreeSet;

/// Returns the error for the first option without effect on the job. `again` creates the job once more, to see what it
/// does.
pub(super) fn missing(
    question: &Question,
    job: &Job,
    again: impl FnOnce() -> Option<Job>,
) -> Option<String> {
    let of_checks = [
        (question.fail_from.is_some(), "--fail-from"),
        (question.hang_checks_from.is_some(), "--hang-checks-from"),
        (question.check_takes.is_some(), "--check-takes"),
    ];
    let has_monitor = !job.schedules().is_empty();
    if let Some((_, option)) = of_checks
        .iter()
        .find(|(is_given, _)| *is_given && !has_monitor)
    {
        return Some(format!("{option} has no effect: nothing is monitored"));
    }
    if question.ignore_notify && question.hang.is_empty() {
        return Some("--ignore-notify has no effect without --hang".to_owned());
    }
    let mut taking = question.take.iter().map(|(slot, _)| slot);
    if let Some(slot) = taking.find(|slot| question.hang.contains(slot)) {
        return Some(format!("--take {slot} has no effect beside --hang {slot}"));
    }
    let hanging = question.hang.iter().map(|slot| ("--hang", slot));
    let taking = question.take.iter().map(|(slot, _)| ("--take", slot));
    let given: Vec<_> = hanging.chain(taking).collect();
    if given.is_empty() {
        return None;
    }
    let wanted = given.iter().map(|(_, slot)| slot.as_str()).collect();
    let running = slots(again()?, &wanted);
    let (option, slot) = given
        .iter()
        .find(|(_, slot)| !running.contains(slot.as_str()))?;
    let names: Vec<_> = running.into_iter().collect();
    Some(match names.is_empty() {
        true => format!("{option} {slot} has no effect: no action runs"),
        false => format!(
            "{option} {slot} has no effect: no action runs in this slot, but in {}",
            names.join(", ")
        ),
    })
}

/// All slots of `wanted` have been seen.
struct AllSeen;

/// Returns the slots in which actions run if all goes well; no more than `wanted`, if these are all among them.
fn slots(job: Job, wanted: &BTreeSet<&str>) -> BTreeSet<&'static str> {
    let mut seen = BTreeSet::new();
    let mut see = |_, effect: &Effect| {
        if let Effect::Start(start) = effect
            && start.target == Target::Action
        {
            seen.insert(start.action.slot);
        }
        match wanted.iter().all(|slot| seen.contains(slot)) {
            true => Err(AllSeen),
            false => Ok(()),
        }
    };
    // A session that is given up has shown all that it does.
    let _ = simulate(Session::new(job), &mut WhatIf::default(), &[], &mut see);
    seen
}
