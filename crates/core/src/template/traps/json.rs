//! Text that is meant as JSON and is not.

mod marks;
mod reader;
mod strings;
mod values;

use super::{MAX_TRIAL_BYTES, MAX_TRIALS, suspicion, words};
use crate::template::problem::{Problem, Repair};
use crate::template::replacement::Edit;
use reader::{Expected, Stop};
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
    let Some(stop) = reader::stop(text) else {
        let surrogate = words::lone_surrogate(text, 0, &problem);
        let number = || {
            let is_range = problem.message.contains("out of range");
            is_range.then(|| values::out_of_range(text, problem.span.start))?
        };
        return surrogate.or_else(number).unwrap_or(problem);
    };
    let trials = MAX_TRIALS.min(MAX_TRIAL_BYTES / text.len().max(1));
    let suspicions = strings::suspect(text, &stop)
        .into_iter()
        .chain(values::suspect(text, &stop))
        .chain(marks::suspect(text, &stop));
    // Of the suspicions, that whose repair lets the reader get furthest, or the first of these.
    let reached = suspicions
        .take(trials)
        .map(|suspicion| (reached(text, &suspicion), suspicion))
        .filter(|(reached, _)| *reached > stop.at);
    let best = reached.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map_or_else(|| plain(text, &stop, problem), |(_, suspicion)| suspicion)
}

/// Returns the suspicion that `text` is meant in place of the bytes at `span`.
fn replaced(span: Range<usize>, message: impl Into<String>, text: &str, is_safe: bool) -> Problem {
    let help = format!("write `{text}`");
    let repair = Repair {
        title: help.clone(),
        is_safe,
        edits: vec![Edit {
            span: span.clone(),
            text: text.to_owned(),
        }],
    };
    suspicion(span, message, help, repair)
}

/// Returns the place of `text` that the reader reaches once `suspicion` is repaired.
fn reached(text: &str, suspicion: &Problem) -> usize {
    let Some(repair) = &suspicion.repair else {
        return usize::MAX;
    };
    let Some(stop) = reader::stop(&Edit::apply(&repair.edits, text)) else {
        return usize::MAX;
    };
    // The place in the repaired text behind the edit before, and that in the text.
    let (mut repaired, mut original) = (0, 0);
    for Edit { span, text } in &repair.edits {
        let end = repaired + (span.start - original) + text.len();
        if stop.at < end {
            return stop.at.saturating_sub(repaired) + original;
        }
        (repaired, original) = (end, span.end);
    }
    stop.at - repaired + original
}

/// Says what is missing at `stop`, where nothing tells why.
fn plain(text: &str, stop: &Stop, problem: Problem) -> Problem {
    let length = text[stop.at..].chars().next().map_or(0, char::len_utf8);
    let at = |message: String, help: &str| Problem {
        span: stop.at..stop.at + length,
        ..Problem::new(stop.at, message).help(help)
    };
    let key = || text[stop.key.clone()].trim_matches('"');
    let is_after_colon = text[stop.last.clone()].starts_with(':');
    match stop.expected {
        _ if stop.string.is_some() => {
            let start = stop.string.unwrap_or(stop.at);
            Problem {
                span: start..start + 1,
                ..Problem::new(start, "the quote that starts here is not closed")
            }
            .help("put a `\"` after the value, or remove the first")
        }
        Expected::Value if is_after_colon => {
            let help = "write a value, or remove the key";
            at(format!("the key `{}` has no value", key()), help)
        }
        Expected::Value if text.trim().is_empty() => problem,
        Expected::Value => at("a value is missing here".to_owned(), "write one, or check the brackets and commas before it"),
        Expected::Key => at("a key is missing here".to_owned(), "write it in double quotes, with a `:` and a value behind it"),
        Expected::Colon => {
            let help = "put a `:` and a value after it; a list stands in brackets";
            at(format!("the key `{}` has no value", key()), help)
        }
        Expected::Separator => at(
            "this does not belong to the value before it".to_owned(),
            "put a comma between two items, or check the quotes and brackets before it",
        ),
        Expected::End => problem.help(
            "remove it, or check the brackets before it: the document ends where the outermost bracket closes",
        ),
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
