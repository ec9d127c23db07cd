//! Recording of a Session for a picture, in bounded memory.

use super::fold;
use super::record::{Action, Entry, Kind};
use super::story;
use super::words;
use crate::session::{
    ActionName, ActionState, CheckResult, Effect, SessionState, Start, Target, Time,
};
use std::sync::Arc;

/// Entries kept; of more, only the first and the last ones are.
const MAX_ENTRIES: usize = 64;

/// Rows in a picture; actions beyond share the last one.
pub(super) const MAX_ROWS: usize = 40;

/// Things that a picture shows one by one; more are folded before it is drawn.
const MAX_SHOWN: usize = 80;

/// The picture of a trace, recorded from effects, or from events where a runtime reports no more.
#[derive(Debug)]
pub struct Timeline {
    pub(super) title: String,
    pub(super) rows: Vec<Row>,
    pub(super) entries: Vec<Entry>,
    running: Option<Action>,
    /// Start of the running check.
    check: Option<Time>,
    /// Last line that the running action logged.
    last_line: String,
    /// Reason of the first action that did not succeed.
    pub(super) cause: Option<String>,
    pub(super) now: Time,
    pub(super) verdict: Option<SessionState>,
}

/// The actions of one name.
#[derive(Debug)]
pub(super) struct Row {
    pub name: Arc<ActionName>,
    /// Counts of actions by how they ended, in the order of [`ActionState::ALL`].
    pub ended: [u64; 4],
    pub has_checks: bool,
}

impl Timeline {
    /// Creates an empty recording, with the title of its picture.
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

    /// Records the next effect.
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
            Effect::ActionEnded { action, ending, .. } => {
                let mut why = ending.why();
                if ending.is_unexplained() && !self.last_line.is_empty() {
                    let separator = if why.is_empty() { "" } else { "; last line: " };
                    why += &format!("{separator}{}", self.last_line);
                }
                let why = (!why.is_empty()).then_some(why);
                self.end_action(
                    at,
                    action,
                    ending.state,
                    why.as_deref(),
                    ending.is_by_monitor(),
                );
            }
            Effect::SessionEnded { state, .. } => self.verdict = Some(*state),
            Effect::Phase(_) => {}
            Effect::Line { text, source: of } | Effect::Note { text, about: of } => {
                if *of == Target::Action {
                    self.last_line = words::cut(text);
                }
            }
        }
    }

    /// Ends the actions that still run, and folds until the picture is small enough.
    pub(super) fn finish(&mut self) {
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
    }

    pub(super) fn begin(&mut self, at: Time, name: &Arc<ActionName>, detail: &str) {
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

    pub(super) fn begin_check(&mut self, at: Time) {
        self.leave_check(at);
        self.check = Some(at);
    }

    /// Records a check that is over without a result; a runtime need not report any.
    fn leave_check(&mut self, at: Time) {
        if let Some(from) = self.check.take() {
            self.record_from(from, at, Kind::Unfinished);
        }
    }

    pub(super) fn kill(&mut self, at: Time, target: Target) {
        match target {
            Target::Action => self.record(at, Kind::Kill),
            // The result of the check follows and says so.
            Target::Check => {}
        }
    }

    pub(super) fn status(&mut self, at: Time, text: &str, source: Target) {
        let text = words::cut(text);
        self.record(at, Kind::Status { text, source });
    }

    /// Returns the row of the actions of this name; the last one when all are taken.
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

    pub(super) fn record(&mut self, at: Time, kind: Kind) {
        self.record_from(at, at, kind);
    }

    /// Records something that happened while an action was running; drops it if none is.
    fn record_from(&mut self, from: Time, to: Time, kind: Kind) {
        let Some(action) = &mut self.running else {
            return;
        };
        self.rows[action.row].has_checks |= kind.is_of_monitor();
        action.record(from, to, kind);
    }

    pub(super) fn end_check(&mut self, at: Time, kind: Kind) {
        let from = self.check.take().unwrap_or(at);
        self.record_from(from, at, kind);
    }

    pub(super) fn end_action(
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

/// Returns the task parameters of a starting action and the name of what it wraps.
fn detail(start: &Start) -> String {
    let wraps = start.wraps.iter().map(|name| format!("wraps {name}"));
    let parameters = start.parameters.iter().flatten();
    let parameters = parameters.map(|(name, value)| format!("{name}={value}"));
    parameters.chain(wraps).collect::<Vec<_>>().join(", ")
}

/// Returns the record of a check result.
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

/// Counts the things that the entries show.
fn shown(entries: &[Entry]) -> usize {
    let of_entry = |entry: &Entry| match entry {
        Entry::Action(action) => 2 + action.records.len(),
        Entry::Fold(_) => 2,
    };
    entries.iter().map(of_entry).sum()
}
