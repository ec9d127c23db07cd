//! Parts of a Session, as the planner returns them.

use super::error::PlanError;
use super::prepare::PreparedAction;
use crate::session::effect::Phase;
use crate::session::event::{ActionName, Variables};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The next part of a Session.
pub(in crate::session) struct Planned {
    pub phase: Phase,
    pub remarks: Vec<Remark>,
    /// Action of this part; `None` if there is nothing to run.
    pub action: Option<Result<PlannedAction, Refusal>>,
}

impl Planned {
    pub(super) fn without_action(phase: Phase) -> Self {
        Self {
            phase,
            remarks: Vec::new(),
            action: None,
        }
    }
}

/// An action to start.
pub(in crate::session) struct PlannedAction {
    pub name: ActionName,
    pub prepared: PreparedAction,
    pub variables: Arc<Variables>,
    /// Environment or Step whose action this hook replaces.
    pub wraps: Option<String>,
    /// Parameters of a task.
    pub parameters: Option<BTreeMap<String, String>>,
    /// Environment that the action enters; its messages change the variables of that one (SES-7).
    pub enters: Option<usize>,
}

/// An action that cannot be started, and the reason (VAR-4).
pub(in crate::session) struct Refusal {
    pub action: ActionName,
    pub error: PlanError,
}

/// A remark for the log.
pub(in crate::session) enum Remark {
    /// A monitor does not run because its action is wrapped (SES-2).
    Shadowed { environment: String, by: String },
    /// An exit action runs without its monitor (VAR-4).
    Unmonitored {
        action: ActionName,
        error: PlanError,
    },
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shadowed { environment, by } => write!(
                f,
                "onMonitor of environment '{environment}' does not run: the hooks of environment '{by}' replace its actions"
            ),
            Self::Unmonitored { action, error } => write!(f, "{action} runs unmonitored: {error}"),
        }
    }
}
