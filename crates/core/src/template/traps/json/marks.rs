//! Commas, colons and brackets of JSON.

use super::reader::{Expected, Stop};
use super::replaced;
use crate::template::problem::{Problem, Repair};
use crate::template::replacement::Edit;
use crate::template::traps::suspicion;

/// Returns what may be wrong with the marks at `stop`.
pub(super) fn suspect(text: &str, stop: &Stop) -> Vec<Problem> {
    let next = text[stop.at..].chars().next();
    let found = match (stop.expected, next) {
        (Expected::End, Some(c @ ('}' | ']'))) => Some(closes_nothing(stop.at, c)),
        (Expected::End, _) => None,
        (_, None) => unclosed(text, stop),
        (_, Some(c @ ('}' | ']'))) => mismatch(stop, c),
        (Expected::Value | Expected::Key, Some(',' | '，')) => extra_comma(text, stop),
        (Expected::Key, Some(_)) => bare_keys(text, stop),
        (Expected::Colon, Some(_)) => {
            return in_braces(text, stop)
                .into_iter()
                .chain(colon(text, stop))
                .collect();
        }
        (Expected::Separator, Some(':')) => in_brackets(text, stop),
        (Expected::Separator, Some(_)) => comma(text, stop),
        (Expected::Value, Some(_)) => None,
    };
    found.into_iter().collect()
}

fn closes_nothing(at: usize, c: char) -> Problem {
    let repair = Repair::not_safe("remove it", vec![Edit::delete(at..at + 1)]);
    suspicion(
        at..at + 1,
        format!("this `{c}` closes nothing"),
        "remove it",
        repair,
    )
}

fn extra_comma(text: &str, stop: &Stop) -> Option<Problem> {
    let is_after_value = text[stop.last.clone()].ends_with([',', '[', '{']);
    is_after_value.then(|| {
        let span = stop.at..stop.at + text[stop.at..].chars().next().map_or(1, char::len_utf8);
        let repair = Repair::safe("remove the comma", vec![Edit::delete(span.clone())]);
        suspicion(
            span,
            "there is no item before this comma",
            "remove the comma",
            repair,
        )
    })
}

/// Keys without quotes: all of them, because a text that has one has more.
fn bare_keys(text: &str, stop: &Stop) -> Option<Problem> {
    let mut edits = Vec::new();
    let mut first = None;
    let mut at = stop.at;
    let mut can_start = true;
    let is_key_char = |c: char| c.is_alphanumeric() || ['_', '-', '.', '$'].contains(&c);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match c {
            '"' => super::string_length(rest),
            '\'' | '`' | '“' | '„' => {
                super::strings::end_of_string(text, at).map_or(c.len_utf8(), |end| end - at)
            }
            _ if is_key_char(c) => rest.find(|c| !is_key_char(c)).unwrap_or(rest.len()),
            _ => c.len_utf8(),
        };
        let behind = &rest[length..];
        let is_half_quoted = at == stop.at && behind.starts_with('"');
        let is_key = can_start && is_key_char(c) && behind.trim_start().starts_with(':');
        if is_key || is_half_quoted {
            edits.extend([Edit::insert(at, "\""), Edit::insert(at + length, "\"")]);
            first.get_or_insert(at..at + length);
        }
        if is_half_quoted {
            break;
        }
        can_start = "{,".contains(c) || can_start && c.is_whitespace();
        at += length;
    }
    let first = first.filter(|key| key.start == stop.at)?;
    let key = &text[first.clone()];
    if text[first.end..].starts_with('"') {
        let repair = Repair::safe("add the quote", vec![Edit::insert(first.start, "\"")]);
        let message = format!("the quote before `{key}` is missing");
        return Some(suspicion(
            first.clone(),
            message,
            format!("write `\"{key}\"`"),
            repair,
        ));
    }
    let help = format!("quote it: `\"{key}\"`");
    let repair = Repair::safe("quote the keys", edits);
    Some(suspicion(
        first,
        "JSON keys need double quotes",
        help,
        repair,
    ))
}

