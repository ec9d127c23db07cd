//! The time from a failure to its detection (clauses TIM, SCH-7).

/// Seconds from the moment at which what a monitor watches fails to the unhealthy result that it acts on. Where in the
/// period that moment is, and how long the checks take, makes the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// It fails just before a check, and all checks fail at once.
    pub least: i64,
    /// It fails just after a check has looked, or from the start of the action, and the last check hangs until its
    /// timeout (TIM-5).
    pub most: i64,
    /// `true` if `most` is the time of what fails from the start: the first check waits longer than a period.
    pub is_from_start: bool,
}

/// A reason for which an effective monitor does not do what it is meant to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// The timeout of the check is not less than the period: the action is not started, or in an exit slot runs
    /// unmonitored (SCH-8, VAR-4).
    CheckTimeout,
    /// The action times out before or when the first check is due (TIM-4).
    NoCheck,
    /// The action times out before the monitor can fire, or at that instant (TIM-4).
    NoFiring,
}

/// Times of an effective monitor, in seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    pub first: i64,
    pub period: i64,
    pub check_timeout: i64,
    /// Number of consecutive failures that it acts on.
    pub failures: i64,
}

impl Times {
    /// Returns the time to notice a failure.
    ///
    /// Ticks are `period` apart (TIM-1) and each starts a check, because a check ends before the next is due (SCH-8);
    /// the results of `failures` of them in a row are unhealthy (ACT-2, ACT-3). So (failures - 1) periods pass between
    /// the first of these checks and the last.
    pub fn notice(&self) -> Notice {
        let between = self.between();
        let longest_wait = self.first.max(self.period);
        Notice {
            least: between,
            most: longest_wait
                .saturating_add(between)
                .saturating_add(self.check_timeout),
            is_from_start: self.first > self.period,
        }
    }

    /// Returns the reason for which an action with this timeout, if it has one, is not watched as is meant. `fires`
    /// says if it is meant to fire.
    pub fn hindrance(&self, action_timeout: Option<i64>, fires: bool) -> Option<Hindrance> {
        if self.check_timeout >= self.period {
            return Some(Hindrance::CheckTimeout);
        }
        let limit = action_timeout?;
        if self.first >= limit {
            return Some(Hindrance::NoCheck);
        }
        let earliest = self.first.saturating_add(self.between());
        (fires && earliest >= limit).then_some(Hindrance::NoFiring)
    }

    fn between(&self) -> i64 {
        (self.failures - 1).saturating_mul(self.period)
    }
}
