//! Drawing of a picture: its parts, in the order in which they are written.

use super::layout::{Layout, WIDTH, row_height};
use super::record::Entry;
use super::recorder::{MAX_ROWS, Timeline};
use super::svg::{Attributes, Svg, rect, tenths};
use super::words::one_line;
use super::{marks, notes, rows};
use std::io::{self, Write};

impl Timeline {
    /// Draws the picture.
    ///
    /// # Errors
    ///
    /// Fails if `out` cannot be written.
    pub fn write(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.finish();
        Layout::new(&self).draw(&mut Svg::new(out))
    }
}

impl Layout<'_> {
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
        self.draw_header(svg)?;
        self.draw_rows(svg)?;
        self.draw_messages(svg)?;
        self.draw_story(svg, story_top)?;
        notes::draw_key(svg, &used, &places)?;
        notes::draw(svg, &notes, notes_top)?;
        svg.close("svg")
    }

    fn draw_rows(&self, svg: &mut Svg<'_>) -> io::Result<()> {
        for (index, (row, y)) in self.timeline.rows.iter().zip(&self.ys).enumerate() {
            if index % 2 == 0 {
                let stripe = rect("stripe", [8.0, WIDTH - 8.0], [*y, row_height(row)]);
                svg.empty("rect", &stripe)?;
            }
            rows::heading(svg, row, index + 1 == MAX_ROWS, *y)?;
        }
        self.draw_axis(svg)?;
        for placed in &self.placed {
            match placed.entry {
                Entry::Action(action) => {
                    self.draw_action(svg, action, placed.points, &placed.records)?;
                }
                Entry::Fold(fold) => self.draw_folded_actions(svg, fold, placed.points)?,
            }
        }
        Ok(())
    }
}
