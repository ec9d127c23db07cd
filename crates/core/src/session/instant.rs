//! Order of what falls on one instant (TIM-4).

use super::event::{Event, ProcessId, Time};
use super::running::Running;

/// Turns of an instant, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    ActionOutput,
    CheckOutput,
    UserCancel,
    ActionTimeout,
    ActionEnd,
    EndOfNotifyPeriod,
    CheckTimeout,
    CheckEnd,
    Tick,
}

/// An event that was reported, or a deadline of the Session itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Occurrence {
    Reported(Event),
    ActionTimeout,
    EndOfNotifyPeriod,
    CheckTimeout,
    Tick,
}

/// Sorts what falls on the instant `now` in TIM-4 order: `events` and the due deadlines of the `running` action and
/// its monitor. Drops the events of processes that are neither. What becomes due while this is applied comes in a
/// further round.
pub(super) fn in_order(running: &Running, events: Vec<Event>, now: Time) -> Vec<Occurrence> {
    let reported = events
        .into_iter()
        .filter_map(|event| Some((turn(running, &event)?, Occurrence::Reported(event))));
    let is_due = |deadline: Option<Time>| deadline.is_some_and(|deadline| deadline <= now);
    let monitor = running.monitor.as_ref();
    let due = [
        (
            running.deadline,
            Turn::ActionTimeout,
            Occurrence::ActionTimeout,
        ),
        (
            running.kill_at(),
            Turn::EndOfNotifyPeriod,
            Occurrence::EndOfNotifyPeriod,
        ),
        (
            monitor.and_then(|monitor| monitor.check_timeout()),
            Turn::CheckTimeout,
            Occurrence::CheckTimeout,
        ),
        (
            monitor.and_then(|monitor| monitor.next_tick()),
            Turn::Tick,
            Occurrence::Tick,
        ),
    ];
    let due = due
        .into_iter()
        .filter(|(deadline, ..)| is_due(*deadline))
        .map(|(_, turn, occurrence)| (turn, occurrence));
    let mut all: Vec<_> = reported.chain(due).collect();
    // Stable: the lines of a process stay in their order.
    all.sort_by_key(|(turn, _)| *turn);
    all.into_iter().map(|(_, occurrence)| occurrence).collect()
}

/// Returns the turn of an event; `None` if its process is neither the action's nor the check's.
fn turn(running: &Running, event: &Event) -> Option<Turn> {
    let of = |process: &ProcessId, action, check| {
        let is_check =
            running.monitor.as_ref().and_then(|monitor| monitor.check()) == Some(*process);
        match () {
            () if *process == running.process => Some(action),
            () if is_check => Some(check),
            () => None,
        }
    };
    match event {
        Event::Output { process, .. } => of(process, Turn::ActionOutput, Turn::CheckOutput),
        Event::Cancel { .. } => Some(Turn::UserCancel),
        Event::Exited { process, .. } | Event::SpawnFailed { process, .. } => {
            of(process, Turn::ActionEnd, Turn::CheckEnd)
        }
    }
}
