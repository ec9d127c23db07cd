//! Values of a monitor, with where they stand.

use super::path::Path;
use serde_json::Value;

/// A value of a monitor, with where it stands.
#[derive(Debug, Clone)]
pub struct Field<'d> {
    /// Path in the document: in the monitor itself or in the override that gives it.
    pub path: Path,
    /// The value as written, possibly malformed.
    pub value: &'d Value,
}

/// A number that a template may also leave to a format string (SCH-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number<'d> {
    /// Written out.
    Literal(i64),
    /// A format string: with an interpolation, or a number in quotes.
    Format(&'d str),
}

impl<'d> Field<'d> {
    /// The field as a number; `None` if it is neither an integer nor a string.
    pub fn number(&self) -> Option<Number<'d>> {
        match self.value {
            Value::String(text) => Some(Number::Format(text)),
            Value::Number(number) => {
                // YAML writes 010 and JSON 10.0 for the integer 10; beyond i64 it is no number here.
                let float = || {
                    number
                        .as_f64()
                        .filter(|float| float.fract() == 0.0 && float.abs() < 9e18)
                        .map(|float| float as i64)
                };
                number.as_i64().or_else(float).map(Number::Literal)
            }
            _ => None,
        }
    }

    /// The field under `key`, if there is one and it is not null.
    pub fn child(&self, key: &str) -> Option<Field<'d>> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(Field {
            path: self.path.key(key),
            value,
        })
    }

    /// The numbers that a monitor or an override gives.
    pub fn numbers(&self) -> impl Iterator<Item = Field<'d>> {
        NUMBERS.into_iter().filter_map(|key| self.child(key))
    }

    /// The format strings of an `<Action>`: its command and its arguments.
    pub fn action_strings(&self) -> Vec<Field<'d>> {
        let args = self.child("args");
        let args = args.iter().flat_map(Field::items);
        self.child("command").into_iter().chain(args).collect()
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> Vec<Field<'d>> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items
            .map(|(index, value)| Field {
                path: self.path.index(index),
                value,
            })
            .collect()
    }
}

/// The fields of a monitor that are numbers (SCH-5).
const NUMBERS: [&str; 3] = ["period", "failureThreshold", "initialDelay"];

/// Returns the least value of a number of a monitor (SCH-7); `None` for other fields. The floor of `period`
/// is the runtime's (SCH-6).
pub fn least_value(field: &str) -> Option<i64> {
    match field {
        "period" => Some(i64::MIN),
        "failureThreshold" => Some(1),
        "initialDelay" => Some(0),
        _ => None,
    }
}
