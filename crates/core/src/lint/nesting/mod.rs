//! Fields whose indentation puts them into another mapping than the one that has such fields.

mod items;

use super::context::Context;
use super::fact::{Fact, FactKind};
use super::spelling;
use crate::schema;
use crate::template::{Document, Edit, Entry, Path, Problem, Repair, Segment, TemplateKind, visit};
use serde_json::Value;
use std::ops::Range;

/// Fields that authors rather put where there is no such field than indent wrongly.
const WANTED: [&str; 2] = ["description", "onMonitor"];

/// Returns the mistakes of a template for which `facts` have been found, each with its repair.
pub(super) fn mistakes(context: &Context<'_>, facts: &[Fact<'_>]) -> Vec<Problem> {
    let is_sign = |fact: &Fact<'_>| {
        fact.is_unknown_field() || matches!(fact.kind, FactKind::MissingField { .. })
    };
    if !facts.iter().any(is_sign) {
        return Vec::new();
    }
    let search = Search {
        document: context.document,
        schema: match context.kind {
            TemplateKind::Job => schema::JOB_TEMPLATE.document(),
            TemplateKind::Environment => schema::ENVIRONMENT_TEMPLATE.document(),
        },
    };
    let mut found = Vec::new();
    visit(context.document.value(), &mut |path, value| match value {
        Value::Object(_) => found.extend(search.mapping(path)),
        Value::Array(items) => found.extend(search.list(path, items)),
        _ => {}
    });
    found.sort_by_key(|problem: &Problem| problem.span.start);
    // The lines of one may be within those of another.
    let mut end = 0;
    found.retain(|problem| {
        let edits = problem.repair.iter().flat_map(|repair| &repair.edits);
        let (first, last) = edits.fold((usize::MAX, 0), |(first, last), edit| {
            (first.min(edit.span.start), last.max(edit.span.end))
        });
        let is_apart = first >= end;
        end = end.max(last + 1);
        is_apart
    });
    found
}

struct Search<'d> {
    document: &'d Document,
    /// The schema of the template.
    schema: &'static Value,
}

