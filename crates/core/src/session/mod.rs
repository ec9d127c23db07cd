//! The reference executor: what a Session with monitors does, as a pure state machine.
//!
//! It knows no clock, thread, process or file. A driver tells it the time and what has happened
//! ([`Session::handle`]), carries out the effects that come back, and calls again at [`Session::wake`].

mod checks;
mod effect;
mod event;
mod instant;
mod job;
mod machine;
mod message;
mod monitor;
mod output;
mod ready;
mod redaction;
mod report;
mod resolve;
mod running;
mod scope;
mod start;

pub use effect::{ActionState, CheckResult, Effect, Parameter, Phase, Reason, SessionState, Start};
pub use event::{
    ActionName, Event, Exit, File, Invocation, MAX_LINE, Owner, ProcessId, Stream, Target, Time,
    Variables,
};
pub use job::{Host, Job, JobError, Part, Request, Selection, TaskChoice, Tasks};
pub use machine::Session;
