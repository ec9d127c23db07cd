//! The marks of what happens at an instant; each kind has its own shape.

use super::record::{Entry, Kind};
use super::svg::{Attributes, Svg, tenths};
use crate::session::Target;
use std::io;

/// A kind of mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    Healthy,
    Unhealthy,
    Discarded,
    Unfinished,
    Skipped,
    Notify,
    Grace,
    Kill,
    Status,
    MonitorStatus,
}

impl Mark {
    /// Returns the mark of a record; `None` for a fold.
    pub fn of(kind: &Kind) -> Option<Self> {
        Some(match kind {
            Kind::Healthy => Self::Healthy,
            Kind::Unhealthy { .. } => Self::Unhealthy,
            Kind::Discarded => Self::Discarded,
            Kind::Unfinished => Self::Unfinished,
            Kind::Skipped => Self::Skipped,
            Kind::Status { source, .. } => match source {
                Target::Action => Self::Status,
                Target::Check => Self::MonitorStatus,
            },
            Kind::Notify { .. } => Self::Notify,
            Kind::Kill => Self::Kill,
            Kind::Fold(_) => return None,
        })
    }

    fn class(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
            Self::Discarded => "discarded",
            Self::Unfinished => "unfinished",
            Self::Skipped => "skipped",
            Self::Notify => "notify",
            Self::Grace => "success",
            Self::Kill => "kill",
            Self::Status => "status",
            Self::MonitorStatus => "status monitor",
        }
    }

    /// Returns the explanation in the key.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Healthy => "healthy check",
            Self::Unhealthy => "unhealthy check",
            Self::Discarded => "discarded check",
            Self::Unfinished => "unfinished check",
            Self::Skipped => "skipped tick",
            Self::Notify => "notify (SIGTERM)",
            Self::Grace => "notify period",
            Self::Kill => "kill (SIGKILL)",
            Self::Status => "status of an action",
            Self::MonitorStatus => "status of a monitor",
        }
    }

    /// Draws the mark around a place, with a tooltip.
    pub fn draw(self, svg: &mut Svg<'_>, (x, y): (f64, f64), title: &str) -> io::Result<()> {
        svg.open("g", &Attributes::class(self.class()))?;
        svg.text("title", &Attributes::default(), title)?;
        match self {
            Self::Healthy => {
                let circle = Attributes::default().lengths(["cx", "cy", "r"], [x, y, 3.6]);
                svg.empty("circle", &circle)?;
            }
            Self::Grace => {
                let at = [x - 9.0, y - 6.0, 18.0, 12.0];
                let bar = || Attributes::default().lengths(["x", "y", "width", "height"], at);
                svg.empty("rect", &bar())?;
                let hatch = bar().text("fill", "url(#openjd-timeline-hatch)");
                svg.empty("rect", &hatch.text("stroke", "none"))?;
            }
            _ => {
                let path = Attributes::default().text("d", &self.path(x, y));
                svg.empty("path", &path)?;
            }
        }
        svg.close("g")
    }

    fn path(self, x: f64, y: f64) -> String {
        let start = format!("M{} {}", tenths(x), tenths(y));
        let rest = match self {
            Self::Healthy | Self::Grace => "",
            Self::Unhealthy => "m-4.5 -4.5l9 9m0 -9l-9 9",
            Self::Discarded => "m-3.6 -3.6h7.2v7.2h-7.2z",
            Self::Unfinished => "m-4.5 0l4.5 -4.5 4.5 4.5 -4.5 4.5z",
            Self::Skipped => "m-2 -4.5v9m4 0v-9",
            Self::Notify => "m-5.5 -5h11l-5.5 10z",
            Self::Kill => "m-3 -7h6l4 4v6l-4 4h-6l-4 -4v-6zm0.5 4.5l5 5m0 -5l-5 5",
            Self::Status | Self::MonitorStatus => "m-6 -5h12v8h-6l-4 4v-4h-2z",
        };
        start + rest
    }
}

/// Returns the marks in use, which the key explains.
pub(super) fn used(entries: &[Entry]) -> Vec<Mark> {
    let actions = entries.iter().filter_map(|entry| match entry {
        Entry::Action(action) => Some(action),
        Entry::Fold(_) => None,
    });
    let records = actions.flat_map(|action| &action.records);
    let mut marks: Vec<_> = records
        .filter_map(|record| Mark::of(&record.kind))
        .collect();
    if marks.contains(&Mark::Notify) {
        marks.push(Mark::Grace);
    }
    marks.sort_unstable();
    marks.dedup();
    marks
}
