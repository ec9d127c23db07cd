//! The layout of a picture: the place of everything in it.

use super::axis::{Axis, Plan, Point};
use super::record::{Action, Entry, Kind};
use super::recorder::{Row, Timeline};
use super::story::Story;
use super::svg::{PLAIN, wrap};
use crate::session::Time;

/// Width of the picture.
pub(super) const WIDTH: f64 = 1000.0;

/// Horizontal places: start of the row labels, start and end of the time axis, end of everything.
pub(super) const LABELS: f64 = 20.0;
pub(super) const X_LEFT: f64 = 190.0;
pub(super) const X_RIGHT: f64 = 866.0;
pub(super) const RIGHT: f64 = 980.0;

/// An entry with its points on the axis, and those of its records.
pub(super) struct Placed<'t> {
    pub entry: &'t Entry,
    pub points: (Point, Point),
    pub records: Vec<(Point, Point)>,
}

/// The places of all parts.
pub(super) struct Layout<'t> {
    pub timeline: &'t Timeline,
    pub story: Story,
    pub placed: Vec<Placed<'t>>,
    pub axis: Axis,
    /// Reason of the first failure, in lines.
    pub cause: Vec<String>,
    /// Top of each row.
    pub ys: Vec<f64>,
    pub rows_top: f64,
    pub rows_bottom: f64,
    /// Middle of the lane of messages.
    pub status_y: f64,
    pub has_statuses: bool,
}

/// Height of the bars in a row.
pub(super) const ROW: f64 = 36.0;

/// Height of the lane of checks below them.
pub(super) const LANE: f64 = 20.0;

/// Returns the height of a row.
pub(super) fn row_height(row: &Row) -> f64 {
    if row.has_checks { ROW + LANE } else { ROW }
}

impl<'t> Layout<'t> {
    /// Lays out a finished recording.
    pub fn new(timeline: &'t Timeline) -> Self {
        let cause = timeline.cause.as_deref();
        let story = Story::of(&timeline.entries, cause);
        let mut plan = Plan::default();
        let entries = timeline.entries.iter();
        let placed: Vec<_> = entries
            .map(|entry| place(entry, &story, &mut plan))
            .collect();
        plan.point(timeline.now, 3.0);
        let cause = cause.map(|cause| wrap(cause, (RIGHT - LABELS) / PLAIN.size, 2));
        let cause = cause.unwrap_or_default();
        let numbers = if story.lines.is_empty() { 10.0 } else { 36.0 };
        let rows_top = 62.0 + 17.0 * cause.len() as f64 + numbers;
        let mut y = rows_top;
        let mut ys = Vec::new();
        for row in &timeline.rows {
            ys.push(y);
            y += row_height(row);
        }
        let shown = placed.iter().filter_map(|placed| placed.action());
        let has_statuses = shown
            .flat_map(|action| &action.records)
            .any(|record| matches!(record.kind, Kind::Status { .. }));
        Self {
            timeline,
            story,
            placed,
            axis: plan.lay_out(X_LEFT, X_RIGHT),
            cause,
            ys,
            rows_top,
            rows_bottom: y,
            status_y: y + 16.0,
            has_statuses,
        }
    }

    /// Returns the height of the time axis.
    pub fn bottom(&self) -> f64 {
        self.rows_bottom + if self.has_statuses { 34.0 } else { 4.0 }
    }
}

impl Placed<'_> {
    pub fn action(&self) -> Option<&Action> {
        match self.entry {
            Entry::Action(action) => Some(action),
            Entry::Fold(_) => None,
        }
    }
}

/// Adds the points of an entry to the axis.
fn place<'t>(entry: &'t Entry, story: &Story, plan: &mut Plan) -> Placed<'t> {
    let half = |at: Time, half: f64| {
        if story.number(at).is_some() {
            half.max(9.0)
        } else {
            half
        }
    };
    let action = match entry {
        Entry::Fold(fold) => {
            return Placed {
                entry,
                points: plan.fold(fold.from, fold.to),
                records: Vec::new(),
            };
        }
        Entry::Action(action) => action,
    };
    let start = action.start.unwrap_or(action.end);
    let from = plan.point(start, half(start, 2.0));
    let records = action.records.iter();
    let records = records.map(|record| match &record.kind {
        Kind::Fold(fold) => plan.fold(fold.from, fold.to),
        _ => (from, plan.point(record.to, half(record.to, 6.0))),
    });
    let records = records.collect();
    let end = half(action.end, 2.0);
    let to = if action.end == start {
        plan.point_apart(action.end, end)
    } else {
        plan.point(action.end, end)
    };
    Placed {
        entry,
        points: (from, to),
        records,
    }
}
