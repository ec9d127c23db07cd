//! All undefined references of a string: the model reports the first, so that it is asked again about the others.

use super::decode;
use super::renames::Renames;
use super::strings::string_of;
use crate::lint::expressions::Expressions;
use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Place;
use crate::lint::meant_name;
use crate::lint::misplaced;
use crate::lint::references::{self, Interpolation};
use crate::lint::unknown_name::Unknown;
use crate::template::draft_names::is_or_below;
use crate::template::{Path, Segment, TemplateKind, visit};
use openjd_model::ValidationError;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Maximum number of times that the model is asked again.
const MAX_ROUNDS: usize = 16;

/// Fields whose strings any other can stand for.
const FREE: [&str; 4] = ["command", "args", "variables", "data"];

/// The strings with undefined references.
#[derive(Default)]
pub(super) struct Undefined<'d> {
    strings: Vec<Suspect<'d>>,
    indices: HashMap<Path, usize>,
}

/// A format string with at least one undefined reference.
struct Suspect<'d> {
    path: Path,
    text: &'d str,
    interpolations: Vec<Interpolation>,
    /// The undefined names with the messages of the model, in the order in which it found them.
    unknown: Vec<(String, String)>,
    /// Other errors of interpolations.
    other: Vec<(Range<usize>, String)>,
    /// True while the model has not said that the rest is sound.
    is_open: bool,
}

impl<'d> Undefined<'d> {
    /// Takes an error about an undefined reference of a format string; returns false for any other.
    pub fn take(
        &mut self,
        expressions: &Expressions,
        document: &'d Value,
        path: &Path,
        error: &ValidationError,
    ) -> bool {
        let Some(detail) = &error.detail else {
            return false;
        };
        let Some((path, text)) = string_of(document, path, &detail.spans) else {
            return false;
        };
        let index = match self.indices.get(&path) {
            Some(index) => *index,
            None => {
                let suspect = Suspect {
                    interpolations: expressions.interpolations(text),
                    path: path.clone(),
                    text,
                    unknown: Vec::new(),
                    other: Vec::new(),
                    is_open: false,
                };
                let is_reference = suspect.names(error).any(|(name, _)| suspect.uses(&name));
                if !is_reference
                    && (suspect.interpolations.len() < 2 || suspect.judged(error).is_none())
                {
                    return false;
                }
                self.indices.insert(path, self.strings.len());
                self.strings.push(suspect);
                self.strings.len() - 1
            }
        };
        self.strings[index].add(error)
    }

    /// Asks the model about the other references, in `value`, which has the strings.
    pub fn ask(&mut self, kind: TemplateKind, value: &Value, renames: &Renames) {
        if self.strings.iter().all(|suspect| !suspect.is_open) {
            return;
        }
        let mut value = value.clone();
        self.blank_others(&mut value);
        for _ in 0..MAX_ROUNDS {
            let mut is_open = false;
            for suspect in &mut self.strings {
                let rest = suspect.rest();
                suspect.is_open &= !rest.is_empty();
                is_open |= suspect.is_open;
                if let Some(string) = renames.read(&suspect.path).get_mut(&mut value) {
                    *string = match suspect.is_open {
                        true => rest.concat().into(),
                        false => "x".into(),
                    };
                }
            }
            let errors = match is_open {
                true => decode(kind, value.clone()).unwrap_or_default(),
                false => return,
            };
            for suspect in &mut self.strings {
                suspect.is_open = false;
            }
            for error in &errors {
                self.add(&renames.written(Path::from_model(&error.path)), error);
            }
        }
    }

    fn add(&mut self, path: &Path, error: &ValidationError) {
        // The model reports the strings in `cancelation` on it.
        let inside: &[&str] = match path.last_key() {
            Some("cancelation") => &["mode", "notifyPeriodInSeconds"],
            _ => &[],
        };
        let paths = inside.iter().map(|key| path.key(*key));
        let own = [path.clone()].into_iter().chain(paths);
        let index = own.filter_map(|path| self.indices.get(&path)).min();
        if let Some(&index) = index {
            self.strings[index].add(error);
        }
    }

    /// Leaves out all other expressions, as far as the template stays one without them: they cost time.
    fn blank_others(&self, value: &mut Value) {
        let mut others = Vec::new();
        visit(value, &mut |path, value| {
            let has_expression = value.as_str().is_some_and(|text| text.contains("{{"));
            if is_free(path) && has_expression && !self.indices.contains_key(path) {
                others.push(path.clone());
            }
        });
        for path in others {
            if let Some(string) = path.get_mut(value) {
                *string = "x".into();
            }
        }
    }

