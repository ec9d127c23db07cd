//! The value of a tree whose scalars leave no doubt, without reading the text a second time.
//!
//! The loader of `openjd-model` decides what a text means, and takes most of the time of reading it. This gives up at the
//! first thing that could be read in more than one way.

use super::limits::DEFAULT_MAX_BYTES;
use super::tree::{Kind, NodeId, Style, Tree};
use serde_json::{Map, Value};

/// Number of comments that are too few for the loader's limit on them.
const FEW_COMMENTS: usize = 32;

/// Number of anchors that are too few for the loader's limit on them.
const FEW_ANCHORS: usize = 10_000;

/// Number of digits that certainly fit 64 bits.
const FEW_DIGITS: usize = 18;

/// Returns the value of `tree`, the tree of the YAML `text`; `None` if only the loader can tell it.
pub(super) fn certain(text: &str, tree: &Tree) -> Option<Value> {
    let has_few = |mark: char, few: usize| text.matches(mark).nth(few).is_none();
    let is_within_limits = text.len() as u64 <= DEFAULT_MAX_BYTES
        && has_few('#', FEW_COMMENTS)
        && has_few('&', FEW_ANCHORS);
    let has_directive = text.starts_with('%') || text.contains("\n%") || text.contains("\r%");
    let is_simple =
        is_within_limits && !has_directive && !text.starts_with('\u{feff}') && tree.tags.is_empty();
    tree.root
        .filter(|_| is_simple)
        .and_then(|root| value(tree, root))
}

fn value(tree: &Tree, id: NodeId) -> Option<Value> {
    match &tree.node(id).kind {
        Kind::Sequence(items) => items.iter().map(|item| value(tree, *item)).collect(),
        Kind::Mapping(entries) => {
            let mut fields = Map::new();
            for (key, item) in entries {
                let Value::String(key) = value(tree, *key)? else {
                    return None;
                };
                fields.insert(key, value(tree, *item)?);
            }
            Some(Value::Object(fields))
        }
        Kind::Scalar {
            style: Style::Plain,
            text,
        } => plain(text),
        Kind::Scalar { text, .. } => Some(text.as_str().into()),
        Kind::Alias(_) => None,
    }
}

/// Returns the value of an unquoted scalar.
fn plain(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" => return Some(Value::Null),
        "true" => return Some(true.into()),
        "false" => return Some(false.into()),
        "0" => return Some(0_u64.into()),
        _ => {}
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    let is_integer = (1..=FEW_DIGITS).contains(&count) && !digits.starts_with('0');
    if is_integer && count == digits.len() {
        return text.parse::<i64>().ok().map(Value::from);
    }
    (is_word(text) || is_range(text)).then(|| text.into())
}

/// Returns true for what is neither null nor a boolean nor a number in any notation.
fn is_word(text: &str) -> bool {
    let is_start = |c: char| c.is_ascii_alphabetic() || c == '/' || c == '_';
    let values = ["true", "false", "null"];
    text.starts_with(is_start) && !values.iter().any(|value| text.eq_ignore_ascii_case(value))
}

/// Returns true for a range such as `1-10`: no number has a sign between two digits.
fn is_range(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let end = rest.strip_prefix('-');
    rest.len() < text.len() && end.is_some_and(|end| end.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::yaml;
    use openjd_model::template::parse::document_string_to_object;
    use openjd_model::{CallerLimits, DocumentType};
    use proptest::prelude::*;

    /// Reads `text` in both ways.
    fn both(text: &str) -> (Option<Value>, Option<Value>) {
        let tree = yaml::parse(text).ok();
        let own = tree.and_then(|tree| certain(text, &tree));
        let loaded = document_string_to_object(text, DocumentType::Yaml, &CallerLimits::default());
        (own, loaded.ok())
    }

    #[test]
    fn only_what_is_certain_is_read() {
        for certain in [
            "a", "a b", "5", "-5", "0", "1-10", "~", "", "null", "true", "'5'", "\"a\\n\"",
            "|\n  a\n", "[]", "{b: 1}",
        ] {
            let (own, loaded) = both(&format!("a: {certain}\n"));
            assert!(own.is_some(), "{certain}");
            assert_eq!(own, loaded, "{certain}");
        }
        for doubtful in [
            "1.5",
            "0x1F",
            "010",
            "1_000",
            "TRUE",
            "Null",
            ".inf",
            "+5",
            "99999999999999999999",
            "!!str 5",
            "é",
        ] {
            assert_eq!(both(&format!("a: {doubtful}\n")).0, None, "{doubtful}");
        }
        for doubtful in [
            "5: a",
            "~: a",
            "<<: {a: b}",
            "a: &b 5\nc: *b",
            "a: *b",
            "%YAML 1.2\n---\na: b",
            "\u{feff}a: b",
        ] {
            assert_eq!(both(doubtful).0, None, "{doubtful}");
        }
        assert_eq!(
            both(&format!("{}a: b", "#\n".repeat(FEW_COMMENTS + 1))).0,
            None
        );
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_the_loader_reads(
            scalar in "[-+.~a-fnotrueslxNTI0-9_:/#%' ]{0,8}",
            key in "[a-c0-9<~.]{1,3}",
            form in 0..6_usize,
        ) {
            let text = match form {
                0 => format!("{key}: {scalar}\n"),
                1 => format!("a:\n- {scalar}\n- {key}\n"),
                2 => format!("a: [{scalar}, {key}]\n"),
                3 => format!("{{a: {scalar}, {key}: {scalar}}}\n"),
                4 => format!("a: {scalar}\n  {scalar}\n"),
                _ => format!("a: |\n  {scalar}\n"),
            };
            let (own, loaded) = both(&text);
            if own.as_ref().is_some_and(Value::is_object) && yaml::parse(&text).is_ok_and(|tree| tree.duplicate_keys().is_empty()) {
                prop_assert_eq!(own, loaded, "{:?}", text);
            }
        }
    }
}
