//! The rows of a picture: a bar for each action, and below it the lane of its checks.

use super::axis::{Axis, Point};
use super::fold::Fold;
use super::layout::{LABELS, LANE, Layout, RIGHT, ROW, X_LEFT, X_RIGHT};
use super::marks::Mark;
use super::record::{Action, HEALTHY, Kind, Record, SKIPPED};
use super::recorder::Row;
use super::story;
use super::svg::{Attributes, MUTED, SMALL, STRONG, Svg, rect};
use super::words::{both, everything, human, number, one_line, several};
use crate::session::{ActionState, Owner};
use std::io;

/// Height of a bar, and its distance from the top of its row.
const BAR: f64 = 20.0;
const BAR_TOP: f64 = 9.0;

/// Width of the bar of an action that takes no time.
const MOMENT: f64 = 4.0;

/// Draws the name of a row, and counts of how its actions ended.
pub(super) fn heading(svg: &mut Svg<'_>, row: &Row, is_shared: bool, y: f64) -> io::Result<()> {
    let width = X_LEFT - LABELS - 14.0;
    if is_shared {
        svg.label(&STRONG, (LABELS, y + 18.0), width, "all others")?;
    } else {
        let (owner, kind) = match &row.name.owner {
            Owner::Environment(name) => (name.as_str(), ""),
            Owner::Step(name) => (name.as_str(), "step "),
        };
        svg.label(
            &STRONG,
            (LABELS, y + 16.0),
            width,
            &format!("{kind}{owner}"),
        )?;
        svg.label(&MUTED, (LABELS, y + 30.0), width, row.name.slot)?;
    }
    let ended = ActionState::ALL
        .into_iter()
        .zip(row.ended)
        .filter(|(_, count)| *count > 0);
    let ended: Vec<_> = ended.collect();
    let x = X_RIGHT + 12.0;
    for (index, (state, count)) in ended.iter().enumerate() {
        let state = state.name();
        let text = match count {
            1 if ended.len() == 1 => state.to_owned(),
            _ => format!("{} {state}", number(*count)),
        };
        let y = y + 23.0 + 12.0 * index as f64 - 6.0 * (ended.len() - 1) as f64;
        svg.label(&SMALL, (x, y), RIGHT - x, &text)?;
    }
    Ok(())
}

fn class(state: Option<ActionState>) -> &'static str {
    match state {
        Some(ActionState::Success) => "success",
        Some(ActionState::Failed) => "failed",
        Some(ActionState::Canceled) => "canceled",
        Some(ActionState::Timeout) => "timeout",
        None => "open",
    }
}

impl Layout<'_> {
    /// Draws the bar of an action, its records and the lane of its checks.
    pub(super) fn draw_action(
        &self,
        svg: &mut Svg<'_>,
        action: &Action,
        (from, to): (Point, Point),
        records: &[(Point, Point)],
    ) -> io::Result<()> {
        let y = self.ys[action.row];
        let bar = y + BAR_TOP;
        let (left, right) = (self.axis.of(from), self.axis.of(to));
        svg.open("g", &Attributes::class("action"))?;
        svg.text("title", &Attributes::default(), &self.describe(action))?;
        if action.start.is_none() {
            let d = format!("M{left:.1} {bar:.1}m0 1l9 9 -9 9 -9 -9z");
            svg.empty(
                "path",
                &Attributes::class(class(action.state)).text("d", &d),
            )?;
        } else {
            let right = match action.state {
                // It took no time, whatever room there is.
                Some(_) if action.start == Some(action.end) => left + MOMENT,
                _ => right.max(left + MOMENT),
            };
            self.draw_bar(svg, action, [left, right], bar)?;
        }
        svg.close("g")?;
        let lane = y + ROW + LANE / 2.0 - 5.0;
        let is_watched = action
            .records
            .iter()
            .any(|record| record.kind.is_of_monitor());
        if is_watched {
            let end = action
                .canceled_at()
                .map_or(right, |at| self.axis.at(at).max(left));
            let d = format!("M{left:.1} {lane:.1}H{end:.1}");
            svg.empty("path", &Attributes::class("line").text("d", &d))?;
        }
        for (record, points) in action.records.iter().zip(records) {
            self.draw_record(svg, record, *points, bar, lane)?;
        }
        Ok(())
    }

    fn draw_bar(
        &self,
        svg: &mut Svg<'_>,
        action: &Action,
        [left, right]: [f64; 2],
        y: f64,
    ) -> io::Result<()> {
        let bar = |class, left| rect(class, [left, right], [y, BAR]).length("rx", 3.0);
        svg.empty("rect", &bar(class(action.state), left))?;
        let notify = action.records.iter();
        let mut notify = notify.filter(|record| matches!(record.kind, Kind::Notify { .. }));
        if let Some(notify) = notify.next() {
            let grace = bar("grace", self.axis.at(notify.from));
            svg.empty("rect", &grace.text("fill", "url(#openjd-timeline-hatch)"))?;
        }
        tears(svg, &self.axis, [left, right], y)?;
        let width = right - left - 10.0;
        if width > 24.0 && !action.detail.is_empty() {
            svg.label(
                &SMALL,
                (left + 6.0, y + 14.0),
                width,
                &one_line(&action.detail),
            )?;
        }
        Ok(())
    }

    /// Returns the tooltip of an action.
    fn describe(&self, action: &Action) -> String {
        let mut text = story::ending(action, true);
        if let Some(start) = action.start {
            text += &format!("\nfrom {} to {}", both(start), both(action.end));
            text += &format!(", {}", human(action.end - start));
        }
        text
    }

    fn draw_record(
        &self,
        svg: &mut Svg<'_>,
        record: &Record,
        (from, to): (Point, Point),
        bar: f64,
        lane: f64,
    ) -> io::Result<()> {
        let x = self.axis.of(to);
        let title = format!("{}: {}", both(record.to), story::title(record));
        let Some(mark) = Mark::of(&record.kind) else {
            if let Kind::Fold(fold) = &record.kind {
                let room = [self.axis.of(from), x];
                return band(svg, fold, room, lane, &label(fold));
            }
            return Ok(());
        };
        let y = match mark {
            Mark::Notify => bar - 2.0,
            Mark::Kill => bar + BAR / 2.0,
            Mark::Status | Mark::MonitorStatus => self.status_y,
            _ => lane,
        };
        let start = self.axis.at(record.from).max(self.axis.of(from));
        if x - start > 4.0 {
            let line = Attributes::class(if mark == Mark::Healthy {
                "healthy"
            } else {
                "skipped"
            });
            let d = format!(
                "M{start:.1} {:.1}V{:.1}M{start:.1} {lane:.1}H{x:.1}",
                lane - 3.0,
                lane + 3.0
            );
            svg.empty("path", &line.text("d", &d))?;
        }
        mark.draw(svg, (x, y), &title)
    }

    /// Draws a band for folded actions, in their row or over all rows.
    pub(super) fn draw_folded_actions(
        &self,
        svg: &mut Svg<'_>,
        fold: &Fold,
        (from, to): (Point, Point),
    ) -> io::Result<()> {
        let room = [self.axis.of(from), self.axis.of(to)];
        let counts = &fold.counts;
        if let Some(row) = fold.class {
            let y = self.ys[row] + BAR_TOP + BAR / 2.0;
            band(
                svg,
                fold,
                room,
                y,
                &format!("{} SUCCESS", number(counts.succeeded)),
            )?;
            if counts.checks() > 0 {
                let y = self.ys[row] + ROW + LANE / 2.0 - 5.0;
                band(svg, fold, room, y, &several(counts.checks(), "check"))?;
            }
            return Ok(());
        }
        let ends = [self.rows_top, self.rows_bottom];
        svg.empty("rect", &rect("fold", room, [ends[0], ends[1] - ends[0]]))?;
        let y = f64::midpoint(ends[0], ends[1]);
        let actions = several(counts.succeeded + counts.unsuccessful, "action");
        band(svg, fold, room, y, &actions)
    }
}

