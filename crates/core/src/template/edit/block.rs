//! Values as YAML on several lines.

use super::nest::{flow, in_order};
use serde_json::Value;

/// A value as it is written behind its key or dash.
enum Written {
    /// On the same line.
    Line(String),
    /// Header of a block scalar, and the lines below it.
    Scalar(&'static str, Vec<String>),
    /// Lines of a mapping or a list.
    Lines(Vec<String>),
}

/// Returns the lines of an entry of a mapping, the first of them with its key.
pub(super) fn entry(key: &str, value: &Value) -> Vec<String> {
    match write(value) {
        Written::Line(line) => vec![format!("{key}: {line}")],
        Written::Scalar(header, lines) => below(format!("{key}: {header}"), &lines),
        Written::Lines(lines) => below(format!("{key}:"), &lines),
    }
}

/// Returns the lines of an item of a list, the first of them with its dash.
pub(super) fn item(value: &Value) -> Vec<String> {
    match write(value) {
        Written::Line(line) => vec![format!("- {line}")],
        Written::Scalar(header, lines) => below(format!("- {header}"), &lines),
        Written::Lines(lines) => behind_dash(&lines),
    }
}

/// Returns the lines of an item of a list that is a mapping with these entries.
pub(super) fn mapping_item(entries: &[(String, Value)]) -> Vec<String> {
    let lines = entries.iter().flat_map(|(key, value)| entry(key, value));
    behind_dash(&lines.collect::<Vec<_>>())
}

/// Returns `lines` below `header`, indented by one level.
pub(super) fn below(header: String, lines: &[String]) -> Vec<String> {
    let lines = lines.iter().map(|line| indented("  ", line));
    std::iter::once(header).chain(lines).collect()
}

/// Returns a line with its indentation, which an empty one does not have.
pub(super) fn indented(indent: &str, line: &str) -> String {
    match line.is_empty() {
        true => String::new(),
        false => format!("{indent}{line}"),
    }
}

fn behind_dash(lines: &[String]) -> Vec<String> {
    let lines = lines.iter().enumerate();
    let line = |(index, line): (usize, &String)| match index {
        0 => format!("- {line}"),
        _ => indented("  ", line),
    };
    lines.map(line).collect()
}

fn write(value: &Value) -> Written {
    match value {
        Value::String(text) => literal(text).unwrap_or_else(|| Written::Line(flow(value))),
        Value::Array(items) if !items.is_empty() => {
            Written::Lines(items.iter().flat_map(item).collect())
        }
        Value::Object(fields) if !fields.is_empty() => {
            let fields = in_order(fields).into_iter();
            let key = |key: &String| flow(&Value::from(key.as_str()));
            Written::Lines(
                fields
                    .flat_map(|(name, value)| entry(&key(name), value))
                    .collect(),
            )
        }
        other => Written::Line(flow(other)),
    }
}

/// Returns a text of several lines as a literal block scalar; `None` if it needs escapes or an indentation indicator.
fn literal(text: &str) -> Option<Written> {
    let is_odd = |c: char| {
        (c.is_control() && !['\n', '\t'].contains(&c))
            || ['\u{2028}', '\u{2029}', '\u{feff}', '\u{fffe}', '\u{ffff}'].contains(&c)
    };
    let (header, body) = match text.strip_suffix('\n') {
        Some(body) => ("|", body),
        None => ("|-", text),
    };
    let is_fit = text.contains('\n')
        && !body.starts_with([' ', '\t', '\n'])
        && !body.ends_with('\n')
        && !body.is_empty()
        && !text.contains(is_odd);
    is_fit.then(|| Written::Scalar(header, body.split('\n').map(str::to_owned).collect()))
}
