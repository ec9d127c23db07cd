//! Completion and explanations in the configuration, `openjd-monitor.toml`.

use super::completion::{Completion, CompletionKind};
use super::cursor::Cursor;
use super::hover::{Hover, of_rule};
use crate::lint::{RULES, can_be_ignored, rule};
use crate::schema::CONFIG;
use crate::shown::code;
use serde_json::Value;
use std::ops::Range;

/// Keys of the configuration that have tables.
const TABLES: [&str; 2] = ["rules", "per-file-ignores"];

/// Returns what can be written at the byte `offset` of a configuration, which need not be well-formed.
pub fn complete_configuration(text: &str, offset: usize) -> Vec<Completion> {
    let cursor = Cursor::new(text, offset);
    let span = cursor.word(is_part);
    let table = table_at(&text[..offset - cursor.before.len()]);
    let line = cursor.before.trim_start();
    if line.starts_with('#') {
        return Vec::new();
    }
    if line.starts_with('[') && !line.contains(']') {
        let tables = TABLES.iter();
        let tables = tables.map(|table| completion(table, span.clone(), key_about(table), false));
        return tables.collect();
    }
    let is_quoted = cursor.text[..span.start].ends_with('"');
    match (table, line.contains('=')) {
        (None, false) => {
            let keys = CONFIG.document()["properties"].as_object().into_iter();
            let keys = keys.flat_map(serde_json::Map::keys);
            let keys = keys.filter(|key| !TABLES.contains(&key.as_str()) && !has_key(text, key));
            keys.map(|key| completion(key, span.clone(), key_about(key), false))
                .collect()
        }
        (Some("rules"), false) => {
            let rules = RULES.iter().filter(|rule| !has_key(text, rule.id));
            let rules = rules.map(|rule| rule_completion(rule.id, span.clone(), false));
            rules.collect()
        }
        (Some("rules"), true) => {
            let levels = CONFIG.document()["$defs"]["Level"]["enum"].as_array();
            let levels = levels.into_iter().flatten().filter_map(Value::as_str);
            let levels = levels.map(|level| completion(level, span.clone(), None, !is_quoted));
            levels.collect()
        }
        (Some("per-file-ignores"), true) => {
            let rules = RULES.iter().filter(|rule| can_be_ignored(rule));
            let rules = rules.map(|rule| rule_completion(rule.id, span.clone(), !is_quoted));
            rules.collect()
        }
        _ => Vec::new(),
    }
}

/// Explains the key or rule at the byte `offset` of a configuration.
pub fn hover_configuration(text: &str, offset: usize) -> Option<Hover> {
    let span = Cursor::new(text, offset).word(is_part);
    let word = &text[span.clone()];
    let about = rule_about(word).or_else(|| key_about(word))?;
    Some(Hover {
        text: format!("**{}**: {about}", code(word)),
        span,
    })
}

fn is_part(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '-' || character == '_'
}

/// Returns the name of the table that a text ends in.
fn table_at(text: &str) -> Option<&str> {
    let headers = text.lines().rev().map(str::trim);
    let mut headers = headers.filter_map(|line| line.strip_prefix('[')?.strip_suffix(']'));
    headers.next().map(str::trim)
}

/// Returns true if a line of the text gives `key` a value.
fn has_key(text: &str, key: &str) -> bool {
    let mut keys = text.lines().filter_map(|line| line.split_once('='));
    keys.any(|(own, _)| own.trim().trim_matches('"') == key)
}

fn key_about(key: &str) -> Option<String> {
    let about = &CONFIG.document()["properties"][key]["description"];
    about.as_str().map(str::to_owned)
}

fn rule_about(id: &str) -> Option<String> {
    rule(id).map(of_rule)
}

fn rule_completion(id: &str, span: Range<usize>, quotes: bool) -> Completion {
    Completion {
        kind: CompletionKind::Rule,
        ..completion(id, span, rule_about(id), quotes)
    }
}

fn completion(word: &str, span: Range<usize>, about: Option<String>, quotes: bool) -> Completion {
    Completion {
        label: word.to_owned(),
        text: match quotes {
            true => format!("\"{word}\""),
            false => word.to_owned(),
        },
        span,
        kind: CompletionKind::Key,
        about,
        is_needed: false,
    }
}
