//! The report for people at a terminal.

use super::sides::{actual, expected, mark, neighbourhood};
use super::{Report, Standing, message};
use crate::conformance::clause;
use crate::conformance::outcome::Outcome;
use openjd_monitor_core::trace::Row;
use std::io::{self, Write};

/// The width where there is no terminal to tell.
const WIDTH: usize = 100;

/// Narrower than this, the sides come one below the other.
const NARROW: usize = 80;

pub(super) const UNEXPECTED_PASS: &str =
    "it passes, though it is in the list of known failures; --write-known-failures takes it out";

pub(super) fn write(report: &Report, width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    let width = width.unwrap_or(WIDTH);
    for outcome in &report.outcomes {
        let name = outcome.verdict.name();
        let id = &outcome.id;
        let message = message(outcome);
        match report.standing(outcome) {
            Standing::Good if message.is_empty() => {}
            Standing::Good => writeln!(out, "{name:<9} {id}: {message}")?,
            Standing::Known => writeln!(out, "{name:<9} {id} (known): {message}")?,
            Standing::UnexpectedPass => writeln!(out, "{name:<9} {id}: {UNEXPECTED_PASS}")?,
            Standing::Bad => {
                writeln!(out, "{name:<9} {id}: {message}\n")?;
                explain(report, outcome, width, out)?;
            }
        }
    }
    summary(report, out)
}

/// The last lines: what the run came to.
fn summary(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: {}", report.runtime(), report.summary())?;
    if let Some(partial) = report.partial() {
        writeln!(out, "partial: {partial}")?;
    }
    for (point, taken) in report.readings() {
        let taken = taken.iter().map(|(reading, cases)| match cases.len() {
            1 => format!("{reading} (1 case)"),
            count => format!("{reading} ({count} cases)"),
        });
        let taken = taken.collect::<Vec<_>>().join(", ");
        writeln!(out, "reading of {point}: {taken}")?;
    }
    let unexpected = report.having(Standing::UnexpectedPass).count();
    if unexpected > 0 {
        writeln!(out, "failed: {unexpected} of the known failures pass")?;
    }
    if report.shows_nothing() {
        writeln!(out, "failed: every case is skipped, which shows nothing")?;
    }
    Ok(())
}

/// Writes the details of a failed case: traces, clauses, and the command that reproduces it.
fn explain(
    report: &Report,
    outcome: &Outcome,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows = neighbourhood(outcome);
    let lines = match width {
        0..NARROW => unified(&rows),
        _ => beside(&rows, width - 4),
    };
    for line in lines {
        writeln!(out, "    {}", line.trim_end())?;
    }
    writeln!(out, "\n    {}", outcome.title)?;
    for id in &outcome.clauses {
        let text = format!("{id}: {}", clause(id).unwrap_or_default());
        for line in text.lines() {
            writeln!(out, "    {line}")?;
        }
    }
    writeln!(out, "\n    {}\n", report.reproduce(&outcome.id))
}

/// The sides one below the other.
pub(super) fn unified(rows: &[Row<'_>]) -> Vec<String> {
    let mut lines = Vec::new();
    for row in rows {
        match row.is_as_expected() {
            true => lines.extend(actual(row).map(|text| format!("  {text}"))),
            false => {
                lines.extend(expected(row).map(|text| format!("- {text}")));
                lines.extend(actual(row).map(|text| format!("+ {text}")));
            }
        }
    }
    lines
}

/// The sides beside each other, with a mark between them.
fn beside(rows: &[Row<'_>], width: usize) -> Vec<String> {
    let side = (width - 3) / 2;
    let line = |left: &str, mark: char, right: &str| format!("{left:<side$} {mark} {right}");
    let mut lines = vec![line("expected", ' ', "actual")];
    for row in rows {
        let left = wrap(&expected(row).unwrap_or_default(), side);
        let right = wrap(&actual(row).unwrap_or_default(), side);
        for index in 0..left.len().max(right.len()) {
            let part = |of: &[String]| of.get(index).cloned().unwrap_or_default();
            lines.push(line(&part(&left), mark(row), &part(&right)));
        }
    }
    lines
}

/// Wraps a text at a width, with all lines but the first indented. Breaks longer words.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut length = 0;
    for word in text.split(' ') {
        let word: Vec<char> = word.chars().collect();
        if length > 0 && length + 1 + word.len() > width {
            lines.push("  ".to_owned());
            length = 2;
        } else if length > 0 {
            push(&mut lines, ' ');
            length += 1;
        }
        for character in word {
            if length == width {
                lines.push("  ".to_owned());
                length = 2;
            }
            push(&mut lines, character);
            length += 1;
        }
    }
    lines
}

fn push(lines: &mut [String], character: char) {
    if let Some(line) = lines.last_mut() {
        line.push(character);
    }
}
