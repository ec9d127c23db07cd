//! Edits that have a comment ignore findings, in the form that [`suppress`](super::suppress) reads.

use super::Finding;
use super::rules::can_be_ignored;
use super::suppress;
use super::version;
use crate::template::{Document, Edit, ScalarLines, Syntax};
use std::collections::HashMap;

/// What decides about the comments of a document, found once for all of its findings.
#[derive(Debug)]
pub struct Ignoring<'d> {
    document: &'d Document,
    scalars: Vec<ScalarLines>,
    /// The ends of the lists of rules in comments, by the indices of the lines that they mean.
    lists: HashMap<usize, usize>,
    line_end: &'static str,
}

impl<'d> Ignoring<'d> {
    /// Reads the comments of a document. `None` if no comment can ignore anything: in JSON, and in a template of a version
    /// that is not known, of which nothing else is read.
    pub fn of(document: &'d Document) -> Option<Self> {
        let is_read = version::of(document).is_some_and(|(_, mistake)| mistake.is_none());
        (document.syntax() == Syntax::Yaml && is_read).then(|| Self {
            document,
            scalars: document.scalars_of_several_lines(),
            lists: suppress::ends_of_lists(document),
            line_end: match document.source().text().contains("\r\n") {
                true => "\r\n",
                false => "\n",
            },
        })
    }

    /// Returns the edit that has a comment ignore what the rule of `finding` finds there: the rule is added to the list of
    /// the comment for that line, or a comment is put on a line of its own above. `None` for a finding without a place, for a
    /// rule that cannot be ignored, and where no line can be put above, since a scalar of several lines ends on that line.
    pub fn edit(&self, finding: &Finding) -> Option<Edit> {
        let span = finding.span.as_ref()?;
        if !can_be_ignored(finding.rule) {
            return None;
        }
        let source = self.document.source();
        let is_before = |scalar: &ScalarLines| scalar.header <= span.start;
        let before = self.scalars.partition_point(is_before);
        let holder = self.scalars[..before].last();
        let holder = holder.filter(|scalar| span.start < scalar.span.end);
        let line = source.line_index(holder.map_or(span.start, |scalar| scalar.header));
        if let Some(&end) = self.lists.get(&line) {
            return Some(Edit {
                span: end..end,
                text: format!(", {}", finding.rule.id),
            });
        }
        let start = source.line_range(line)?.start;
        let text = &source.text()[start..];
        let start = start + text.len() - text.trim_start_matches('\u{feff}').len();
        // A scalar that ends on this line would have the comment in its text.
        let before = self
            .scalars
            .partition_point(|scalar| scalar.span.start < start);
        let above = self.scalars[..before].last();
        let is_text = |scalar: &ScalarLines| {
            let written = &source.text()[scalar.span.clone()];
            start < scalar.span.start + written.trim_end().len()
        };
        if above.is_some_and(is_text) {
            return None;
        }
        let text = &source.text()[start..];
        let indent = &text[..text.len() - text.trim_start_matches(' ').len()];
        let comment = suppress::comment(finding.rule);
        Some(Edit {
            span: start..start,
            text: format!("{indent}{comment}{}", self.line_end),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Settings, check};
    use crate::template::{Loaded, load};

    /// Returns the text with the comments that have what is found ignored.
    fn ignored(text: &str) -> String {
        let Loaded::Document(document) = load(text.as_bytes(), Syntax::Yaml, u64::MAX) else {
            panic!("not read: {text}");
        };
        let ignoring = Ignoring::of(&document).expect("a template");
        let checked = check(text.as_bytes(), Syntax::Yaml, &Settings::default());
        let findings = checked.found.unwrap_or_default().findings;
        assert_eq!(findings.len(), 1, "{findings:?}");
        let edit = ignoring.edit(&findings[0]);
        Edit::apply(edit.as_slice(), text)
    }

    #[test]
    fn no_comment_is_put_into_a_text() {
        let below = "specificationVersion: environment-2023-09
environment:
  name: E
  variables:
    A: |
      b

  f: g
";
        let comment = "  # openjd-monitor: ignore[unknown-field]\n";
        assert_eq!(
            ignored(below),
            below.replace("  f:", &format!("{comment}  f:"))
        );
        let beside = "specificationVersion: environment-2023-09
environment: {name: E, variables: {A: \"b
    c\"}, f: g}
";
        assert_eq!(ignored(beside), beside);
    }
}
