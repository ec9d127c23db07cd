//! Jobs of Sessions: Environments with their monitors, Steps, and the agenda.

mod agenda;
mod create;
mod definition;
mod error;
mod host;
mod integer_lists;
mod job_parameters;
mod known;
mod monitors;
mod request;
mod symbols;
mod task_parameters;
mod tasks;

pub(crate) use agenda::two_wrappers;
pub(super) use definition::{AgendaItem, Definitions, Environment, MonitorSpec, Step};
pub use definition::{Job, Schedule};
pub use error::{JobError, Part};
pub use host::Host;
pub(crate) use known::{Known, KnownNumber};
pub use request::{Request, any_job};
pub use tasks::{Selection, TaskChoice, Tasks};
