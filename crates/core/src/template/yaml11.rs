//! The types of unquoted scalars in YAML 1.1, which PyYAML and so the official Python tools follow.

use regex::Regex;
use std::sync::LazyLock;

/// Value of an unquoted scalar in YAML 1.1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// The text as it is written.
    Text,
    /// No value.
    Null,
    /// A boolean.
    Boolean,
    /// An integer; `None` if it is too large.
    Integer(Option<i128>),
    /// A floating-point number.
    Float(f64),
    /// A date, or a date and a time.
    Date,
    /// Malformed, so that the whole file is refused.
    Malformed,
}

/// Booleans of YAML 1.1, in lower case.
const BOOLEANS: [&str; 6] = ["true", "false", "yes", "no", "on", "off"];

static INTEGER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[-+]?(0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*(:[0-5]?[0-9])*)$").ok()
});

static FLOAT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let decimal = r"([-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)([eE][-+][0-9]+)?";
    let sexagesimal = r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*";
    let named = r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)";
    Regex::new(&format!("^({decimal}|{sexagesimal}|{named})$")).ok()
});

static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let date = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
    let time =
        r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?";
    let zone = r"([ \t]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?";
    Regex::new(&format!("^({date}|{time}{zone})$")).ok()
});

fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern
        .as_ref()
        .is_some_and(|pattern| pattern.is_match(text))
}

/// Returns the value of the scalar `text`.
pub fn read(text: &str) -> Reading {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Reading::Null,
        "=" => return Reading::Malformed,
        _ => {}
    }
    if BOOLEANS.iter().any(|word| is_word(word, text)) {
        Reading::Boolean
    } else if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
        // Most scalars are words, and patterns cost time: the others are compiled and tried only where they can match.
        Reading::Text
    } else if is_plain_integer(text) || can_be_integer(text) && matches(&INTEGER, text) {
        Reading::Integer(integer(text))
    } else if text.contains('.') && matches(&FLOAT, text) {
        Reading::Float(float(text))
    } else if text.as_bytes().get(4) == Some(&b'-') && matches(&DATE, text) {
        Reading::Date
    } else {
        Reading::Text
    }
}

/// Returns true for digits that mean the same in every notation.
fn is_plain_integer(text: &str) -> bool {
    !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns false for what has a character that no integer has at its place, such as a range (`1-10`).
fn can_be_integer(text: &str) -> bool {
    let rest = text.trim_start_matches(['-', '+']);
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || b"x_:".contains(&byte);
    rest.bytes().all(is_part)
}

/// Returns true for `word` in lower case, in upper case and with a capital.
fn is_word(word: &str, text: &str) -> bool {
    if !word.eq_ignore_ascii_case(text) {
        return false;
    }
    let is_upper = |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_lower = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
    is_lower(&text[1..]) || is_upper(text)
}

fn integer(text: &str) -> Option<i128> {
    let text = text.replace('_', "");
    let digits = text.trim_start_matches(['-', '+']);
    let magnitude = if let Some(digits) = digits.strip_prefix("0b") {
        i128::from_str_radix(digits, 2).ok()
    } else if let Some(digits) = digits.strip_prefix("0x") {
        i128::from_str_radix(digits, 16).ok()
    } else if digits.len() > 1 && digits.starts_with('0') {
        i128::from_str_radix(digits, 8).ok()
    } else {
        let mut parts = digits.split(':').map(|part| part.parse::<i128>().ok());
        parts.try_fold(0_i128, |sum, part| sum.checked_mul(60)?.checked_add(part?))
    };
    magnitude.map(|value| if text.starts_with('-') { -value } else { value })
}

fn float(text: &str) -> f64 {
    let text = text.replace('_', "").to_ascii_lowercase();
    let digits = text.trim_start_matches(['-', '+']);
    let magnitude = match digits {
        ".inf" => f64::INFINITY,
        ".nan" => f64::NAN,
        _ => digits
            .split(':')
            .map(|part| part.parse().unwrap_or(f64::NAN))
            .fold(0.0, |sum: f64, part: f64| sum * 60.0 + part),
    };
    if text.starts_with('-') {
        -magnitude
    } else {
        magnitude
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_read_as_by_pyyaml() {
        for (text, reading) in [
            ("y", Reading::Text),
            ("No", Reading::Boolean),
            ("nO", Reading::Text),
            ("TRUE", Reading::Boolean),
            ("~", Reading::Null),
            ("5", Reading::Integer(Some(5))),
            ("-010", Reading::Integer(Some(-8))),
            ("08", Reading::Text),
            ("0x1F", Reading::Integer(Some(31))),
            ("0o17", Reading::Text),
            ("1_000", Reading::Integer(Some(1000))),
            ("12:30", Reading::Integer(Some(750))),
            ("12:60", Reading::Text),
            ("1.10", Reading::Float(1.1)),
            ("1e3", Reading::Text),
            ("1.5e3", Reading::Text),
            ("1.5e+3", Reading::Float(1500.0)),
            ("-.inf", Reading::Float(f64::NEG_INFINITY)),
            ("2024-01-02", Reading::Date),
            ("2024-1-2", Reading::Text),
            ("2024-1-2 3:04:05.6 +01:00", Reading::Date),
            ("=", Reading::Malformed),
            ("1.2.3", Reading::Text),
            ("1-10", Reading::Text),
            ("0", Reading::Integer(Some(0))),
            ("+-5", Reading::Text),
            (
                "170141183460469231731687303715884105728",
                Reading::Integer(None),
            ),
        ] {
            assert_eq!(read(text), reading, "{text}");
        }
    }
}
