//! Runs a Session under a virtual clock with scripted processes.

mod behaviour;
mod consistency;
mod file;
mod format;
mod job;
mod processes;
mod scenario;
mod template_folder;
mod what_if;

pub use behaviour::Behaviour;
pub use file::{InvalidFile, ReadError, any_template, check_template, read_template};
pub use job::{JobSpec, TaskSpec};
pub use processes::Processes;
pub use processes::{End, OnNotify, Run};
pub use scenario::{Expectation, Scenario};
pub use template_folder::TemplateFolder;
pub use what_if::{WhatIf, WhatIfAnswer};

use crate::session::{Effect, Event, Session, Start, Time};
use thiserror::Error;

/// Working directory of every simulated Session.
pub const WORKING_DIRECTORY: &str = "/session";

/// Upper bound on the duration of a simulated Session: 366 days.
pub const MAX_TIME: Time = Time::from_secs(366 * 24 * 60 * 60);

/// Upper bound on the effects and events of a simulated Session, unless another is given.
pub const MAX_EVENTS: u64 = 10_000_000;

/// Behaviour of all processes of a Session.
pub trait ProcessModel {
    /// Returns the behavior of a process that starts at `now`.
    fn run(&mut self, now: Time, start: &Start) -> Run;
}

/// Reason for giving up a simulated Session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GaveUp {
    /// A process hangs at this instant, and nothing will ever end it.
    #[error(
        "the session does not end: what runs at {} s hangs, and nothing ends it; give the process an end, or \
         its action a `timeout`",
        .0.as_secs_f64()
    )]
    Stuck(Time),
    /// It took longer than 366 days.
    #[error("the session has not ended after 366 days; let what takes so long end sooner")]
    TooLong,
    /// It had more events than this.
    #[error(
        "the session has not ended after {0} events; raise the limit (`--max-events`), run fewer tasks (`tasks` of a \
         scenario, `--step` for a template), or raise the `period` of its monitors"
    )]
    TooManyEvents(u64),
}

/// Runs a Session to its end and passes its effects to `sink` as they come, with the real values of what is
/// started. `inputs` are events from outside, in order of time; one at 0 comes after the first effects.
///
/// # Errors
///
/// Fails with the first error of `sink`. The inner result fails if the Session is given up.
pub fn simulate<E>(
    session: Session,
    model: &mut dyn ProcessModel,
    inputs: &[(Time, Event)],
    sink: &mut dyn FnMut(Time, &Effect) -> Result<(), E>,
) -> Result<Result<(), GaveUp>, E> {
    simulate_up_to(MAX_EVENTS, session, model, inputs, sink)
}

/// Does as [`simulate`] with another limit on effects and events.
///
/// # Errors
///
/// As [`simulate`].
pub fn simulate_up_to<E>(
    max_events: u64,
    mut session: Session,
    model: &mut dyn ProcessModel,
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
                    let run = model.run(now, start);
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
        if count > max_events {
            return Ok(Err(GaveUp::TooManyEvents(max_events)));
        }
        let mut events = processes.take(now);
        count += events.len() as u64;
        while let Some((_, input)) = inputs.next_if(|(at, _)| *at <= now) {
            events.push(input.clone());
        }
        effects = session.handle(now, events);
    }
}
