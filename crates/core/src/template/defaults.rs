//! Numbers of the specification that the linter, the executor and descriptions share.

use super::slot::Slot;
use std::time::Duration;

/// The lowest `period`, in seconds (SCH-6). The schema has it as `minimum`.
pub const PERIOD_FLOOR: i64 = 5;

/// The timeout of an action in an exit slot that gives none, in seconds (SES-7).
pub const EXIT_TIMEOUT: i64 = 300;

/// The `notifyPeriodInSeconds` of a task's `onRun` that gives none (SES-7).
pub const TASK_NOTIFY_PERIOD: Duration = Duration::from_secs(120);

/// Returns the `notifyPeriodInSeconds` of the action in `slot` if it gives none (SES-7).
pub fn notify_period(slot: Slot) -> Duration {
    match slot {
        Slot::OnWrapTaskRun => TASK_NOTIFY_PERIOD,
        _ => Duration::from_secs(30),
    }
}

/// Returns the timeout of a check that gives none, in seconds, given its period (SCH-8).
pub fn check_timeout(period: i64) -> i64 {
    period.saturating_sub(1).min(30)
}
