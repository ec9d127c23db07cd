//! Format strings in lists of integers: the specification and the official Python tools take them, `openjd-model` does not.

use crate::lint::fact::Fact;
use crate::template::{Path, items_of, text_of};
use serde_json::Value;

/// Types of task parameters whose ranges are lists of integers.
const INTEGERS: [&str; 2] = ["INT", "CHUNK[INT]"];

/// Replaces the format strings in ranges of `value` by numbers, and returns a fact on each.
pub(super) fn replaced(value: &mut Value) -> Vec<Fact<'static>> {
    let mut facts = Vec::new();
    for step in 0..items_of(value.get("steps")).len() {
        let space = Path::root().key("steps").index(step).key("parameterSpace");
        let list = space.key("taskParameterDefinitions");
        for index in 0..items_of(list.get(value)).len() {
            let definition = list.index(index);
            let kind = definition.key("type").get(value).and_then(Value::as_str);
            if !kind.is_some_and(|kind| INTEGERS.contains(&kind)) {
                continue;
            }
            let range = definition.key("range");
            let Some(Value::Array(items)) = range.get_mut(value) else {
                continue;
            };
            let texts: Vec<_> = items.iter().map(text_of).collect();
            let help = format!(
                "write the range as a text: `range: \"{}\"`",
                texts.join(",")
            );
            for (item, own) in items.iter_mut().enumerate() {
                if own.as_str().is_some_and(|text| text.contains("{{")) {
                    let message =
                        "the official Rust tools take no format string in a list of integers";
                    facts.push(Fact::invalid_value(
                        &range.index(item),
                        message,
                        Some(&help),
                    ));
                    *own = 1.into();
                }
            }
        }
    }
    facts
}
