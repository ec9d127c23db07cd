//! The ticks of the time axis.

use super::axis::{Axis, Point};
use crate::session::Time;

/// A label of the axis.
#[derive(Debug)]
pub(super) struct Tick {
    pub at: Time,
    pub x: f64,
}

/// Steps between ticks, in milliseconds.
const STEPS: [u64; 33] = [
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    172_800_000,
    432_000_000,
    864_000_000,
    1_728_000_000,
    4_320_000_000,
    8_640_000_000,
];

/// Least room between ticks.
const TICK: f64 = 58.0;

impl Axis {
    /// Returns ticks at round instants outside of gaps. A part without a round instant has one at its start.
    pub fn ticks(&self) -> Vec<Tick> {
        let step = STEPS
            .iter()
            .find(|step| **step as f64 / 1000.0 * self.scale >= TICK);
        let step = step.copied().unwrap_or(STEPS[STEPS.len() - 1]);
        let mut ticks = Vec::new();
        let mut start = 0;
        let ends = self.gaps().map(|(point, _)| point);
        let last = self.times.len().saturating_sub(1);
        for end in ends.chain([last]) {
            self.ticks_between(start, end, step, &mut ticks);
            start = end + 1;
        }
        ticks
    }

    fn ticks_between(&self, start: Point, end: Point, step: u64, ticks: &mut Vec<Tick>) {
        let (Some(from), Some(to)) = (self.times.get(start), self.times.get(end)) else {
            return;
        };
        let first = (from.as_millis() as u64).div_ceil(step);
        let last = to.as_millis() as u64 / step;
        // A stretch to scale is no wider than the picture.
        let round = (first..=last)
            .take(100)
            .map(|number| Time::from_millis(number * step));
        let before = ticks.len();
        ticks.extend(round.map(|at| Tick { at, x: self.at(at) }));
        if ticks.len() == before {
            ticks.push(Tick {
                at: *from,
                x: self.of(start),
            });
        }
    }
}
