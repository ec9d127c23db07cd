//! The interpolations of a format string and the variables that they refer to, with positions.

use crate::search;
use openjd_expr::eval::ParsedExpression;
use std::ops::Range;

/// One `{{…}}` of a format string.
pub(crate) struct Interpolation {
    /// From the first brace to the last, in bytes of the string.
    pub range: Range<usize>,
    /// The variables it refers to, in order.
    pub references: Vec<Reference>,
}

/// One use of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The dotted name.
    pub name: String,
    /// The range in the string, in bytes.
    pub range: Range<usize>,
}

impl Interpolation {
    /// Finds the references of the interpolation at `range` of `text`, which is `parsed`.
    pub fn new(text: &str, range: Range<usize>, parsed: &ParsedExpression) -> Self {
        let inside = range.start + BRACES..range.end - BRACES;
        let references = references(text, &inside, parsed);
        Self { range, references }
    }
}

/// Length of the braces on each side of an interpolation, in bytes.
const BRACES: usize = 2;

/// Returns the text between the braces of the interpolation at `range`.
pub(crate) fn inner<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    &text[range.start + BRACES..range.end - BRACES]
}

/// Returns the variable that an error of the expression language calls undefined.
pub(crate) fn undefined(message: &str) -> Option<String> {
    let rest = message.split_once("Undefined variable: '")?.1;
    Some(rest.split_once('\'')?.0.to_owned())
}

/// Returns the names that the error suggests in its place.
pub(crate) fn suggestion(message: &str) -> Option<&str> {
    let rest = message.lines().next()?.split_once("Did you mean")?.1;
    Some(rest.split_once(": ")?.1)
}

/// Returns the ranges of all interpolations in a text, those that do not parse among them.
pub(crate) fn ranges(text: &str) -> Vec<Range<usize>> {
    enclosed(text, "{{", "}}")
}

/// Returns the ranges from each `open` to the next `close`, which they include; none lies in another.
pub(crate) fn enclosed(text: &str, open: &str, close: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = search::find(&text[at..], open).map(|found| at + found) {
        let inside = start + open.len();
        let Some(length) = search::find(&text[inside..], close) else {
            break;
        };
        at = inside + length + close.len();
        found.push(start..at);
    }
    found
}

/// Returns the references of the expression at `range` of `text`, which is `parsed`. The parser knows the names; where they stand is
/// found by reading the dotted names of the text, outside of its string literals.
pub(crate) fn references(
    text: &str,
    range: &Range<usize>,
    parsed: &ParsedExpression,
) -> Vec<Reference> {
    let mut found = Vec::new();
    for (segments, start) in dotted_names(&text[range.clone()]) {
        // The longest prefix that the parser calls a variable: what follows is a method of its.
        let prefix = (1..=segments.len()).rev().find_map(|count| {
            let name = segments[..count]
                .iter()
                .map(|(segment, _)| *segment)
                .collect::<Vec<_>>()
                .join(".");
            let is_variable = parsed.accessed_symbols().contains(&name);
            is_variable.then_some((name, segments[count - 1].1))
        });
        if let Some((name, end)) = prefix {
            let range = range.start + start..range.start + end;
            found.push(Reference { name, range });
        }
    }
    found
}

/// The segments of a dotted name, each with its end.
pub(crate) type Segments<'t> = Vec<(&'t str, usize)>;

/// The dotted names in `text` with their starts; white space may stand around the dots.
pub(crate) fn dotted_names(text: &str) -> Vec<(Segments<'_>, usize)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let word_end = |at: usize| at + text[at..].find(|c| !is_word(c)).unwrap_or(text.len() - at);
    let skip_space = |at: usize| at + text[at..].len() - text[at..].trim_start().len();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        match next {
            '\'' | '"' => at = string_end(text, at, next),
            // A number, or an attribute of something other than a name.
            '.' => at = word_end(skip_space(at + 1)),
            c if c.is_ascii_digit() => at = word_end(at),
            c if is_word(c) => {
                let (start, mut segments) = (at, Vec::new());
                loop {
                    let end = word_end(at);
                    segments.push((&text[at..end], end));
                    at = end;
                    let dot = skip_space(end);
                    let next = text[dot..].strip_prefix('.').map(|_| skip_space(dot + 1));
                    match next.filter(|&next| text[next..].starts_with(is_word)) {
                        Some(next) => at = next,
                        None => break,
                    }
                }
                found.push((segments, start));
            }
            c => at += c.len_utf8(),
        }
    }
    found
}

/// Returns the characters of an expression outside of its string literals.
pub(super) fn outside_of_texts(expression: &str) -> impl Iterator<Item = char> {
    let mut rest = expression;
    std::iter::from_fn(move || {
        while let Some(quote @ ('\'' | '"')) = rest.chars().next() {
            rest = &rest[string_end(rest, 0, quote)..];
        }
        let next = rest.chars().next()?;
        rest = &rest[next.len_utf8()..];
        Some(next)
    })
}

/// The end of the string literal that starts at `start` with `quote`.
fn string_end(text: &str, start: usize, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text[start + 1..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return start + 1 + at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::expressions::Expressions;

    fn names(text: &str) -> Vec<&str> {
        let found = Expressions::default().interpolations(text);
        let references = found
            .iter()
            .flat_map(|interpolation| &interpolation.references);
        references
            .map(|reference| &text[reference.range.clone()])
            .collect()
    }

    #[test]
    fn references_are_found_where_they_stand() {
        assert_eq!(names("a {{ Param.A }} {{Param.B}}"), ["Param.A", "Param.B"]);
        assert_eq!(
            names("{{ Param.A.upper() + 'Param.C' + Param . B }}"),
            ["Param.A", "Param . B"]
        );
        assert_eq!(names("{{ [x for x in Param.L] }}"), ["Param.L"]);
        assert_eq!(names("{{ Task.File.Run.name }}"), ["Task.File.Run.name"]);
        assert_eq!(names("{{ Param.A + Param.A }}"), ["Param.A", "Param.A"]);
        assert_eq!(names("{{ 1.5 + é.x }}"), ["é.x"]);
        assert_eq!(names("no {{"), [] as [&str; 0]);
    }

    #[test]
    fn an_undefined_variable_is_read_from_the_message() {
        let message = "Undefined variable: 'Param.Fo'. Did you mean: Param.Foo\n  Param.Fo";
        assert_eq!(undefined(message).as_deref(), Some("Param.Fo"));
        assert_eq!(suggestion(message), Some("Param.Foo"));
    }
}
