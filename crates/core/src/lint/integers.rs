//! Integers that do not fit 64 bits, wherever a template takes an integer, and numbers that no float can hold.

use super::context::Context;
use super::fact::{Fact, FactKind};
use super::finding::Place;
use super::takes::Takes;
use crate::search;
use crate::template::{Path, Segment, visit};
use serde_json::Value;
use std::collections::HashSet;
use std::num::IntErrorKind;
use std::ops::Range;

/// The bound of 64-bit integers, 2^63, which a float holds exactly.
const BOUND: f64 = 9_223_372_036_854_775_808.0;

/// Returns a finding on each number that does not fit. The official loaders would saturate it or refuse the
/// whole file without a place.
pub(crate) fn check<'d>(context: &Context<'d>) -> Vec<Fact<'d>> {
    let document = context.document;
    let mut facts = Vec::new();
    visit(document.value(), &mut |path, value| {
        // A number that no float can hold is the string `.inf` or `-.inf` here.
        let may_be_number =
            |text: &str| text.bytes().any(|byte| byte.is_ascii_digit()) || text.ends_with(".inf");
        if !is_too_large(value) && !value.as_str().is_some_and(may_be_number) {
            return;
        }
        let text = || written(context, path, value);
        match Takes::of(document.value(), path) {
            Some(Takes::Integer) if is_too_large(value) || is_out_of_reach(&text()) => {
                facts.push(fact(path, Place::Value(path.clone()), &text()));
            }
            Some(Takes::Number) if is_out_of_reach(&text()) => {
                let place = Place::Value(path.clone());
                let message = format!(
                    "`{}` must be at most about 1.8e308 in size, and {} does not fit",
                    name(path),
                    text()
                );
                let help = Some("write a number within the range of 64-bit floats".to_owned());
                let kind = FactKind::InvalidValue { message, help };
                facts.push(Fact { place, kind });
            }
            Some(Takes::Range) => {
                let range = value.as_str().unwrap_or_default();
                facts.extend(too_large_in(range).into_iter().map(|part| {
                    let number = range[part.clone()].to_owned();
                    fact(path, Place::Text(path.clone(), part), &number)
                }));
                if is_too_large(value) && !value.is_string() {
                    facts.push(fact(path, Place::Value(path.clone()), &text()));
                }
            }
            _ => {}
        }
    });
    facts
}

/// The facts of an earlier stage without those on a number that `integers` names already.
pub(crate) fn without_said<'d>(mut facts: Vec<Fact<'d>>, integers: &[Fact<'_>]) -> Vec<Fact<'d>> {
    let said: HashSet<&Path> = integers.iter().map(|fact| fact.place.path()).collect();
    facts.retain(|fact| !said.contains(fact.place.path()));
    facts
}

/// Returns the name of the field that has the value at `path`.
fn name(path: &Path) -> &str {
    path.segments()
        .iter()
        .rev()
        .find_map(|step| match step {
            Segment::Key(key) => Some(key.as_str()),
            Segment::Index(_) => None,
        })
        .unwrap_or_default()
}

fn fact<'d>(path: &Path, place: Place, written: &str) -> Fact<'d> {
    let name = name(path);
    let message = format!("`{name}` must be a 64-bit integer, and {written} does not fit");
    let help = format!("write an integer between {} and {}", i64::MIN, i64::MAX);
    Fact {
        place,
        kind: FactKind::InvalidValue {
            message,
            help: Some(help),
        },
    }
}

/// Returns the number as its author wrote it.
fn written(context: &Context<'_>, path: &Path, value: &Value) -> String {
    match context.document.scalar_text(path) {
        Some(text) => text.trim().to_owned(),
        None => value.to_string(),
    }
}

fn is_too_large(value: &Value) -> bool {
    match value {
        Value::Number(number) if number.is_i64() => false,
        Value::Number(number) => number
            .as_f64()
            .is_some_and(|float| float.fract() == 0.0 && float.abs() >= BOUND),
        // What an interpolation adds behind the digits makes the number only longer.
        Value::String(text) => {
            let end = search::find(text, "{{").unwrap_or(text.len());
            is_too_large_text(text[..end].trim())
        }
        _ => false,
    }
}

/// Returns true for a number in decimal that no float can hold, such as `1e400`.
fn is_out_of_reach(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && text.parse().is_ok_and(f64::is_infinite)
}

/// Length of the shortest text of an integer that does not fit: `0x8000000000000000`.
const LENGTH_OF_TOO_LARGE: usize = 18;

/// Returns true for an integer in one of YAML's notations, and not one of 64 bits.
fn is_too_large_text(text: &str) -> bool {
    if text.len() < LENGTH_OF_TOO_LARGE {
        return false;
    }
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) if text.starts_with('-') => ("-", digits),
        Some(digits) => ("", digits),
        None => ("", text),
    };
    let (radix, digits) = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        _ => (10, digits),
    };
    // A text with anything else in it is no integer, however large the number that it begins with.
    if !digits.chars().all(|c| c == '_' || c.is_digit(radix)) {
        return false;
    }
    let number = format!("{sign}{}", digits.replace('_', ""));
    i64::from_str_radix(&number, radix).is_err_and(|error| {
        matches!(
            error.kind(),
            IntErrorKind::PosOverflow | IntErrorKind::NegOverflow
        )
    })
}

/// The integers of a range expression that do not fit, each in bytes with its sign.
fn too_large_in(text: &str) -> Vec<Range<usize>> {
    if text.contains("{{") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()) {
        let start = at + start;
        let rest = &text[start..];
        let end = start
            + rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
        // A hyphen behind a number is that of a range.
        let before = text[..start].trim_end_matches(' ');
        let is_negative = before
            .strip_suffix('-')
            .is_some_and(|before| !before.trim_end().ends_with(|c: char| c.is_ascii_digit()));
        let start = if is_negative { before.len() - 1 } else { start };
        if is_too_large_text(&text[start..end].replace(' ', "")) {
            found.push(start..end);
        }
        at = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_fit_up_to_the_last_of_64_bits() {
        for text in [
            "9223372036854775807",
            "-9223372036854775808",
            "0x7FFFFFFFFFFFFFFF",
            "1e30",
            "",
        ] {
            assert!(!is_too_large_text(text), "{text}");
        }
        for text in [
            "9223372036854775808",
            "-9223372036854775809",
            "0x8000000000000000",
            "9_223_372_036_854_775_808",
        ] {
            assert!(is_too_large_text(text), "{text}");
        }
    }

    #[test]
    fn each_number_of_a_range_is_looked_at() {
        assert_eq!(
            too_large_in("1-9223372036854775808,-9223372036854775809 - 3"),
            [2..21, 22..42]
        );
        assert!(too_large_in("-9223372036854775808-9223372036854775807:1").is_empty());
    }
}
