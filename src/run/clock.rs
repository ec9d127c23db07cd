//! Clock of a Session. It stops while this program does not run: stopped by a signal, blocked by a terminal that takes
//! no output, or suspended with its machine.

use openjd_monitor_core::session::Time;
use std::time::{Duration, Instant};

/// Longest time between two updates, which bounds the error when a stop is skipped, and the time until a cancel by
/// another runtime is seen.
const BEAT: Duration = Duration::from_millis(100);

/// Delay of an update from which on the program counts as stopped.
const MAX_DELAY: Duration = Duration::from_secs(1);

pub(super) struct Clock {
    begin: Instant,
    /// Time of the last update.
    updated: Instant,
    /// Total time that is skipped.
    skipped: Duration,
}

impl Clock {
    /// Starts at zero.
    pub fn start() -> Self {
        let begin = Instant::now();
        Self {
            begin,
            updated: begin,
            skipped: Duration::ZERO,
        }
    }

    /// Returns the time of the last update, in whole milliseconds.
    pub fn now(&self) -> Time {
        let shown = self.updated.duration_since(self.begin);
        let millis = shown.saturating_sub(self.skipped).as_millis();
        Time::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
    }

    /// Returns the time of the next update: when the clock shows `wake`, or [`BEAT`] after the last update.
    pub fn next_update(&self, wake: Option<Time>) -> Instant {
        let beat = self.updated + BEAT;
        let wake = wake.and_then(|wake| self.begin.checked_add(self.skipped.saturating_add(wake)));
        wake.map_or(beat, |wake| wake.min(beat))
    }

    /// Updates the clock; the update was due at `due`. If that is long ago, skips the time since the last update and
    /// returns it.
    pub fn update(&mut self, due: Instant) -> Option<Duration> {
        let now = Instant::now();
        let is_late = now.saturating_duration_since(due) > MAX_DELAY;
        if is_late {
            return Some(self.skip());
        }
        self.updated = now;
        None
    }

    /// Skips the time since the last update, and returns it.
    pub fn skip(&mut self) -> Duration {
        let now = Instant::now();
        let skipped = now.saturating_duration_since(self.updated);
        self.skipped = self.skipped.saturating_add(skipped);
        self.updated = now;
        skipped
    }
}