impl Search<'_> {
    /// Returns what `schema` refers to, itself or with the first of its `allOf`.
    fn resolved(&self, mut schema: &'static Value) -> &'static Value {
        let has_own = |schema: &Value| schema.get("properties").is_some();
        let first = |schema: &'static Value| schema.get("allOf")?.get(0);
        let target = |schema| {
            let first = first(schema).filter(|_| !has_own(schema));
            schema::target(self.schema, schema).or_else(|| schema::target(self.schema, first?))
        };
        while let Some(target) = target(schema) {
            schema = target;
        }
        schema
    }

    /// Returns the schema of a field of a mapping.
    fn field(&self, mapping: &'static Value, name: &str) -> Option<&'static Value> {
        let own = mapping.get("properties").and_then(|all| all.get(name));
        let variants = || {
            let variants = mapping.get("allOf")?.as_array()?;
            let mut variants = variants.iter().filter_map(|variant| variant.get("then"));
            variants.find_map(|variant| self.resolved(variant).get("properties")?.get(name))
        };
        Some(self.resolved(own.or_else(variants)?))
    }

    /// Returns the schema of the value at `path`.
    fn at(&self, path: &Path) -> Option<&'static Value> {
        let mut segments = path.segments().iter();
        segments.try_fold(self.schema, |schema, segment| match segment {
            Segment::Key(key) => self.field(schema, key),
            Segment::Index(_) => Some(self.resolved(schema.get("items")?)),
        })
    }

    fn mapping(&self, path: &Path) -> Vec<Problem> {
        let entries = self.document.outline(path);
        let Some(schema) = self.at(path).filter(|_| !entries.is_empty()) else {
            return Vec::new();
        };
        let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
        let is_known: Vec<_> = entries
            .iter()
            .map(|entry| !is_closed || self.field(schema, &entry.key).is_some())
            .collect();
        if is_known.iter().all(|is_known| *is_known) {
            return Vec::new();
        }
        let place = Mapping {
            path,
            schema,
            entries: &entries,
            is_known: &is_known,
        };
        let mut found = self.beside_their_key(&place);
        if found.is_empty() {
            found.extend(self.too_deep(&place));
        }
        found
    }

    /// Fields that follow the key of their mapping, which has no value, at the same column.
    fn beside_their_key(&self, place: &Mapping<'_>) -> Vec<Problem> {
        let value = place.path.get(self.document.value());
        let group = |(index, owner): (usize, &Entry)| {
            let schema = self.field(place.schema, &owner.key)?;
            let belongs = |at: &usize| {
                let entry = &place.entries[*at];
                let is_variable =
                    schema.get("propertyNames").is_some() && !place.is_known[*at] && {
                        let value = value.and_then(|value| value.get(&entry.key));
                        value.is_some_and(|value| value.is_string() || value.is_number())
                    };
                is_variable || self.field(schema, &entry.key).is_some()
            };
            let behind = index + 1..place.entries.len();
            let run = behind.take_while(belongs).count();
            let last = (index + 1..=index + run).rfind(|at| !place.is_known[*at])?;
            let group = &place.entries[index + 1..=last];
            let lines = lines_of(group)?;
            let edits = self.document.indented(&lines, 2)?;
            let label = format!("`{}`", owner.key);
            let message = format!(
                "{} to {label}, but {} indented like it",
                belong(group),
                are(group)
            );
            let help = format!("indent {} by 2 more spaces", self.lines(&lines));
            Some(problem(group, message, help, edits))
        };
        let bare = place.entries.iter().enumerate();
        bare.filter(|(_, owner)| owner.is_bare)
            .filter_map(group)
            .collect()
    }

    /// Fields of a mapping around the one that they end.
    fn too_deep(&self, place: &Mapping<'_>) -> Option<Problem> {
        let start = place.is_known.iter().rposition(|is_known| *is_known)? + 1;
        let group = place
            .entries
            .get(start..)
            .filter(|group| !group.is_empty())?;
        if group
            .iter()
            .any(|entry| WANTED.contains(&entry.key.as_str()))
        {
            return None;
        }
        let mut outer = place.path.parent();
        let end = group.last()?.lines.end;
        let (path, entries) = loop {
            let path = outer?;
            let entries = self.document.outline(&path);
            if let Some(schema) = self.at(&path)
                && group
                    .iter()
                    .all(|entry| self.field(schema, &entry.key).is_some())
            {
                break (path, entries);
            }
            // Nothing may follow that would move out as well.
            let last = entries.last().map(|entry| entry.lines.end);
            last.or_else(|| self.list_end(&path))
                .filter(|last| *last <= end)?;
            outer = path.parent();
        };
        let is_there = |entry: &Entry| entries.iter().any(|other| other.key == entry.key);
        let column = entries.first()?.column;
        let by = group
            .first()?
            .column
            .checked_sub(column)
            .filter(|by| *by > 0)?;
        if group.iter().any(is_there) {
            return None;
        }
        let lines = lines_of(group)?;
        let edits = self.document.indented(&lines, -isize::try_from(by).ok()?)?;
        let message = format!(
            "{} to {}, but {} indented like the fields of {}",
            belong(group),
            label(&path),
            are(group),
            label(place.path)
        );
        let help = format!("indent {} by {by} spaces less", self.lines(&lines));
        Some(problem(group, message, help, edits))
    }

    /// The end of the last item of the list at `path`.
    fn list_end(&self, path: &Path) -> Option<usize> {
        let list = path.get(self.document.value())?.as_array()?;
        let last = self
            .document
            .outline(&path.index(list.len().checked_sub(1)?));
        Some(last.last()?.lines.end)
    }

    fn line(&self, offset: usize) -> usize {
        self.document.source().position(offset).line
    }

    /// Names the lines of these bytes.
    fn lines(&self, span: &Range<usize>) -> String {
        let (first, last) = (self.line(span.start), self.line(span.end));
        match last - first {
            0 => format!("line {first}"),
            1 => format!("lines {first} and {last}"),
            _ => format!("lines {first} to {last}"),
        }
    }
}

/// A mapping with its entries.
struct Mapping<'m> {
    path: &'m Path,
    schema: &'static Value,
    entries: &'m [Entry],
    /// For each entry, true if it is a field of the mapping.
    is_known: &'m [bool],
}

fn problem(group: &[Entry], message: String, help: String, edits: Vec<Edit>) -> Problem {
    let span = group.first().map_or(0..0, |entry| entry.span.clone());
    let title = help.clone();
    Problem {
        span,
        repair: Some(Repair::not_safe(title, edits)),
        ..Problem::new(0, message).help(help)
    }
}

/// Returns the bytes of entries that follow each other.
fn lines_of(group: &[Entry]) -> Option<Range<usize>> {
    Some(group.first()?.lines.start..group.last()?.lines.end)
}

/// The subject of a sentence and its verb.
fn belong(group: &[Entry]) -> String {
    let names = spelling::list(group.iter().map(|entry| &*entry.key), "and");
    match group.len() {
        1 => format!("{names} belongs"),
        _ => format!("{names} belong"),
    }
}

fn are(group: &[Entry]) -> &'static str {
    match group.len() {
        1 => "is",
        _ => "are",
    }
}

fn label(path: &Path) -> String {
    match path.segments() {
        [.., Segment::Key(list), Segment::Index(index)] => {
            format!("item {} of `{list}`", index + 1)
        }
        [.., Segment::Key(key)] => format!("`{key}`"),
        _ => "the template".to_owned(),
    }
}
