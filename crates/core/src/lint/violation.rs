//! A violation of the schema, as facts about the key or value that is wrong.

use super::fact::{Fact, FactKind};
use super::finding::Place;
use super::forms;
use super::spelling;
use crate::schema::{self, Kind, Schema};
use crate::template::{Path, Segment, items_of};
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};

/// One violation with what a message needs.
pub(super) struct Violation<'e> {
    pub path: Path,
    value: &'e Value,
    /// The items of the list that the value is one of.
    siblings: &'e [Value],
    root: &'static Value,
    found: &'e schema::Violation,
}

impl<'e> Violation<'e> {
    pub fn new(
        schema: &'static Schema,
        instance: &'e Value,
        base: &Path,
        found: &'e schema::Violation,
    ) -> Self {
        let siblings = found.path.parent();
        Self {
            value: found.path.get(instance).unwrap_or(&Value::Null),
            siblings: items_of(siblings.and_then(|list| list.get(instance))),
            path: base.join(found.path.segments()),
            root: schema.document(),
            found,
        }
    }

    fn text(&self, keyword: &str) -> Option<&'static str> {
        self.found.schema.get(keyword)?.as_str()
    }

    /// Returns the schema's description of the property `name`.
    fn about(&self, name: &str) -> Option<&'static str> {
        let property = self.found.schema.get("properties")?.get(name)?;
        let property = schema::target(self.root, property).unwrap_or(property);
        property.get("description")?.as_str()
    }

    /// Returns the types that the value may have, by the names that authors know.
    fn allowed_types(&self, names: &'static [Value]) -> Vec<&'static str> {
        let names = names.iter().filter_map(Value::as_str);
        let allowed: Vec<_> = names.filter(|name| *name != "null").collect();
        let has = |name: &str| allowed.contains(&name);
        let parameters = Segment::Key("parameterDefinitions".into());
        match () {
            // A field that takes strings and Booleans reads every scalar as a string.
            () if has("string") && has("boolean") => vec!["string"],
            // A job parameter has no format strings.
            () if self.path.segments().contains(&parameters) => allowed,
            () if has("string") && has("integer") => vec!["integer", "format string"],
            () => allowed,
        }
    }

    /// Returns the name of the value in a sentence.
    fn label(&self) -> String {
        match self.path.segments() {
            [.., Segment::Key(list), Segment::Index(index)] => {
                format!("item {} of `{list}`", index + 1)
            }
            [.., Segment::Key(key)] => format!("`{key}`"),
            _ => "the template".to_owned(),
        }
    }

    pub fn missing(&self, name: &str) -> Fact<'static> {
        Fact {
            place: Place::Object(self.path.clone()),
            kind: FactKind::MissingField {
                owner: self.label(),
                name: name.to_owned(),
                about: self.about(name).map(str::to_owned),
            },
        }
    }

    /// Reports the key that is meant to be the field `name`. Where the fields of an object depend on this one, no key is
    /// called unknown.
    pub fn misspelt(&self, name: &str) -> Option<Fact<'static>> {
        let cases = items_of(self.found.schema.get("allOf")).iter();
        let cases = cases.filter_map(|case| case.get("then"));
        let cases = cases.map(|case| schema::target(self.root, case).unwrap_or(case));
        let objects = [self.found.schema].into_iter().chain(cases);
        let fields = objects.filter_map(|object| object.get("properties")?.as_object());
        let known: BTreeSet<_> = fields.flat_map(|map| map.keys()).collect();
        let known: Vec<_> = known.into_iter().map(String::as_str).collect();
        let keys = self.value.as_object()?.keys();
        let mut unknown = keys.filter(|key| !known.contains(&key.as_str()));
        unknown.find_map(|key| {
            let fact = Fact::unknown_field(&self.path.key(key), &self.label(), &known);
            (fact.renamed_field().as_deref() == Some(name)).then_some(fact)
        })
    }

    fn invalid(&self, message: impl Into<String>) -> Vec<Fact<'static>> {
        vec![Fact::invalid_value(
            &self.path,
            message,
            self.text("description"),
        )]
    }

    pub fn facts(&self) -> Vec<Fact<'static>> {
        let label = self.label();
        let kind = &self.found.kind;
        match kind {
            Kind::Unexpected(unexpected) => {
                let known = self
                    .found
                    .schema
                    .get("properties")
                    .and_then(Value::as_object);
                let known: Vec<_> = known.into_iter().flat_map(|map| map.keys()).collect();
                let known: Vec<_> = known.into_iter().map(String::as_str).collect();
                let unknown = unexpected.iter();
                unknown
                    .map(|key| Fact::unknown_field(&self.path.key(key), &label, &known))
                    .collect()
            }
            // The branch of an alternative that has no such field.
            Kind::Nothing => {
                let owner = self.path.parent().unwrap_or_default();
                let owner = owner
                    .last_key()
                    .map_or("this object".to_owned(), |key| format!("this `{key}`"));
                vec![Fact::unknown_field(&self.path, &owner, &[])]
            }
            Kind::Type(allowed) => vec![self.wrong_type(&label, self.allowed_types(allowed))],
            Kind::Enum(options) => self.word(&label, options),
            Kind::Const(expected) => self.word(&label, std::slice::from_ref(*expected)),
            Kind::Minimum(_) => self.invalid(format!("{label} {kind}, not {}", self.value)),
            Kind::Name(name, kind) => vec![self.name(name, kind)],
            Kind::UniqueItems => self.duplicates(&label),
            Kind::Pattern(pattern) => {
                let text = self.value.as_str().unwrap_or_default();
                let about = self.text("description");
                vec![forms::violated(&self.path, &label, text, pattern, about)]
            }
            _ => self.invalid(format!("{label} {kind}")),
        }
    }

    fn word(&self, label: &str, options: &[Value]) -> Vec<Fact<'static>> {
        let options: Vec<_> = options.iter().filter_map(Value::as_str).collect();
        let written = match self.value {
            Value::String(written) => Some(written.clone()),
            // In quotes, it would be no better.
            Value::Bool(_) | Value::Number(_) => Some(self.value.to_string()),
            _ => None,
        };
        match written {
            Some(written) => {
                // A word that its list has already is not added a second time. Looking for it costs time, for each item of
                // a long list.
                let is_long = self.siblings.len() > spelling::MAX_CANDIDATES;
                let choices = options
                    .iter()
                    .filter(|option| !is_long && !self.siblings.contains(&Value::from(**option)));
                let owned = |word: &&str| (*word).to_owned();
                let kind = FactKind::NotOneOf {
                    label: label.to_owned(),
                    written,
                    choices: choices.map(owned).collect(),
                    allowed: options.iter().map(owned).collect(),
                };
                vec![Fact::at_value(&self.path, kind)]
            }
            None => vec![self.wrong_type(label, vec!["string"])],
        }
    }

    /// Reports a key that is not a valid name.
    fn name(&self, name: &str, kind: &Kind) -> Fact<'static> {
        let message = match kind {
            Kind::MaxLength(_) => format!("the name `{name}` is too long"),
            _ => format!("`{name}` is no name of a variable"),
        };
        let help = "a name has letters, digits and `_`, and does not start with a digit";
        let kind = FactKind::InvalidValue {
            message,
            help: Some(help.to_owned()),
        };
        let place = Place::Key(self.path.key(name));
        Fact { place, kind }
    }

    fn wrong_type(&self, label: &str, allowed: Vec<&'static str>) -> Fact<'static> {
        let kind = FactKind::WrongType {
            label: label.to_owned(),
            value: self.value.clone(),
            allowed,
            about: self.text("description").map(str::to_owned),
        };
        Fact::at_value(&self.path, kind)
    }

    /// Reports each item that is repeated in the list.
    fn duplicates(&self, label: &str) -> Vec<Fact<'static>> {
        let items = items_of(Some(self.value));
        let mut seen = HashSet::new();
        let repeated = items
            .iter()
            .enumerate()
            .filter(|(_, item)| !seen.insert(item.to_string()));
        repeated
            .map(|(index, item)| {
                let message = format!("{item} is repeated in {label}").replace('"', "`");
                Fact::invalid_value(&self.path.index(index), message, None)
            })
            .collect()
    }
}
