//! The whole of a picture: where everything is, and in which order it is drawn.

use super::axis::{Axis, Plan, Point};
use super::record::{Action, Entry, Kind};
use super::story::Story;
use super::svg::{Attributes, PLAIN, Svg, rect, tenths, wrap};
use super::words::one_line;
use super::{MAX_ROWS, Timeline, marks, notes, rows};
use crate::session::Time;
use std::io::{self, Write};

/// The width of the picture.
const WIDTH: f64 = 1000.0;

/// Where the labels of the rows start, the time axis starts and ends, and everything ends.
pub(super) const LABELS: f64 = 20.0;
pub(super) const X_LEFT: f64 = 190.0;
pub(super) const X_RIGHT: f64 = 866.0;
pub(super) const RIGHT: f64 = 980.0;

/// An entry, and the points of it and its records.
pub(super) struct Placed<'t> {
    pub entry: &'t Entry,
    pub points: (Point, Point),
    pub records: Vec<(Point, Point)>,
}

/// A picture whose parts have their places.
pub(super) struct Chart<'t> {
    pub timeline: &'t Timeline,
    pub story: Story,
    pub placed: Vec<Placed<'t>>,
    pub axis: Axis,
    /// Why the Session does not succeed, in lines.
    pub cause: Vec<String>,
    /// Where each row starts.
    pub ys: Vec<f64>,
    pub rows_top: f64,
    pub rows_bottom: f64,
    /// The middle of the lane of messages.
    pub status_y: f64,
    pub has_statuses: bool,
}

/// Draws the picture.
pub(super) fn draw(timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    Chart::new(timeline).draw(&mut Svg::new(out))
}

impl<'t> Chart<'t> {
    fn new(timeline: &'t Timeline) -> Self {
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
            y += rows::height(row);
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

    /// Where the axis is.
    pub fn bottom(&self) -> f64 {
        self.rows_bottom + if self.has_statuses { 34.0 } else { 4.0 }
    }

    fn draw(&self, svg: &mut Svg<'_>) -> io::Result<()> {
        let notes = self.notes();
        let told = self.story.lines.len() + usize::from(self.story.gap.is_some());
        let story_top = self.bottom() + 50.0;
        let key_top = story_top + 19.0 * told as f64 + if told > 0 { 10.0 } else { 0.0 };
        let used = marks::used(&self.timeline.entries);
        let places = notes::key_places(&used, key_top);
        let notes_top = places.last().map_or(key_top, |place| place.1 + 22.0);
        let height = notes_top + 16.0 * notes.len() as f64 + 4.0;

        let size = format!("0 0 {} {}", tenths(WIDTH), tenths(height));
        let root = Attributes::class("openjd-timeline")
            .text("xmlns", "http://www.w3.org/2000/svg")
            .lengths(["width", "height"], [WIDTH, height])
            .text("viewBox", &size)
            .text("role", "img");
        svg.open("svg", &root)?;
        let none = Attributes::default();
        svg.text("title", &none, &one_line(&self.timeline.title))?;
        svg.text("desc", &none, &self.description())?;
        svg.raw(include_str!("style.css"))?;
        let card = rect("card", [0.5, WIDTH - 0.5], [0.5, height - 1.0]);
        svg.empty("rect", &card.length("rx", 8.0))?;
        self.head(svg)?;
        self.draw_rows(svg)?;
        self.draw_messages(svg)?;
        self.tell(svg, story_top)?;
        notes::draw_key(svg, &used, &places)?;
        notes::draw(svg, &notes, notes_top)?;
        svg.close("svg")
    }

    fn draw_rows(&self, svg: &mut Svg<'_>) -> io::Result<()> {
        for (index, (row, y)) in self.timeline.rows.iter().zip(&self.ys).enumerate() {
            if index % 2 == 0 {
                let stripe = rect("stripe", [8.0, WIDTH - 8.0], [*y, rows::height(row)]);
                svg.empty("rect", &stripe)?;
            }
            rows::heading(svg, row, index + 1 == MAX_ROWS, *y)?;
        }
        self.draw_axis(svg)?;
        for placed in &self.placed {
            match placed.entry {
                Entry::Action(action) => {
                    self.action(svg, action, placed.points, &placed.records)?;
                }
                Entry::Fold(fold) => self.folded_actions(svg, fold, placed.points)?,
            }
        }
        Ok(())
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

/// Gives an entry its points.
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
