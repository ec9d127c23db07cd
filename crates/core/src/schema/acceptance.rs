//! A quick look at a value: one that is certainly valid needs no compiled schema.
//!
//! To compile the schema of a monitor takes longer than all the rest of the check of a template.

use serde_json::{Map, Value};
use std::collections::HashSet;

/// Returns true if `value` is certainly valid against `schema`, a part of `root`. A keyword that is not known here
/// decides nothing, so that the answer is false.
pub(super) fn accepts(root: &Value, schema: &Value, value: &Value) -> bool {
    match schema {
        Value::Bool(accepts_all) => *accepts_all,
        Value::Object(siblings) => siblings.iter().all(|(name, given)| {
            let keyword = Keyword {
                root,
                siblings,
                name,
                given,
            };
            keyword.accepts(value)
        }),
        _ => false,
    }
}

/// A keyword of a schema, with those beside it.
struct Keyword<'s> {
    root: &'s Value,
    siblings: &'s Map<String, Value>,
    name: &'s str,
    given: &'s Value,
}

impl Keyword<'_> {
    fn accepts(&self, value: &Value) -> bool {
        let is_at_least = |count: usize| {
            self.given
                .as_u64()
                .is_some_and(|least| count as u64 >= least)
        };
        match (self.name, value) {
            (
                "$schema" | "$id" | "$defs" | "$comment" | "title" | "description" | "default"
                | "examples",
                _,
            ) => true,
            ("$ref", _) => self
                .target()
                .is_some_and(|target| accepts(self.root, target, value)),
            ("type", _) => self.any(|name| is_of_type(name, value)),
            ("enum", _) => self.any(|allowed| allowed == value),
            ("const", _) => self.given == value,
            // What `then` accepts is valid, whatever `if` says.
            ("if", _) => true,
            ("then", _) => accepts(self.root, self.given, value),
            ("properties", Value::Object(fields)) => self.given.as_object().is_some_and(|known| {
                let mut present = known
                    .iter()
                    .filter_map(|(name, schema)| Some((schema, fields.get(name)?)));
                present.all(|(schema, field)| accepts(self.root, schema, field))
            }),
            ("additionalProperties", Value::Object(fields)) => {
                let known = self.siblings.get("properties").and_then(Value::as_object);
                let is_known = |name: &str| known.is_some_and(|known| known.contains_key(name));
                let mut others = fields.iter().filter(|(name, _)| !is_known(name));
                others.all(|(_, field)| accepts(self.root, self.given, field))
            }
            ("required", Value::Object(fields)) => {
                self.all(|name| name.as_str().is_some_and(|name| fields.contains_key(name)))
            }
            ("minProperties", Value::Object(fields)) => is_at_least(fields.len()),
            ("items", Value::Array(items)) => items
                .iter()
                .all(|item| accepts(self.root, self.given, item)),
            ("minItems", Value::Array(items)) => is_at_least(items.len()),
            ("uniqueItems", Value::Array(items)) => {
                let mut seen = HashSet::new();
                items
                    .iter()
                    .all(|item| item.as_str().is_some_and(|item| seen.insert(item)))
            }
            ("minLength", Value::String(text)) => is_at_least(text.chars().count()),
            ("pattern", Value::String(text)) => self
                .given
                .as_str()
                .is_some_and(|pattern| has_literal(pattern, text)),
            ("minimum", Value::Number(number)) => {
                let both = number.as_i64().zip(self.given.as_i64());
                both.is_some_and(|(number, least)| number >= least)
            }
            // A keyword for values of another type.
            ("properties" | "additionalProperties" | "required" | "minProperties", _)
            | ("items" | "minItems" | "uniqueItems" | "minLength" | "pattern" | "minimum", _) => {
                true
            }
            _ => false,
        }
    }

    fn target(&self) -> Option<&Value> {
        self.root.pointer(self.given.as_str()?.strip_prefix('#')?)
    }

    /// Returns true if one of the values given, or the only one, is such.
    fn any(&self, is_such: impl Fn(&Value) -> bool) -> bool {
        match self.given {
            Value::Array(all) => all.iter().any(is_such),
            one => is_such(one),
        }
    }

    fn all(&self, is_such: impl Fn(&Value) -> bool) -> bool {
        self.given
            .as_array()
            .is_some_and(|all| all.iter().all(is_such))
    }
}

