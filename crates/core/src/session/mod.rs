//! Reference executor of Sessions with monitors: a pure state machine, [`Session`].
//!
//! It knows no clock, thread, process or file. A driver creates a [`Job`], reports what happens as [`Event`]s,
//! and carries out the [`Effect`]s that come back.

mod check_events;
mod check_output;
mod effect;
mod elsewhere;
mod ending;
mod event;
mod hidden;
mod instant;
mod job;
mod machine;
mod mention;
mod message;
mod monitor;
mod output;
mod plan;
mod quoting;
mod redacted;
mod redaction;
mod running;
mod scope;
mod search;

pub(crate) use effect::unhealthy;
pub use effect::{CheckResult, Effect, Parameter, Phase, Reason, SessionState, Start};
pub use ending::{ActionState, Cause, Ending, Limit, Sent};
pub use event::{
    ActionName, Canceler, Event, Exit, File, Invocation, MAX_LINE, Owner, ProcessId, Stream,
    Target, Time, Variables,
};
pub use job::{
    Host, Job, JobError, Part, Request, Schedule, Selection, TaskChoice, Tasks, any_job,
};
pub(crate) use job::{Known, KnownNumber, two_wrappers};
pub use machine::Session;
pub use plan::{Beside, MonitorPlan};
pub use redacted::Redacted;
pub use redaction::Redactions;
