//! Colons and commas that are missing, stick to what follows, or are those of another script.

use super::fields::is_field;
use super::items::items;
use super::line::{indentation, is_key_char};
use super::signs::{COLONS, Slip};
use super::slip::slip_behind_key;
use super::{Lines, line_above, line_at, lines_below, suspicion};
use crate::template::problem::{Problem, Repair};
use crate::template::replacement::Edit;
use std::mem::{Discriminant, discriminant};
use std::ops::Range;

/// The names of characters that look like a colon or a comma.
const NAMES: [(char, &str); 6] = [
    ('：', "FULLWIDTH COLON"),
    ('﹕', "SMALL COLON"),
    ('∶', "RATIO"),
    ('，', "FULLWIDTH COMMA"),
    ('﹐', "SMALL COMMA"),
    ('、', "IDEOGRAPHIC COMMA"),
];

/// Returns what may be wrong between the keys and values on `lines`.
pub(super) fn suspect(text: &str, lines: &Lines) -> Vec<Problem> {
    let all = lines.suspects.iter().map(|line| slips(text, line));
    let all: Vec<_> = all.collect();
    let mut found = Vec::new();
    for (slips, line) in all.iter().zip(&lines.suspects) {
        found.extend(by_kind(text, slips));
        found.extend(between_lines(text, line).and_then(|slip| problem(text, &[&slip])));
    }
    let mut all: Vec<_> = all.iter().flatten().collect();
    all.sort_by_key(|slip| place(slip).start);
    found.extend(problem(text, &all));
    found
}

/// Returns what may be wrong between the keys and values on the line at `line`.
pub(super) fn suspect_line(text: &str, line: &Range<usize>) -> Vec<Problem> {
    by_kind(text, &slips(text, line))
}

fn slips(text: &str, line: &Range<usize>) -> Vec<Slip> {
    let (_, mut slips) = items(text, line);
    slips.extend(behind_first_key(text, line));
    slips.sort_by_key(|slip| place(slip).start);
    slips.dedup();
    slips
}

/// Returns those of one kind in one problem, for the parser stops at the first of a line.
fn by_kind(text: &str, slips: &[Slip]) -> Vec<Problem> {
    let mut kinds: Vec<Discriminant<Slip>> = Vec::new();
    for slip in slips {
        if !kinds.contains(&discriminant(slip)) {
            kinds.push(discriminant(slip));
        }
    }
    let of_kind = |kind: &Discriminant<Slip>| {
        let own = slips.iter().filter(|slip| discriminant(*slip) == *kind);
        problem(text, &own.collect::<Vec<_>>())
    };
    kinds.iter().filter_map(of_kind).collect()
}

/// Returns the slip behind the key that the line at `line` starts with.
fn behind_first_key(text: &str, line: &Range<usize>) -> Option<Slip> {
    let content = &text[line.clone()];
    let mut start = indentation(content);
    while let Some(rest) = content[start..].strip_prefix("- ") {
        start += 2 + indentation(rest);
    }
    let rest = content[start..].trim_end();
    let length = rest.find(|c| !is_key_char(c)).unwrap_or(rest.len());
    let key = line.start + start..line.start + start + length;
    let slip = match length {
        0 => return None,
        _ if length < rest.len() => slip_behind_key(text, key)?,
        _ => Slip::NoColon(key).filter_alone(text, line)?,
    };
    let is_of_text = matches!(slip, Slip::NoColon(_)) && is_below_header(text, line);
    (!is_of_text).then_some(slip)
}

impl Slip {
    /// The slip of a key that is all of its line, if it is a field and more is below it.
    fn filter_alone(self, text: &str, line: &Range<usize>) -> Option<Self> {
        let mut below = lines_below(text, line).map(|line| &text[line]);
        let next = below.find(|line| !line.trim().is_empty())?;
        let indent = indentation(next);
        let own = indentation(&text[line.clone()]);
        let has_more = indent > own || indent == own && next[indent..].starts_with("- ");
        let has_field = is_field(&text[place(&self)]);
        (has_more && has_field).then_some(self)
    }
}

/// Returns true for a line below one such as `data: |`, which it may be a text of.
fn is_below_header(text: &str, line: &Range<usize>) -> bool {
    line_above(text, line).is_some_and(|above| {
        let above = text[above].trim_end().trim_end_matches(['-', '+']);
        above.ends_with(" |") || above.ends_with(" >")
    })
}

