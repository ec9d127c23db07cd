//! One action that another runtime runs, and its monitor.

use super::planned::{Planned, PlannedAction};
use super::prepare::{MonitorPlan, PreparedAction};
use super::{Plan, Variables};
use crate::session::effect::Phase;
use crate::session::event::{ActionName, Invocation};
use crate::template::Slot;
use std::sync::Arc;
use std::time::Duration;

/// An action of an Environment that another runtime starts and cancels, and the monitor beside it.
#[derive(Debug, Clone)]
pub struct Beside {
    /// Name of the monitor's Environment.
    pub environment: String,
    /// Slot of the action.
    pub slot: Slot,
    /// Command line of the action.
    pub action: Invocation,
    /// The monitor, with what ACT-8 and ACT-9 make of its `onFailure`.
    pub monitor: MonitorPlan,
    /// Time from notify to kill when the monitor fires; `None` if the action is killed at once.
    pub notify_period: Option<Duration>,
    /// `true` if `openjd_redacted_env` sets variables (REDACTED_ENV_VARS).
    pub has_redacted_variables: bool,
}

/// Plan of a Session with such an action alone.
pub(in crate::session) struct PlanBeside {
    /// `None` once it is planned.
    beside: Option<Beside>,
    has_redacted_variables: bool,
    /// Changes to the variables of the action's process.
    changes: Variables,
}

impl PlanBeside {
    pub fn new(beside: Beside) -> Self {
        Self {
            has_redacted_variables: beside.has_redacted_variables,
            beside: Some(beside),
            changes: Variables::new(),
        }
    }
}

impl Plan for PlanBeside {
    fn next(&mut self, _: bool) -> Option<Planned> {
        let beside = self.beside.take()?;
        // SES-7: the messages of other actions change nothing.
        let enters = matches!(beside.slot, Slot::OnEnter | Slot::OnWrapEnvEnter).then_some(0);
        Some(Planned {
            action: Some(Ok(PlannedAction {
                name: ActionName::of_environment(&beside.environment, beside.slot),
                prepared: PreparedAction {
                    invocation: beside.action,
                    limit: None,
                    notify_period: beside.notify_period,
                    monitor: Some(beside.monitor),
                    unmonitored: None,
                    files: Vec::new(),
                },
                variables: Arc::new(Variables::new()),
                wraps: None,
                parameters: None,
                enters,
            })),
            ..Planned::without_action(Phase::Enter(beside.environment))
        })
    }

    fn variables(&self) -> Variables {
        self.changes.clone()
    }

    fn set_variable(&mut self, entering: Option<usize>, name: String, value: Option<String>) {
        if entering.is_some() {
            self.changes.insert(name, value);
        }
    }

    fn has_redacted_variables(&self) -> bool {
        self.has_redacted_variables
    }
}
