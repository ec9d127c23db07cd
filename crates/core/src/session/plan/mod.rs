//! Plans the actions of a Session, apart from running them.
//!
//! The [`Planner`] follows the agenda of the job and returns one part of the Session at a time, its strings
//! resolved. It knows neither the Session nor its effects nor the time.

mod action_scope;
mod command;
mod error;
mod planned;
mod planner;
mod prepare;
mod variables;

pub(super) use planned::{PlannedAction, Refusal};
pub(super) use planner::Planner;
pub(super) use prepare::MonitorPlan;
