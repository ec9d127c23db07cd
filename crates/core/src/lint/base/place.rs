//! From an error of `openjd-model` to a finding with a place.

use super::constraints;
use super::strings::{range_in, string_of};
use super::undefined;
use crate::lint::expressions::Expressions;
use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Place;
use crate::lint::references;
use crate::lint::spelling;
use crate::template::{Document, Path};
use openjd_model::{DiagnosticSpan, PathElement, ValidationError};
use serde_json::Value;
use serde_path_to_error::Segment as DecodeSegment;
use std::collections::HashSet;

impl Path {
    /// Converts a path of `openjd-model`.
    pub(crate) fn from_model(elements: &[PathElement]) -> Self {
        elements
            .iter()
            .fold(Self::root(), |path, element| match element {
                PathElement::Field(key) => path.key(key),
                PathElement::Index(index) => path.index(*index),
            })
    }
}

/// Converts a path of the decoder, relative to `base`.
pub(super) fn path_of(path: &serde_path_to_error::Path, base: &Path, document: &Value) -> Path {
    let mut found = base.clone();
    for segment in path {
        found = match segment {
            DecodeSegment::Seq { index } => found.index(*index),
            DecodeSegment::Map { key } => found.key(key),
            // The variant of an enum is no place of its own.
            DecodeSegment::Enum { .. } | DecodeSegment::Unknown => break,
        };
        if found.get(document).is_none() {
            break;
        }
    }
    found
}

/// A decode error: a format string that does not parse, or a violation of the base's structure.
pub(super) fn decode_facts(
    expressions: &Expressions,
    document: &Value,
    path: &Path,
    message: &str,
) -> Vec<Fact<'static>> {
    if let Some(Value::String(text)) = path.get(document) {
        let errors = expressions.errors(text).into_iter();
        let facts: Vec<_> = errors
            .map(|(range, reason)| {
                let place = Place::Text(path.clone(), range.clone());
                Fact::unparsable(place, &reason, &text[range])
            })
            .collect();
        if !facts.is_empty() {
            return facts;
        }
    }
    let place = match message {
        _ if message.starts_with("unknown field") && path.last_key().is_some() => {
            Place::Key(path.clone())
        }
        _ => Place::of(document, path),
    };
    vec![Fact::rejected(place, message)]
}

/// Returns true if the error refers to one of the job parameters `names`.
pub(super) fn refers_to_one_of(error: &ValidationError, names: &HashSet<String>) -> bool {
    let spans = error.detail.iter().flat_map(|detail| detail.spans.iter());
    let mut texts = spans
        .map(|span| span.source.as_str())
        .chain([error.message.as_str()]);
    !names.is_empty() && texts.any(|text| parameters(text).any(|name| names.contains(name)))
}

/// The names in every `Param.<name>` of a text.
fn parameters(text: &str) -> impl Iterator<Item = &str> {
    text.split("Param.").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// A validation error at `path`.
pub(super) fn facts(
    expressions: &Expressions,
    document: &Value,
    path: &Path,
    error: &ValidationError,
) -> Vec<Fact<'static>> {
    let summary = error
        .detail
        .as_ref()
        .map_or(&error.message, |detail| &detail.summary);
    if let Some(detail) = &error.detail {
        let Some((path, text)) = string_of(document, path, &detail.spans) else {
            return vec![Fact::rejected(
                Place::named_in(summary, document, path),
                summary,
            )];
        };
        let place = |span: &DiagnosticSpan| Place::Text(path.clone(), range_in(text, span));
        return match detail.spans.as_slice() {
            [only] => vec![Fact::ill_typed(place(only), summary)],
            // An `if` both of whose branches fail: each is an error.
            several => several
                .iter()
                .map(|span| Fact::ill_typed(place(span), &span.summary))
                .collect(),
        };
    }
    if let Some(fact) = known(document, path, summary) {
        return vec![fact];
    }
    let is_let = summary.starts_with("Invalid expression in let binding");
    let needs_expr = summary.starts_with("complex expressions require");
    match path.get(document) {
        Some(Value::String(text)) if needs_expr => {
            let range = expressions.first_complex(text).unwrap_or(0..text.len());
            vec![Fact::ill_typed(Place::Text(path.clone(), range), summary)]
        }
        Some(Value::String(text)) if is_let => {
            let start = text.find('=').map_or(0, |equals| equals + 1);
            let start = start + text[start..].len() - text[start..].trim_start().len();
            if let Some(name) = references::undefined(summary) {
                let found = expressions.references(text, start..text.len());
                let own = found.into_iter().filter(|reference| reference.name == name);
                let facts: Vec<_> = own
                    .map(|reference| {
                        let place = Place::Text(path.clone(), reference.range);
                        undefined::fact(document, place, &name, summary)
                    })
                    .collect();
                if !facts.is_empty() {
                    return facts;
                }
            }
            vec![Fact::ill_typed(
                Place::Text(path.clone(), start..text.len()),
                summary,
            )]
        }
        _ => {
            let place = constraints::place(document, path, summary);
            let place = place.unwrap_or_else(|| Place::named_in(summary, document, path));
            vec![Fact::rejected(place, summary)]
        }
    }
}

/// Moves what is said of a name that repeats another to the item that repeats it, if the name stands behind an alias.
pub(super) fn of_repeated(document: &Document, fact: Fact<'static>) -> Fact<'static> {
    let path = fact.place.path();
    let is_repeated =
        matches!(&fact.kind, FactKind::Rejected { message } if message.starts_with("duplicate "));
    let alias = document
        .alias_span(path)
        .filter(|_| is_repeated && path.last_key() == Some("name"));
    let (Some(alias), Some(item)) = (alias, path.parent()) else {
        return fact;
    };
    let place = match document.value_span(&item) {
        Some(span) if span == alias => Place::Value(item),
        _ => Place::Object(item),
    };
    Fact { place, ..fact }
}

/// Maximum number of steps that a finding names.
const MAX_STEPS: usize = 10;

/// An error about a word for which there is another that is meant.
fn known(document: &Value, path: &Path, message: &str) -> Option<Fact<'static>> {
    let quoted = |start: &str| Some(message.split_once(start)?.1.split('\'').next()?.to_owned());
    if message.starts_with("capability '") && path.key("name").get(document).is_some() {
        return Some(Fact::rejected(Place::Value(path.key("name")), message));
    }
    let written = quoted("dependency '").filter(|_| message.contains("not found"))?;
    let steps = document.get("steps")?.as_array()?.iter();
    let steps = steps.take(spelling::MAX_CANDIDATES);
    let names = steps.filter_map(|step| step.get("name")?.as_str());
    let names: Vec<&str> = names.collect();
    let few = if names.len() > MAX_STEPS {
        &[]
    } else {
        &*names
    };
    let path = match path.get(document)? {
        Value::Object(_) => path.key("dependsOn"),
        _ => path.clone(),
    };
    let kind = FactKind::UnknownStep {
        near: spelling::nearest(&written, names.iter().copied()).map(str::to_owned),
        meant: spelling::unmistakable(&written, &names).map(str::to_owned),
        steps: few.iter().map(|name| (*name).to_owned()).collect(),
        written,
    };
    Some(Fact::at_value(&path, kind))
}
