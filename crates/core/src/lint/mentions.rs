//! The names that a part of a template mentions: in expressions, and as text that may be meant as one.

use super::references;
use crate::template::{Path, Segment, visit};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::{Bound, Range};

/// The most segments that the name of a variable has: `Task.Param.Frame`.
const MAX_SEGMENTS: usize = 3;

/// The dotted names in a part of a template, and the beginnings of each.
#[derive(Default)]
pub(crate) struct Mentions<'t> {
    names: BTreeSet<Cow<'t, str>>,
}

impl<'t> Mentions<'t> {
    /// Collects the names in all strings of `value`, except those at paths (from `value`) that are to `skip`.
    pub fn of(value: &'t Value, skip: &dyn Fn(&Path) -> bool) -> Self {
        let mut mentions = Self::default();
        visit(value, &mut |path, value| {
            let Some(text) = value.as_str().filter(|_| !skip(path)) else {
                return;
            };
            match binding(path, text) {
                Some((_, expression)) => mentions.add_expression(expression),
                None => mentions.add_text(text),
            }
        });
        mentions
    }

    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Returns the mentioned names right below `prefix`, such as `Frames` below `Param.`.
    pub fn below<'m>(&'m self, prefix: &'m str) -> impl Iterator<Item = &'m str> {
        let names = self
            .names
            .range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        let below = names.map_while(move |name| name.strip_prefix(prefix));
        below.filter(|name| !name.contains('.'))
    }

    fn add_text(&mut self, text: &'t str) {
        // Most texts mention nothing, and a character is found faster than what is looked for below.
        if !text.contains(['{', '.']) {
            return;
        }
        let ranges = references::ranges(text);
        for range in &ranges {
            self.add_expression(references::inner(text, range));
        }
        // An interpolation that is not closed is a mistake of its own.
        let rest = &text[ranges.last().map_or(0, |range| range.end)..];
        if let Some((_, open)) = rest.split_once("{{") {
            self.add_expression(open);
        }
        // So is one in other braces, or in a comment.
        for mark in ["Param.", ".File."] {
            let mut end = 0;
            for (at, _) in text.match_indices(mark) {
                if at >= end {
                    let word = word_around(text, at);
                    end = word.end;
                    self.add_word(&text[word]);
                }
            }
        }
    }

    fn add_word(&mut self, word: &'t str) {
        let dots = word.match_indices('.').map(|(dot, _)| dot);
        let ends = dots.chain([word.len()]).take(MAX_SEGMENTS);
        self.names
            .extend(ends.map(|end| Cow::Borrowed(&word[..end])));
    }

    fn add_expression(&mut self, expression: &'t str) {
        for (segments, start) in references::dotted_names(expression) {
            for length in 1..=segments.len().min(MAX_SEGMENTS) {
                let written = &expression[start..segments[length - 1].1];
                // White space may stand around the dots.
                self.names
                    .insert(match written.contains(char::is_whitespace) {
                        true => {
                            let names: Vec<_> =
                                segments[..length].iter().map(|(name, _)| *name).collect();
                            names.join(".").into()
                        }
                        false => written.into(),
                    });
            }
        }
    }
}

/// Returns the range of the dotted name that the byte `at` of a text is in.
fn word_around(text: &str, at: usize) -> Range<usize> {
    let is_other = |c: char| !c.is_alphanumeric() && c != '_' && c != '.';
    let start = text[..at].char_indices().rev().find(|(_, c)| is_other(*c));
    let start = start.map_or(0, |(at, c)| at + c.len_utf8());
    let end = text[at..].find(is_other).map_or(text.len(), |end| at + end);
    start..end
}

/// Returns the name and the expression of the `let` binding at `path`, if it is one.
pub(crate) fn binding<'t>(path: &Path, text: &'t str) -> Option<(&'t str, &'t str)> {
    let is_binding = matches!(
        path.segments(),
        [.., Segment::Key(list), Segment::Index(_)] if list == "let"
    );
    text.split_once('=').filter(|_| is_binding)
}