/// Returns the label of a fold of records.
fn label(fold: &Fold) -> String {
    let counts = &fold.counts;
    match fold.class {
        Some(HEALTHY) => format!("{} healthy", number(counts.healthy)),
        Some(SKIPPED) => format!("{} skipped", number(counts.skipped)),
        _ if counts.unhealthy > 0 => format!("{} unhealthy", number(counts.unhealthy)),
        _ if counts.checks() > 0 => several(counts.checks(), "check"),
        _ if counts.statuses > 0 => several(counts.statuses, "message"),
        _ => several(counts.skipped + counts.signals, "event"),
    }
}

fn band(
    svg: &mut Svg<'_>,
    fold: &Fold,
    [left, right]: [f64; 2],
    y: f64,
    label: &str,
) -> io::Result<()> {
    let is_good = fold.class.is_some() && fold.counts.skipped == 0;
    let class = match (is_good, fold.counts.unhealthy + fold.counts.unsuccessful) {
        (true, _) => "fold healthy",
        (false, 0) => "fold",
        (false, _) => "fold unhealthy",
    };
    svg.open("g", &Attributes::default())?;
    let title = format!(
        "from {} to {}: {}",
        both(fold.from),
        both(fold.to),
        everything(&fold.counts)
    );
    svg.text("title", &Attributes::default(), &title)?;
    let shape = rect(class, [left + 1.0, right - 1.0], [y - 8.0, 16.0]);
    svg.empty("rect", &shape.length("rx", 8.0))?;
    let place = Attributes::class("small middle");
    let place = place.lengths(["x", "y"], [f64::midpoint(left, right), y + 4.0]);
    // A narrow band shows the number at least.
    let words = [label, label.split(' ').next().unwrap_or_default(), "…"];
    let fits = |words: &&&str| SMALL.width(words) <= right - left;
    svg.text("text", &place, words.iter().find(fits).unwrap_or(&"…"))?;
    svg.close("g")
}

/// Marks where a bar crosses a stretch that is not to scale.
fn tears(svg: &mut Svg<'_>, axis: &Axis, [left, right]: [f64; 2], y: f64) -> io::Result<()> {
    for (point, _) in axis.gaps() {
        let x = f64::midpoint(axis.of(point), axis.of(point + 1));
        if left < x && x < right {
            let (top, bottom) = (y - 3.0, y + BAR + 3.0);
            let d = format!(
                "M{:.1} {bottom:.1}L{:.1} {top:.1}M{:.1} {bottom:.1}L{:.1} {top:.1}",
                x - 5.0,
                x + 1.0,
                x - 1.0,
                x + 5.0
            );
            svg.empty("path", &Attributes::class("tear").text("d", &d))?;
        }
    }
    Ok(())
}
