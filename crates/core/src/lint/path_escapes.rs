//! Backslashes of paths of Windows that start escape sequences, such as `"C:\temp"`, which has a tab in it.

use super::context::Context;
use super::fact::{Fact, FactKind, PathEscape};
use super::finding::Place;
use crate::characters::is_invisible;
use crate::template::{Change, Document, Path, Segment, visit};
use serde_json::Value;
use std::collections::HashSet;

/// Replaces the facts on the characters of such sequences by one on the first sequence, and adds those on strings that
/// are valid with them, but certainly meant as paths.
pub(super) fn explained<'d>(context: &Context<'d>, facts: Vec<Fact<'d>>) -> Vec<Fact<'d>> {
    let document = context.document;
    if !document.source().text().contains('\\') {
        return facts;
    }
    let wrong: HashSet<&Path> = facts
        .iter()
        .filter(|fact| is_about_character(fact, true))
        .map(|fact| fact.place.path())
        .collect();
    let mut found = Vec::new();
    visit(document.value(), &mut |path, value| {
        let text = value.as_str().filter(|text| text.contains(is_escaped));
        found.extend(text.and_then(|text| of_string(document, path, text, wrong.contains(path))));
    });
    let said: HashSet<Path> = found.iter().map(|fact| fact.place.path().clone()).collect();
    let is_said =
        |fact: &Fact<'_>| is_about_character(fact, false) && said.contains(fact.place.path());
    let kept = facts.into_iter().filter(|fact| !is_said(fact));
    kept.chain(found).collect()
}

/// Returns true for the fact that a string has a character that it must not have, or `only_errors` is false and should
/// not.
fn is_about_character(fact: &Fact<'_>, only_errors: bool) -> bool {
    let is_in_text = matches!(fact.place, Place::Text(..));
    match &fact.kind {
        FactKind::InvalidValue { .. } => is_in_text,
        FactKind::Invisible(found) => is_in_text && (found.is_error || !only_errors),
        _ => false,
    }
}

/// Returns true for a character that an escape sequence of a letter may stand for.
fn is_escaped(character: char) -> bool {
    character.is_control() || matches!(character, '\u{a0}' | '\u{2028}' | '\u{2029}')
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || ['_', '-'].contains(&character)
}

fn of_string<'d>(document: &Document, path: &Path, text: &str, is_wrong: bool) -> Option<Fact<'d>> {
    let field = field(path)?;
    let is_path = is_relative(text)
        && match field {
            "command" | "filename" => true,
            "args" => is_wrong && has_extension(text),
            _ => is_of_path(document.value(), path),
        };
    let escapes: Vec<_> = text
        .char_indices()
        .filter(|(_, c)| is_escaped(*c))
        .filter_map(|(at, c)| {
            let range = at..at + c.len_utf8();
            let span = document.exact_span(path, &range)?;
            let written = document.source().text().get(span)?;
            let is_sequence = written.starts_with('\\') && !written.ends_with(['\n', '\r']);
            let is_before_name = text[range.end..].starts_with(is_name) || written.len() > 2;
            let is_meant = || is_path || is_on_drive(text, at);
            (is_sequence && is_before_name && is_meant()).then_some((range, c, written))
        })
        .collect();
    let (range, character, written) = escapes.first().cloned()?;
    let changes = escapes.iter().map(|(range, _, written)| {
        Change::Replace(path.clone(), range.clone(), format!("/{}", &written[1..]))
    });
    Some(Fact {
        place: Place::Text(path.clone(), range),
        kind: FactKind::PathEscape(PathEscape {
            written: written.to_owned(),
            character,
            change: Change::All(changes.collect()),
            is_json: document.is_json(),
            is_error: is_wrong,
        }),
    })
}

/// Returns the field of a string that may be a path; `None` for a text of which lines are expected.
fn field(path: &Path) -> Option<&str> {
    let named = path.segments().iter().rev().find_map(|step| match step {
        Segment::Key(key) => Some(key.as_str()),
        Segment::Index(_) => None,
    })?;
    (!["data", "description", "let"].contains(&named)).then_some(named)
}

/// Returns true for a value of a parameter whose type is PATH.
fn is_of_path(root: &Value, path: &Path) -> bool {
    let steps = path.segments();
    let is_list = |step: &Segment| matches!(step, Segment::Key(key) if key == "parameterDefinitions" || key == "taskParameterDefinitions");
    let owner = steps
        .iter()
        .position(is_list)
        .and_then(|list| steps.get(..list + 2));
    let name = owner.and_then(|owner| Path::root().join(owner).key("type").get(root)?.as_str());
    let is_name = matches!(steps.last(), Some(Segment::Key(key)) if key == "name");
    !is_name && name.is_some_and(|name| name.eq_ignore_ascii_case("PATH"))
}

/// Returns true for one word, in which no backslash is written as one, and nothing else does not show.
fn is_relative(text: &str) -> bool {
    let is_other = |c: char| is_invisible(c) && !is_escaped(c);
    !text.contains([' ', '\\', '"', '\'']) && !text.contains(is_other)
}

fn has_extension(text: &str) -> bool {
    let last = text.rsplit(is_escaped).next().unwrap_or_default();
    let extension = last.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| {
        (1..=5).contains(&extension.len()) && extension.chars().all(is_name)
    })
}

/// Longest path on either side of an escape sequence, in bytes.
const MAX_PATH: usize = 1000;

/// Returns true for a character of a path that starts with a drive, and in which no backslash is written as one.
fn is_on_drive(text: &str, at: usize) -> bool {
    let is_limit = |c: char| " \"'=;,()<>|".contains(c);
    let start = text.floor_char_boundary(at.saturating_sub(MAX_PATH));
    let (text, at) = (
        &text[start..text.floor_char_boundary(at + MAX_PATH)],
        at - start,
    );
    let start = text[..at].rfind(is_limit).map_or(0, |found| found + 1);
    let end = text[at..]
        .find(is_limit)
        .map_or(text.len(), |found| at + found);
    let word = &text[start..end];
    let mut chars = word.chars();
    let is_drive =
        chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.next() == Some(':');
    let is_rooted = chars.next().is_some_and(|c| is_escaped(c) || c == '/');
    // Words that a tab or a line break parts stand behind a letter and a colon, too.
    let has_name = chars.take_while(|c| is_name(*c)).count() > 1;
    let is_text = text[at..].starts_with('\n') && text.contains(' ');
    is_drive && is_rooted && has_name && !is_text && !word.contains('\\')
}
