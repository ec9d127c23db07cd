//! `wrong-type`: a value of another type than the schema allows.

use crate::lint::finding::{Draft, Place};
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use crate::template::Path;
use serde_json::Value;

pub(crate) static RULE: Rule = rule!(
    "wrong-type",
    Error,
    "a value of a type that its field does not take",
    ["SCH-1", "SCH-5"]
);

/// `value` at `path`, called `label` in a sentence, is none of the `allowed` types; `about` says
/// what the field is.
pub(crate) fn draft(
    path: &Path,
    label: &str,
    value: &Value,
    allowed: &[&str],
    about: Option<&str>,
) -> Draft {
    let expected = spelling::one_of(allowed.iter().map(|name| with_article(name).to_owned()));
    let message = match value {
        Value::Null => format!("{label} has no value, it must be {expected}"),
        _ => format!(
            "{label} must be {expected}, not {}",
            with_article(type_name(value))
        ),
    };
    let draft = Draft::new(&RULE, Place::Value(path.clone()), message);
    match about {
        Some(about) => draft.help(about),
        None => draft,
    }
}

/// The number `name` at `path` is a string: without `FEATURE_BUNDLE_1` it cannot be one (SCH-5).
pub(crate) fn format_string(path: &Path, name: &str) -> Draft {
    let message = format!("`{name}` must be an integer, not a string");
    Draft::new(&RULE, Place::Value(path.clone()), message)
        .help("write an integer, or add FEATURE_BUNDLE_1 to `extensions` to use a format string")
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A type by the name that writers of YAML know it by.
fn with_article(name: &str) -> &str {
    match name {
        "array" => "a list",
        "object" => "a mapping",
        "integer" => "an integer",
        "number" => "a number",
        "string" => "a string",
        "format string" => "a format string",
        "boolean" => "a boolean",
        other => other,
    }
}