    /// Returns a fact on each undefined reference, but those to the job parameters `lost`.
    pub fn facts(&self, document: &Value, lost: &HashSet<String>) -> Vec<Fact<'static>> {
        let mut facts = Vec::new();
        for suspect in &self.strings {
            let place = |range: &Range<usize>| Place::Text(suspect.path.clone(), range.clone());
            for (range, reason) in &suspect.other {
                facts.push(Fact::ill_typed(place(range), reason));
            }
            for reference in suspect.references() {
                let unknown = suspect.unknown.iter();
                let mut messages = unknown.filter(|(name, _)| is_of(name, &reference.name));
                let parameter = reference.name.split_once("Param.").map(|(_, name)| name);
                let is_lost = parameter.is_some_and(|name| lost.contains(name))
                    || meant_name::is_of_a_wrong_list(document, &suspect.path, &reference.name);
                if let Some((name, message)) = messages.next().filter(|_| !is_lost) {
                    let place = place(&reference.range);
                    facts.push(fact(document, place, name, message));
                }
            }
        }
        facts
    }
}

/// Returns true if any other string can stand for the one at `path`.
pub(super) fn is_free(path: &Path) -> bool {
    let is_free =
        |segment: &Segment| matches!(segment, Segment::Key(key) if FREE.contains(&key.as_str()));
    path.segments().iter().rev().take(2).any(is_free)
}

/// Reports a reference to a variable that does not exist at `place`.
pub(super) fn fact(document: &Value, place: Place, name: &str, message: &str) -> Fact<'static> {
    if misplaced::is_task_monitor(name) {
        return Fact::task_monitor(place);
    }
    let unknown = Unknown::new(document, place.path(), name, Some(message));
    Fact {
        kind: FactKind::Undefined(unknown),
        place,
    }
}

/// Returns true if the model's `undefined` name is a reference's, with or without attributes.
fn is_of(undefined: &str, name: &str) -> bool {
    is_or_below(undefined, name) || is_or_below(name, undefined)
}

impl Suspect<'_> {
    fn references(&self) -> impl Iterator<Item = &references::Reference> {
        self.interpolations
            .iter()
            .flat_map(|found| &found.references)
    }

    fn uses(&self, undefined: &str) -> bool {
        self.references()
            .any(|reference| is_of(undefined, &reference.name))
    }

    /// The undefined names that an error speaks of, with its messages.
    fn names(&self, error: &ValidationError) -> impl Iterator<Item = (String, String)> + use<> {
        let spans = error
            .detail
            .iter()
            .flat_map(|detail| match detail.spans.as_slice() {
                // Of both branches of an `if`.
                spans @ [_, _, ..] => spans.iter().map(|span| span.summary.clone()).collect(),
                _ => vec![detail.summary.clone()],
            });
        let found: Vec<_> = spans
            .filter_map(|message| Some((references::undefined(&message)?, message)))
            .collect();
        found.into_iter()
    }

    /// Adds what an error says; returns false if that is nothing new.
    fn add(&mut self, error: &ValidationError) -> bool {
        let known = self.unknown.len() + self.other.len();
        for (name, message) in self.names(error).collect::<Vec<_>>() {
            if self.uses(&name) && !self.unknown.iter().any(|(known, _)| *known == name) {
                self.unknown.push((name, message));
            }
        }
        self.other.extend(self.judged(error));
        self.is_open = self.unknown.len() + self.other.len() > known;
        self.is_open
    }

    /// Returns the interpolation with which something else is wrong, and what.
    fn judged(&self, error: &ValidationError) -> Option<(Range<usize>, String)> {
        let detail = error.detail.as_ref()?;
        let span = detail.spans.first()?;
        if references::undefined(&detail.summary).is_some() || detail.spans.len() > 1 {
            return None;
        }
        let mut interpolations = self
            .interpolations
            .iter()
            .filter(|own| !self.is_judged(own));
        let own = interpolations.find(|found| {
            let inner = references::inner(self.text, &found.range);
            // The source is an expression, or the whole string with the place of its interpolation.
            let is_part =
                span.source.get(span.start..span.end) == Some(&self.text[found.range.clone()]);
            is_part || inner.trim() == span.source.trim()
        })?;
        Some((own.range.clone(), detail.summary.clone()))
    }

    /// Returns true if something is wrong with an interpolation beside undefined references.
    fn is_judged(&self, interpolation: &Interpolation) -> bool {
        self.other
            .iter()
            .any(|(range, _)| *range == interpolation.range)
    }

    /// Returns the texts that the model has not judged: interpolations without errors, and references in the others
    /// that are not known to be undefined.
    fn rest(&self) -> Vec<String> {
        let mut rest = Vec::new();
        let is_unknown = |name: &str| self.unknown.iter().any(|(unknown, _)| is_of(unknown, name));
        let open = self
            .interpolations
            .iter()
            .filter(|found| !self.is_judged(found));
        for found in open {
            let names = || {
                found
                    .references
                    .iter()
                    .map(|reference| reference.name.as_str())
            };
            match names().any(is_unknown) {
                true => {
                    let others = names().filter(|name| !is_unknown(name));
                    rest.extend(others.map(|name| format!("{{{{{name}}}}}")));
                }
                false => rest.push(self.text[found.range.clone()].to_owned()),
            }
        }
        rest
    }
}