/// What stands in the place of a colon, or nothing.
fn colon(text: &str, stop: &Stop) -> Option<Problem> {
    let rest = &text[stop.at..];
    let others = ["=>", ":=", "=", "：", "->"];
    if let Some(other) = others.iter().find(|other| rest.starts_with(**other)) {
        let span = stop.at..stop.at + other.len();
        let message = "JSON has a `:` between a key and its value";
        return Some(replaced(span, message, ":", true));
    }
    if rest.starts_with([',', '}', ']']) {
        return None;
    }
    let key = &text[stop.last.clone()];
    let end = stop.last.end;
    let repair = Repair::not_safe("add a colon", vec![Edit::insert(end, ":")]);
    let message = format!(
        "a colon is missing after the key `{}`",
        key.trim_matches('"')
    );
    Some(suspicion(
        stop.last.clone(),
        message,
        "put a `:` after it",
        repair,
    ))
}

/// What stands in the place of a comma, or nothing.
fn comma(text: &str, stop: &Stop) -> Option<Problem> {
    let rest = &text[stop.at..];
    if let Some(c) = rest.chars().next().filter(|c| ";，、；".contains(*c)) {
        let span = stop.at..stop.at + c.len_utf8();
        return Some(replaced(
            span,
            "JSON has a `,` between two items",
            ",",
            true,
        ));
    }
    let is_key = || {
        let behind = rest
            .starts_with('"')
            .then(|| &rest[super::string_length(rest)..]);
        behind.is_some_and(|behind| behind.trim_start().starts_with([':', '=', '：']))
    };
    let is_in_object = stop.open.last().is_some_and(|(_, bracket)| *bracket == '{');
    if is_in_object && !is_key() {
        return None;
    }
    if let Some(&(open, bracket)) = stop.open.last().filter(|_| !is_in_object && is_key()) {
        return Some(Problem {
            help: Some("put `]` after its last value".to_owned()),
            ..not_closed(open, bracket, stop.last.end, "],".to_owned())
        });
    }
    let end = stop.last.end;
    // Two texts on one line may have been meant as one.
    let is_safe = text[end..stop.at].contains('\n');
    let repair = Repair {
        title: "add a comma".to_owned(),
        is_safe,
        edits: vec![Edit::insert(end, ",")],
    };
    let message = "a comma is missing between the previous item and this one";
    let length = rest.chars().next().map_or(0, char::len_utf8);
    Some(suspicion(
        stop.at..stop.at + length,
        message,
        "add a comma",
        repair,
    ))
}

/// Returns the closing bracket of the innermost open one, which is searched for from `from`, and whether a colon stands
/// before it.
fn closing(text: &str, from: usize) -> Option<(usize, bool)> {
    let (mut depth, mut at, mut has_colon) = (0_usize, from, false);
    while let Some(c) = text[at..].chars().next() {
        match c {
            '"' => {
                at += super::string_length(&text[at..]);
                continue;
            }
            '{' | '[' => depth += 1,
            '}' | ']' if depth == 0 => return Some((at, has_colon)),
            '}' | ']' => depth -= 1,
            ':' if depth == 0 => has_colon = true,
            _ => {}
        }
        at += c.len_utf8();
    }
    None
}

/// Returns the problem of brackets that should be `wanted`.
fn bracketed(text: &str, stop: &Stop, wanted: [&str; 2], message: &str) -> Option<Problem> {
    let (start, _) = *stop.open.last()?;
    let (end, _) = closing(text, stop.at)?;
    let edit = |at: usize, text: &str| Edit {
        span: at..at + 1,
        text: text.to_owned(),
    };
    let [open, close] = wanted;
    let help = format!("write `{open}…{close}`");
    let edits = vec![edit(start, open), edit(end, close)];
    Some(suspicion(
        start..start + 1,
        message,
        help.clone(),
        Repair::not_safe(help, edits),
    ))
}

