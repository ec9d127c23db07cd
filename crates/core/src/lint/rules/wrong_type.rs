//! `wrong-type`: a value of another type than the schema allows.

use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::fix::Proposal;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use crate::template::{Change, quoted};
use serde_json::Value;

pub(super) static RULE: Rule = rule!(
    "wrong-type",
    Error,
    "a value of a type that its field does not accept",
    ["SCH-1", "SCH-5"]
)
.once_per_value();

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    let (message, help) = match &fact.kind {
        FactKind::WrongType {
            label,
            value,
            allowed,
            about,
        } => (wrong_type(label, value, allowed), about.clone()),
        FactKind::NumberAsString {
            name,
            value: Some(value),
        } => {
            let message = format!("`{name}` must be an integer, not a string");
            let change = Change::Write(fact.place.path().clone(), (*value).into());
            let draft = Draft::new(&RULE, fact.place.clone(), message);
            let help = format!("write `{value}` without quotes");
            return Some(draft.help(&help).fix(Proposal::safe(help, change)));
        }
        FactKind::NumberAsString { name, .. } => {
            let help =
                "write an integer, or add FEATURE_BUNDLE_1 to `extensions` to use a format string";
            let message = format!("`{name}` must be an integer, not a string");
            (message, Some(help.to_owned()))
        }
        FactKind::Shape {
            label,
            needed,
            value,
            beside,
            written,
            change,
        } => {
            let holds = match beside.as_slice() {
                [] => String::new(),
                beside => {
                    let beside = spelling::list(beside.iter().map(String::as_str), "and");
                    format!(" that holds {beside} too")
                }
            };
            let found = with_article(type_name(value));
            let message = format!("{label} must be {needed}{holds}, not {found}");
            let draft = Draft::new(&RULE, fact.place.clone(), message);
            let help = format!("write `{written}`");
            return Some(
                draft
                    .help(&help)
                    .fix(Proposal::not_safe(help, change.clone())),
            );
        }
        FactKind::Unquoted {
            label,
            written,
            is_list,
        } => return Some(unquoted_text(fact, label, written, *is_list)),
        _ => return None,
    };
    let draft = Draft::new(&RULE, fact.place.clone(), message);
    if let Some(meant) = boolean(&fact.kind) {
        let help = format!("write `{meant}`");
        let change = Change::Write(fact.place.path().clone(), meant.into());
        return Some(draft.help(&help).fix(Proposal::safe(help, change)));
    }
    Some(match unquoted(&fact.kind) {
        true => draft.help("quote it").fix(Proposal::safe(
            "quote it",
            Change::Quote(fact.place.path().clone()),
        )),
        false => Draft { help, ..draft },
    })
}

fn unquoted_text(fact: &Fact<'_>, label: &str, written: &str, is_list: bool) -> Draft {
    let (why, what) = match is_list {
        true => ("starts with `[`", "a list"),
        false if written.starts_with('{') => ("starts with `{`", "a mapping"),
        false => ("contains `: `", "a mapping"),
    };
    let message = format!("{label} must be a string, and one that {why} is {what} without quotes");
    let change = Change::Quote(fact.place.path().clone());
    Draft::new(&RULE, fact.place.clone(), message)
        .help(format!(
            "quote it: `{}`",
            quoted(written, &(0..written.len()))
        ))
        .fix(Proposal::safe("put it in quotes", change))
}

/// Returns true for a number or boolean where only a string is taken.
fn unquoted(kind: &FactKind<'_>) -> bool {
    let FactKind::WrongType { value, allowed, .. } = kind else {
        return false;
    };
    (value.is_number() || value.is_boolean()) && allowed.iter().all(|name| name.ends_with("string"))
}

/// Returns the boolean that a text means where only one is taken.
fn boolean(kind: &FactKind<'_>) -> Option<bool> {
    let FactKind::WrongType { value, allowed, .. } = kind else {
        return None;
    };
    let written = value.as_str().filter(|_| **allowed == ["boolean"])?;
    match written.trim().to_lowercase().as_str() {
        "yes" | "y" | "on" | "true" => Some(true),
        "no" | "n" | "off" | "false" => Some(false),
        _ => None,
    }
}

fn wrong_type(label: &str, value: &Value, allowed: &[&str]) -> String {
    let expected = spelling::one_of(allowed.iter().map(|name| with_article(name).to_owned()));
    match value {
        Value::Null => format!("{label} has no value, but must be {expected}"),
        _ => format!(
            "{label} must be {expected}, not {}",
            with_article(type_name(value))
        ),
    }
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

/// Returns the name of a type as writers of YAML know it.
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
