//! Values that YAML reads otherwise than their author, for want of quotes or through them.

use super::items::{Item, items};
use super::line::{is_anchor_name, key};
use super::{Lines, escapes, suspicion};
use crate::template::problem::{Problem, Repair};
use crate::template::replacement::Edit;
use crate::template::syntax::Syntax;
use std::ops::Range;

/// Characters that an unquoted value cannot start with, each with its meaning in YAML.
const INDICATORS: [(char, &str); 11] = [
    ('@', "YAML reserves it"),
    ('`', "YAML reserves it"),
    ('%', "it starts a YAML directive"),
    ('*', "it refers to a YAML anchor"),
    ('&', "it names a YAML anchor"),
    ('!', "it names a YAML type"),
    ('|', "it starts a text on the lines below"),
    ('>', "it starts a text on the lines below"),
    ('[', "it starts a list"),
    ('{', "it starts a mapping"),
    ('-', "it starts a list item"),
];

/// Returns what may be wrong with the values on `lines`.
pub(super) fn suspect(text: &str, lines: &Lines, problem: &Problem) -> Vec<Problem> {
    let mut found: Vec<_> = backslashes(text, lines, problem).collect();
    for line in &lines.suspects {
        let (all, _) = items(text, line);
        // One repair for all values of a line that need quotes: the parser stops at the first.
        let unquoted: Vec<_> = all
            .iter()
            .filter(|item| item.quote.is_none() && reason(text, item).is_some())
            .collect();
        if let [first, ..] = unquoted.as_slice() {
            let (message, help) = reason(text, first).unwrap_or_default();
            let edits = unquoted.iter().flat_map(|item| quote(text, &item.span));
            let repair = Repair::safe(quoting(text, &unquoted), edits.collect());
            found.push(suspicion(first.span.clone(), message, help, repair));
        }
        for item in all.iter().filter(|item| item.quote.is_some()) {
            found.extend(about_unclosed(text, item));
        }
        found.extend(about_nested(text, &all));
        found.extend(about_hash(text, line));
        found.extend(about_whole(text, line));
    }
    found
}

/// Returns the problems of strings that their backslashes spoil: at the parser's place, or else on the lines there.
fn backslashes<'t>(
    text: &'t str,
    lines: &'t Lines,
    problem: &Problem,
) -> impl Iterator<Item = Problem> + 't {
    let start = problem.span.start;
    let is_there = text.get(start..).is_some_and(|rest| rest.starts_with('"'));
    let starts = lines.suspects.iter().filter_map(|line| {
        let mut items = items(text, line).0.into_iter();
        Some(items.find(|item| item.quote == Some('"'))?.span.start)
    });
    let starts = is_there.then_some(start).into_iter().chain(starts);
    starts.filter_map(|start| escapes::suspect(text, start, Syntax::Yaml))
}

fn quoting(text: &str, items: &[&Item]) -> String {
    match items {
        [only] => format!("quote `{}`", &text[only.span.clone()]),
        _ => "quote the values".to_owned(),
    }
}

/// Returns the edits that put the bytes at `span` in quotes.
pub(in crate::template) fn quote(text: &str, span: &Range<usize>) -> Vec<Edit> {
    let value = &text[span.clone()];
    match value {
        _ if !value.contains(['"', '\\']) => surround(span, "\""),
        _ if !value.contains('\'') => surround(span, "'"),
        _ => vec![Edit {
            span: span.clone(),
            text: format!("'{}'", value.replace('\'', "''")),
        }],
    }
}

fn surround(span: &Range<usize>, quote: &str) -> Vec<Edit> {
    vec![
        Edit::insert(span.start, quote),
        Edit::insert(span.end, quote),
    ]
}

/// Returns the bytes at `span` in quotes.
pub fn quoted(text: &str, span: &Range<usize>) -> String {
    let mut value = text[span.clone()].to_owned();
    for edit in quote(text, span).iter().rev() {
        let at = edit.span.start - span.start..edit.span.end - span.start;
        value.replace_range(at, &edit.text);
    }
    value
}

/// The reason to quote a value, and the quoted form.
fn reason(text: &str, item: &Item) -> Option<(String, String)> {
    let value = &text[item.span.clone()];
    let shown = quoted(text, &item.span);
    // A value on several lines is the same in one.
    let shown: Vec<_> = shown.lines().map(str::trim).collect();
    let help = format!("quote it: `{}`", shown.join(" "));
    if value.contains("{{") && (item.is_in_flow || value.starts_with("{{")) {
        let message = "a value with `{{…}}` must be quoted here: YAML reads the brace as a mapping";
        return Some((message.to_owned(), help));
    }
    let first = value.chars().next()?;
    let meaning = INDICATORS.iter().find(|(indicator, _)| *indicator == first);
    let is_sound = match first {
        '-' => !(value == "-" || value.starts_with("- ")),
        '*' | '&' => value[1..].split(' ').next().is_some_and(is_anchor_name),
        // Headers of texts on the lines below.
        '|' | '>' => value[1..]
            .chars()
            .all(|c| c.is_ascii_digit() || "+-".contains(c)),
        _ => false,
    };
    if let Some((indicator, meaning)) = meaning.filter(|_| !is_sound) {
        let message = format!("an unquoted value cannot start with `{indicator}`: {meaning}");
        return Some((message, help));
    }
    if value.contains(": ") || value.ends_with(':') && value.contains(' ') {
        let message = "an unquoted value cannot contain `: `, which YAML reads as the end of a key";
        return Some((message.to_owned(), help));
    }
    if item.is_in_flow && value.contains(['{', '}', '[']) {
        let message = "a value with braces or brackets must be quoted in a list in brackets";
        return Some((message.to_owned(), help));
    }
    None
}

