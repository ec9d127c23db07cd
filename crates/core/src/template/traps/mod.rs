//! Common mistakes behind what a parser reports: their cause, their place and their repair.
//!
//! A parser names the byte at which it gave up. The lines there are searched for mistakes that template
//! authors make, and a suspected one is taken for the cause if its repair lets the parser go on.

mod aliases;
mod block_text;
mod brackets;
mod dashes;
mod escapes;
mod fields;
mod indents;
mod items;
mod json;
mod layout;
mod line;
mod marks;
mod read;
mod scalars;
mod separators;
mod signs;
mod slip;
mod words;

pub(crate) use fields::is_field;
pub(crate) use read::{has_more_than_a_key, may_mean_more, meant_by_keys, meant_by_text};
pub(in crate::template) use scalars::quote;
pub use scalars::quoted;

use super::problem::{Problem, Repair};
use super::replacement::Edit;
use crate::characters;
use std::ops::Range;

pub(super) use indents::in_names as spaces_in_names;
pub(super) use json::explain as explain_json;

/// Upper bound on the text that is parsed again to confirm suspicions about one problem, in bytes.
const MAX_TRIAL_BYTES: usize = 16 << 20;

/// Upper bound on the suspicions that are tried.
const MAX_TRIALS: usize = 24;

/// Returns the number of suspicions about `text` that are tried.
fn trials(text: &str) -> usize {
    MAX_TRIALS.min(MAX_TRIAL_BYTES / text.len().max(1))
}

/// Returns the cause of `problem`, which `read` reports of `text`, or else `problem` itself.
pub(super) fn explain_yaml(
    text: &str,
    problem: Problem,
    read: impl Fn(&str) -> Result<(), Problem>,
) -> Problem {
    let lines = Lines::around(text, problem.span.start);
    let suspicions = indents::suspect(text)
        .into_iter()
        .chain(marks::suspect(text, &lines))
        .chain(aliases::suspect(text, &problem))
        .chain(dashes::suspect(text, &lines))
        .chain(separators::suspect(text, &lines))
        .chain(scalars::suspect(text, &lines, &problem))
        .chain(layout::suspect(text, &lines, &problem));
    suspicions
        .take(trials(text))
        .find(|suspicion| is_confirmed(text, &problem, suspicion, &read))
        .unwrap_or_else(|| words::plain(text, problem))
}

/// Returns true if the parser gets further once `suspicion` is repaired: past the line at which it stopped.
fn is_confirmed(
    text: &str,
    problem: &Problem,
    suspicion: &Problem,
    read: impl Fn(&str) -> Result<(), Problem>,
) -> bool {
    let Some(repair) = &suspicion.repair else {
        return true;
    };
    let reached = problem.span.start.max(suspicion.span.start).min(text.len());
    let line_end = text[reached..]
        .find('\n')
        .map_or(text.len(), |at| reached + at);
    match read(&Edit::apply(&repair.edits, text)) {
        Ok(()) => true,
        Err(next) => {
            let before = || repair.edits.iter().filter(|edit| edit.span.end <= line_end);
            let grown: usize = before().map(|edit| edit.text.len()).sum();
            let shrunk: usize = before().map(|edit| edit.span.len()).sum();
            // No repair brings about an alias.
            let is_next_alias = aliases::is_unknown(&next) && aliases::is_unknown(problem);
            next.span.start + shrunk > line_end + grown
                || is_next_alias && next.span.start > problem.span.start + grown
        }
    }
}

/// What is wrong with a line that starts with tabs, and how to mend it.
const TABBED: &str = "this line is indented by a tab, but YAML allows only spaces";
const UNTABBED: &str = "replace it with as many spaces as the lines around it have";

/// Says that a character is no space, though it shows as one.
fn no_space(character: char) -> String {
    let name = characters::name(character);
    format!("this space is a {name}, which is no space to YAML")
}

/// Returns a suspicion whose repair is `edits`.
fn suspicion(
    span: Range<usize>,
    message: impl Into<String>,
    help: impl Into<String>,
    repair: Repair,
) -> Problem {
    Problem {
        span,
        repair: Some(repair),
        ..Problem::new(0, message).help(help)
    }
}

/// The lines at which a parser stopped.
struct Lines {
    /// The bytes of each without its line break, the likeliest first: the line itself, then the nearest
    /// two above it with text.
    suspects: Vec<Range<usize>>,
}

impl Lines {
    fn around(text: &str, offset: usize) -> Self {
        let offset = text.floor_char_boundary(offset);
        let mut suspects = vec![line_at(text, offset)];
        let mut above = suspects[0].clone();
        while let Some(line) = line_above(text, &above).filter(|_| suspects.len() < 3) {
            if !text[line.clone()].trim().is_empty() {
                suspects.push(line.clone());
            }
            above = line;
        }
        Self { suspects }
    }
}

/// The bytes of the line that holds `offset`, without its line break.
fn line_at(text: &str, offset: usize) -> Range<usize> {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    start..start + text[start..end].trim_end_matches('\r').len()
}

/// The bytes of the line above `line`.
fn line_above(text: &str, line: &Range<usize>) -> Option<Range<usize>> {
    Some(line_at(text, line.start.checked_sub(1)?))
}

/// The lines below `line`, in order.
fn lines_below<'t>(text: &'t str, line: &Range<usize>) -> impl Iterator<Item = Range<usize>> + 't {
    let next = move |line: &Range<usize>| {
        let end = text[line.end..].find('\n')? + line.end;
        Some(line_at(text, end + 1))
    };
    std::iter::successors(next(line), move |line| next(line))
}
