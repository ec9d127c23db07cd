//! Completion of keys, and of the words of fields that have only some.

use super::completion::{Completion, CompletionKind};
use super::cursor::{Cursor, Draft};
use super::keys::Keys;
use crate::template::{Environment, Path, Slot, Syntax, TemplateKind, environments, items_of};
use serde_json::Value;
use std::ops::Range;

/// A cursor outside of expressions.
pub(super) struct Place<'c> {
    pub cursor: &'c Cursor<'c>,
    pub draft: &'c Draft,
    pub value: &'c Value,
    pub kind: TemplateKind,
    pub syntax: Syntax,
}

impl Place<'_> {
    /// Returns the keys and words that can be written there.
    pub fn complete(&self) -> Vec<Completion> {
        let keys = Keys::new(self.kind, self.value);
        let path = &self.draft.spot.path;
        let parent = self.draft.parent();
        if !self.draft.spot.is_key {
            let mut found = self.words(path);
            if self.cursor.is_alone() {
                found.extend(self.keys(&keys, path));
            }
            return found;
        }
        let mut found = self.keys(&keys, &parent);
        // The first word of an item or of a value need not be a key.
        let is_only = parent
            .get(self.value)
            .and_then(Value::as_object)
            .is_some_and(|map| map.is_empty());
        if is_only {
            found.extend(self.words(&parent));
        }
        found
    }

    fn keys(&self, keys: &Keys<'_>, path: &Path) -> Vec<Completion> {
        let own = path.get(self.value).and_then(Value::as_object);
        let is_new = |name: &str| own.is_none_or(|own| !own.contains_key(name));
        let slots = self.monitored(path, "overrides");
        let is_slot = |name: &str| {
            slots
                .as_ref()
                .is_none_or(|slots| slots.iter().any(|slot| slot.name() == name))
        };
        let keys = keys.keys(path).into_iter();
        let keys = keys.filter(|key| is_new(key.name) && is_slot(key.name));
        keys.map(|key| self.key(key.name, key.description, key.is_required))
            .collect()
    }

    fn words(&self, path: &Path) -> Vec<Completion> {
        let list = path.parent().unwrap_or_default();
        let siblings = items_of(list.get(self.value));
        let steps = items_of(self.value.get("steps")).iter();
        let steps = steps.filter_map(|step| step["name"].as_str());
        let mut words = match path.last_key() {
            Some("dependsOn") => steps
                .enumerate()
                .filter(|(index, _)| !path.is_within(&Path::root().key("steps").index(*index)))
                .map(|(_, name)| name.to_owned())
                .collect(),
            _ => Keys::new(self.kind, self.value).words(path),
        };
        if let Some(slots) = self.monitored(&list, "scope") {
            words.retain(|word| slots.iter().any(|slot| slot.name() == word));
        }
        words.retain(|word| !siblings.iter().any(|sibling| sibling == word));
        words.iter().map(|word| self.word(word)).collect()
    }

    /// Returns the slots that the Environment defines, if `path` is that `field` of its monitor and it defines any.
    fn monitored(&self, path: &Path, field: &str) -> Option<Vec<Slot>> {
        let all = environments(self.kind, self.value);
        let is_holder = |own: &&Environment<'_>| own.monitor_path().key(field) == *path;
        let slots = all.iter().find(is_holder)?.slots();
        (!slots.is_empty()).then_some(slots)
    }

    /// Returns the completion of a key.
    pub fn key(&self, name: &str, about: Option<String>, is_needed: bool) -> Completion {
        let has_colon = self
            .rest()
            .trim_start_matches('"')
            .trim_start()
            .starts_with(':');
        let text = match (self.syntax, has_colon || self.is_quoted()) {
            (_, true) => name.to_owned(),
            (Syntax::Yaml, false) => format!("{name}: "),
            (Syntax::Json, false) => format!("\"{name}\": "),
        };
        Completion {
            label: name.to_owned(),
            text,
            span: self.span(),
            kind: CompletionKind::Key,
            about,
            is_needed,
        }
    }

    /// Returns the completion of a word.
    pub fn word(&self, word: &str) -> Completion {
        let is_bare = self.is_quoted() || ["true", "false"].contains(&word);
        // Brackets end a word in a list.
        let needs_quotes = self.syntax == Syntax::Json || word.contains(['[', ' ', '#', ':']);
        Completion {
            label: word.to_owned(),
            text: match needs_quotes && !is_bare {
                true => format!("\"{word}\""),
                false => word.to_owned(),
            },
            span: self.span(),
            kind: CompletionKind::Word,
            about: None,
            is_needed: false,
        }
    }

    fn span(&self) -> Range<usize> {
        self.cursor
            .word(|c| c.is_alphanumeric() || ['_', '$', '-'].contains(&c))
    }

    /// Returns the text of the line behind the word at the cursor.
    fn rest(&self) -> &str {
        &self.cursor.text[self.span().end..self.cursor.offset + self.cursor.after.len()]
    }

    fn is_quoted(&self) -> bool {
        self.cursor.text[..self.span().start].ends_with(['"', '\''])
    }
}
