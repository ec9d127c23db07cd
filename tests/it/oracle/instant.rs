//! The order of everything that happens: by instant, by round within it, and by TIM-4 within a round.

use openjd_monitor_core::session::Time;
use std::time::Duration;

/// A round of an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    pub time: Time,
    round: u32,
}

/// The start of the Session, before any outside event at the same instant.
pub const START: Moment = Moment {
    time: Time::ZERO,
    round: 0,
};

impl Moment {
    /// The first round of an instant: everything scheduled before the instant falls here.
    pub fn at(time: Time) -> Self {
        Self { time, round: 1 }
    }

    /// The moment `delay` later. Without delay it is the next round of the same instant.
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
    /// The same key after `index` others of its kind.
    pub fn nth(self, index: usize) -> Self {
        Self { index, ..self }
    }
}
