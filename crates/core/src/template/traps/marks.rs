//! Traces of other programs in a file: marks of a merge conflict, the fence of a code block, the prompt of a shell, and
//! unusual spaces.

use super::{Lines, no_space, suspicion};
use crate::characters;
use crate::template::problem::{Problem, Repair};
use crate::template::replacement::Edit;
use std::ops::Range;

/// Returns what is no part of a template in `text`, and may keep `lines` from being read.
pub(super) fn suspect(text: &str, lines: &Lines) -> Vec<Problem> {
    let mut found: Vec<_> = conflict(text)
        .or_else(|| fence(text))
        .or_else(|| prompt(text))
        .into_iter()
        .collect();
    found.extend(lines.suspects.iter().filter_map(|line| space(text, line)));
    found
}

/// Returns the bytes of the first line that starts with `mark`, without its line break.
fn line_with(text: &str, mark: &str) -> Option<Range<usize>> {
    let at_start = text.starts_with(mark).then_some(0);
    let start = at_start.or_else(|| Some(text.find(&format!("\n{mark}"))? + 1))?;
    Some(super::line_at(text, start))
}

fn conflict(text: &str) -> Option<Problem> {
    let ours = line_with(text, "<<<<<<< ")?;
    line_with(text, ">>>>>>> ")?;
    let problem = Problem {
        span: ours,
        ..Problem::new(
            0,
            "a merge of two versions of this file is not finished: this line marks a conflict",
        )
    };
    Some(problem.help(
        "keep one of the two versions, and remove the lines that start with `<<<<<<<`, `=======` and `>>>>>>>`",
    ))
}

fn fence(text: &str) -> Option<Problem> {
    let first = line_with(text, "```").filter(|line| text[..line.start].trim().is_empty())?;
    let end = text[first.end..]
        .find('\n')
        .map_or(text.len(), |at| first.end + at + 1);
    let mut edits = vec![Edit::delete(first.start..end)];
    if let Some(start) = text.trim_end().rfind("\n```").filter(|start| *start >= end) {
        edits.push(Edit::delete(start + 1..text.len()));
    }
    Some(suspicion(
        first,
        "this line is the fence of a code block, and no part of a template",
        "remove it, and the one at the end",
        Repair::safe("remove the fence", edits),
    ))
}

/// A command line of a shell that was copied with what it shows, or writes, and the line behind that.
fn prompt(text: &str) -> Option<Problem> {
    let start = text.len() - text.trim_start().len();
    let first = super::line_at(text, start);
    let command = text[first.clone()].strip_prefix("$ ")?;
    let end = text[first.end..]
        .find('\n')
        .map_or(text.len(), |at| first.end + at + 1);
    let mut edits = vec![Edit::delete(first.start..end)];
    let last = super::line_at(text, text.trim_end().len());
    // What ends a here document: `cat > job.yaml <<EOF`.
    let word = command.split_once("<<").map_or("", |(_, word)| word.trim());
    let word = word.split([' ', '>']).next().unwrap_or_default();
    let word = word.trim_start_matches('-').trim_matches(['\'', '"']);
    let behind = &text[last.clone()];
    let is_behind = behind.starts_with("$ ") || behind == "$" || !word.is_empty() && behind == word;
    if is_behind && last.start >= end {
        edits.push(Edit::delete(last.start..text.len()));
    }
    Some(suspicion(
        first,
        "this line is a command of a shell, and no part of a template",
        "remove it",
        Repair::safe("remove the command", edits),
    ))
}

/// A space that is none to YAML, such as a no-break space behind a colon.
fn space(text: &str, line: &Range<usize>) -> Option<Problem> {
    let content = &text[line.clone()];
    let is_space = |(_, c): &(usize, char)| characters::is_space(*c);
    let spaces: Vec<_> = content.char_indices().filter(is_space).collect();
    let span = |(at, c): &(usize, char)| line.start + at..line.start + at + c.len_utf8();
    let first = spaces.first()?;
    let edit = |space| Edit {
        span: span(space),
        text: " ".to_owned(),
    };
    Some(suspicion(
        span(first),
        no_space(first.1),
        "write a plain space",
        Repair::safe("write plain spaces", spaces.iter().map(edit).collect()),
    ))
}
