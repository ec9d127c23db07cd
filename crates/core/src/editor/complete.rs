//! Completion: what can be written at a cursor.

use super::completion::{Completion, CompletionKind};
use super::cursor::{Cursor, Draft};
use super::expressions::is_binding;
use super::names::names;
use super::words::Place;
use crate::lint::{MARK as SUPPRESSION, RULES, Settings, can_be_ignored, is_meant_as_template};
use crate::template::{Path, Syntax, TemplateKind};

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
