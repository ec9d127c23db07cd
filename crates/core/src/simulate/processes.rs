//! Scripted processes under a virtual clock.

use crate::session::{Event, Exit, ProcessId, Start, Stream, Time};
use std::collections::VecDeque;

/// Scripted behavior of one process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// End of the process, if it is neither notified nor killed.
    pub end: End,
    /// Lines that it writes, at times after its start, in order of time.
    pub output: Vec<(Time, Stream, String)>,
    /// Reaction to its first notify.
    pub on_notify: OnNotify,
    /// Time from a kill to its end.
    pub on_kill: Time,
}

/// Scripted end of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It ends at this time after its start.
    Ends(Time, Exit),
    /// It does not end.
    Hangs,
    /// It cannot be started, for this reason.
    CannotStart(String),
}

/// Reaction of a process to a notify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnNotify {
    /// It ends at this time after the notify.
    Ends(Time, Exit),
    /// It continues.
    Ignores,
}

/// Exit by the signal of a notify.
const SIGTERM: Exit = Exit::Signal(15);
/// Exit by the signal of a kill.
const SIGKILL: Exit = Exit::Signal(9);

impl Run {
    /// Creates a process without output that dies of any signal at once.
    pub fn new(end: End) -> Self {
        Self {
            end,
            output: Vec::new(),
            on_notify: OnNotify::Ends(Time::ZERO, SIGTERM),
            on_kill: Time::ZERO,
        }
    }

    /// Creates a process that exits with status 0 at this time after its start.
    pub fn succeeding(after: Time) -> Self {
        Self::new(End::Ends(after, Exit::Status(0)))
    }
}

/// Processes that are alive.
#[derive(Debug, Default)]
pub struct Processes(Vec<Process>);

#[derive(Debug)]
struct Process {
    id: ProcessId,
    /// Lines still to be written.
    lines: VecDeque<(Time, Stream, String)>,
    end: Option<(Time, Event)>,
    on_notify: Option<OnNotify>,
    on_kill: Option<Time>,
}

impl Processes {
    /// Starts a process at `now`; one that cannot be started writes nothing.
    pub fn start(&mut self, now: Time, start: &Start, run: Run) {
        let id = start.process;
        let output = match run.end {
            End::CannotStart(_) => Vec::new(),
            End::Ends(..) | End::Hangs => run.output,
        };
        let end = match run.end {
            End::Ends(after, exit) => Some((
                now.saturating_add(after),
                Event::Exited { process: id, exit },
            )),
            End::Hangs => None,
            End::CannotStart(error) => Some((now, Event::SpawnFailed { process: id, error })),
        };
        let lines = output.into_iter();
        self.0.push(Process {
            id,
            lines: lines
                .map(|(at, stream, line)| (now.saturating_add(at), stream, line))
                .collect(),
            end,
            on_notify: Some(run.on_notify),
            on_kill: Some(run.on_kill),
        });
    }

    /// Notifies a process at `now`; only the first notify counts.
    pub fn notify(&mut self, now: Time, id: ProcessId) {
        let Some(process) = self.alive(now, id) else {
            return;
        };
        if let Some(OnNotify::Ends(after, exit)) = process.on_notify.take() {
            process.ends(now.saturating_add(after), exit);
        }
    }

    /// Kills a process at `now`; only the first kill counts. It writes nothing more.
    pub fn kill(&mut self, now: Time, id: ProcessId) {
        let Some(process) = self.alive(now, id) else {
            return;
        };
        if let Some(after) = process.on_kill.take() {
            process.on_notify = None;
            process.lines.clear();
            process.ends(now.saturating_add(after), SIGKILL);
        }
    }

    /// Returns a process that is alive at `now`. One whose end falls on `now` is not, whatever is sent to it.
    fn alive(&mut self, now: Time, id: ProcessId) -> Option<&mut Process> {
        let process = self.0.iter_mut().find(|process| process.id == id)?;
        let has_ended = process.end.as_ref().is_some_and(|(at, _)| *at <= now);
        (!has_ended).then_some(process)
    }

    /// Returns the next time at which one of them writes or ends.
    pub fn next(&self) -> Option<Time> {
        self.0.iter().filter_map(Process::next).min()
    }

    /// Takes the events up to `now`; those of each process in order, its end last.
    pub fn take(&mut self, now: Time) -> Vec<Event> {
        let mut events = Vec::new();
        self.0.retain_mut(|process| {
            while let Some((_, stream, line)) = process.lines.pop_front_if(|(at, ..)| *at <= now) {
                events.push(Event::Output {
                    process: process.id,
                    stream,
                    line,
                });
            }
            let end = process.end.take_if(|(at, _)| *at <= now);
            let is_alive = end.is_none();
            events.extend(end.map(|(_, event)| event));
            is_alive
        });
        events
    }
}

impl Process {
    fn ends(&mut self, at: Time, exit: Exit) {
        let event = Event::Exited {
            process: self.id,
            exit,
        };
        self.end = Some((at, event));
    }

    fn next(&self) -> Option<Time> {
        let end = self.end.as_ref().map(|(at, _)| *at);
        let line = self.lines.front().map(|(at, ..)| *at);
        match (line, end) {
            (Some(line), Some(end)) => Some(line.min(end)),
            (line, end) => line.or(end),
        }
    }
}
