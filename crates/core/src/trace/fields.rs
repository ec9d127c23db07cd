//! Fields of an event, or of an expected one, in the order of the scenario format.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;

/// Order in which fields are written.
const ORDER: [&str; 16] = [
    "at",
    "event",
    "environment",
    "step",
    "slot",
    "command",
    "args",
    "variables",
    "result",
    "reason",
    "failures",
    "text",
    "source",
    "target",
    "state",
    "failMessage",
];

/// Named fields; written as a JSON object on one line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields(Vec<(Cow<'static, str>, Value)>);

impl Fields {
    pub(super) fn with_capacity(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// Returns the value of the field `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let field = self.0.iter().find(|(of, _)| of == name)?;
        Some(&field.1)
    }

    /// Returns the value of the field `name`, if it is a string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// Returns the fields in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    pub(super) fn push(&mut self, name: &'static str, value: impl Into<Value>) {
        self.0.push((Cow::Borrowed(name), value.into()));
    }
}

impl From<&Map<String, Value>> for Fields {
    fn from(map: &Map<String, Value>) -> Self {
        let place = |name: &str| {
            ORDER
                .iter()
                .position(|known| *known == name)
                .unwrap_or(ORDER.len())
        };
        let fields = map
            .iter()
            .map(|(name, value)| (Cow::Owned(name.clone()), value.clone()));
        let mut fields: Vec<_> = fields.collect();
        fields.sort_by_key(|(name, _)| place(name));
        Self(fields)
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}
