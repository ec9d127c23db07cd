//! Findings: as drafts with symbolic places first, then resolved to bytes.

use super::fix::{Fix, Proposal};
use super::rule::{Level, Rule};
use crate::template::{Document, Path};
use serde_json::Value;
use std::ops::Range;

/// A symbolic place: which part of the document is meant, not yet which bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The key at the end of the path.
    Key(Path),
    /// The value at the path; the key of an empty one, which may have no characters of its own.
    Value(Path),
    /// An object as a whole: its key; at the root, its first key; in a list, its start.
    Object(Path),
    /// A part of the decoded string at the path, in bytes.
    Text(Path, Range<usize>),
    /// A part of the decoded key at the end of the path, in bytes.
    InKey(Path, Range<usize>),
}

impl Place {
    /// Returns the value at `path`; an object or a list by its name.
    pub fn of(document: &Value, path: &Path) -> Self {
        match path.get(document) {
            Some(Value::Object(_) | Value::Array(_)) => Self::Object(path.clone()),
            _ => Self::Value(path.clone()),
        }
    }

    /// Returns the field of the object at `path` that `message` names, or else `path` itself:
    /// `openjd-model` reports `timeout must be > 0.` on the whole action.
    pub fn named_in(message: &str, document: &Value, path: &Path) -> Self {
        let owner = path.get(document).and_then(Value::as_object);
        let mut words = message
            .lines()
            .next()
            .unwrap_or_default()
            .split([' ', ',', ':']);
        let field = words.find(|word| owner.is_some_and(|owner| owner.contains_key(*word)));
        match field {
            Some(field) => Self::of(document, &path.key(field)),
            None => Self::of(document, path),
        }
    }

    pub fn path(&self) -> &Path {
        match self {
            Self::Key(path)
            | Self::Value(path)
            | Self::Object(path)
            | Self::Text(path, _)
            | Self::InKey(path, _) => path,
        }
    }

    /// Returns its bytes in `document`.
    pub fn span(&self, document: &Document) -> Option<Range<usize>> {
        match self {
            Self::Key(path) => document.key_span(path),
            Self::Object(path) => document
                .key_span(path)
                .or_else(|| document.start_span(path)),
            Self::Text(path, range) => document.text_span(path, range),
            Self::InKey(path, range) => document.key_part_span(path, range),
            Self::Value(path) => {
                let is_empty = path.get(document.value()).is_none_or(|value| match value {
                    Value::String(text) => text.is_empty(),
                    Value::Array(items) => items.is_empty(),
                    Value::Object(map) => map.is_empty(),
                    _ => false,
                });
                let value = document
                    .value_span(path)
                    .filter(|span| !is_empty && !span.is_empty());
                // An empty item of a list has no key to stand for it.
                let item = document.value_span(path).filter(|span| !span.is_empty());
                let key = || document.key_span(path);
                let start = || document.start_span(path);
                value.or_else(key).or(item).or_else(start)
            }
        }
    }
}

/// A finding whose places are still symbolic.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub rule: &'static Rule,
    pub level: Level,
    pub message: String,
    pub place: Place,
    pub related: Vec<(Place, String)>,
    pub help: Option<String>,
    pub fix: Option<Proposal>,
}

impl Draft {
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule,
            level: rule.level,
            message: message.into(),
            place,
            related: Vec::new(),
            help: None,
            fix: None,
        }
    }

    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }

    /// A level other than the rule's own, for a case that is less bad.
    #[must_use]
    pub fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    #[must_use]
    pub fn fix(self, fix: impl Into<Option<Proposal>>) -> Self {
        let fix = fix.into();
        Self { fix, ..self }
    }

    #[must_use]
    pub fn related(mut self, place: impl Into<Option<Place>>, message: impl Into<String>) -> Self {
        let related = place.into().map(|place| (place, message.into()));
        self.related.extend(related);
        self
    }

    /// Returns the bytes of its place in `document`.
    pub fn span(&self, document: &Document) -> Option<Range<usize>> {
        self.place.span(document)
    }

    /// Resolves the places to spans. The fix is resolved later, with all drafts at hand.
    pub fn resolve(self, document: &Document) -> Finding {
        let place_of = |place: &Place| place.span(document);
        Finding {
            rule: self.rule,
            level: self.level,
            message: self.message,
            pointer: self.place.path().pointer(),
            span: place_of(&self.place),
            related: self
                .related
                .into_iter()
                .map(|(place, message)| Related {
                    message,
                    span: place_of(&place),
                })
                .collect(),
            help: self.help,
            fix: None,
        }
    }
}

/// A place related to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Its relation to the finding.
    pub message: String,
    /// The bytes of the file, where there are any.
    pub span: Option<Range<usize>>,
}

/// Something wrong with a template.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// Severity.
    pub level: Level,
    /// Description of the mistake, one sentence without a full stop.
    pub message: String,
    /// The value it is about, as a JSON pointer.
    pub pointer: String,
    /// The bytes of the file, where there are any.
    pub span: Option<Range<usize>>,
    /// Related places.
    pub related: Vec<Related>,
    /// Advice on what to write instead.
    pub help: Option<String>,
    /// The edits that do so, if they are known.
    pub fix: Option<Fix>,
}

impl Finding {
    /// Returns the message and, on a line of its own, the help.
    pub fn with_help(&self) -> String {
        match &self.help {
            Some(help) => format!("{}\nhelp: {help}", self.message),
            None => self.message.clone(),
        }
    }
}
