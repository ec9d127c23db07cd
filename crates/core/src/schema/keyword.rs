//! The keywords that concern a value alone, and not what it contains.

use super::patterns;
use super::violation::Kind;
use serde_json::{Number, Value};
use std::cmp::Ordering;
use std::collections::HashSet;

/// A keyword of `schema`, with what is given for it.
pub(super) struct Keyword<'k> {
    pub name: &'k str,
    pub given: &'static Value,
    pub schema: &'static Value,
}

impl Keyword<'_> {
    pub fn sibling(&self, name: &str) -> Option<&'static Value> {
        self.schema.get(name)
    }

    /// Returns true if `properties` has a schema for `name`.
    pub fn is_property(&self, name: &str) -> bool {
        let known = self.sibling("properties").and_then(Value::as_object);
        known.is_some_and(|known| known.contains_key(name))
    }

    /// Returns what the keyword requires, if `value` does not have it.
    pub fn broken(&self, value: &Value) -> Option<Kind> {
        let (is_met, kind) = match (self.name, value) {
            ("type", _) => (
                self.all().iter().any(|name| is_of_type(name, value)),
                Kind::Type(self.all()),
            ),
            ("enum", _) => (
                self.all().iter().any(|option| is_equal(option, value)),
                Kind::Enum(self.all()),
            ),
            ("const", _) => (is_equal(self.given, value), Kind::Const(self.given)),
            ("additionalProperties", Value::Object(fields)) => {
                let unknown = fields.keys().filter(|name| !self.is_property(name));
                let unknown: Vec<_> = unknown.cloned().collect();
                (unknown.is_empty(), Kind::Unexpected(unknown))
            }
            ("minProperties", Value::Object(fields)) => {
                let least = self.given.as_u64()?;
                (fields.len() as u64 >= least, Kind::MinProperties(least))
            }
            ("minItems", Value::Array(own)) => {
                let least = self.given.as_u64()?;
                (own.len() as u64 >= least, Kind::MinItems(least))
            }
            ("maxItems", Value::Array(own)) => {
                let most = self.given.as_u64()?;
                (own.len() as u64 <= most, Kind::MaxItems(most))
            }
            ("uniqueItems", Value::Array(own)) => {
                let mut seen = HashSet::new();
                (own.iter().all(|item| seen.insert(item)), Kind::UniqueItems)
            }
            ("minLength", Value::String(text)) => {
                let least = self.given.as_u64()?;
                (text.chars().count() as u64 >= least, Kind::MinLength(least))
            }
            ("maxLength", Value::String(text)) => {
                let most = self.given.as_u64()?;
                (text.chars().count() as u64 <= most, Kind::MaxLength(most))
            }
            ("pattern", Value::String(text)) => {
                let pattern = self.given.as_str()?;
                (patterns::is_match(pattern, text), Kind::Pattern(pattern))
            }
            ("minimum", Value::Number(number)) => (
                compared(number, self.given)?.is_ge(),
                Kind::Minimum(self.given),
            ),
            ("maximum", Value::Number(number)) => (
                compared(number, self.given)?.is_le(),
                Kind::Maximum(self.given),
            ),
            ("exclusiveMinimum", Value::Number(number)) => (
                compared(number, self.given)?.is_gt(),
                Kind::ExclusiveMinimum(self.given),
            ),
            // About values of another type, or for people.
            _ => return None,
        };
        (!is_met).then_some(kind)
    }

    /// Returns the values of a list, or the only one.
    fn all(&self) -> &'static [Value] {
        match self.given {
            Value::Array(all) => all,
            one => std::slice::from_ref(one),
        }
    }
}

/// Returns what the `$ref` of `schema` refers to, which is in the same file, `root`; `None` if it has none.
pub(crate) fn target<'s>(root: &'s Value, schema: &Value) -> Option<&'s Value> {
    root.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
}

fn is_of_type(name: &Value, value: &Value) -> bool {
    match (name.as_str(), value) {
        (Some("null"), Value::Null)
        | (Some("boolean"), Value::Bool(_))
        | (Some("string"), Value::String(_))
        | (Some("number"), Value::Number(_))
        | (Some("array"), Value::Array(_))
        | (Some("object"), Value::Object(_)) => true,
        // Also one that is written as 10.0.
        (Some("integer"), Value::Number(number)) => {
            number.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        _ => false,
    }
}

/// Compares scalars; 1 and 1.0 are equal.
fn is_equal(expected: &Value, value: &Value) -> bool {
    match value {
        Value::Number(number) => compared(number, expected) == Some(Ordering::Equal),
        other => other == expected,
    }
}

/// Compares numbers; `None` if `limit` is none.
fn compared(number: &Number, limit: &Value) -> Option<Ordering> {
    match (number.as_i128(), limit.as_number()?.as_i128()) {
        (Some(number), Some(limit)) => Some(number.cmp(&limit)),
        _ => number.as_f64()?.partial_cmp(&limit.as_f64()?),
    }
}
