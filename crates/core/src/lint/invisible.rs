//! Invisible characters, and spaces that are none, where a program reads what is written.
//!
//! They come with text that is copied from a web page, a chat or a word processor.

use super::commands::Commands;
use super::context::{self, Context};
use super::fact::{Fact, FactKind, Invisible};
use super::finding::Place;
use super::references;
use super::shell::Language;
use crate::characters::{cleaned, is_invisible, is_space, is_suspect};
use crate::template::{Change, Path, visit};
use std::collections::HashSet;

/// Replaces the facts on keys and strings with such a character by one on the character, and adds those on strings
/// that are valid with them, but hardly meant so.
pub(super) fn explained<'d>(
    context: &Context<'d>,
    commands: &Commands<'_, 'd>,
    facts: Vec<Fact<'d>>,
) -> Vec<Fact<'d>> {
    let document = context.document;
    let text = document.source().text();
    if !has_suspect(text) && !has_escapes(text) {
        return facts;
    }
    let keys: HashSet<Path> = places(&facts, true);
    let values: HashSet<Path> = places(&facts, false);
    let mut found: Vec<Fact<'d>> = Vec::new();
    visit(document.value(), &mut |path, value| {
        if let Some(key) = path.last_key().filter(|_| keys.contains(path))
            && let Some((at, character)) = first(key, is_suspect)
        {
            found.push(of_key(path, key, at, character));
        }
        let Some(text) = value.as_str() else {
            return;
        };
        let is_wrong = values.contains(path) || context::hidden_extension(path, text).is_some();
        let at = match is_wrong {
            true => first_suspicious(path, text),
            false => first_in_program(path, text),
        };
        found.extend(at.map(|(at, character)| of_value(path, text, at, character, is_wrong)));
    });
    let spaces = commands.all().flat_map(|run| &run.code);
    for code in spaces.filter(|code| code.language == Language::Sh) {
        let words = code
            .script
            .commands
            .iter()
            .flat_map(|command| &command.words);
        // In quotes, it is text.
        let mut bare = words.filter(|word| {
            let written = code.text.get(word.range.clone()).unwrap_or_default();
            !written.contains(['"', '\'']) && written.contains(is_space)
        });
        if let Some(word) = bare.next().filter(|_| !values.contains(&code.path))
            && let Some((at, character)) = first(&code.text[word.range.clone()], is_space)
        {
            let at = word.range.start + at;
            found.push(of_value(&code.path, code.text, at, character, false));
        }
    }
    let said: HashSet<(bool, Path)> = found
        .iter()
        .map(|fact| (is_key(&fact.place), fact.place.path().clone()))
        .collect();
    let kept = facts
        .into_iter()
        .filter(|fact| !said.contains(&(is_key(&fact.place), fact.place.path().clone())));
    kept.chain(found).collect()
}

fn places(facts: &[Fact<'_>], keys: bool) -> HashSet<Path> {
    let own = facts.iter().filter(|fact| is_key(&fact.place) == keys);
    own.map(|fact| fact.place.path().clone()).collect()
}

fn is_key(place: &Place) -> bool {
    matches!(place, Place::Key(_) | Place::InKey(..))
}

fn has_suspect(text: &str) -> bool {
    // Of ASCII, only the vertical tab is one.
    let mut bytes = text.bytes();
    bytes.any(|byte| !byte.is_ascii() || byte == b'\x0b') && text.contains(is_suspect)
}

/// Returns true if a text may have such a character as an escape sequence.
fn has_escapes(text: &str) -> bool {
    let mut escapes = text.match_indices('\\');
    escapes.any(|(at, _)| text[at + 1..].starts_with(['u', 'U', 'x', '_', 'L', 'P', 'N']))
}

fn first(text: &str, is_it: fn(char) -> bool) -> Option<(usize, char)> {
    text.char_indices().find(|(_, character)| is_it(*character))
}

/// Returns the first such character of a string that is wrong: of a format string, in an interpolation.
fn first_suspicious(path: &Path, text: &str) -> Option<(usize, char)> {
    let in_reference = || {
        references::ranges(text).into_iter().find_map(|range| {
            let (at, character) = first(&text[range.clone()], is_suspect)?;
            Some((range.start + at, character))
        })
    };
    match path.last_key() {
        Some("data") => in_reference(),
        _ if text.contains("{{") => in_reference(),
        _ => first(text, is_suspect),
    }
}

/// Returns the first character without a shape in a valid string that a program reads, or else a space that is none at one
/// of its ends; its text may have any space.
fn first_in_program(path: &Path, text: &str) -> Option<(usize, char)> {
    let list = path.parent();
    let list = list.as_ref().and_then(Path::last_key);
    let field = path.last_key();
    let is_text =
        matches!(field, Some("command" | "dependsOn" | "filename")) || list == Some("args");
    let at_end = || {
        let start = first(text, is_space).filter(|(at, _)| text[..*at].trim().is_empty());
        let end = text.trim_end().len();
        let end = text[end..]
            .char_indices()
            .find(|(_, c)| is_space(*c))
            .map(|(at, c)| (end + at, c));
        start.or(end).filter(|_| !text.trim().is_empty())
    };
    match is_text {
        true => first(text, is_invisible).or_else(at_end),
        false => at_end().filter(|_| field == Some("name") || text.trim().parse::<f64>().is_ok()),
    }
}

/// Reports the character in a string that is to be `meant` and only seems to be.
pub(super) fn instead_of(path: &Path, text: &str, meant: &str) -> Option<Fact<'static>> {
    let (at, character) = first(text, is_suspect)?;
    (cleaned(text).trim() == meant).then(|| of_value(path, text, at, character, true))
}

/// Reports the character in the key at the end of `path`, which is to be `meant` and only seems to be.
pub(super) fn in_key_instead_of(path: &Path, key: &str, meant: &str) -> Option<Fact<'static>> {
    let (at, character) = first(key, is_suspect)?;
    (cleaned(key).trim() == meant).then(|| of_key(path, key, at, character))
}

fn of_key<'d>(path: &Path, key: &str, at: usize, character: char) -> Fact<'d> {
    let cleaned = cleaned(key).trim().to_owned();
    let change = Change::Rename(path.clone(), cleaned.clone());
    let range = at..at + character.len_utf8();
    Fact {
        place: Place::InKey(path.clone(), range),
        kind: FactKind::Invisible(Invisible {
            character,
            cleaned,
            change,
            is_error: true,
        }),
    }
}

fn of_value<'d>(path: &Path, text: &str, at: usize, character: char, is_error: bool) -> Fact<'d> {
    let range = at..at + character.len_utf8();
    let mut interpolations = references::ranges(text).into_iter();
    let word = || {
        let is_part = |c: char| !c.is_whitespace() || is_suspect(c);
        let mut before = text[..at].char_indices().rev();
        let start = before.find(|(_, c)| !is_part(*c));
        let start = start.map_or(0, |(found, c)| found + c.len_utf8());
        let end = text[at..].find(|c| !is_part(c));
        start..end.map_or(text.len(), |found| at + found)
    };
    let around = interpolations
        .find(|found| found.contains(&at))
        .unwrap_or_else(word);
    let is_outside = text[..at].trim().is_empty() || text[range.end..].trim().is_empty();
    let space = if is_space(character) && !is_outside {
        " "
    } else {
        ""
    };
    Fact {
        kind: FactKind::Invisible(Invisible {
            character,
            cleaned: cleaned(&text[around]),
            change: Change::Replace(path.clone(), range.clone(), space.to_owned()),
            is_error,
        }),
        place: Place::Text(path.clone(), range),
    }
}
