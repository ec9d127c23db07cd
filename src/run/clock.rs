//! The clock of a Session. It stands still while this program does: stopped by a signal, held by a terminal that
//! takes no output, or suspended with its machine.

use openjd_monitor_core::session::Time;
use std::time::{Duration, Instant};

/// Longest time between two looks, so that a stop is noticed and little more than it is left out.
const BEAT: Duration = Duration::from_millis(250);

/// How late a look may be before the time since the last one is left out.
const MAX_DELAY: Duration = Duration::from_secs(1);

pub(super) struct Clock {
    begin: Instant,
    /// The last look.
    looked: Instant,
    /// The time that is left out.
    stopped: Duration,
}

impl Clock {
    /// Starts it at zero.
    pub fn start() -> Self {
        let begin = Instant::now();
        Self {
            begin,
            looked: begin,
            stopped: Duration::ZERO,
        }
    }

    /// Returns the time at the last look, in whole milliseconds.
    pub fn now(&self) -> Time {
        let shown = self.looked.duration_since(self.begin);
        let millis = shown.saturating_sub(self.stopped).as_millis();
        Time::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
    }

    /// Returns when to look next: when it shows `wake`, or a beat after the last look.
    pub fn next_look(&self, wake: Option<Time>) -> Instant {
        let beat = self.looked + BEAT;
        let wake = wake.and_then(|wake| self.begin.checked_add(self.stopped.saturating_add(wake)));
        wake.map_or(beat, |wake| wake.min(beat))
    }

    /// Looks at the time, which was due at `due`. If that is long ago, the time since the last look is left out
    /// and returned.
    pub fn look(&mut self, due: Instant) -> Option<Duration> {
        let now = Instant::now();
        let is_late = now.saturating_duration_since(due) > MAX_DELAY;
        if is_late {
            return Some(self.skip());
        }
        self.looked = now;
        None
    }

    /// Leaves out the time since the last look, and returns it.
    pub fn skip(&mut self) -> Duration {
        let now = Instant::now();
        let skipped = now.saturating_duration_since(self.looked);
        self.stopped = self.stopped.saturating_add(skipped);
        self.looked = now;
        skipped
    }
}
