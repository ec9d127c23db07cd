//! `changed-scalar`: an unquoted scalar that readers take for something else.

use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::takes::Takes;
use crate::template::yaml11::{self, Reading};
use crate::template::{Change, Path, Plain};
use serde_json::Value;
use std::collections::HashSet;

pub(super) static RULE: Rule = rule!(
    "changed-scalar",
    Warning,
    "an unquoted scalar that is read as something else, or that official tools read differently",
    []
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let document = pass.context.document;
    let said: HashSet<&Path> = pass.facts.iter().map(|fact| fact.place.path()).collect();
    let mut drafts = Vec::new();
    for plain in document.plain_scalars() {
        if said.contains(&plain.path) {
            continue;
        }
        let takes = Takes::of(document.value(), &plain.path);
        let theirs = match (plain.value, document.is_json()) {
            (Some(value), true) => typed(value),
            _ => yaml11::read(plain.text),
        };
        drafts.extend(match (takes, plain.value) {
            (Some(Takes::Text), Some(value)) => text(&plain, value, theirs),
            (Some(Takes::Text), None) => name(&plain, theirs),
            (Some(takes @ (Takes::Integer | Takes::Number)), Some(value))
                if !document.is_json() =>
            {
                number(&plain, takes, value, theirs)
            }
            _ => None,
        });
    }
    drafts
}

/// Returns the reading of a value whose type is clear from the syntax.
fn typed(value: &Value) -> Reading {
    match value {
        Value::Null => Reading::Null,
        Value::Bool(_) => Reading::Boolean,
        Value::Number(number) => Reading::Float(number.as_f64().unwrap_or(f64::NAN)),
        _ => Reading::Text,
    }
}

/// Returns what the official Python tools do with a scalar that they do not read as a string.
fn refusal(reading: Reading) -> Option<&'static str> {
    match reading {
        Reading::Boolean => Some("read it as a boolean and reject it"),
        Reading::Integer(_) | Reading::Float(_) => Some("read it as a number and reject it"),
        Reading::Date => Some("read it as a date and reject it"),
        Reading::Null => Some("read it as null and reject it"),
        Reading::Malformed => Some("cannot read it"),
        Reading::Text => None,
    }
}

fn text(plain: &Plain<'_>, value: &Value, theirs: Reading) -> Option<Draft> {
    let written = plain.text;
    let here = match value {
        Value::String(text) => text.clone(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => float.to_string(),
            _ => number.to_string(),
        },
        // No value is what it says.
        _ => return None,
    };
    let message = match (here != written, refusal(theirs)) {
        (false, None) => return None,
        (true, None) => {
            format!(
                "`{written}` is read as the string `{here}`, but the official Python tools keep it as it is"
            )
        }
        (true, Some(refusal)) => format!(
            "`{written}` is read as the string `{here}`, but the official Python tools {refusal}"
        ),
        (false, Some(refusal)) => {
            format!("`{written}` is a string here, but the official Python tools {refusal}")
        }
    };
    let change = Change::Quote(plain.path.clone());
    let draft = Draft::new(&RULE, Place::Value(plain.path.clone()), message);
    Some(
        draft
            .help(format!("quote it: `\"{written}\"`"))
            .fix(Proposal::safe(format!("quote `{written}`"), change)),
    )
}

fn name(plain: &Plain<'_>, theirs: Reading) -> Option<Draft> {
    let (written, refusal) = (plain.text, refusal(theirs)?);
    let message = format!("`{written}` is a string here, but the official Python tools {refusal}");
    let draft = Draft::new(&RULE, Place::Key(plain.path.clone()), message);
    Some(draft.help(format!("quote it: `\"{written}\"`")))
}

fn number(plain: &Plain<'_>, takes: Takes, value: &Value, theirs: Reading) -> Option<Draft> {
    let written = plain.text;
    let here = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    let there = match theirs {
        #[expect(clippy::cast_precision_loss, reason = "two readings differ by more")]
        Reading::Integer(integer) => integer.map(|integer| (integer as f64, integer.to_string())),
        Reading::Float(float) => Some((float, float.to_string())),
        // A text that is a number in decimal is one to them too, an exponent in fractions only.
        _ if takes == Takes::Integer && written.parse::<i64>().is_err() => None,
        _ => written
            .parse()
            .ok()
            .map(|float: f64| (float, float.to_string())),
    };
    let message = match there {
        Some((there, _)) if there == here => return None,
        Some((_, there)) => {
            format!("`{written}` is {here} here, but {there} in the official Python tools")
        }
        None => format!("`{written}` is {here} here, but the official Python tools reject it"),
    };
    let draft = Draft::new(&RULE, Place::Value(plain.path.clone()), message);
    Some(draft.help("write the intended number in decimal, without leading zeros, `_` or `:`"))
}
