//! Definitions whose names are none: each gets another, so that the rest of it and all others stay in scope.

use crate::lint::context::Context;
use crate::lint::fact::Fact;
use crate::lint::finding::Place;
use crate::lint::misnamed::{self, is_name};
use crate::template::{TemplateKind, items_of, text_of};
use openjd_model::ValidationError;
use serde_json::Value;

/// Start of the names that stand in. Behind that of a definition whose name is none follow its number and `_`.
pub(super) const START: &str = "OpenjdMonitorPlaceholder";

/// What is said of a name where the schema says nothing.
const NO_NAME: &str = "this is no name";

/// Reports the definitions whose names are none, if anything refers to them: the model has nothing against such a name of
/// an embedded file in an Environment.
pub(super) fn facts(context: &Context<'_>) -> impl Iterator<Item = Fact<'static>> {
    let definitions = context.budget.misnamed().iter();
    definitions.map(|path| Fact::rejected(Place::Value(path.key("name")), NO_NAME))
}

/// The names as they are written, in the order of the numbers of those that stand in.
#[derive(Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    /// Replaces the names in `value` that are none. Returns them, and a fact on each.
    pub fn replaced(kind: TemplateKind, value: &mut Value) -> (Self, Vec<Fact<'static>>) {
        let mut names = Self::default();
        let mut facts = Vec::new();
        for list in misnamed::lists(kind, value) {
            for index in 0..items_of(list.get(value)).len() {
                let path = list.index(index);
                let Some(Value::Object(definition)) = path.get_mut(value) else {
                    continue;
                };
                let written = definition.get("name").map(text_of).unwrap_or_default();
                if definition.get("name").is_some_and(Value::is_string) && is_name(&written) {
                    continue;
                }
                let stand_in = format!("{START}{}_", names.0.len());
                let place = match definition.insert("name".to_owned(), stand_in.into()) {
                    Some(_) => Place::Value(path.key("name")),
                    None => Place::Object(path),
                };
                facts.push(Fact::rejected(place, NO_NAME));
                names.0.push(written);
            }
        }
        (names, facts)
    }

    /// Puts the names that are written into what `error` says.
    pub fn restore(&self, error: &mut ValidationError) {
        let Self(written) = self;
        let mut parts = error.message.split(START);
        let Some(first) = parts.next().filter(|_| !written.is_empty()) else {
            return;
        };
        let mut message = first.to_owned();
        for part in parts {
            let (number, rest) = part.split_once('_').unwrap_or((part, ""));
            let name = number
                .parse()
                .ok()
                .and_then(|index: usize| written.get(index));
            message.push_str(name.map_or("", String::as_str));
            message.push_str(rest);
        }
        error.message = message;
    }
}