fn is_of_type(name: &Value, value: &Value) -> bool {
    match (name.as_str(), value) {
        (Some("null"), Value::Null)
        | (Some("boolean"), Value::Bool(_))
        | (Some("string"), Value::String(_))
        | (Some("number"), Value::Number(_))
        | (Some("array"), Value::Array(_))
        | (Some("object"), Value::Object(_)) => true,
        (Some("integer"), Value::Number(number)) => number.is_i64(),
        _ => false,
    }
}

/// Returns true if the first alternative of `pattern` is plain text, and in `text`: `\{\{|…` for format strings.
fn has_literal(pattern: &str, text: &str) -> bool {
    let first = pattern.split('|').next().unwrap_or_default();
    let literal = first.replace('\\', "");
    !literal.is_empty() && regex::escape(&literal) == first && text.contains(&literal)
}

#[cfg(test)]
mod tests {
    use crate::schema::MONITOR;
    use crate::template::{Path, Segment, visit};
    use serde_json::{Value, json};

    /// Returns `value` with each of its parts replaced, removed or extended in turn.
    fn changed(value: &Value) -> Vec<Value> {
        let others = [
            json!(null),
            json!(true),
            json!(0),
            json!(1),
            json!(5),
            json!(-1),
            json!(1.5),
            json!(10.0),
            json!(1e30),
            json!(""),
            json!("x"),
            json!("5"),
            json!("{{Param.A}}"),
            json!("log"),
            json!("onEnter"),
            json!([]),
            json!(["onEnter", "onEnter"]),
            json!(["onExit", 5]),
            json!({}),
            json!({"mode": "TERMINATE"}),
            json!({"mode": "TERMINATE", "x": 1}),
            json!({"mode": "NOTIFY_THEN_TERMINATE"}),
            json!({"command": "x"}),
        ];
        let mut paths = Vec::new();
        visit(value, &mut |path: &Path, _| paths.push(path.clone()));
        let mut all = vec![value.clone()];
        for path in paths {
            for other in &others {
                let mut replaced = value.clone();
                if let Some(part) = path.get_mut(&mut replaced) {
                    *part = other.clone();
                }
                all.push(replaced);
            }
            let mut changed = value.clone();
            let owner = path.parent().unwrap_or_default();
            match (path.segments().last(), owner.get_mut(&mut changed)) {
                (Some(Segment::Key(key)), Some(Value::Object(fields))) => {
                    let removed = fields.remove(key.as_str());
                    all.push(changed.clone());
                    if let (Some(removed), Some(Value::Object(fields))) =
                        (removed, owner.get_mut(&mut changed))
                    {
                        fields.insert("other".to_owned(), removed);
                    }
                }
                (Some(Segment::Index(_)), Some(Value::Array(items))) => {
                    items.extend(items.first().cloned())
                }
                _ => {}
            }
            all.push(changed);
        }
        all
    }

    #[test]
    fn what_is_accepted_at_once_is_valid() {
        let monitor = json!({
            "command": {"command": "bash", "args": ["-c", 5], "timeout": 10, "cancelation": {"mode": "TERMINATE"}},
            "period": 30,
            "failureThreshold": "{{Param.Threshold}}",
            "initialDelay": 0,
            "onFailure": "terminate",
            "scope": ["onEnter", "onWrapTaskRun"],
            "overrides": {"onEnter": {"period": 60, "command": {"command": "true", "args": null}}},
        });
        assert!(MONITOR.accepts(&monitor));
        let mut valid = [0, 0];
        for changed in changed(&monitor) {
            let is_valid = MONITOR.validator().is_valid(&changed);
            assert!(is_valid || !MONITOR.accepts(&changed), "{changed:#}");
            valid[usize::from(MONITOR.accepts(&changed))] += usize::from(is_valid);
        }
        let [unsure, accepted] = valid;
        assert!(accepted > 5 * unsure, "{accepted} accepted, {unsure} not");
    }
}