/// Quotes in quotes: `"echo "a" b"`, `'it's'`, or text behind a closing quote. One repair for all of a line, for the
/// parser stops at the first.
fn about_nested(text: &str, items: &[Item]) -> Option<Problem> {
    let is_nested = |item: &&Item| item.quote.is_some() && item.closes < item.span.end;
    let nested: Vec<_> = items.iter().filter(is_nested).collect();
    let first = nested.first()?;
    let message = match first_word(&text[first.closes..first.span.end]) {
        "" => "the quote that starts here ends before the end of the value".to_owned(),
        word => format!("the quote that starts here ends before `{word}`"),
    };
    let help = format!("write `{}`", requoted(text, first));
    let edits = nested.iter().map(|item| Edit {
        span: item.span.clone(),
        text: requoted(text, item),
    });
    let repair = Repair::not_safe("quote the whole value", edits.collect());
    let span = first.span.start..first.closes;
    Some(suspicion(span, message, help, repair))
}

/// Returns an item with quotes in its quotes, in quotes that hold all of it.
fn requoted(text: &str, item: &Item) -> String {
    let quote = item.quote.unwrap_or('"');
    let span = item.span.clone();
    let inner = match text[span.clone()].ends_with(quote) {
        true => &text[span.start + 1..span.end - 1],
        false => &text[span],
    };
    let other = if quote == '"' { '\'' } else { '"' };
    match inner {
        _ if !(inner.contains(other) || other == '"' && inner.contains('\\')) => {
            format!("{other}{inner}{other}")
        }
        _ => format!("'{}'", inner.replace('\'', "''")),
    }
}

fn first_word(text: &str) -> &str {
    let word = text.split_whitespace().next().unwrap_or_default();
    word.trim_end_matches([']', '}', ',', '"', '\''])
}

fn about_unclosed(text: &str, item: &Item) -> Option<Problem> {
    let quote = item.quote.filter(|_| !item.is_closed)?;
    let value = &text[item.span.clone()];
    let brackets = value.len() - value.trim_end_matches([']', '}', ',']).len();
    let at = match item.is_in_flow {
        true => item.span.end - brackets,
        false => item.span.end,
    };
    let repair = Repair::not_safe("close the quote", vec![Edit::insert(at, quote)]);
    let help = format!("put a `{quote}` after the value, or remove the first");
    let start = item.span.start;
    Some(suspicion(
        start..start + 1,
        "the quote that starts here is not closed",
        help,
        repair,
    ))
}

/// A `#` between brackets, behind which the rest of the line is a comment.
fn about_hash(text: &str, line: &Range<usize>) -> Option<Problem> {
    let content = &text[line.clone()];
    let open = content.find('[')?;
    let hash = open + content[open..].find(" #")?;
    let close = hash + content[hash..].rfind(']')?;
    let start = content[..hash].rfind(['[', ','])? + 1;
    let end = hash + content[hash..close].find(',').unwrap_or(close - hash);
    let start = start + super::line::indentation(&content[start..]);
    let span = line.start + start..line.start + content[..end].trim_end().len();
    let is_plain = !content[start..end].contains(['"', '\'']);
    is_plain.then(|| {
        let help = format!("quote it: `{}`", quoted(text, &span));
        let repair = Repair::safe("quote the value", quote(text, &span));
        let message =
            "` #` in an unquoted value starts a comment, and the rest of the line is lost";
        suspicion(span, message, help, repair)
    })
}

/// A value such as `[ -f x ] && y` or `{{X}}: y`, all of which was meant as one.
fn about_whole(text: &str, line: &Range<usize>) -> Option<Problem> {
    let content = &text[line.clone()];
    let start = match key(content) {
        Some((key, _)) => key.end + 1,
        None => {
            let indent = super::line::indentation(content);
            indent + content[indent..].strip_prefix("- ").map(|_| 2)?
        }
    };
    let start = start + super::line::indentation(&content[start..]);
    let value = content[start..].trim_end();
    let first = value.chars().next().filter(|c| "[{".contains(*c))?;
    let span = line.start + start..line.start + start + value.len();
    let closing = if first == '[' { ']' } else { '}' };
    let is_text = value.starts_with("{{") || !value.ends_with([']', '}', ',']);
    (is_text && value.contains(closing)).then(|| {
        let help = format!("quote it: `{}`", quoted(text, &span));
        let meaning = if first == '[' { "a list" } else { "a mapping" };
        let message = format!("an unquoted value cannot start with `{first}`: it starts {meaning}");
        suspicion(
            span.clone(),
            message,
            help,
            Repair::safe("quote the value", quote(text, &span)),
        )
    })
}
