//! Text that is meant as JSON and is not.

use super::{suspicion, words};
use crate::template::problem::{Problem, Repair};
use crate::template::replacement::Edit;
use std::ops::Range;

/// Returns the cause of `problem`, which the reader of JSON reports of `text`, or else `problem` itself.
pub(in crate::template) fn explain(
    text: &str,
    problem: Problem,
    is_yaml: impl Fn() -> bool,
) -> Problem {
    let Scan { comments, commas } = Scan::of(text);
    let stops_at = |span: &Range<usize>| span.start <= problem.span.start + 1;
    if let Some(first) = comments.first().filter(|span| stops_at(span)) {
        let blank = |span: &Range<usize>| Edit {
            span: span.clone(),
            text: text[span.clone()]
                .chars()
                .filter(|c| ['\n', '\r'].contains(c))
                .collect(),
        };
        let edits = comments.iter().map(blank).collect();
        let repair = Repair::not_safe("remove the comments", edits);
        let message = "JSON has no comments";
        let help = "remove it, or give the file the extension `.yaml`: YAML includes JSON, and has comments that start with `#`";
        return suspicion(first.clone(), message, help, repair);
    }
    if let Some(comma) = commas.first().filter(|span| stops_at(span)) {
        let repair = Repair::safe(
            "remove the comma",
            commas.iter().cloned().map(Edit::delete).collect(),
        );
        let message = "JSON allows no comma after the last item";
        return suspicion(comma.clone(), message, "remove the comma", repair);
    }
    let first = text.trim_start().chars().next();
    if !matches!(first, Some('{' | '[')) && is_yaml() {
        let message = "this is YAML in a file whose name ends in `.json`";
        return Problem::new(text.len() - text.trim_start().len(), message)
            .help("give the file the extension `.yaml`");
    }
    let at = text.floor_char_boundary(problem.span.start);
    match text[at..].chars().next() {
        Some('\'') => {
            Problem::new(at, "JSON strings need double quotes").help("write `\"` instead of `'`")
        }
        Some('T' | 'F' | 'N')
            if ["True", "False", "None"]
                .iter()
                .any(|word| text[at..].starts_with(word)) =>
        {
            Problem::new(at, "this is Python, not JSON").help("write `true`, `false` or `null`")
        }
        Some(c) if problem.message.contains("key must be") && c.is_alphabetic() => {
            Problem::new(at, "JSON keys need double quotes").help("quote it")
        }
        Some('"') if problem.message.contains("expected `,`") => Problem::new(
            at,
            "a comma is missing between the previous item and this one",
        )
        .help("add a comma"),
        _ => words::lone_surrogate(text, 0, &problem).unwrap_or(problem),
    }
}

/// Finds syntax that some readers of JSON accept and others do not.
struct Scan {
    comments: Vec<Range<usize>>,
    /// Commas behind last items.
    commas: Vec<Range<usize>>,
}

impl Scan {
    fn of(text: &str) -> Self {
        let (mut comments, mut commas) = (Vec::new(), Vec::new());
        let (mut at, mut comma) = (0, None);
        while let Some(c) = text[at..].chars().next() {
            let rest = &text[at..];
            let length = match c {
                '"' => string_length(rest),
                '#' => line_length(rest),
                '/' if rest.starts_with("//") => line_length(rest),
                '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
                _ => c.len_utf8(),
            };
            match c {
                '#' | '/' if length > 1 => comments.push(at..at + length),
                ',' => comma = Some(at),
                ']' | '}' => commas.extend(comma.take().map(|at| at..at + 1)),
                _ if c.is_whitespace() => {}
                _ => comma = None,
            }
            at += length;
        }
        Self { comments, commas }
    }
}

fn line_length(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| match c {
        _ if is_escaped => {
            is_escaped = false;
            false
        }
        '\\' => {
            is_escaped = true;
            false
        }
        _ => *c == '"',
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}
