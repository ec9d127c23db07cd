//! Completion: what can be written at a cursor.

use super::cursor::{Cursor, Draft};
use super::expressions::is_binding;
use super::hover::{function, of_variable};
use super::keys::Keys;
use super::scope::{self, FUNCTIONS};
use super::variables::{self, Variable};
use crate::lint::{MARK as SUPPRESSION, RULES, Settings, can_be_ignored, is_meant_as_template};
use crate::template::{Environment, Path, Slot, Syntax, TemplateKind, environments, items_of};
use openjd_expr::ExprType;
use serde_json::Value;
use std::ops::Range;

/// Something that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Its name.
    pub label: String,
    /// Text that takes the place of `span`.
    pub text: String,
    /// Bytes that the text replaces.
    pub span: Range<usize>,
    /// Kind.
    pub kind: CompletionKind,
    /// Description, in Markdown.
    pub about: Option<String>,
    /// True for what must be written somewhere, and is not yet.
    pub is_needed: bool,
}

/// Kind of a completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// Key of a mapping.
    Key,
    /// Value of which there are only some.
    Word,
    /// Variable of an expression.
    Variable,
    /// Function, method or property of an expression.
    Function,
    /// Rule in a comment that ignores it.
    Rule,
}

/// Revisions of templates.
const REVISIONS: [&str; 2] = ["jobtemplate-2023-09", "environment-2023-09"];

/// Returns what can be written at the byte `offset` of a text, which need not be well-formed.
pub fn complete(text: &str, offset: usize, syntax: Syntax, settings: &Settings) -> Vec<Completion> {
    let cursor = Cursor::new(text, offset);
    if let Some(found) = rules(&cursor) {
        return found;
    }
    let Some(draft) = cursor.draft(settings.max_bytes) else {
        return Vec::new();
    };
    let value = draft.value();
    let Some(kind) = TemplateKind::of(&draft.document) else {
        return revisions(&cursor, &draft, syntax);
    };
    let binding = cursor.before.split_once('=');
    let expression = match binding.filter(|_| is_binding(&draft.spot.path)) {
        Some((_, expression)) => Some(expression),
        None => cursor.open_expression().filter(|_| !draft.spot.is_key),
    };
    match expression {
        Some(expression) => names(
            &cursor,
            expression,
            &value,
            kind,
            &draft.spot.path,
            settings,
        ),
        None => {
            let place = Place {
                cursor: &cursor,
                draft: &draft,
                value: &value,
                kind,
                syntax,
            };
            place.complete()
        }
    }
}

/// Returns the ids of rules, in a comment that is to ignore some; `None` outside of one.
fn rules(cursor: &Cursor<'_>) -> Option<Vec<Completion>> {
    let (_, comment) = cursor.before.rsplit_once('#')?;
    let rest = comment.trim_start().strip_prefix(SUPPRESSION)?;
    let span = cursor.word(|c| c.is_ascii_alphanumeric() || c == '-');
    let Some((_, listed)) = rest.split_once('[') else {
        let words = [
            (
                "ignore",
                "Ignores findings of the rules on this line or, alone on its line, on the next.",
            ),
            ("ignore-file", "Ignores findings of the rules in this file."),
        ];
        let word = |(word, about): (&str, &str)| Completion {
            label: word.to_owned(),
            text: format!("{word}["),
            span: span.clone(),
            kind: CompletionKind::Word,
            about: Some(about.to_owned()),
            is_needed: false,
        };
        return Some(words.map(word).to_vec());
    };
    let listed: Vec<_> = listed.split(',').map(str::trim).collect();
    let rules = RULES
        .iter()
        .filter(|rule| can_be_ignored(rule) && !listed.contains(&rule.id));
    let rules = rules.map(|rule| Completion {
        label: rule.id.to_owned(),
        text: rule.id.to_owned(),
        span: span.clone(),
        kind: CompletionKind::Rule,
        about: Some(format!("{}: {}", rule.level, rule.summary)),
        is_needed: false,
    });
    Some(rules.collect())
}