/// A list in braces.
fn in_braces(text: &str, stop: &Stop) -> Option<Problem> {
    let is_first = stop
        .open
        .last()
        .is_some_and(|(open, _)| text[open + 1..stop.last.start].trim().is_empty());
    let (_, has_colon) = closing(text, stop.at)?;
    if !is_first || has_colon || !text[stop.at..].starts_with([',', '}']) {
        return None;
    }
    bracketed(
        text,
        stop,
        ["[", "]"],
        "a list stands in brackets, and these are braces",
    )
}

/// Keys and values in brackets, or a list without a bracket at its end.
fn in_brackets(text: &str, stop: &Stop) -> Option<Problem> {
    let (open, _) = *stop.open.last().filter(|(_, bracket)| *bracket == '[')?;
    let before = text[open + 1..stop.last.start].trim_end();
    if before.is_empty() {
        let message = "keys with values stand in braces, and these are brackets";
        return bracketed(text, stop, ["{", "}"], message);
    }
    let items = before.strip_suffix(',')?.trim_end();
    Some(not_closed(
        open,
        '[',
        open + 1 + items.len(),
        "]".to_owned(),
    ))
}

fn closer(bracket: char) -> char {
    if bracket == '[' { ']' } else { '}' }
}

/// The bracket at `start`, and those behind it, lack `missing` at `end`.
fn not_closed(start: usize, bracket: char, end: usize, missing: String) -> Problem {
    let message = format!("the `{bracket}` that starts here is not closed");
    let help = format!("put `{missing}` after its last value");
    let repair = Repair::not_safe(format!("add `{missing}`"), vec![Edit::insert(end, missing)]);
    suspicion(start..start + 1, message, help, repair)
}

/// A closing bracket of the other kind.
fn mismatch(stop: &Stop, c: char) -> Option<Problem> {
    let (open, bracket) = *stop.open.last()?;
    let wanted = closer(bracket);
    let is_behind_value = stop.expected == Expected::Separator || stop.last.start == open;
    if c == wanted || !is_behind_value {
        return None;
    }
    let outer = stop.open.iter().any(|(_, bracket)| closer(*bracket) == c);
    if outer {
        return Some(not_closed(open, bracket, stop.last.end, wanted.into()));
    }
    let message = format!("`{c}` does not match the bracket that it closes");
    Some(replaced(
        stop.at..stop.at + 1,
        message,
        &wanted.to_string(),
        false,
    ))
}

/// Brackets that are open at the end of the text. If lines show by their indentation what a bracket closes, the first
/// one that closes something deeper tells what is missing before it.
fn unclosed(text: &str, stop: &Stop) -> Option<Problem> {
    let mut open: Vec<(usize, char, usize)> = Vec::new();
    let (mut at, mut line, mut indent, mut is_start) = (0, 0, 0, true);
    while let Some(c) = text[at..].chars().next() {
        if is_start && !c.is_whitespace() {
            indent = at - line;
        }
        match c {
            '"' => {
                is_start = false;
                at += super::string_length(&text[at..]);
                continue;
            }
            '\n' => (line, is_start) = (at + 1, true),
            '{' | '[' => open.push((at, c, indent)),
            '}' | ']' => {
                let deeper = open.iter().rev();
                let deeper = deeper.take_while(|(_, _, depth)| is_start && *depth > indent);
                let deeper: Vec<_> = deeper.collect();
                if let Some((start, bracket, _)) = deeper.last() {
                    let missing = deeper.iter().map(|(_, bracket, _)| closer(*bracket));
                    let end = text[..line].trim_end().len();
                    return Some(not_closed(*start, *bracket, end, missing.collect()));
                }
                open.pop();
            }
            _ => {}
        }
        is_start &= c.is_whitespace();
        at += c.len_utf8();
    }
    let (start, bracket) = *stop.open.first()?;
    let missing = stop.open.iter().rev().map(|(_, bracket)| closer(*bracket));
    let end = text.trim_end().len();
    let is_behind_value = stop.expected == Expected::Separator;
    is_behind_value.then(|| not_closed(start, bracket, end, missing.collect()))
}
