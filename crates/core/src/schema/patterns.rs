//! The regular expressions of the schemas, which are those of JavaScript.

use regex::Regex;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// White space (`\s`) in JavaScript, inside of a class.
const WHITE_SPACE: &str =
    r"\t-\r \u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}";

/// The start of the patterns for what may be a format string.
const FORMAT_STRING: &str = r"\{\{|";

/// Returns true if `text` has a match of `pattern`. Each pattern is compiled once.
pub(super) fn is_match(pattern: &'static str, text: &str) -> bool {
    // Nothing is compiled for the numbers of a monitor that are format strings.
    if pattern.starts_with(FORMAT_STRING) && text.contains("{{") {
        return true;
    }
    static COMPILED: Mutex<Option<HashMap<&str, Regex>>> = Mutex::new(None);
    // What is behind the lock is never half changed.
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let all = compiled.get_or_insert_default();
    let own = all.entry(pattern).or_insert_with(|| {
        // A test compiles every pattern.
        Regex::new(&translated(pattern)).expect("a pattern of an embedded schema is one")
    });
    own.is_match(text)
}

/// Returns `pattern` as this crate's regular expressions have it.
fn translated(pattern: &str) -> String {
    let mut translated = String::new();
    let mut in_class = false;
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        match (c, in_class) {
            ('[', _) => in_class = true,
            (']', _) => in_class = false,
            _ => {}
        }
        if c != '\\' {
            translated.push(c);
            continue;
        }
        match (rest.next(), in_class) {
            (Some('s'), true) => translated += WHITE_SPACE,
            (Some('s'), false) => translated += &format!("[{WHITE_SPACE}]"),
            (Some('S'), _) => translated += &format!("[^{WHITE_SPACE}]"),
            (Some('u'), _) => {
                let digits: String = rest.by_ref().take(4).collect();
                translated += &format!(r"\u{{{digits}}}");
            }
            (Some(other), _) => translated.extend(['\\', other]),
            (None, _) => translated.push('\\'),
        }
    }
    translated
}

#[cfg(test)]
mod tests {
    use super::translated;
    use crate::schema::ALL;
    use crate::template::visit;
    use regex::Regex;
    use serde_json::Value;

    #[test]
    fn every_pattern_is_a_regular_expression() {
        let mut count = 0;
        for schema in ALL {
            visit(schema.document(), &mut |path, value| {
                if let (Some("pattern"), Value::String(pattern)) = (path.last_key(), value) {
                    assert!(Regex::new(&translated(pattern)).is_ok(), "{pattern}");
                    count += 1;
                }
            });
        }
        assert!(count > 90, "{count}");
    }

    #[test]
    fn white_space_is_that_of_javascript() {
        let space = Regex::new(&translated(r"^\s$")).expect("an expression");
        let none = Regex::new(&translated(r"^[^\s]$")).expect("an expression");
        for (c, is_space) in [
            (' ', true),
            ('\u{feff}', true),
            ('\u{85}', false),
            ('x', false),
        ] {
            let text = c.to_string();
            assert_eq!(
                (space.is_match(&text), none.is_match(&text)),
                (is_space, !is_space)
            );
        }
    }
}
