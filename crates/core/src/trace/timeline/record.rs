//! Records: the actions of a Session, and what happened while they were running.

use super::fold::{self, Counts, Fold, Foldable};
use crate::session::{ActionName, ActionState, Target, Time};
use std::sync::Arc;

/// Records kept of one action; of more, only the first and the last ones are.
const MAX_RECORDS: usize = 40;

/// Something that happened while an action ran.
#[derive(Debug)]
pub(super) struct Record {
    pub from: Time,
    pub to: Time,
    pub kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Healthy,
    Unhealthy {
        /// The reason in words.
        reason: String,
        failures: u64,
    },
    Discarded,
    /// A check without a known end: the trace ends before it, or has no results of checks.
    Unfinished,
    Skipped,
    Status {
        text: String,
        source: Target,
    },
    Notify {
        /// Instant of the kill that will follow, if known.
        kill_at: Option<Time>,
    },
    Kill,
    Fold(Fold),
}

impl Kind {
    /// Returns true for an event in the lane of checks.
    pub fn is_of_monitor(&self) -> bool {
        match self {
            Self::Healthy
            | Self::Unhealthy { .. }
            | Self::Discarded
            | Self::Unfinished
            | Self::Skipped => true,
            Self::Fold(fold) => fold.counts.checks() + fold.counts.skipped > 0,
            Self::Status { .. } | Self::Notify { .. } | Self::Kill => false,
        }
    }
}

/// Classes of records that are folded.
pub(super) const HEALTHY: usize = 0;
pub(super) const SKIPPED: usize = 1;

impl Foldable for Record {
    fn span(&self) -> (Time, Time) {
        (self.from, self.to)
    }

    fn class(&self) -> Option<usize> {
        match &self.kind {
            Kind::Healthy => Some(HEALTHY),
            Kind::Skipped => Some(SKIPPED),
            Kind::Fold(fold) => fold.class,
            _ => None,
        }
    }

    fn is_fold(&self) -> bool {
        matches!(self.kind, Kind::Fold(_))
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        match &self.kind {
            Kind::Healthy => counts.healthy = 1,
            Kind::Unhealthy { .. } => counts.unhealthy = 1,
            Kind::Discarded => counts.discarded = 1,
            Kind::Unfinished => {}
            Kind::Skipped => counts.skipped = 1,
            Kind::Status { .. } => counts.statuses = 1,
            Kind::Notify { .. } | Kind::Kill => counts.signals = 1,
            Kind::Fold(fold) => return fold.counts,
        }
        counts
    }

    fn of_fold(fold: Fold) -> Self {
        Self {
            from: fold.from,
            to: fold.to,
            kind: Kind::Fold(fold),
        }
    }
}

/// An action, or the attempt to start one.
#[derive(Debug)]
pub(super) struct Action {
    pub name: Arc<ActionName>,
    /// Index of its row.
    pub row: usize,
    /// The parameters of its task, and the name of what it wraps.
    pub detail: String,
    /// `None` if it was not started.
    pub start: Option<Time>,
    pub end: Time,
    /// `None` if the trace ends first.
    pub state: Option<ActionState>,
    pub by_monitor: bool,
    /// The known reason why it did not succeed.
    pub message: Option<String>,
    pub records: Vec<Record>,
}

impl Action {
    /// Appends a record.
    pub fn record(&mut self, from: Time, to: Time, kind: Kind) {
        fold::push(&mut self.records, Record { from, to, kind });
        if self.records.len() > MAX_RECORDS {
            fold::shorten(&mut self.records, 8, 24);
        }
    }

    /// Returns the instant of the first notify or kill.
    pub fn canceled_at(&self) -> Option<Time> {
        let signal = |record: &&Record| matches!(record.kind, Kind::Notify { .. } | Kind::Kill);
        self.records.iter().find(signal).map(|record| record.from)
    }

    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        match self.state {
            Some(ActionState::Success) => counts.succeeded = 1,
            Some(_) => counts.unsuccessful = 1,
            None => {}
        }
        for record in &self.records {
            counts.add(&record.counts());
        }
        counts
    }
}

/// A part of a recording.
#[derive(Debug)]
pub(super) enum Entry {
    Action(Box<Action>),
    Fold(Fold),
}

impl Foldable for Entry {
    fn span(&self) -> (Time, Time) {
        match self {
            Self::Action(action) => (action.start.unwrap_or(action.end), action.end),
            Self::Fold(fold) => (fold.from, fold.to),
        }
    }

    /// Returns the row of an action that succeeded undisturbed.
    fn class(&self) -> Option<usize> {
        match self {
            Self::Action(action) => {
                let counts = action.counts();
                let is_plain = counts.succeeded == 1 && counts.unhealthy + counts.signals == 0;
                is_plain.then_some(action.row)
            }
            Self::Fold(fold) => fold.class,
        }
    }

    fn is_fold(&self) -> bool {
        matches!(self, Self::Fold(_))
    }

    fn counts(&self) -> Counts {
        match self {
            Self::Action(action) => action.counts(),
            Self::Fold(fold) => fold.counts,
        }
    }

    fn of_fold(fold: Fold) -> Self {
        Self::Fold(fold)
    }
}
