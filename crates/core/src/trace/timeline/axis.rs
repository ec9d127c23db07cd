//! The time axis: positions of instants, with long stretches without events folded.

use crate::session::Time;

/// Width of a folded stretch.
const FOLD: f64 = 104.0;

/// Width of a folded stretch where there is little room.
const NARROW_FOLD: f64 = 56.0;

/// Width of a stretch that is left out because nothing happens in it.
const BREAK: f64 = 46.0;

/// Share of the axis above which a stretch without events is left out.
const LONG: f64 = 0.5;

/// Most room between two things of one instant.
const MAX_SPREAD: f64 = 40.0;

/// A way to draw the stretch between two points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// To scale, but wide enough for the marks at its ends.
    ToScale,
    /// As wide as any other fold.
    Folded,
    /// Left out.
    Broken,
}

/// The index of a point of the axis.
pub(super) type Point = usize;

/// Points in order of time, with the room that each needs.
#[derive(Debug, Default)]
pub(super) struct Plan {
    points: Vec<(Time, f64)>,
    /// For each point, true if the stretch after it is folded.
    folded: Vec<bool>,
}

impl Plan {
    /// Adds a point at an instant, which needs `half` as free width on each side. Points arrive in order of
    /// time; a late one is put at the last one.
    pub fn point(&mut self, at: Time, half: f64) -> Point {
        let last = self.points.last_mut();
        let at = last.as_ref().map_or(at, |last| last.0.max(at));
        match last {
            Some(last) if last.0 == at => {
                last.1 = last.1.max(half);
                self.points.len() - 1
            }
            _ => self.new_point(at, half),
        }
    }

    /// Adds a point apart from the last one, even at the same instant.
    pub fn point_apart(&mut self, at: Time, half: f64) -> Point {
        let at = self.points.last().map_or(at, |last| last.0.max(at));
        self.new_point(at, half)
    }

    fn new_point(&mut self, at: Time, half: f64) -> Point {
        self.points.push((at, half));
        self.folded.push(false);
        self.points.len() - 1
    }

    /// Adds the two points of a folded stretch.
    pub fn fold(&mut self, from: Time, to: Time) -> (Point, Point) {
        let start = self.point_apart(from, 3.0);
        self.folded[start] = true;
        (start, self.point_apart(to, 3.0))
    }

    /// Lays out the points from `left` to `right`.
    pub fn lay_out(self, left: f64, right: f64) -> Axis {
        let pairs = self.points.windows(2).zip(&self.folded);
        let mut gaps: Vec<_> = pairs
            .map(|(pair, folded)| Stretch {
                seconds: (pair[1].0 - pair[0].0).as_secs_f64(),
                least: pair[0].1 + pair[1].1,
                gap: if *folded { Gap::Folded } else { Gap::ToScale },
            })
            .collect();
        let room = right - left;
        let mut scale = fit(&gaps, room);
        while let Some(longest) = longest(&gaps) {
            if scale * gaps[longest].seconds <= LONG * room || to_scale(&gaps) < 4 {
                break;
            }
            gaps[longest].gap = Gap::Broken;
            scale = fit(&gaps, room);
        }
        let mut widths: Vec<_> = gaps.iter().map(|stretch| stretch.width(scale)).collect();
        let folds = gaps.iter().filter(|of| of.gap == Gap::Folded).count();
        let excess = widths.iter().sum::<f64>() - room;
        if excess > 0.0 && folds > 0 {
            let fold = (FOLD - excess / folds as f64).max(NARROW_FOLD);
            for (width, stretch) in widths.iter_mut().zip(&gaps) {
                if stretch.gap == Gap::Folded {
                    *width = fold;
                }
            }
        }
        let width: f64 = widths.iter().sum();
        let squeeze = if width > room { room / width } else { 1.0 };
        let spread = match gaps.len() {
            0 => 0.0,
            number => ((room - width) / number as f64).clamp(0.0, MAX_SPREAD),
        };
        let mut xs = vec![left];
        let mut x = left;
        for width in widths {
            x += width * squeeze + spread;
            xs.push(x);
        }
        Axis {
            times: self.points.iter().map(|point| point.0).collect(),
            gaps: gaps.iter().map(|stretch| stretch.gap).collect(),
            xs,
            scale: scale * squeeze,
        }
    }
}

struct Stretch {
    seconds: f64,
    least: f64,
    gap: Gap,
}