/// Returns the first key of a template and its values, in a text that is none yet.
fn revisions(cursor: &Cursor<'_>, draft: &Draft, syntax: Syntax) -> Vec<Completion> {
    let value = draft.value();
    let key = "specificationVersion";
    let is_value = draft.spot.path == Path::root().key(key);
    let is_new = value.as_object().is_none_or(serde_json::Map::is_empty);
    let is_first = draft.spot.is_key && draft.spot.path.segments().len() == 1;
    let place = Place {
        cursor,
        draft,
        value: &value,
        kind: TemplateKind::Job,
        syntax,
    };
    match (is_value, is_first) {
        (true, _) => REVISIONS.iter().map(|word| place.word(word)).collect(),
        (_, true) if is_new || is_meant_as_template(cursor.text) => vec![place.key(
            key,
            Some("The revision of the specification and the kind of the template.".to_owned()),
            true,
        )],
        _ => Vec::new(),
    }
}

/// Returns the variables, functions and methods that can follow `expression`, which ends at the cursor.
fn names(
    cursor: &Cursor<'_>,
    expression: &str,
    value: &Value,
    kind: TemplateKind,
    path: &Path,
    settings: &Settings,
) -> Vec<Completion> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let typed = &expression[expression.trim_end_matches(is_name).len()..];
    let span = cursor.word(is_name);
    let variables = variables::around(value, kind, path);
    let variables = scope::in_scope(value, path, variables, settings);
    let functions = scope::functions(value, path, settings);
    let completion = |label: &str, kind, about| Completion {
        label: label.to_owned(),
        text: label.to_owned(),
        span: span.clone(),
        kind,
        about,
        is_needed: false,
    };
    let holder = variables.iter().find(|variable| {
        let rest = typed.strip_prefix(variable.name.as_str());
        rest.is_some_and(|rest| rest.starts_with('.'))
    });
    if let Some(Variable {
        name,
        kind: Some(kind),
        ..
    }) = holder
    {
        let methods = methods(kind, &functions).into_iter();
        let methods = methods.map(|method| {
            let about = function(method.trim_end_matches("()"));
            completion(&format!("{name}.{method}"), CompletionKind::Function, about)
        });
        return methods.collect();
    }
    let found = variables.iter().map(|variable| {
        completion(
            &variable.name,
            CompletionKind::Variable,
            Some(of_variable(variable)),
        )
    });
    let functions = functions.into_iter().filter(|_| !typed.contains('.'));
    let functions =
        functions.map(|name| completion(name, CompletionKind::Function, function(name)));
    let mut found: Vec<_> = found.collect();
    // The innermost of `let` names that hide each other.
    found.reverse();
    let mut seen = std::collections::HashSet::new();
    found.retain(|own| seen.insert(own.label.clone()));
    found.reverse();
    found.into_iter().chain(functions).collect()
}

/// Returns the properties of a type, and those of `functions` that can be called as its methods.
fn methods(kind: &str, functions: &[&'static str]) -> Vec<String> {
    let Ok(kind) = ExprType::parse(kind) else {
        return Vec::new();
    };
    if functions.is_empty() {
        return Vec::new();
    }
    let properties = FUNCTIONS.function_names().filter_map(|name| {
        let property = name.strip_prefix("__property_")?.strip_suffix("__")?;
        FUNCTIONS.get_property_type(&kind, property)?;
        Some(property.to_owned())
    });
    let mut properties: Vec<_> = properties.collect();
    properties.sort_unstable();
    let takes = |name: &&&'static str| {
        let mut signatures = FUNCTIONS.get_signatures(name).iter();
        signatures.any(|entry| {
            let first = entry.signature.sig_params().first();
            first.is_some_and(|first| match first.is_symbolic() {
                true => first.match_type(&kind).is_some(),
                false => kind.satisfies(first),
            })
        })
    };
    let methods = functions
        .iter()
        .filter(takes)
        .map(|name| format!("{name}()"));
    properties.into_iter().chain(methods).collect()
}

/// A cursor outside of expressions.
struct Place<'c> {
    cursor: &'c Cursor<'c>,
    draft: &'c Draft,
    value: &'c Value,
    kind: TemplateKind,
    syntax: Syntax,
}

impl Place<'_> {
    fn complete(&self) -> Vec<Completion> {
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

    fn key(&self, name: &str, about: Option<String>, is_needed: bool) -> Completion {
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

    fn word(&self, word: &str) -> Completion {
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
