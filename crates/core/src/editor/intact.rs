//! Reading of a text that is being typed: its intact parts, at their places.

use crate::template::{Document, Loaded, Syntax, load};

/// Upper bound on the lines that are blanked out.
const MAX_LINES: usize = 16;

/// Reads a text. Lines that keep it from being read are blanked out, so that all others stay where they are; `None` if
/// what is left is no mapping, or too many lines are wrong.
pub fn intact(text: &str, syntax: Syntax, max_bytes: u64) -> Option<Document> {
    let mut text = text.to_owned();
    for _ in 0..=MAX_LINES {
        let (source, problems) = match load(text.as_bytes(), syntax, max_bytes) {
            Loaded::Document(document) => return Some(*document),
            Loaded::NoMapping(_) => return None,
            Loaded::Malformed(source, problems) => (source, problems),
        };
        let at = problems.first()?.span.start;
        // Of a problem behind the last text, that text is the cause.
        let is_blank = |line: usize| {
            let range = source.line_range(line).unwrap_or_default();
            source.text()[range].trim().is_empty()
        };
        let lines = (0..=source.line_index(at.min(source.text().len()))).rev();
        let line = lines.into_iter().find(|&line| !is_blank(line))?;
        let range = source.line_range(line)?;
        let blank: String = text[range.clone()]
            .chars()
            .flat_map(|character| match character {
                '\n' | '\r' => std::iter::repeat_n(character, 1),
                other => std::iter::repeat_n(' ', other.len_utf8()),
            })
            .collect();
        text.replace_range(range, &blank);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_stays_where_it_is() {
        let text = "specificationVersion: jobtemplate-2023-09\nname: é [\n  b: c\nsteps: [\n- name: S\n  x: {\n";
        let document = intact(text, Syntax::Yaml, 1000);
        let document = document.map(|document| document.value().clone());
        let name = document
            .as_ref()
            .and_then(|value| value.get("specificationVersion"));
        assert_eq!(name, Some(&"jobtemplate-2023-09".into()), "{document:?}");
        assert!(intact("- a\n", Syntax::Yaml, 1000).is_none());
    }
}
