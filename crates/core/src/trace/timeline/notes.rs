//! The part below the rows: the story, the key, and notes on events that are left out.

use super::axis_lines::digit;
use super::fold::Fold;
use super::layout::{LABELS, Layout, RIGHT};
use super::marks::Mark;
use super::record::{Entry, Kind};
use super::recorder::MAX_ROWS;
use super::story;
use super::svg::{MUTED, PLAIN, SMALL, Svg};
use super::words::{everything, human, seconds, several};
use crate::session::Time;
use std::io;

/// Start of the sentences of the story.
const SENTENCES: f64 = 270.0;

impl Layout<'_> {
    /// Draws the story, instant by instant.
    pub(super) fn draw_story(&self, svg: &mut Svg<'_>, top: f64) -> io::Result<()> {
        let mut y = top;
        let mut before = None;
        for (index, line) in self.story.lines.iter().enumerate() {
            if let Some((at, left_out)) = self.story.gap
                && at == index
            {
                let text = format!("… {} between", several(left_out as u64, "more event"));
                svg.label(&MUTED, (SENTENCES, y), RIGHT - SENTENCES, &text)?;
                y += 19.0;
            }
            if before != Some(line.at) {
                if let Some(number) = self.story.number(line.at) {
                    digit(svg, (LABELS + 8.0, y - 4.0), number)?;
                }
                svg.label(&SMALL, (LABELS + 24.0, y), 84.0, &seconds(line.at))?;
                if line.at >= Time::from_secs(60) {
                    svg.label(&MUTED, (LABELS + 108.0, y), 138.0, &human(line.at))?;
                }
                before = Some(line.at);
            }
            svg.label(&PLAIN, (SENTENCES, y), RIGHT - SENTENCES, &line.text)?;
            y += 19.0;
        }
        Ok(())
    }

    /// Returns notes on what the picture leaves out and how to read it.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for placed in &self.placed {
            match placed.entry {
                Entry::Fold(fold) => notes.extend(note(fold)),
                Entry::Action(action) => {
                    for record in &action.records {
                        if let Kind::Fold(fold) = &record.kind {
                            notes.extend(note(fold));
                        }
                    }
                }
            }
        }
        notes.extend(story::left_out(&self.story));
        if self.timeline.rows.len() == MAX_ROWS {
            notes.push("The last row is shared by all actions that have none of their own.".into());
        }
        if self.timeline.verdict.is_none() {
            notes.push("The trace ends before the session does.".into());
        }
        let broken = if self.axis.gaps().next().is_some() {
            "broken where it is grey, and otherwise "
        } else {
            ""
        };
        notes.push(format!(
            "The time axis is {broken}to scale, but instants close together are drawn apart."
        ));
        notes
    }
}

/// Returns a note on a fold, unless its label says it all.
fn note(fold: &Fold) -> Option<String> {
    let counts = &fold.counts;
    let kinds = [
        counts.checks(),
        counts.skipped,
        counts.statuses,
        counts.signals,
        counts.succeeded + counts.unsuccessful,
    ];
    let is_simple = fold.class.is_some() && kinds.iter().filter(|count| **count > 0).count() == 1;
    let stretch = format!("{} to {}", human(fold.from), human(fold.to));
    (!is_simple).then(|| format!("Folded, {stretch}: {}.", everything(counts)))
}

/// Returns the places of the marks in the key.
pub(super) fn key_places(used: &[Mark], top: f64) -> Vec<(f64, f64)> {
    let (mut x, mut y) = (LABELS + 9.0, top);
    let place = |mark: &Mark| {
        let width = MUTED.width(mark.meaning()) + 40.0;
        if x + width > RIGHT {
            x = LABELS + 9.0;
            y += 20.0;
        }
        let place = (x, y);
        x += width;
        place
    };
    used.iter().map(place).collect()
}

/// Draws the key.
pub(super) fn draw_key(svg: &mut Svg<'_>, used: &[Mark], places: &[(f64, f64)]) -> io::Result<()> {
    for (mark, (x, y)) in used.iter().zip(places) {
        mark.draw(svg, (*x, y - 4.0), mark.meaning())?;
        svg.label(&MUTED, (x + 14.0, *y), RIGHT, mark.meaning())?;
    }
    Ok(())
}

/// Draws the notes.
pub(super) fn draw(svg: &mut Svg<'_>, notes: &[String], top: f64) -> io::Result<()> {
    for (index, note) in notes.iter().enumerate() {
        let y = top + 16.0 * index as f64;
        svg.label(&MUTED, (LABELS, y), RIGHT - LABELS, note)?;
    }
    Ok(())
}
