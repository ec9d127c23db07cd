//! A trace as a picture: one SVG file that stands for itself, on light and on dark pages.
//!
//! What is kept of a Session is bounded: long stretches of healthy checks, of tasks that succeed and of
//! anything else are folded as they come, and drawn as one band with its counts.

mod axis;
mod chart;
mod event;
mod fold;
mod grid;
mod head;
mod marks;
mod notes;
mod record;
mod rows;
mod story;
mod svg;
mod ticks;
mod words;

use crate::session::{
    ActionName, ActionState, CheckResult, Effect, SessionState, Start, Target, Time,
};
use record::{Action, Entry, Kind};
use std::io::{self, Write};
use std::sync::Arc;
pub(crate) use svg::escape;

/// More entries than this are cut down to the first and the last ones.
const MAX_ENTRIES: usize = 64;

/// How many rows there are at most; what has no row of its own shares the last.
const MAX_ROWS: usize = 40;

/// How many things a picture shows one by one at most.
const MAX_SHOWN: usize = 80;

/// The picture of a trace, drawn from its effects, or from its events where no more is known.
#[derive(Debug)]
pub struct Timeline {
    title: String,
    rows: Vec<Row>,
    entries: Vec<Entry>,
    running: Option<Action>,
    /// The start of the check that runs.
    check: Option<Time>,
    /// The last line of the log that is an action's.
    last_line: String,
    /// Why the Session does not succeed, as far as the first action that did not tells.
    cause: Option<String>,
    now: Time,
    verdict: Option<SessionState>,
}

/// The actions of one name.
#[derive(Debug)]
struct Row {
    name: Arc<ActionName>,
    /// How many ended as SUCCESS, FAILED, CANCELED, TIMEOUT.
    ended: [u64; 4],
    has_checks: bool,
}

impl Timeline {
    /// A picture with this title.
    pub fn new(title: &str) -> Self {
        Self {
            title: words::cut(title),
            rows: Vec::new(),
            entries: Vec::new(),
            running: None,
            check: None,
            last_line: String::new(),
            cause: None,
            now: Time::ZERO,
            verdict: None,
        }
    }

    /// Takes in the next effect.
    pub fn push(&mut self, at: Time, effect: &Effect) {
        self.now = at;
        match effect {
            Effect::Start(start) => match start.target {
                Target::Action => self.begin(at, &start.action, &detail(start)),
                Target::Check => self.begin_check(at),
            },
            Effect::Notify { kill_at, .. } => {
                let kill_at = Some(*kill_at);
                self.record(at, Kind::Notify { kill_at });
            }
            Effect::Kill { target, .. } => self.kill(at, *target),
            Effect::Status { text, source } => self.status(at, text, *source),
            Effect::CheckEnded { result, .. } => self.end_check(at, kind(result)),
            Effect::TickSkipped { .. } => self.record(at, Kind::Skipped),
            Effect::ActionEnded {
                action,
                state,
                fail_message,
                by_monitor,
                ..
            } => self.end_action(at, action, *state, fail_message.as_deref(), *by_monitor),
            Effect::SessionEnded { state } => self.verdict = Some(*state),
            Effect::Phase(_) => {}
            Effect::Line { text, source: of } | Effect::Note { text, about: of } => {
                if *of == Target::Action {
                    self.last_line = words::cut(text);
                }
            }
        }
    }

    /// Draws it.
    ///
    /// # Errors
    ///
    /// What writing gives.
    pub fn write(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.leave_check(self.now);
        if let Some(mut action) = self.running.take() {
            action.end = self.now;
            self.entries.push(Entry::Action(Box::new(action)));
        }
        for (head, tail) in [(12, 24), (4, 12), (3, 6), (2, 3), (1, 1)] {
            if shown(&self.entries) > MAX_SHOWN {
                for entry in &mut self.entries {
                    if let Entry::Action(action) = entry {
                        fold::shorten(&mut action.records, head, tail);
                    }
                }
            }
        }
        for (head, tail) in [(12, 24), (6, 12), (3, 6)] {
            if shown(&self.entries) > MAX_SHOWN {
                fold::shorten(&mut self.entries, head, tail);
            }
        }
        chart::draw(&self, out)
    }

