//! The reference executor: what a Session with monitors does, as a pure state machine.
//!
//! It knows no clock, thread, process or file. A driver tells it the time and what has happened
//! ([`Session::handle`]), carries out the effects that come back, and calls again at [`Session::wake`].

mod checks;
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

pub use event::{
    ActionName, ActionState, CheckResult, Effect, Event, Exit, File, Invocation, Owner, ProcessId,
    Reason, SessionState, Start, Stream, Target, Time, Variables,
};
pub use job::{Job, JobError, Part, Request, TaskChoice, Tasks};
pub use machine::Session;
