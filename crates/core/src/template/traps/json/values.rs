//! Words and numbers that JSON does not have.

use super::reader::{Expected, Stop, is_number, word};
use super::replaced;
use crate::template::problem::{Problem, Repair};
use crate::template::replacement::Edit;
use crate::template::traps::suspicion;
use std::ops::Range;

/// Returns what may be wrong with the word or the number at `stop`.
pub(super) fn suspect(text: &str, stop: &Stop) -> Option<Problem> {
    if stop.expected == Expected::Key && text[stop.last.clone()].starts_with('{') {
        return reference(text, stop.last.start);
    }
    let rest = &text[stop.at..];
    let is_mark = |c: char| "\"'`“”„‘’,:;}]，：；".contains(c);
    if stop.expected != Expected::Value || rest.starts_with(is_mark) {
        return None;
    }
    if rest.starts_with('(') {
        return tuple(text, stop.at);
    }
    let span = value(text, stop.at);
    let written = &text[span.clone()];
    if written.is_empty() {
        return None;
    }
    literal(written, &span)
        .or_else(|| number(written, &span))
        .or_else(|| Some(unquoted(text, span)))
}

/// Returns the bytes of the value that starts at `start`, up to what ends it; braces in it are its own.
fn value(text: &str, start: usize) -> Range<usize> {
    let line = text[start..].lines().next().unwrap_or_default();
    let last_close = line.rfind("}}").unwrap_or_default();
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        let reference = line[at..]
            .strip_prefix("{{")
            .filter(|_| at < last_close)
            .and_then(|rest| rest.find("}}"));
        at += match (reference, c) {
            (Some(length), _) => length + 4,
            (None, ',' | '}' | ']' | '，') => break,
            (None, _) => c.len_utf8(),
        };
    }
    start..start + line[..at].trim_end().len()
}

/// `{{Param.X}}` or `{Param.X}` without quotes.
fn reference(text: &str, start: usize) -> Option<Problem> {
    if text[start..].starts_with("{{") {
        let span = value(text, start);
        return text[span.clone()]
            .contains("}}")
            .then(|| unquoted(text, span));
    }
    let name = word(&text[start + 1..]);
    let end = start + 1 + name.len();
    if !name.contains('.') || !text[end..].starts_with('}') {
        return None;
    }
    let written = format!("\"{{{{{name}}}}}\"");
    let message = "a reference has two braces on each side, and stands in quotes";
    Some(replaced(start..end + 1, message, &written, false))
}

fn unquoted(text: &str, span: Range<usize>) -> Problem {
    let value = &text[span.clone()];
    let message = match value.contains("{{") {
        true => "a value with `{{…}}` must be quoted here: JSON reads the brace as an object",
        false => "JSON strings need double quotes",
    };
    if let Some(inner) = value.strip_suffix('"').filter(|inner| !inner.contains('"')) {
        let repair = Repair::safe("add the quote", vec![Edit::insert(span.start, "\"")]);
        let message = format!("the quote before `{inner}` is missing");
        return suspicion(span, message, format!("write `\"{inner}\"`"), repair);
    }
    let quoted = serde_json::Value::from(value).to_string();
    // With a colon or a quote in it, something else may be missing.
    let is_safe = value.contains("{{") || !value.contains([':', '"', '[', '(']);
    let edits = match quoted.len() == value.len() + 2 {
        true => vec![Edit::insert(span.start, "\""), Edit::insert(span.end, "\"")],
        false => vec![Edit {
            span: span.clone(),
            text: quoted.clone(),
        }],
    };
    let repair = Repair {
        title: "quote the value".to_owned(),
        is_safe,
        edits,
    };
    suspicion(span, message, format!("quote it: `{quoted}`"), repair)
}

/// A list in parentheses.
fn tuple(text: &str, start: usize) -> Option<Problem> {
    let length = text[start..].lines().next()?.find(')')?;
    let edit = |at: usize, text: &str| Edit {
        span: at..at + 1,
        text: text.to_owned(),
    };
    let edits = vec![edit(start, "["), edit(start + length, "]")];
    let repair = Repair::not_safe("write brackets", edits);
    let message = "a list of JSON stands in brackets";
    Some(suspicion(start..start + 1, message, "write `[…]`", repair))
}

