//! The names that a template mentions: in expressions, and as text that may be meant as one.

use super::misjoined;
use super::references;
use crate::search;
use crate::template::{Path, Segment};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::ptr;

/// The most segments that the name of a variable has: `Task.Param.Frame`.
const MAX_SEGMENTS: usize = 3;

/// The dotted names in all strings of a template, and the beginnings of each.
pub(crate) struct Mentions<'t> {
    /// In the order of the document.
    names: Vec<Cow<'t, str>>,
    /// Where the names of each mapping and list are among them, by its address: paths would take far more memory.
    parts: HashMap<*const Value, Range<usize>>,
}

/// The names that a part of a template mentions, sorted, each once.
pub(crate) struct Names<'m>(Vec<&'m str>);

impl<'t> Mentions<'t> {
    /// Reads all strings of `template`.
    pub fn of(template: &'t Value) -> Self {
        let mut mentions = Self {
            names: Vec::new(),
            parts: HashMap::new(),
        };
        mentions.add(&mut Path::root(), template);
        mentions
    }

    /// Returns the names in `part`, a mapping or a list of the template itself, not of a copy.
    pub fn within(&self, part: &Value) -> Names<'_> {
        Names::new(&self.names[self.range(part)])
    }

    /// Returns the names in all of the template but `part`, as above.
    pub fn outside(&self, part: &Value) -> Names<'_> {
        let part = self.range(part);
        let before = &self.names[..part.start];
        Names::new(before.iter().chain(&self.names[part.end..]))
    }

    fn range(&self, part: &Value) -> Range<usize> {
        let range = self.parts.get(&ptr::from_ref(part)).cloned();
        debug_assert!(range.is_some(), "no part of the template");
        range.unwrap_or_default()
    }

    fn add(&mut self, path: &mut Path, value: &'t Value) {
        let start = self.names.len();
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    path.push(Segment::Key(key.into()));
                    self.add(path, value);
                    path.pop();
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    path.push(Segment::Index(index));
                    self.add(path, value);
                    path.pop();
                }
            }
            Value::String(text) => {
                return match binding(path, text) {
                    Some((_, expression)) => self.add_expression(expression),
                    None => self.add_text(text),
                };
            }
            _ => return,
        }
        self.parts
            .insert(ptr::from_ref(value), start..self.names.len());
    }

    fn add_text(&mut self, text: &'t str) {
        let ranges = references::ranges(text);
        for range in &ranges {
            let expression = references::inner(text, range);
            self.add_expression(expression);
            self.names
                .extend(misjoined::meant(expression).map(Cow::from));
        }
        // An interpolation that is not closed is a mistake of its own.
        let rest = &text[ranges.last().map_or(0, |range| range.end)..];
        if let Some(open) = search::find(rest, "{{") {
            self.add_expression(&rest[open + 2..]);
        }
        // So is one in other braces, or in a comment.
        for mark in ["Param.", ".File."] {
            let mut end = 0;
            for at in search::all(text, mark) {
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
        self.names.extend(ends.map(|end| word[..end].into()));
    }

    fn add_expression(&mut self, expression: &'t str) {
        for (segments, start) in references::dotted_names(expression) {
            for length in 1..=segments.len().min(MAX_SEGMENTS) {
                let written = &expression[start..segments[length - 1].1];
                // White space may stand around the dots.
                self.names
                    .push(match written.contains(char::is_whitespace) {
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

impl<'m> Names<'m> {
    fn new(names: impl IntoIterator<Item = &'m Cow<'m, str>>) -> Self {
        let mut names: Vec<_> = names.into_iter().map(|name| &**name).collect();
        names.sort_unstable();
        names.dedup();
        Self(names)
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.binary_search(&name).is_ok()
    }

    /// Returns the mentioned names right below `prefix`, such as `Frames` below `Param.`.
    pub fn below(&self, prefix: &'m str) -> impl Iterator<Item = &'m str> {
        let start = self.0.partition_point(|name| *name < prefix);
        let names = self.0[start..].iter();
        let below = names.map_while(move |name| name.strip_prefix(prefix));
        below.filter(|name| !name.contains('.'))
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_names_of_a_part_are_told_from_those_around_it() {
        let template = json!({
            "a": ["{{ Param.A . b }}", {"let": ["c = Param.C + d"]}],
            "b": "Param.B and {{ open",
            "c": {},
        });
        let mentions = Mentions::of(&template);
        let all = mentions.within(&template);
        for name in [
            "Param",
            "Param.A",
            "Param.A.b",
            "Param.B",
            "Param.C",
            "d",
            "open",
        ] {
            assert!(all.has(name), "{name}");
        }
        assert!(!all.has("c"), "a name that is bound");
        let below = |names: Names<'_>| {
            let names = names.below("Param.").map(str::to_owned);
            names.collect::<Vec<_>>()
        };
        assert_eq!(below(mentions.within(&template["a"])), ["A", "C"]);
        assert_eq!(below(mentions.outside(&template["a"])), ["B"]);
        assert_eq!(below(mentions.within(&template["a"][1])), ["C"]);
        assert_eq!(below(mentions.within(&template["c"])), [""; 0]);
    }
}
