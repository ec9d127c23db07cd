//! The story of a Session: what a reader should know, in sentences, instant by instant.

use super::record::{Action, Entry, Kind, Record};
use super::words::{human, number, one_line, seconds, several};
use crate::session::{ActionState, CheckResult, Target, Time, unhealthy};
use crate::trace::phrases;

/// Longest story, in sentences.
const MAX_LINES: usize = 18;

/// Sentences kept from the start of a longer one.
const HEAD: usize = 5;

/// A sentence about an instant.
#[derive(Debug)]
pub(super) struct Sentence {
    pub at: Time,
    pub text: String,
    /// True if it gives way to others.
    is_minor: bool,
}

/// Sentences in order of time.
#[derive(Debug)]
pub(super) struct Story {
    pub lines: Vec<Sentence>,
    /// The index before which sentences were left out, and how many.
    pub gap: Option<(usize, usize)>,
    /// Number of minor ones that were left out.
    pub minor: usize,
}

impl Story {
    /// Tells of the entries; the header has told `cause` already.
    pub fn of(entries: &[Entry], cause: Option<&str>) -> Self {
        let mut lines = Vec::new();
        for entry in entries {
            if let Entry::Action(action) = entry {
                tell(action, cause, &mut lines);
            }
        }
        let all = lines.len();
        if all > MAX_LINES {
            lines.retain(|line: &Sentence| !line.is_minor);
        }
        let minor = all - lines.len();
        let excess = lines.len().saturating_sub(MAX_LINES);
        if excess > 0 {
            lines.drain(HEAD..HEAD + excess);
        }
        Self {
            lines,
            gap: (excess > 0).then_some((HEAD, excess)),
            minor,
        }
    }

    /// Returns the number of an instant in the story.
    pub fn number(&self, at: Time) -> Option<usize> {
        self.instants()
            .position(|told| told == at)
            .map(|index| index + 1)
    }

    /// Returns the instants of the story.
    pub fn instants(&self) -> impl Iterator<Item = Time> {
        let before = std::iter::once(None).chain(self.lines.iter().map(|line| Some(line.at)));
        let lines = self.lines.iter().zip(before);
        lines
            .filter(|(line, before)| Some(line.at) != *before)
            .map(|(line, _)| line.at)
    }
}

/// Says how an action ended, and why.
pub(super) fn ending(action: &Action, with_reason: bool) -> String {
    let mut text = action.name.short();
    if !action.detail.is_empty() {
        text += &format!(" ({})", action.detail);
    }
    text += match (action.start, action.state) {
        (None, _) if with_reason && action.message.is_some() => "",
        (None, _) => " was not started",
        (_, None) => " has not ended",
        _ => " ended with ",
    };
    if let (Some(_), Some(state)) = (action.start, action.state) {
        text += state.name();
    }
    if action.by_monitor {
        text += ", by its monitor";
    }
    match action.message.as_ref().filter(|_| with_reason) {
        Some(message) => format!("{text}: {}", one_line(message)),
        None => text,
    }
}

fn tell(action: &Action, cause: Option<&str>, lines: &mut Vec<Sentence>) {
    let of = action.name.short();
    let before = std::iter::once(None).chain(action.records.iter().map(Some));
    for (record, before) in action.records.iter().zip(before) {
        if before.is_some_and(|before| repeats(record, before)) {
            continue;
        }
        if let Some((text, is_minor)) = sentence(action, record) {
            lines.push(Sentence {
                at: record.to,
                text: match record.kind {
                    Kind::Status { .. } => text,
                    _ => format!("{of}: {text}"),
                },
                is_minor,
            });
        }
    }
    if action.state != Some(ActionState::Success) {
        let whole = ending(action, true);
        let is_told = cause == Some(whole.as_str());
        lines.push(Sentence {
            at: action.end,
            text: if is_told {
                ending(action, false)
            } else {
                whole
            },
            is_minor: false,
        });
    }
}

/// Returns true for a status that only repeats the reason of the check before it (OUT-3).
fn repeats(record: &Record, before: &Record) -> bool {
    match (&record.kind, &before.kind) {
        (Kind::Status { text, .. }, Kind::Unhealthy { reason, .. }) => {
            *text == format!("onMonitor: {reason}")
        }
        _ => false,
    }
}

/// Returns the sentence about a record, and true if it is minor; `None` if it needs none.
fn sentence(action: &Action, record: &Record) -> Option<(String, bool)> {
    let told = match &record.kind {
        Kind::Unhealthy { .. } => (title(record), false),
        Kind::Status { source, .. } => (title(record), *source == Target::Action),
        Kind::Notify { .. } | Kind::Kill => {
            let is_first = action.canceled_at() == Some(record.from);
            let because = match (is_first, action.by_monitor, action.state) {
                (false, ..) => "",
                (_, true, _) => "the monitor fires, ",
                (_, _, Some(ActionState::Timeout)) => "the timeout is exceeded, ",
                (_, _, Some(ActionState::Canceled)) => "a user cancels, ",
                _ => "canceled, ",
            };
            let early = match (&record.kind, notified(action)) {
                (Kind::Kill, Some(kill_at)) if record.from < kill_at => {
                    format!(", {} earlier than announced", human(kill_at - record.from))
                }
                _ => String::new(),
            };
            (format!("{because}{}{early}", title(record)), false)
        }
        Kind::Unfinished => (title(record), false),
        Kind::Healthy | Kind::Discarded | Kind::Skipped | Kind::Fold(_) => return None,
    };
    Some(told)
}

/// Returns the announced instant of the kill, if the action was notified.
fn notified(action: &Action) -> Option<Time> {
    action.records.iter().find_map(|record| match record.kind {
        Kind::Notify { kill_at } => kill_at,
        _ => None,
    })
}

/// Describes a record.
pub(super) fn title(record: &Record) -> String {
    match &record.kind {
        Kind::Healthy => phrases::check(CheckResult::Healthy),
        Kind::Unhealthy { reason, failures } => {
            phrases::check(unhealthy(number(*failures), one_line(reason)))
        }
        Kind::Discarded => phrases::check(CheckResult::Discarded),
        Kind::Unfinished => "a check without a result".to_owned(),
        Kind::Skipped => phrases::SKIPPED.to_owned(),
        Kind::Status { text, source } => phrases::status(*source, &one_line(text)),
        Kind::Notify { kill_at: None } => "notified (SIGTERM)".to_owned(),
        Kind::Notify {
            kill_at: Some(kill_at),
        } => format!("notified (SIGTERM), to be killed at {}", seconds(*kill_at)),
        Kind::Kill => "killed (SIGKILL)".to_owned(),
        Kind::Fold(fold) => format!(
            "from {} to {}: {}",
            human(fold.from),
            human(fold.to),
            super::words::everything(&fold.counts)
        ),
    }
}

/// Returns a note on the sentences that were left out.
pub(super) fn left_out(story: &Story) -> Option<String> {
    (story.minor > 0).then(|| {
        let lines = several(story.minor as u64, "status message");
        format!("Not listed above: {lines} of actions.")
    })
}