/// The constants of other languages.
fn literal(written: &str, span: &Range<usize>) -> Option<Problem> {
    let replaced = |message: String, meant: &str, is_safe| {
        Some(replaced(span.clone(), message, meant, is_safe))
    };
    let lower = written.to_ascii_lowercase();
    match (written, lower.as_str()) {
        ("True" | "False", meant) => replaced("this is Python, not JSON".to_owned(), meant, true),
        ("None", _) => replaced("this is Python, not JSON".to_owned(), "null", true),
        (_, meant @ ("true" | "false" | "null")) => replaced(
            format!("JSON writes `{meant}` in small letters"),
            meant,
            true,
        ),
        ("undefined" | "nil", _) => {
            let problem = replaced(format!("there is no `{written}` in JSON"), "null", false)?;
            Some(problem.help("leave the entry out, or write `null`"))
        }
        (_, "nan" | "inf" | "infinity" | "-inf" | "-infinity" | "+inf" | "+infinity") => {
            let message = format!("there is no `{written}` in JSON");
            let problem = replaced(message, &format!("\"{written}\""), false)?;
            Some(problem.help("write a number, or quote it to keep its text"))
        }
        _ => None,
    }
}

/// Numbers in other notations.
fn number(written: &str, span: &Range<usize>) -> Option<Problem> {
    let (sign, digits) = match written.strip_prefix(['+', '-']) {
        Some(digits) => (&written[..1], digits),
        None => ("", written),
    };
    let minus = sign.trim_start_matches('+');
    let hexadecimal = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"));
    if let Some(integer) = hexadecimal.and_then(|hex| u64::from_str_radix(hex, 16).ok()) {
        let message = "JSON has no hexadecimal numbers";
        return Some(replaced(
            span.clone(),
            message,
            &format!("{minus}{integer}"),
            false,
        ));
    }
    let plain = digits.replace('_', "");
    let is_padded = plain.len() > 1
        && plain.starts_with('0')
        && plain[1..].starts_with(|c: char| c.is_ascii_digit());
    let trimmed = match is_padded {
        true => {
            let rest = plain.trim_start_matches('0');
            let zero = if rest.starts_with(|c: char| c.is_ascii_digit()) {
                ""
            } else {
                "0"
            };
            format!("{zero}{rest}")
        }
        false => plain.clone(),
    };
    let pointed = match trimmed.starts_with('.') {
        true => format!("0{trimmed}"),
        false => trimmed,
    };
    let whole = match pointed.ends_with('.') {
        true => format!("{pointed}0"),
        false => pointed,
    };
    let meant = format!("{minus}{whole}");
    let message = match () {
        () if is_padded => "a number of JSON does not start with a `0` before other digits",
        () if plain != digits => "a number of JSON has no `_` in it",
        () if sign == "+" => "a number of JSON has no `+` before it",
        () => "a number of JSON has digits on both sides of its point",
    };
    is_number(&meant).then(|| {
        let problem = replaced(span.clone(), message, &meant, !is_padded);
        match is_padded {
            true => problem.help(format!(
                "write `{meant}`, or quote it to keep its text: `\"{written}\"`"
            )),
            false => problem,
        }
    })
}

/// Returns the problem of the number that ends at `end`, which is too large for a float.
pub(super) fn out_of_range(text: &str, end: usize) -> Option<Problem> {
    let is_part = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    let end = text.floor_char_boundary(end);
    let behind = &text[end..];
    let end = end + behind.len() - behind.trim_start_matches(is_part).len();
    let start = text[..end].trim_end_matches(is_part).len();
    let written = &text[start..end];
    is_number(written).then(|| {
        let message = format!("`{written}` is beyond the largest number, about 1.8e308");
        let quoted = format!("\"{written}\"");
        let help = format!("write a smaller one, or quote it to keep its text: `{quoted}`");
        replaced(start..end, message, &quoted, false).help(help)
    })
}
