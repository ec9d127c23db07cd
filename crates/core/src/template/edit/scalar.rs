//! Rewriting of scalars in their own style.

use super::layout::Layout;
use crate::template::path::Path;
use crate::template::replacement::Edit;
use crate::template::traps::quote;
use crate::template::tree::{Kind, NodeId, Style};
use std::ops::Range;

/// Words that YAML does not read as strings, or did not in its first version.
const NO_STRINGS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

/// Returns `word` in this style; `None` if it cannot be written in it.
pub(super) fn written(word: &str, style: Style) -> Option<String> {
    let is_word_char = |c: char| c.is_ascii_alphanumeric() || ['_', '-', '.'].contains(&c);
    if word.is_empty() || !word.chars().all(is_word_char) {
        return None;
    }
    let is_string = word.starts_with(|c: char| c.is_ascii_alphabetic())
        && !NO_STRINGS
            .iter()
            .any(|other| word.eq_ignore_ascii_case(other));
    match style {
        Style::Plain if is_string => Some(word.to_owned()),
        Style::Plain | Style::DoubleQuoted => Some(format!("\"{word}\"")),
        Style::SingleQuoted => Some(format!("'{word}'")),
        Style::Literal | Style::Folded => None,
    }
}

/// Returns `text` if no style needs an escape for it.
fn plain(text: &str) -> Option<&str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ['_', '.', '(', ')'].contains(&c);
    text.chars().all(is_plain).then_some(text)
}

impl Layout<'_> {
    pub fn rename(&self, path: &Path, name: &str) -> Option<(Vec<Edit>, NodeId)> {
        let key = self.tree.find(path)?.0?;
        let (_, mapping) = self.tree.find(&path.parent()?)?;
        if self
            .tree
            .is_merged(self.tree.resolved(mapping), path.last_key()?)
        {
            return None;
        }
        let text = written(name, self.style(key)?)?;
        Some((vec![self.put(key, text)], key))
    }

    pub fn set_word(&self, path: &Path, word: &str) -> Option<(Vec<Edit>, NodeId)> {
        let (_, value) = self.tree.find(path)?;
        let text = written(word, self.style(value)?)?;
        Some((vec![self.put(value, text)], value))
    }

    pub fn set_integer(&self, path: &Path, number: i64) -> Option<(Vec<Edit>, NodeId)> {
        let (_, value) = self.tree.find(path)?;
        let text = match self.style(value)? {
            Style::Plain => number.to_string(),
            Style::SingleQuoted => format!("'{number}'"),
            Style::DoubleQuoted => format!("\"{number}\""),
            Style::Literal | Style::Folded => return None,
        };
        Some((vec![self.put(value, text)], value))
    }

    /// Puts a scalar without quotes into quotes, where an alias stands for it too; likewise what was meant as a scalar.
    pub fn quote(&self, path: &Path) -> Option<(Vec<Edit>, NodeId)> {
        let node = self.tree.resolved(self.tree.find(path)?.1);
        let Kind::Scalar { text, .. } = &self.tree.node(node).kind else {
            let span = self.span(node).start..self.end(node)?;
            let is_one_line = !self.text()[span.clone()].contains(['\n', '\r']);
            return (is_one_line && !self.tree.is_tagged(node))
                .then(|| (quote(self.text(), &span), node));
        };
        let is_plain = self.style(node)? == Style::Plain;
        let needs_no_escape = !text.contains(['"', '\\']) && !text.contains(char::is_control);
        (is_plain && needs_no_escape).then(|| (vec![self.put(node, format!("\"{text}\""))], node))
    }

    pub fn replace(
        &self,
        (span, node): (Range<usize>, NodeId),
        text: &str,
    ) -> Option<(Vec<Edit>, NodeId)> {
        let is_text = match self.style(node)? {
            Style::Plain | Style::Folded => false,
            // In quotes or on lines of its own, most text means itself.
            _ => !text.contains(['"', '\'', '\\']) && !text.contains(char::is_control),
        };
        let text = if is_text { text } else { plain(text)? }.to_owned();
        Some((vec![Edit { span, text }], node))
    }

    pub fn wrap(
        &self,
        (span, node): (Range<usize>, NodeId),
        [before, behind]: &[String; 2],
    ) -> Option<(Vec<Edit>, NodeId)> {
        let edits = vec![
            Edit::insert(span.start, plain(before)?),
            Edit::insert(span.end, plain(behind)?),
        ];
        Some((edits, node))
    }

    /// The style in which a node can be written anew, if it is a scalar or an alias.
    fn style(&self, id: NodeId) -> Option<Style> {
        let style = match &self.tree.node(id).kind {
            Kind::Scalar { style, .. } => *style,
            Kind::Alias(_) => Style::Plain,
            Kind::Sequence(_) | Kind::Mapping(_) => return None,
        };
        (!self.span(id).is_empty() && !self.tree.is_tagged(id)).then_some(style)
    }

    fn put(&self, id: NodeId, text: String) -> Edit {
        Edit {
            span: self.span(id).clone(),
            text,
        }
    }
}
