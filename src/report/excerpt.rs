//! The text that a drawing shows of a template: all of it, or a part of a very long line.

use super::diagnostic::Diagnostic;
use crate::template::Position;
use std::borrow::Cow;
use std::ops::Range;

/// A line longer than this, in bytes, is not shown whole: minified JSON is one line.
const LONG: usize = 400;

/// What is shown of a long line before and after the place that is meant, in bytes.
const AROUND: usize = 80;

/// A diagnostic with the text that its places stand in.
pub(super) struct Excerpt<'r> {
    pub diagnostic: Diagnostic<'r>,
    pub text: Cow<'r, str>,
    /// Where the text starts in the template.
    pub offset: usize,
    pub primary: Option<Range<usize>>,
    pub related: Vec<(Range<usize>, &'r str)>,
    /// What is related, but not in the text.
    pub elsewhere: Vec<String>,
}

impl<'r> Excerpt<'r> {
    pub fn new(diagnostic: Diagnostic<'r>) -> Self {
        let source = diagnostic.source;
        let first_line_of = |span: &Range<usize>| source.first_line_of(span);
        let related = diagnostic.related.iter();
        let mut excerpt = Self {
            text: Cow::Borrowed(source.text()),
            offset: 0,
            related: related
                .map(|(span, message)| (first_line_of(span), *message))
                .collect(),
            primary: diagnostic.span.as_ref().map(first_line_of),
            elsewhere: Vec::new(),
            diagnostic,
        };
        if let Some(shown) = excerpt.part_of_long_line() {
            excerpt.cut(&shown);
        }
        excerpt
    }

    /// What to show, if the diagnostic or something related is in a line that is too long.
    fn part_of_long_line(&self) -> Option<Range<usize>> {
        let source = self.diagnostic.source;
        let line_of = |span: &Range<usize>| source.line_range(source.line_index(span.start));
        let spans = self
            .primary
            .iter()
            .chain(self.related.iter().map(|(span, _)| span));
        if !spans.filter_map(line_of).any(|line| line.len() > LONG) {
            return None;
        }
        let span = self.primary.as_ref()?;
        let line = line_of(span)?;
        let end = span.end.min(span.start + LONG) + AROUND;
        let text = source.text();
        let start = text
            .floor_char_boundary(span.start.saturating_sub(AROUND))
            .max(line.start);
        Some(start..text.floor_char_boundary(end).min(line.end).max(start))
    }

    fn cut(&mut self, shown: &Range<usize>) {
        let inside = |span: &Range<usize>| span.start >= shown.start && span.end <= shown.end;
        let local =
            |span: &Range<usize>| span.start - shown.start..span.end.min(shown.end) - shown.start;
        self.text = Cow::Owned(self.diagnostic.source.text()[shown.clone()].to_owned());
        self.offset = shown.start;
        self.primary = self.primary.as_ref().map(local);
        let (here, there): (Vec<_>, Vec<_>) =
            self.related.drain(..).partition(|(span, _)| inside(span));
        self.related = here
            .into_iter()
            .map(|(span, message)| (local(&span), message))
            .collect();
        self.elsewhere = there
            .into_iter()
            .map(|(span, message)| {
                let Position { line, column, .. } = self.diagnostic.source.position(span.start);
                format!("{}:{line}:{column}: {message}", self.diagnostic.path)
            })
            .collect();
    }

    /// The index, from 0, of the text's line that holds `offset`.
    pub fn line_index(&self, offset: usize) -> usize {
        match self.text {
            Cow::Borrowed(_) => self.diagnostic.source.line_index(offset),
            Cow::Owned(_) => 0,
        }
    }

    /// The bytes of the text's line with `index`; `None` past the end.
    pub fn line_range(&self, index: usize) -> Option<Range<usize>> {
        match &self.text {
            Cow::Borrowed(_) => self.diagnostic.source.line_range(index),
            Cow::Owned(line) => (index == 0).then_some(0..line.len()),
        }
    }

    /// The line and column, in the template, of the byte at `offset` of the text.
    pub fn position(&self, offset: usize) -> Position {
        self.diagnostic.source.position(self.offset + offset)
    }

    /// The message; what has no place is said with its path.
    pub fn message(&self) -> String {
        let Diagnostic { path, message, .. } = self.diagnostic;
        match self.primary {
            Some(_) => message.to_owned(),
            None => format!("{path}: {message}"),
        }
    }
}
