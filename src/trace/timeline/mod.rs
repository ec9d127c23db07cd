//! A trace as a picture: one SVG file that stands for itself, on light and on dark pages.
//!
//! What is kept of a Session is bounded: long stretches of healthy checks, of tasks that succeed and of
//! anything else are folded as they come, and drawn as one band with its counts.

mod axis;
mod chart;
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

/// More entries than this are cut down to the first and the last ones.
const MAX_ENTRIES: usize = 64;

/// How many rows there are at most; what has no row of its own shares the last.
const MAX_ROWS: usize = 40;

/// How many things a picture shows one by one at most.
const MAX_SHOWN: usize = 80;

/// The picture of a trace, drawn from its effects.
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
                Target::Action => self.begin(at, start),
                Target::Check => self.check = Some(at),
            },
            Effect::Notify { kill_at, .. } => {
                let kill_at = *kill_at;
                self.record(at, Kind::Notify { kill_at });
            }
            Effect::Kill { target, .. } => match target {
                Target::Action => self.record(at, Kind::Kill),
                // The result of the check, which follows, says it.
                Target::Check => {}
            },
            Effect::Status { text, source } => {
                let (text, source) = (words::cut(text), *source);
                self.record(at, Kind::Status { text, source });
            }
            Effect::CheckEnded { result, .. } => self.end_check(at, result),
            Effect::TickSkipped { .. } => self.record(at, Kind::Skipped),
            Effect::ActionEnded {
                action,
                state,
                fail_message,
                by_monitor,
            } => self.end_action(at, action, *state, fail_message.as_deref(), *by_monitor),
            Effect::SessionEnded { state } => self.verdict = Some(*state),
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
        if let Some(from) = self.check.take() {
            self.record_from(from, self.now, Kind::Unfinished);
        }
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

    fn begin(&mut self, at: Time, start: &Start) {
        self.last_line.clear();
        let wraps = start.wraps.iter().map(|name| format!("wraps {name}"));
        let parameters = start.parameters.iter().flatten();
        let parameters = parameters.map(|(name, value)| format!("{name}={value}"));
        let detail = parameters.chain(wraps);
        let detail = words::cut(&detail.collect::<Vec<_>>().join(", "));
        self.running = Some(Action {
            name: start.action.clone(),
            row: self.row(&start.action),
            detail,
            start: Some(at),
            end: at,
            state: None,
            by_monitor: false,
            message: None,
            records: Vec::new(),
        });
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

    fn end_check(&mut self, at: Time, result: &CheckResult) {
        let from = self.check.take().unwrap_or(at);
        let kind = match result {
            CheckResult::Healthy => Kind::Healthy,
            CheckResult::Unhealthy { reason, failures } => Kind::Unhealthy {
                reason: reason.clone(),
                failures: *failures,
            },
            CheckResult::Discarded => Kind::Discarded,
        };
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

/// How many things the entries are.
fn shown(entries: &[Entry]) -> usize {
    let of_entry = |entry: &Entry| match entry {
        Entry::Action(action) => 2 + action.records.len(),
        Entry::Fold(_) => 2,
    };
    entries.iter().map(of_entry).sum()
}