impl Stretch {
    fn width(&self, scale: f64) -> f64 {
        match self.gap {
            Gap::ToScale => (self.seconds * scale).max(self.least),
            Gap::Folded => FOLD,
            Gap::Broken => BREAK,
        }
    }
}

fn to_scale(gaps: &[Stretch]) -> usize {
    let is_to_scale = |stretch: &&Stretch| stretch.gap == Gap::ToScale && stretch.seconds > 0.0;
    gaps.iter().filter(is_to_scale).count()
}

fn longest(gaps: &[Stretch]) -> Option<usize> {
    let candidates = (0..gaps.len()).filter(|&index| gaps[index].gap == Gap::ToScale);
    candidates.max_by(|&a, &b| gaps[a].seconds.total_cmp(&gaps[b].seconds))
}

/// Returns the scale, in units per second, at which the stretches fill the room; 0 if their least widths do.
fn fit(gaps: &[Stretch], room: f64) -> f64 {
    let width = |scale: f64| -> f64 { gaps.iter().map(|stretch| stretch.width(scale)).sum() };
    let total: f64 = gaps
        .iter()
        .filter(|stretch| stretch.gap == Gap::ToScale)
        .map(|stretch| stretch.seconds)
        .sum();
    if total <= 0.0 || width(0.0) >= room {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, room / total);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if width(middle) > room {
            high = middle;
        } else {
            low = middle;
        }
    }
    low
}

/// The places of all instants.
#[derive(Debug)]
pub(super) struct Axis {
    pub times: Vec<Time>,
    xs: Vec<f64>,
    gaps: Vec<Gap>,
    /// Units per second where the axis is to scale.
    pub scale: f64,
}

impl Axis {
    /// Returns the place of a point.
    pub fn of(&self, point: Point) -> f64 {
        self.xs.get(point).copied().unwrap_or_default()
    }

    /// Returns the place of an instant, the first one if it has several.
    pub fn at(&self, time: Time) -> f64 {
        let next = self.times.partition_point(|at| *at < time);
        let (Some(before), Some(after)) = (next.checked_sub(1), self.times.get(next)) else {
            return self.of(next.min(self.times.len().saturating_sub(1)));
        };
        let whole = (*after - self.times[before]).as_secs_f64();
        let part = (time - self.times[before]).as_secs_f64() / whole;
        self.xs[before] + part * (self.xs[next] - self.xs[before])
    }

    /// Returns the stretches that are not to scale.
    pub fn gaps(&self) -> impl Iterator<Item = (Point, Gap)> {
        let gaps = self.gaps.iter().copied().enumerate();
        gaps.filter(|(_, gap)| *gap != Gap::ToScale)
    }

    /// Returns the length of time between a point and the next.
    pub fn length(&self, point: Point) -> Time {
        self.times[point + 1] - self.times[point]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Time {
        Time::from_secs(seconds)
    }

    #[test]
    fn what_is_not_folded_is_to_scale() {
        let mut plan = Plan::default();
        for at in [0, 20, 80] {
            plan.point(seconds(at), 1.0);
        }
        plan.fold(seconds(140), seconds(600));
        let end = plan.point(seconds(660), 1.0);
        let axis = plan.lay_out(0.0, 600.0);
        let minute = axis.at(seconds(80)) - axis.at(seconds(20));
        assert!((axis.at(seconds(20)) * 3.0 - minute).abs() < 0.01);
        assert!((axis.of(end) - 600.0).abs() < 0.01);
        assert!((axis.at(seconds(600)) - axis.at(seconds(140)) - FOLD).abs() < 0.01);
    }

    #[test]
    fn a_long_stretch_without_events_is_left_out() {
        let mut plan = Plan::default();
        for at in [0, 2, 4, 86_400, 86_402, 86_403] {
            plan.point(seconds(at), 1.0);
        }
        let axis = plan.lay_out(0.0, 600.0);
        assert_eq!(axis.gaps().collect::<Vec<_>>(), [(2, Gap::Broken)]);
        assert!(axis.at(seconds(2)) > 100.0);
    }

    #[test]
    fn a_session_of_no_time_has_room() {
        let mut plan = Plan::default();
        plan.point(Time::ZERO, 1.0);
        plan.point_apart(Time::ZERO, 1.0);
        let axis = plan.lay_out(0.0, 600.0);
        assert!(axis.of(1) > 10.0);
    }
}
