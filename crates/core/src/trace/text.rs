//! A trace for people: a line an event, with checks that are like the one before folded.

use super::json::seconds;
use super::phrases;
use crate::session::{CheckResult, Effect, Start, Target, Time};
use crate::shown::Shown;
use std::io::{self, Write};

/// Number of like checks above which only the first is written.
const UNFOLDED: usize = 3;

/// Writes a trace as its events come.
pub struct TextWriter<'w> {
    out: &'w mut dyn Write,
    /// Checks like each other, the first of them; the rest are counted.
    alike: Vec<CheckLines>,
    folded: usize,
    /// The check that runs or has just ended.
    open: Option<CheckLines>,
}

/// The lines about a check, from its start to its result and the status that it led to.
struct CheckLines {
    /// The key by which checks are alike; `None` while it runs.
    result: Option<String>,
    lines: Vec<(Time, String)>,
    last: Time,
}

impl<'w> TextWriter<'w> {
    /// Writes to `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Self {
            out,
            alike: Vec::new(),
            folded: 0,
            open: None,
        }
    }

    /// Takes in the next effect.
    ///
    /// # Errors
    ///
    /// Fails if `out` cannot be written.
    pub fn push(&mut self, at: Time, effect: &Effect) -> io::Result<()> {
        let Some(text) = line(effect) else {
            return Ok(());
        };
        match (effect, &mut self.open) {
            (Effect::Start(start), _) if start.target == Target::Check => {
                self.fold()?;
                self.open = Some(CheckLines {
                    result: None,
                    lines: vec![(at, text)],
                    last: at,
                });
                return Ok(());
            }
            (Effect::CheckEnded { result, .. }, Some(check)) if check.result.is_none() => {
                let result = match result {
                    CheckResult::Unhealthy { reason, .. } => format!("unhealthy ({reason})"),
                    CheckResult::Healthy | CheckResult::Discarded => result.name().to_owned(),
                };
                check.result = Some(result);
                check.add(at, text);
                return Ok(());
            }
            (
                Effect::Status {
                    source: Target::Check,
                    ..
                },
                Some(check),
            ) if check.result.is_some() && check.last == at => {
                check.add(at, text);
                return Ok(());
            }
            (
                Effect::Kill {
                    target: Target::Check,
                    ..
                },
                Some(check),
            ) if check.result.is_none() => {
                check.add(at, text);
                return Ok(());
            }
            _ => {}
        }
        self.end()?;
        self.line(at, &text)
    }

    /// Ends the trace and writes the rest.
    ///
    /// # Errors
    ///
    /// Fails if `out` cannot be written.
    pub fn end(&mut self) -> io::Result<()> {
        self.fold()?;
        self.flush()
    }

    /// Puts the open check to those like it.
    fn fold(&mut self) -> io::Result<()> {
        let Some(check) = self.open.take() else {
            return Ok(());
        };
        let is_alike = self
            .alike
            .last()
            .is_none_or(|last| last.result == check.result);
        if !is_alike || check.result.is_none() {
            self.flush()?;
        }
        if self.alike.len() > UNFOLDED {
            self.alike.pop();
            self.folded += 1;
        }
        self.alike.push(check);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let alike = std::mem::take(&mut self.alike);
        let folded = std::mem::take(&mut self.folded);
        let is_folded = alike.len() > UNFOLDED;
        let shown = if is_folded { 1 } else { alike.len() };
        for (at, text) in alike.iter().take(shown).flat_map(|check| &check.lines) {
            self.line(*at, text)?;
        }
        match alike.last() {
            Some(last) if is_folded => {
                let result = last.result.as_deref().unwrap_or_default();
                let count = alike.len() + folded - 1;
                self.line(
                    last.last,
                    &format!("… and {count} more checks until here, all {result}"),
                )
            }
            _ => Ok(()),
        }
    }

    fn line(&mut self, at: Time, text: &str) -> io::Result<()> {
        let text = Shown::line(text);
        writeln!(self.out, "{:>8}   {text}", seconds(at).to_string())
    }
}

impl CheckLines {
    fn add(&mut self, at: Time, text: String) {
        self.lines.push((at, text));
        self.last = at;
    }
}

fn line(effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::Start(start) if start.target == Target::Check => "check started".to_owned(),
        Effect::Start(start) => format!("{} started: {}", start.action.short(), command(start)),
        Effect::Notify { kill_at, .. } => {
            let kill_at = seconds(*kill_at);
            format!("action notified, to be killed at {kill_at} s")
        }
        Effect::Kill { target, .. } => match target {
            Target::Action => "action killed".to_owned(),
            Target::Check => "check killed".to_owned(),
        },
        Effect::Status { text, source } => phrases::status(*source, text),
        Effect::CheckEnded { result, .. } => phrases::check(result),
        Effect::TickSkipped { .. } => phrases::SKIPPED.to_owned(),
        Effect::ActionEnded { action, ending, .. } => format!("{} {ending}", action.short()),
        Effect::SessionEnded { state, canceled_by } => {
            let by = canceled_by.iter().map(|by| format!(": {by}"));
            format!("session {}{}", state.name(), by.collect::<String>())
        }
        Effect::Note { text, .. } => format!("({text})"),
        Effect::Phase(_) | Effect::Line { .. } => return None,
    })
}

/// The command line on one line, as far as it is of use to see which one it is.
fn command(start: &Start) -> String {
    const MAX: usize = 100;
    let words = std::iter::once(&start.invocation.command).chain(&start.invocation.args);
    let line = words.map(String::as_str).collect::<Vec<_>>().join(" ");
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX) {
        None => line,
        Some((end, _)) => format!("{}…", &line[..end]),
    }
}
