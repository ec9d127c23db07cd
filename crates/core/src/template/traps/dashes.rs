//! Dashes of list items that YAML takes for something else.

use super::block_text;
use super::line::{indentation, key, without_comment};
use super::{Lines, lines_below, suspicion};
use crate::template::problem::{Problem, Repair};
use crate::template::replacement::Edit;
use std::ops::Range;

/// Signs that word processors and other notations have for the dash of a list item.
const SIGNS: [(char, &str); 9] = [
    ('–', "U+2013 EN DASH"),
    ('—', "U+2014 EM DASH"),
    ('−', "U+2212 MINUS SIGN"),
    ('‐', "U+2010 HYPHEN"),
    ('‑', "U+2011 NON-BREAKING HYPHEN"),
    ('•', "U+2022 BULLET"),
    ('·', "U+00B7 MIDDLE DOT"),
    ('*', "`*`"),
    ('+', "`+`"),
];

/// Returns what may be wrong with the dashes that `lines` start with.
pub(super) fn suspect(text: &str, lines: &Lines) -> Vec<Problem> {
    let of_line = |line| of_line(text, line);
    lines.suspects.iter().filter_map(of_line).collect()
}

/// Returns what may be wrong with the dash that the line at `line` starts with.
pub(super) fn of_line(text: &str, line: &Range<usize>) -> Option<Problem> {
    let start = line.start + indentation(&text[line.clone()]);
    let rest = &text[start..line.end];
    let first = rest.chars().next()?;
    let behind = &rest[first.len_utf8()..];
    let sign = SIGNS.iter().find(|(sign, _)| *sign == first);
    let span = start..start + first.len_utf8();
    match sign {
        Some((_, name)) if behind.starts_with(' ') => {
            let message = format!("a list item starts with `-`, and this is {}", article(name));
            let edit = |span| Edit {
                span,
                text: "-".to_owned(),
            };
            let edits = items_like(text, line, first).map(edit).collect();
            let repair = Repair::safe("write `-`", edits);
            Some(suspicion(span, message, "write `-`", repair))
        }
        None if first == '-' && behind.starts_with('\t') => Some(tab(text, line, start)),
        None if first == '-' && is_content(behind) && !counts_columns(rest) => {
            Some(unspaced(text, line, span))
        }
        _ => None,
    }
}

/// Returns true for a text that starts with what is meant as the dash of a list item, and is no option of a program.
pub(super) fn starts_item(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let behind = &text[first.len_utf8()..];
    let is_sign = SIGNS.iter().any(|(sign, _)| *sign == first);
    is_sign && behind.starts_with(' ') || first == '-' && is_content(behind)
}

fn article(name: &str) -> String {
    match name.starts_with('`') {
        true => name.to_owned(),
        false => format!("a {name}"),
    }
}

/// Returns true for what an item of a list of mappings starts with, or a quoted text.
fn is_content(behind: &str) -> bool {
    let is_key = || key(behind).is_some_and(|(at, name)| at.start == 0 && !name.starts_with('-'));
    behind.starts_with(['{', '[', '"', '\'']) || is_key()
}

/// Returns true for a line that ends with the header of a text such as `|2`, which counts from the column of its key.
fn counts_columns(line: &str) -> bool {
    let mark = without_comment(line).rsplit([' ', '\t']).next();
    let indicators = mark.and_then(block_text::indicators);
    indicators.is_some_and(|all| all.contains(|c: char| c.is_ascii_digit()))
}

/// The places of `sign` on this line, and on those below it that start with it at the same column.
fn items_like(text: &str, line: &Range<usize>, sign: char) -> impl Iterator<Item = Range<usize>> {
    let indent = indentation(&text[line.clone()]);
    let below = lines_below(text, line).take_while(move |line| {
        let content = &text[line.clone()];
        content.trim().is_empty() || indentation(content) >= indent
    });
    let lines = std::iter::once(line.clone()).chain(below);
    lines.filter_map(move |line| {
        let content = &text[line.clone()];
        let is_item = indentation(content) == indent
            && content[indent..]
                .strip_prefix(sign)
                .is_some_and(|behind| behind.starts_with(' '));
        let start = line.start + indent;
        is_item.then_some(start..start + sign.len_utf8())
    })
}

/// The lines of the item that starts on this line, but for the first. A tab is as deep as may be.
fn rest_of_item(text: &str, line: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let indent = indentation(&text[line.clone()]);
    let below = lines_below(text, line).take_while(move |line| {
        let content = &text[line.clone()];
        let own = indentation(content);
        content.trim().is_empty() || own > indent || content[..own].contains('\t')
    });
    below.filter(|line| !text[line.clone()].trim().is_empty())
}

/// A dash with a tab behind it: the fields below tell how wide it is meant to be, unless they have tabs as well.
fn tab(text: &str, line: &Range<usize>, start: usize) -> Problem {
    let indent = start - line.start;
    let behind = text[start + 1..line.end].trim_start_matches([' ', '\t']);
    let span = start + 1..line.end - behind.len();
    let mut below = rest_of_item(text, line).peekable();
    let first = below.peek().map_or("", |line| &text[line.clone()]);
    let first = &first[..indentation(first)];
    let has_tab = first.contains('\t');
    let width = match has_tab {
        true => 1,
        false => first.len().saturating_sub(indent + 1).max(1),
    };
    let mut edits = vec![Edit {
        span: span.clone(),
        text: " ".repeat(width),
    }];
    let tabbed = below.filter(|line| has_tab && text[line.clone()].starts_with(first));
    edits.extend(tabbed.map(|line| Edit {
        span: line.start..line.start + first.len(),
        text: " ".repeat(indent + 2),
    }));
    let message =
        "a tab follows the `-` of a list item, but YAML indents its fields only by spaces";
    let repair = match has_tab {
        true => Repair::not_safe("replace the tabs by spaces", edits),
        false => Repair::safe("replace the tab by spaces", edits),
    };
    suspicion(span, message, "write `- `, with a space", repair)
}

/// A dash without a space behind it. The fields below have the column of the first as it is, or as it was meant; what
/// belongs to the first is deeper than it is meant to be.
fn unspaced(text: &str, line: &Range<usize>, dash: Range<usize>) -> Problem {
    let indent = dash.start - line.start;
    let mut edits = vec![Edit::insert(dash.end, " ")];
    let below: Vec<_> = rest_of_item(text, line).collect();
    let depth = |line: &Range<usize>| indentation(&text[line.clone()]).saturating_sub(indent);
    let content = &text[line.clone()];
    let is_empty = without_comment(content).ends_with(':');
    let is_parent = is_empty || block_text::header(content).is_some();
    let is_beside = |line: &Range<usize>| depth(line) == 1;
    let is_child = |line: &Range<usize>| is_parent && depth(line) == 2;
    let is_comment = |line: &&Range<usize>| text[(*line).clone()].trim_start().starts_with('#');
    let first = below.iter().find(|line| !is_comment(line));
    if below.iter().any(is_beside) || first.is_some_and(is_child) {
        edits.extend(below.iter().map(|line| Edit::insert(line.start, " ")));
    }
    let repair = match edits.len() {
        1 => Repair::safe("insert a space", edits),
        _ => Repair::not_safe("insert a space, and indent the fields", edits),
    };
    let message = "a space is missing after the `-` of a list item";
    suspicion(dash, message, "write `- `", repair)
}