/// An item of a list on several lines that ends without a comma, though the next one follows.
fn between_lines(text: &str, line: &Range<usize>) -> Option<Slip> {
    let content = text[line.clone()].trim_end();
    let mut below = lines_below(text, line);
    let next = below.find(|line| !text[line.clone()].trim().is_empty())?;
    let start = next.start + indentation(&text[next.clone()]);
    let rest = &text[start..next.end];
    let quote = rest.chars().next().filter(|c| "\"'".contains(*c));
    let word = rest.find(|c| !is_key_char(c)).unwrap_or(0);
    let has_field = rest[word..].starts_with(": ") && is_field(&rest[..word]);
    if !content.ends_with(['"', '\'', ']', '}']) || quote.is_none() && !has_field {
        return None;
    }
    let length = match quote {
        Some(quote) => rest[1..].find(quote)? + 2,
        None => word,
    };
    Some(Slip::NoComma {
        after: line.start + content.len(),
        before: start..start + length,
    })
}

fn place(slip: &Slip) -> Range<usize> {
    match slip {
        Slip::Unspaced(span) | Slip::NoColon(span) | Slip::Lookalike(span) => span.clone(),
        Slip::NoComma { before, .. } | Slip::NoBreak { before, .. } => before.clone(),
    }
}

/// Returns the problem of `slips`, named by the first.
fn problem(text: &str, slips: &[&Slip]) -> Option<Problem> {
    let first = slips.first()?;
    let span = place(first);
    let (message, help, title) = match first {
        Slip::Unspaced(colon) => {
            let before = &text[..colon.start];
            let start = before.trim_end_matches(is_key_char).len();
            let name = &before[start..];
            (
                format!("a space is missing after the colon of the key `{name}`"),
                format!("write `{name}: …`"),
                "insert a space",
            )
        }
        Slip::NoColon(key) => {
            let name = &text[key.clone()];
            (
                format!("a colon is missing after `{name}`"),
                format!("write `{name}: …`"),
                "insert a colon",
            )
        }
        Slip::NoComma { before, .. } => {
            let name = &text[before.clone()];
            (
                format!("a comma is missing before `{name}`"),
                "put a `,` after the value before it".to_owned(),
                "insert a comma",
            )
        }
        Slip::NoBreak { before, .. } => {
            let name = &text[before.clone()];
            (
                format!("`{name}` must stand on a line of its own"),
                "put it on the next line".to_owned(),
                "insert a line break",
            )
        }
        Slip::Lookalike(character) => {
            let c = text[character.clone()].chars().next()?;
            let (_, name) = NAMES.iter().find(|(known, _)| *known == c)?;
            let (what, plain) = if COLONS.contains(&c) {
                ("colon", ":")
            } else {
                ("comma", ",")
            };
            let message = format!(
                "this {what} is a U+{:04X} {name}, which is none to YAML",
                u32::from(c)
            );
            (message, format!("write `{plain}`"), "write the plain sign")
        }
    };
    let is_safe = |slip: &&Slip| matches!(slip, Slip::Unspaced(_) | Slip::Lookalike(_));
    // They are of one line, or of lines near to each other.
    let line_break = line_break_behind(text, span.start);
    let edits = slips.iter().map(|slip| edit(text, slip, line_break));
    let edits: Vec<_> = edits.collect();
    // Of two lines, one may go on into the other.
    let is_apart = |pair: &[Edit]| pair[0].span.end <= pair[1].span.start;
    if !edits.windows(2).all(is_apart) {
        return None;
    }
    let repair = match slips.iter().all(is_safe) {
        true => Repair::safe(title, edits),
        false => Repair::not_safe(title, edits),
    };
    Some(suspicion(span, message, help, repair))
}

/// Returns the line break of the line with `offset`.
fn line_break_behind(text: &str, offset: usize) -> &'static str {
    match text[line_at(text, offset).end..].starts_with("\r\n") {
        true => "\r\n",
        false => "\n",
    }
}

fn edit(text: &str, slip: &Slip, line_break: &str) -> Edit {
    match slip {
        Slip::Unspaced(colon) => Edit::insert(colon.end, " "),
        Slip::NoColon(key) => Edit::insert(key.end, ":"),
        Slip::NoComma { after, .. } => Edit::insert(*after, ","),
        Slip::NoBreak {
            after,
            before,
            column,
        } => Edit {
            span: *after..before.start,
            text: format!("{line_break}{}", " ".repeat(*column)),
        },
        Slip::Lookalike(span) => {
            let plain = match text[span.clone()].starts_with(COLONS) {
                true => ":",
                false => ",",
            };
            let is_apart = text[span.end..].starts_with([' ', '\t', '\r', '\n']);
            let space = if is_apart { "" } else { " " };
            Edit {
                span: span.clone(),
                text: format!("{plain}{space}"),
            }
        }
    }
}
