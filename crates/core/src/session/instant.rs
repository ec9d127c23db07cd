//! TIM-4: the order of what falls on one instant.

use super::event::{Event, ProcessId, Time};
use super::running::Running;

/// The turns of an instant, in their order.
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

/// Something that falls on an instant: reported, or due by what the Session knows itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Happening {
    Reported(Event),
    ActionTimeout,
    EndOfNotifyPeriod,
    CheckTimeout,
    Tick,
}

/// What falls on the instant `now` beside the action that is `running`, in the order of TIM-4. What the
/// instant makes due while this is applied is not in it: that comes in a further round. Events of processes
/// that have nothing to do with the action any more are left out.
pub(super) fn in_order(running: &Running, events: Vec<Event>, now: Time) -> Vec<Happening> {
    let reported = events
        .into_iter()
        .filter_map(|event| Some((turn(running, &event)?, Happening::Reported(event))));
    let is_due = |deadline: Option<Time>| deadline.is_some_and(|deadline| deadline <= now);
    let monitor = running.monitor.as_ref();
    let due = [
        (
            running.deadline,
            Turn::ActionTimeout,
            Happening::ActionTimeout,
        ),
        (
            running.kill_at(),
            Turn::EndOfNotifyPeriod,
            Happening::EndOfNotifyPeriod,
        ),
        (
            monitor.and_then(|monitor| monitor.check_timeout()),
            Turn::CheckTimeout,
            Happening::CheckTimeout,
        ),
        (
            monitor.and_then(|monitor| monitor.next_tick()),
            Turn::Tick,
            Happening::Tick,
        ),
    ];
    let due = due
        .into_iter()
        .filter(|(deadline, ..)| is_due(*deadline))
        .map(|(_, turn, happening)| (turn, happening));
    let mut all: Vec<_> = reported.chain(due).collect();
    // Stable: the lines of a process stay in their order.
    all.sort_by_key(|(turn, _)| *turn);
    all.into_iter().map(|(_, happening)| happening).collect()
}

/// The turn of an event; none if its process is neither the action's nor the check's.
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
