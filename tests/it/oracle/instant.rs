//! When something happens: an instant, a round of it, and what TIM-4 says of its kind.

use openjd_monitor_core::session::Time;
use std::time::Duration;

/// A round of an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    pub time: Time,
    round: u32,
}

/// The start of the Session. What comes from outside at its first instant comes after it.
pub const START: Moment = Moment {
    time: Time::ZERO,
    round: 0,
};

impl Moment {
    /// What has long been due at an instant comes in its first round.
    pub fn at(time: Time) -> Self {
        Self { time, round: 1 }
    }

    /// What this moment makes due at its own instant comes in a further round.
    pub fn after(self, delay: Duration) -> Self {
        if delay.is_zero() {
            Self {
                round: self.round + 1,
                ..self
            }
        } else {
            Self::at(self.time + delay)
        }
    }

    pub fn key(self, rank: Rank) -> Key {
        Key {
            moment: self,
            rank,
            index: 0,
        }
    }
}

/// The order of what falls on one instant (TIM-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    ActionLine,
    CheckLine,
    UserCancel,
    ActionTimeout,
    ActionExit,
    EndOfNotifyPeriod,
    CheckTimeout,
    CheckExit,
    Tick,
}

/// The place of something in the order of everything that happens in a Session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub moment: Moment,
    rank: Rank,
    index: usize,
}

impl Key {
    /// The same, behind `index` others of its kind.
    pub fn nth(self, index: usize) -> Self {
        Self { index, ..self }
    }
}
