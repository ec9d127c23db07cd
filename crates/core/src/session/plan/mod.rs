//! Plans the actions of a Session, apart from running them.
//!
//! The [`Planner`] follows the agenda of the job and returns one part of the Session at a time, its strings
//! resolved. It knows neither the Session nor its effects nor the time. [`Beside`] is a plan of one action that
//! another runtime runs.

mod action_scope;
mod beside;
mod command;
mod error;
mod planned;
mod planner;
mod prepare;
mod variables;

pub use beside::Beside;
pub(super) use beside::PlanBeside;
pub(super) use planned::{Planned, PlannedAction, Refusal};
pub(super) use planner::Planner;
pub use prepare::MonitorPlan;

use super::event::Variables;

/// Actions of a Session, in their order, and the variables of their processes.
pub(super) trait Plan: Send {
    /// Returns the next part (SES-6); `None` when nothing is left. With `is_cleanup`, only exits are left
    /// (ACT-7), and their monitors can only log (ACT-8).
    fn next(&mut self, is_cleanup: bool) -> Option<Planned>;

    /// Returns the variables that a process gets now (VAR-5).
    fn variables(&self) -> Variables;

    /// Applies a message of an action; `entering` is the Environment that the action enters, if it does.
    fn set_variable(&mut self, entering: Option<usize>, name: String, value: Option<String>);

    /// Returns `true` if `openjd_redacted_env` sets variables (REDACTED_ENV_VARS).
    fn has_redacted_variables(&self) -> bool;
}
