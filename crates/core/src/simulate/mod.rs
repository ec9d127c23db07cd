//! Drives a Session with a virtual clock and scripted processes.

mod behaviour;
mod file;
mod format;
mod job;
mod processes;
mod scenario;
mod what_if;

pub use behaviour::Behaviour;
pub use file::{Bad, Unread, check_template, read_template};
pub use job::{JobSpec, TaskSpec};
pub use processes::Processes;
pub use processes::{End, OnNotify, Run};
pub use scenario::{Expectation, Scenario};
pub use what_if::{Answer, WhatIf};

use crate::session::{Effect, Event, Session, Start, Time};
use std::fmt;

/// The working directory of every simulated Session.
pub const WORKING_DIRECTORY: &str = "/session";

/// How long a simulated Session may take: 366 days.
pub const MAX_TIME: Time = Time::from_secs(366 * 24 * 60 * 60);

/// How many events a simulated Session may have.
const MAX_EVENTS: u64 = 10_000_000;

/// What processes do.
pub trait Script {
    /// What the process that starts at `now` does.
    fn run(&mut self, now: Time, start: &Start) -> Run;
}

/// Why a simulated Session was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GaveUp {
    /// Something runs at this instant that nothing will ever end.
    Stuck(Time),
    /// It took longer than 366 days.
    TooLong,
    /// It had more than ten million events.
    TooManyEvents,
}

impl fmt::Display for GaveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stuck(at) => write!(
                f,
                "the session does not end: what runs at {} s hangs, and nothing ends it",
                at.as_secs_f64()
            ),
            Self::TooLong => f.write_str("the session has not ended after 366 days"),
            Self::TooManyEvents => {
                f.write_str("the session has not ended after ten million events")
            }
        }
    }
}

/// Runs a Session to its end and tells `sink` its effects as they come. `inputs` come from outside, in
/// order of time; one at 0 comes after the Session's first effects.
///
/// # Errors
///
/// The first error of `sink`, or, as the inner result, why the Session was given up.
pub fn simulate<E>(
    mut session: Session,
    script: &mut dyn Script,
    inputs: &[(Time, Event)],
    sink: &mut dyn FnMut(Time, &Effect) -> Result<(), E>,
) -> Result<Result<(), GaveUp>, E> {
    let mut processes = Processes::default();
    let mut inputs = inputs.iter().peekable();
    let mut now = Time::ZERO;
    let mut count: u64 = 0;
    let mut effects = session.begin();
    loop {
        for effect in effects.into_iter().map(Effect::publish) {
            count += 1;
            match &effect {
                Effect::Start(start) => {
                    let run = script.run(now, start);
                    processes.start(now, start, run);
                }
                Effect::Notify { process, .. } => processes.notify(now, *process),
                Effect::Kill { process, .. } => processes.kill(now, *process),
                _ => {}
            }
            sink(now, &effect)?;
        }
        if session.is_over() {
            return Ok(Ok(()));
        }
        let input = inputs.peek().map(|input| input.0);
        let next = [session.wake(), processes.next(), input];
        now = match next.into_iter().flatten().min() {
            None => return Ok(Err(GaveUp::Stuck(now))),
            Some(next) if next > MAX_TIME => return Ok(Err(GaveUp::TooLong)),
            Some(next) => next.max(now),
        };
        if count > MAX_EVENTS {
            return Ok(Err(GaveUp::TooManyEvents));
        }
        let mut events = processes.take(now);
        count += events.len() as u64;
        while let Some((_, input)) = inputs.next_if(|(at, _)| *at <= now) {
            events.push(input.clone());
        }
        effects = session.handle(now, events);
    }
}
