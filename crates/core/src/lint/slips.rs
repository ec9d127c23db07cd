//! Slips of the pen that YAML reads as something else: `{command:bash}`, a key without its colon, a dash without its
//! space.

use super::fact::FactKind;
use super::{structure, version};
use crate::schema;
use crate::template::{
    Document, Path, Problem, Segment, Syntax, TemplateKind, has_more_than_a_key, may_mean_more,
    meant_by_keys, meant_by_text, visit,
};
use serde_json::Value;
use std::collections::HashSet;

/// Returns the first slip in a document that can be read; `None` too if it is no template.
pub(super) fn first(document: &Document) -> Option<Problem> {
    let text = document.source().text();
    if document.syntax() != Syntax::Yaml || !version::is_mentioned(text) {
        return None;
    }
    let (mut keys, mut texts) = (Vec::new(), HashSet::new());
    visit(document.value(), &mut |path, value| match value {
        Value::Object(fields) => {
            let suspects = fields
                .iter()
                .filter(|(key, value)| is_suspect(path, key, value));
            keys.extend(suspects.filter_map(|(key, _)| document.key_span(&path.key(key))));
        }
        Value::String(text) if !is_of_text(path) && may_mean_more(text) => {
            texts.insert(path.clone());
        }
        _ => {}
    });
    keys.sort_unstable_by_key(|key| key.start);
    // A colon behind a name shows that it is all of the key.
    keys.retain(|key| {
        let behind = text[key.end..].trim_start_matches([' ', '\t']);
        !behind.starts_with(':')
            || !text[key.start..].starts_with(is_of_name)
            || has_more_than_a_key(&text[key.clone()])
    });
    meant_by_keys(text, &keys).or_else(|| of_texts(document, &texts))
}

/// Returns true for a key that no part of a template has: one that starts as a list item may, or has more in it than a
/// name.
fn is_suspect(owner: &Path, key: &str, value: &Value) -> bool {
    if !key.is_empty() && key.chars().all(is_of_name) {
        return false;
    }
    let is_variable = owner.last_key() == Some("variables");
    !is_variable && !key.starts_with(is_of_name)
        || value.is_null() && key.contains(|c| !is_of_name(c))
        || has_more_than_a_key(key)
}

/// Fields whose values are texts, or lists of texts.
const TEXTS: [&str; 12] = [
    "allOf",
    "allowedValues",
    "anyOf",
    "args",
    "command",
    "data",
    "default",
    "description",
    "label",
    "let",
    "name",
    "range",
];

/// Returns true where a text belongs, whatever it starts with.
fn is_of_text(path: &Path) -> bool {
    match path.segments() {
        [.., Segment::Key(owner), Segment::Key(_)] if owner == "variables" => true,
        // The command of a check is a mapping.
        [.., Segment::Key(owner), Segment::Key(_)] if owner == "onMonitor" => false,
        [.., Segment::Key(list), Segment::Index(_)] => TEXTS.contains(&list.as_str()),
        // A list that is meant may be read as a text.
        [.., Segment::Key(field)] => {
            field != "args" && field != "let" && TEXTS.contains(&field.as_str())
        }
        _ => false,
    }
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// Returns the first slip in the texts at these paths that stand where a mapping or a list must.
fn of_texts(document: &Document, texts: &HashSet<Path>) -> Option<Problem> {
    if texts.is_empty() {
        return None;
    }
    let schema = match version::of(document)?.0 {
        TemplateKind::Job => &schema::JOB_TEMPLATE,
        TemplateKind::Environment => &schema::ENVIRONMENT_TEMPLATE,
    };
    let facts = structure::check(schema, document.value(), &Path::root());
    facts.iter().find_map(|fact| {
        let path = fact.place.path();
        let FactKind::WrongType { allowed, .. } = &fact.kind else {
            return None;
        };
        let is_list = match allowed.as_slice() {
            ["object"] => false,
            ["array"] => true,
            _ => return None,
        };
        let span = document.value_span(path).filter(|_| texts.contains(path))?;
        meant_by_text(document.source().text(), &span, is_list)
    })
}
