//! The lines that cross the rows: time axis, numbered instants, lane of messages.

use super::axis::Gap;
use super::layout::{LABELS, Layout, RIGHT, X_LEFT, X_RIGHT};
use super::record::Kind;
use super::svg::{Attributes, MUTED, SMALL, SMALL_BEFORE, STRONG, Svg, rect};
use super::words::{human, one_line};
use crate::session::Time;
use std::io;

/// Least width in which a text is drawn.
const LEAST: f64 = 40.0;

impl Layout<'_> {
    /// Draws the axis with its ticks and gaps, and a guide for each numbered instant.
    pub(super) fn draw_axis(&self, svg: &mut Svg<'_>) -> io::Result<()> {
        let (top, bottom) = (self.rows_top, self.bottom());
        let mut d = format!("M{X_LEFT:.1} {bottom:.1}");
        for (point, gap) in self.axis.gaps() {
            let (left, right) = (self.axis.of(point), self.axis.of(point + 1));
            svg.empty("rect", &rect("gap", [left, right], [top, bottom - top]))?;
            if gap == Gap::Broken {
                let place = Attributes::class("muted middle");
                let place = place.lengths(["x", "y"], [f64::midpoint(left, right), top - 4.0]);
                svg.text("text", &place, &rough(self.axis.length(point)))?;
            }
            d += &format!("H{left:.1}m-3 5l6 -10M{right:.1} {bottom:.1}m-3 5l6 -10m-3 5");
        }
        d += &format!("H{X_RIGHT:.1}");
        let mut free = 0.0;
        for tick in self.axis.ticks() {
            d += &format!("M{:.1} {bottom:.1}v5", tick.x);
            let text = human(tick.at);
            let half = MUTED.width(&text) / 2.0;
            if tick.x - half >= free {
                free = tick.x + half + 6.0;
                let place = Attributes::class("muted middle");
                let place = place.lengths(["x", "y"], [tick.x, bottom + 18.0]);
                svg.text("text", &place, &text)?;
            }
        }
        svg.empty("path", &Attributes::class("line").text("d", &d))?;
        for (index, at) in self.story.instants().enumerate() {
            let x = self.axis.at(at);
            let d = format!("M{x:.1} {:.1}V{bottom:.1}", top - 9.0);
            svg.empty("path", &Attributes::class("guide").text("d", &d))?;
            digit(svg, (x, top - 16.0), index + 1)?;
        }
        Ok(())
    }

    /// Draws the texts in the lane of messages. Their marks are drawn with their actions.
    pub(super) fn draw_messages(&self, svg: &mut Svg<'_>) -> io::Result<()> {
        if !self.has_statuses {
            return Ok(());
        }
        let y = self.status_y + 4.0;
        svg.label(&STRONG, (LABELS, y), X_LEFT - LABELS, "status messages")?;
        let mut messages = Vec::new();
        for placed in &self.placed {
            let Some(action) = placed.action() else {
                continue;
            };
            for (record, points) in action.records.iter().zip(&placed.records) {
                if let Kind::Status { text, .. } = &record.kind {
                    messages.push((self.axis.of(points.1), one_line(text)));
                }
            }
        }
        // End of what the lane holds so far.
        let mut taken = X_LEFT;
        for (index, (x, text)) in messages.iter().enumerate() {
            let end = messages.get(index + 1).map_or(RIGHT, |next| next.0 - 8.0);
            let wanted = SMALL.width(text);
            let (before, after) = (x - 11.0 - taken, end - x - 11.0);
            taken = x + 8.0;
            if after >= wanted || after >= before {
                if after > LEAST {
                    svg.label(&SMALL, (x + 11.0, y), after, text)?;
                    taken = x + 14.0 + wanted.min(after);
                }
            } else if before > LEAST {
                svg.label(&SMALL_BEFORE, (x - 11.0, y), before, text)?;
            }
        }
        Ok(())
    }
}

/// Returns a length of time in its largest unit.
fn rough(time: Time) -> String {
    let words = human(time);
    words.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

/// Draws the number of an instant, in a circle.
pub(super) fn digit(svg: &mut Svg<'_>, (x, y): (f64, f64), number: usize) -> io::Result<()> {
    let circle = Attributes::class("number").lengths(["cx", "cy", "r"], [x, y, 8.0]);
    svg.empty("circle", &circle)?;
    let place = Attributes::class("digit").lengths(["x", "y"], [x, y + 3.6]);
    svg.text("text", &place, &number.to_string())
}
