//! Validation of values, by those keywords of JSON Schema (2020-12) that the schemas have.
//!
//! A schema is used as it stands: to compile one takes longer than all the rest of a check. Tests compare what is found
//! here with what a complete validator finds.

use super::keyword::{Keyword, target};
use super::violation::{Kind, Violation};
use crate::template::{Path, Segment, items_of};
use serde_json::Value;
use std::mem;
use std::ops::ControlFlow::{self, Break, Continue};

/// Returns true if `value` is valid against `schema`, a part of `root`.
pub(super) fn is_valid(root: &'static Value, schema: &'static Value, value: &Value) -> bool {
    let mut walk = Walk::new(root, None);
    walk.schema(schema, &Place::Root, value).is_continue()
}

/// Returns all that is wrong with `value`, by `schema`, a part of `root`.
pub(super) fn violations(
    root: &'static Value,
    schema: &'static Value,
    value: &Value,
) -> Vec<Violation> {
    let mut walk = Walk::new(root, Some(Vec::new()));
    // It does not break off, since it keeps what it finds.
    let _ = walk.schema(schema, &Place::Root, value);
    walk.found.unwrap_or_default()
}

/// Place of a value, as a list from the value up to the root: a path is made of it only where something is wrong.
enum Place<'p> {
    Root,
    Key(&'p Place<'p>, &'p str),
    Index(&'p Place<'p>, usize),
}

impl Place<'_> {
    fn path(&self) -> Path {
        let (above, segment) = match self {
            Self::Root => return Path::root(),
            Self::Key(above, key) => (above, Segment::Key((*key).into())),
            Self::Index(above, index) => (above, Segment::Index(*index)),
        };
        let mut path = above.path();
        path.push(segment);
        path
    }
}

/// Breaks off as soon as it is enough to know that something is wrong.
type Flow = ControlFlow<()>;

/// A walk through a schema and a value.
struct Walk {
    root: &'static Value,
    /// True within a `then`.
    is_conditional: bool,
    /// What is wrong; `None` if it is enough to know that something is.
    found: Option<Vec<Violation>>,
}

impl Walk {
    fn new(root: &'static Value, found: Option<Vec<Violation>>) -> Self {
        Self {
            root,
            is_conditional: false,
            found,
        }
    }

    fn schema(&mut self, schema: &'static Value, place: &Place<'_>, value: &Value) -> Flow {
        match schema {
            Value::Object(keywords) => keywords.iter().try_for_each(|(name, given)| {
                let keyword = Keyword {
                    name,
                    given,
                    schema,
                };
                self.keyword(&keyword, place, value)
            }),
            Value::Bool(true) => Continue(()),
            _ => self.broken(schema, place, Kind::Nothing),
        }
    }

    /// Keeps what is wrong with a value, by a keyword of `schema`.
    fn broken(&mut self, schema: &'static Value, place: &Place<'_>, kind: Kind) -> Flow {
        let Some(found) = &mut self.found else {
            return Break(());
        };
        found.push(Violation {
            path: place.path(),
            kind,
            schema,
            is_conditional: self.is_conditional,
        });
        Continue(())
    }

    fn keyword(&mut self, keyword: &Keyword<'_>, place: &Place<'_>, value: &Value) -> Flow {
        let given = keyword.given;
        match (keyword.name, value) {
            ("$ref", _) => match target(self.root, keyword.schema) {
                Some(target) => self.within(false, target, place, value),
                None => Continue(()),
            },
            ("allOf", _) => {
                let mut all = items_of(Some(given)).iter();
                all.try_for_each(|schema| self.schema(schema, place, value))
            }
            ("if", _) if is_valid(self.root, given, value) => match keyword.sibling("then") {
                Some(schema) => self.within(true, schema, place, value),
                None => Continue(()),
            },
            ("if", _) => match keyword.sibling("else") {
                Some(schema) => self.schema(schema, place, value),
                None => Continue(()),
            },
            ("properties", Value::Object(fields)) => {
                let mut known = given.as_object().into_iter().flatten();
                known.try_for_each(|(name, schema)| match fields.get(name) {
                    Some(field) => self.schema(schema, &Place::Key(place, name), field),
                    None => Continue(()),
                })
            }
            ("additionalProperties", Value::Object(fields)) if *given != Value::Bool(false) => {
                let mut others = fields.iter().filter(|(name, _)| !keyword.is_property(name));
                others.try_for_each(|(name, field)| {
                    self.schema(given, &Place::Key(place, name), field)
                })
            }
            ("prefixItems", Value::Array(own)) => {
                let mut pairs = items_of(Some(given)).iter().zip(own).enumerate();
                pairs.try_for_each(|(index, (schema, item))| {
                    self.schema(schema, &Place::Index(place, index), item)
                })
            }
            ("items", Value::Array(own)) => {
                let before = items_of(keyword.sibling("prefixItems")).len();
                let mut rest = own.iter().enumerate().skip(before);
                rest.try_for_each(|(index, item)| {
                    self.schema(given, &Place::Index(place, index), item)
                })
            }
            ("required", Value::Object(fields)) => {
                let names = items_of(Some(given)).iter().filter_map(Value::as_str);
                let mut missing = names.filter(|name| !fields.contains_key(*name));
                missing
                    .try_for_each(|name| self.broken(keyword.schema, place, Kind::Required(name)))
            }
            ("propertyNames", Value::Object(fields)) => fields.keys().try_for_each(|name| {
                let found = violations(self.root, given, &name.as_str().into());
                match found.into_iter().next() {
                    Some(first) => {
                        let kind = Kind::Name(name.clone(), Box::new(first.kind));
                        self.broken(keyword.schema, place, kind)
                    }
                    None => Continue(()),
                }
            }),
            ("anyOf" | "oneOf" | "not", _) => {
                let all = items_of(Some(given)).iter();
                let fitting = all
                    .filter(|schema| is_valid(self.root, schema, value))
                    .count();
                let is_met = match keyword.name {
                    "anyOf" => fitting > 0,
                    "oneOf" => fitting == 1,
                    _ => !is_valid(self.root, given, value),
                };
                match is_met {
                    true => Continue(()),
                    false => self.broken(keyword.schema, place, Kind::Form),
                }
            }
            _ => match keyword.broken(value) {
                None => Continue(()),
                Some(kind) => self.broken(keyword.schema, place, kind),
            },
        }
    }

    /// Applies a schema that lies in a `then`, or not.
    fn within(
        &mut self,
        is_conditional: bool,
        schema: &'static Value,
        place: &Place<'_>,
        value: &Value,
    ) -> Flow {
        let before = mem::replace(&mut self.is_conditional, is_conditional);
        let flow = self.schema(schema, place, value);
        self.is_conditional = before;
        flow
    }
}