    fn begin(&mut self, at: Time, name: &Arc<ActionName>, detail: &str) {
        self.last_line.clear();
        self.running = Some(Action {
            name: name.clone(),
            row: self.row(name),
            detail: words::cut(detail),
            start: Some(at),
            end: at,
            state: None,
            by_monitor: false,
            message: None,
            records: Vec::new(),
        });
    }

    fn begin_check(&mut self, at: Time) {
        self.leave_check(at);
        self.check = Some(at);
    }

    /// A check that is over without a result, as it is in the trace of a runtime that tells none.
    fn leave_check(&mut self, at: Time) {
        if let Some(from) = self.check.take() {
            self.record_from(from, at, Kind::Unfinished);
        }
    }

    fn kill(&mut self, at: Time, target: Target) {
        match target {
            Target::Action => self.record(at, Kind::Kill),
            // The result of the check, which follows, says it.
            Target::Check => {}
        }
    }

    fn status(&mut self, at: Time, text: &str, source: Target) {
        let text = words::cut(text);
        self.record(at, Kind::Status { text, source });
    }

    /// The row of the actions of this name.
    fn row(&mut self, name: &Arc<ActionName>) -> usize {
        let known = self.rows.iter().position(|row| row.name == *name);
        known.unwrap_or_else(|| {
            if self.rows.len() < MAX_ROWS {
                self.rows.push(Row {
                    name: name.clone(),
                    ended: [0; 4],
                    has_checks: false,
                });
            }
            self.rows.len() - 1
        })
    }

    fn record(&mut self, at: Time, kind: Kind) {
        self.record_from(at, at, kind);
    }

    /// Whatever is recorded happens while an action runs.
    fn record_from(&mut self, from: Time, to: Time, kind: Kind) {
        let Some(action) = &mut self.running else {
            return;
        };
        self.rows[action.row].has_checks |= kind.is_of_monitor();
        action.record(from, to, kind);
    }

    fn end_check(&mut self, at: Time, kind: Kind) {
        let from = self.check.take().unwrap_or(at);
        self.record_from(from, at, kind);
    }

    fn end_action(
        &mut self,
        at: Time,
        name: &Arc<ActionName>,
        state: ActionState,
        fail_message: Option<&str>,
        by_monitor: bool,
    ) {
        self.leave_check(at);
        let started = self.running.take();
        let mut action = started.unwrap_or_else(|| Action {
            name: name.clone(),
            row: self.row(name),
            detail: String::new(),
            start: None,
            end: at,
            state: None,
            by_monitor,
            message: None,
            records: Vec::new(),
        });
        action.end = at;
        action.state = Some(state);
        action.by_monitor = by_monitor;
        if state != ActionState::Success {
            let last_line = || (!self.last_line.is_empty()).then(|| self.last_line.clone());
            action.message = fail_message.map(words::cut).or_else(last_line);
            self.cause
                .get_or_insert_with(|| story::ending(&action, true));
        }
        self.rows[action.row].ended[state as usize] += 1;
        fold::push(&mut self.entries, Entry::Action(Box::new(action)));
        if self.entries.len() > MAX_ENTRIES {
            fold::shorten(&mut self.entries, 16, 40);
        }
    }
}

/// What an action that starts wraps, and the parameters of its task.
fn detail(start: &Start) -> String {
    let wraps = start.wraps.iter().map(|name| format!("wraps {name}"));
    let parameters = start.parameters.iter().flatten();
    let parameters = parameters.map(|(name, value)| format!("{name}={value}"));
    parameters.chain(wraps).collect::<Vec<_>>().join(", ")
}

/// What the result of a check is in a picture.
fn kind(result: &CheckResult) -> Kind {
    match result {
        CheckResult::Healthy => Kind::Healthy,
        CheckResult::Unhealthy { reason, failures } => Kind::Unhealthy {
            reason: reason.to_string(),
            failures: *failures,
        },
        CheckResult::Discarded => Kind::Discarded,
    }
}

/// How many things the entries are.
fn shown(entries: &[Entry]) -> usize {
    let of_entry = |entry: &Entry| match entry {
        Entry::Action(action) => 2 + action.records.len(),
        Entry::Fold(_) => 2,
    };
    entries.iter().map(of_entry).sum()
}
