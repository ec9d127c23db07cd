//! `uneven-association`: ranges of different length, of which a combination takes one value each at a time.

use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::template::{Path, items_of};
use openjd_expr::RangeExpr;
use serde_json::Value;
use std::collections::HashMap;
use std::ops::Range;

pub(super) static RULE: Rule = rule!(
    "uneven-association",
    Warning,
    "task parameters in `(A, B)` of a combination whose ranges differ in length, so that no job can be made",
    []
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let list = items_of(pass.context.document.value().get("steps"));
    let steps = list.iter().enumerate().filter_map(|(index, step)| {
        let path = Path::root().key("steps").index(index).key("parameterSpace");
        Some((path, step.get("parameterSpace")?))
    });
    steps
        .flat_map(|(path, space)| in_space(&path, space))
        .collect()
}

/// A range whose length is known.
struct Known {
    path: Path,
    length: usize,
}

fn in_space(path: &Path, space: &Value) -> Vec<Draft> {
    let Some(text) = space.get("combination").and_then(Value::as_str) else {
        return Vec::new();
    };
    let path_of_all = path.key("taskParameterDefinitions");
    let list = items_of(space.get("taskParameterDefinitions"));
    let definitions = list.iter().enumerate();
    let known = definitions.filter_map(|(index, definition)| {
        let path = path_of_all.index(index).key("range");
        let length = length(definition)?;
        Some((definition.get("name")?.as_str()?, Known { path, length }))
    });
    let mut reader = Reader {
        text,
        at: 0,
        known: known.collect(),
        place: path.key("combination"),
        drafts: Vec::new(),
    };
    reader.product();
    reader.drafts
}

/// Returns the number of values that a task parameter has, if the template tells.
fn length(definition: &Value) -> Option<usize> {
    let kind = definition.get("type")?.as_str()?;
    match definition.get("range")? {
        // How many chunks there are is for the runtime to say.
        _ if kind.to_uppercase().starts_with("CHUNK") => None,
        Value::Array(items) => Some(items.len()),
        Value::String(range) if kind.eq_ignore_ascii_case("INT") && !range.contains("{{") => {
            Some(range.trim().parse::<RangeExpr>().ok()?.len())
        }
        _ => None,
    }
}

/// Reads a combination: `A * (B, C)`.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    known: HashMap<&'t str, Known>,
    place: Path,
    drafts: Vec<Draft>,
}

/// A part of a combination.
struct Part<'t> {
    text: &'t str,
    /// The number of its values, if it is known.
    length: Option<usize>,
    /// The ranges that it is made of.
    ranges: Vec<Path>,
}

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 50;

impl<'t> Reader<'t> {
    fn product(&mut self) -> Option<Part<'t>> {
        self.product_at(0)
    }

    fn product_at(&mut self, depth: usize) -> Option<Part<'t>> {
        self.skip_spaces();
        let start = self.at;
        let mut all = self.factor(depth)?;
        let mut end = self.at;
        while self.takes('*') {
            let next = self.factor(depth)?;
            all.length = all
                .length
                .zip(next.length)
                .and_then(|(one, other)| one.checked_mul(other));
            all.ranges.extend(next.ranges);
            end = self.at;
        }
        all.text = self.text[start..end].trim();
        Some(all)
    }

    fn factor(&mut self, depth: usize) -> Option<Part<'t>> {
        self.skip_spaces();
        let start = self.at;
        if !self.takes('(') {
            let rest = &self.text[self.at..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            let name = &rest[..end.unwrap_or(rest.len())];
            self.at += name.len();
            let known = self.known.get(name);
            return (!name.is_empty()).then(|| Part {
                text: name,
                length: known.map(|known| known.length),
                ranges: known.iter().map(|known| known.path.clone()).collect(),
            });
        }
        if depth == MAX_DEPTH {
            return None;
        }
        let mut parts = vec![self.product_at(depth + 1)?];
        while self.takes(',') {
            parts.push(self.product_at(depth + 1)?);
        }
        if !self.takes(')') {
            return None;
        }
        self.drafts.extend(self.judge(&parts, start..self.at));
        Some(Part {
            text: &self.text[start..self.at],
            length: parts.iter().find_map(|part| part.length),
            ranges: parts.into_iter().flat_map(|part| part.ranges).collect(),
        })
    }

    fn judge(&self, parts: &[Part<'t>], range: Range<usize>) -> Option<Draft> {
        let known = || parts.iter().filter_map(|part| Some((part, part.length?)));
        let (first, length) = known().next()?;
        let (other, different) = known().find(|(_, other)| *other != length)?;
        let message = format!(
            "`{}` has {}, but `{}` has {different}: an association takes one of each at a time",
            first.text,
            values(length),
            other.text
        );
        let place = Place::Text(self.place.clone(), range);
        let all = spaced(parts.iter().map(|part| part.text));
        let draft = Draft::new(&RULE, place, message).help(format!(
            "give all ranges the same number of values, or write `{all}` for each value with each other"
        ));
        Some(known().fold(draft, |draft, (part, length)| {
            let note = format!("`{}` has {}", part.text, values(length));
            match part.ranges.as_slice() {
                [only] => draft.related(Place::Value(only.clone()), note),
                several => several.iter().fold(draft, |draft, path| {
                    draft.related(Place::Value(path.clone()), format!("of {note}"))
                }),
            }
        }))
    }

    fn skip_spaces(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn takes(&mut self, expected: char) -> bool {
        self.skip_spaces();
        let is_next = self.text[self.at..].starts_with(expected);
        self.at += usize::from(is_next);
        is_next
    }
}

fn values(count: usize) -> String {
    match count {
        1 => "1 value".to_owned(),
        more => format!("{more} values"),
    }
}

fn spaced<'t>(parts: impl Iterator<Item = &'t str>) -> String {
    parts.collect::<Vec<_>>().join(" * ")
}
