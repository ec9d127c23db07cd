//! The header of a picture: title, verdict, counts, and the reason of a failure.

use super::fold::{Counts, Foldable};
use super::layout::{LABELS, Layout, RIGHT};
use super::record::Entry;
use super::svg::{Attributes, MUTED, PLAIN, STRONG, Svg, TITLE, rect};
use super::words::{both, checks, one_line, several};
use crate::session::SessionState;
use std::io;

impl Layout<'_> {
    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entry in &self.timeline.entries {
            counts.add(&entry.counts());
        }
        counts
    }

    /// Returns the duration and the counts in a few words.
    fn summary(&self) -> String {
        let counts = self.counts();
        let is_open = |entry: &&Entry| matches!(entry, Entry::Action(of) if of.state.is_none());
        let open = self.timeline.entries.iter().filter(is_open).count() as u64;
        let actions = several(counts.succeeded + counts.unsuccessful + open, "action");
        let mut text = format!("{} · {actions}", both(self.timeline.now));
        if counts.checks() > 0 {
            text += &format!(" · {}", checks(&counts));
        }
        if counts.skipped > 0 {
            text += &format!(" · {}", several(counts.skipped, "skipped tick"));
        }
        text
    }

    fn verdict(&self) -> &'static str {
        let verdict = self.timeline.verdict;
        verdict.map_or("NOT ENDED", SessionState::name)
    }

    /// Returns the text alternative of the picture.
    pub(super) fn description(&self) -> String {
        let verdict = self.verdict();
        let cause = self
            .timeline
            .cause
            .iter()
            .map(|cause| format!(" {}", one_line(cause)));
        format!(
            "Session {verdict} after {}.{}",
            self.summary(),
            cause.collect::<String>()
        )
    }

    /// Draws the header.
    pub(super) fn draw_header(&self, svg: &mut Svg<'_>) -> io::Result<()> {
        let verdict = self.verdict();
        let class = match self.timeline.verdict {
            Some(SessionState::Success) => "success",
            Some(SessionState::Failed) => "failed",
            Some(SessionState::Canceled) => "canceled",
            None => "open",
        };
        let text = format!("Session {verdict}");
        let width = STRONG.width(&text) + 24.0;
        let badge = rect(class, [RIGHT - width, RIGHT], [14.0, 26.0]);
        svg.empty("rect", &badge.length("rx", 13.0))?;
        let place = Attributes::class("strong middle");
        let place = place.lengths(["x", "y"], [RIGHT - width / 2.0, 31.5]);
        svg.text("text", &place, &text)?;
        let title = one_line(&self.timeline.title);
        svg.label(
            &TITLE,
            (LABELS, 33.0),
            RIGHT - width - 16.0 - LABELS,
            &title,
        )?;
        svg.label(&MUTED, (LABELS, 54.0), RIGHT - LABELS, &self.summary())?;
        for (index, line) in self.cause.iter().enumerate() {
            let y = 74.0 + 17.0 * index as f64;
            svg.label(&PLAIN, (LABELS, y), RIGHT - LABELS, line)?;
        }
        Ok(())
    }
}
