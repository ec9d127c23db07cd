//! Words of other systems, and of earlier drafts, for what a template calls otherwise.

mod monitor;
mod openjd;
mod parts;

use super::spelling;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Meaning of a key that its object does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// The field of the same object that it is about.
    pub field: &'static str,
    /// Advice on what to write; `None` if the field only has another name.
    pub advice: Option<&'static str>,
}

/// Words that mean the same in an object.
struct Entry {
    field: &'static str,
    /// Separated by spaces, in any case and with any separators between their parts.
    words: &'static str,
    advice: Option<&'static str>,
}

/// The words of one kind of object, which is recognized by a field that only it has.
struct Table {
    mark: &'static str,
    entries: &'static [Entry],
}

/// Words for a field that only has another name here.
const fn renamed(field: &'static str, words: &'static str) -> Entry {
    Entry {
        field,
        words,
        advice: None,
    }
}

/// Words for what stands elsewhere, has another form, or does not exist here.
const fn otherwise(field: &'static str, words: &'static str, advice: &'static str) -> Entry {
    Entry {
        field,
        words,
        advice: Some(advice),
    }
}

fn tables() -> impl Iterator<Item = &'static Table> {
    monitor::TABLES
        .iter()
        .chain(openjd::TABLES)
        .chain(parts::TABLES)
}

/// Entries by their words.
type Words = HashMap<String, Vec<&'static Entry>>;

/// The words of each table, behind its mark.
static INDEX: LazyLock<Vec<(&str, Words)>> = LazyLock::new(|| {
    let index = tables().map(|table| {
        let mut words = Words::new();
        for entry in table.entries {
            for word in entry.words.split_whitespace() {
                words.entry(spelling::folded(word)).or_default().push(entry);
            }
        }
        (table.mark, words)
    });
    index.collect()
});

/// Returns true for a word of another system for a check's command.
pub(crate) fn is_check(written: &str) -> bool {
    let written = spelling::folded(written);
    let mut words = monitor::CHECKS.split(' ');
    words.any(|word| spelling::folded(word) == written)
}

/// Returns the meaning of the key `written` in an object whose fields are `known`.
pub(crate) fn meaning<'k>(
    written: &str,
    known: impl IntoIterator<Item = &'k str> + Clone,
) -> Option<Meaning> {
    let is_known = |name: &str| known.clone().into_iter().any(|field| field == name);
    let folded = spelling::folded(written);
    let own = INDEX.iter().filter(|(mark, _)| is_known(mark));
    let mut entries = own.filter_map(|(_, words)| words.get(&folded)).flatten();
    let entry = entries.find(|entry| is_known(entry.field))?;
    Some(Meaning {
        field: entry.field,
        advice: entry.advice,
    })
}

/// Returns the word of a monitor's `onFailure` that `written` means elsewhere.
pub(crate) fn reaction(written: &str) -> Option<&'static str> {
    let folded = spelling::folded(written);
    let mut reactions = monitor::REACTIONS.iter();
    let is_meant = |words: &str| words.split_whitespace().any(|word| word == folded);
    reactions
        .find(|(_, words)| is_meant(words))
        .map(|(reaction, _)| *reaction)
}

/// Types of other systems, in small letters, with what they are here.
const TYPES: &[(&str, &str)] = &[
    ("integer int32 int64 long", "write `INT`"),
    ("number", "write `INT`, or `FLOAT` for fractions"),
    ("double real decimal float32 float64", "write `FLOAT`"),
    ("text str line multiline", "write `STRING`"),
    (
        "file filepath folder directory dir inputfile",
        "write `PATH`, with `objectType: FILE` or `DIRECTORY`",
    ),
    (
        "enum choice choices select dropdown option",
        "write `STRING`, with `allowedValues: […]`",
    ),
    (
        "boolean bool checkbox flag",
        "write `BOOL` with the extension EXPR, or `STRING` with `allowedValues: [\"true\", \"false\"]`",
    ),
    (
        "list array sequence",
        "write `LIST[STRING]` or a like type with the extension EXPR, or `STRING`",
    ),
    (
        "range frames framerange",
        "write `STRING` for the frames of a job, and `INT` with a `range` for those of tasks",
    ),
];

/// Returns what a parameter's type of another system is here.
pub(crate) fn parameter_type(written: &str) -> Option<&'static str> {
    let folded = spelling::folded(written);
    let mut types = TYPES.iter();
    let is_meant = |words: &str| words.split_whitespace().any(|word| word == folded);
    types
        .find(|(words, _)| is_meant(words))
        .map(|(_, help)| *help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{ENVIRONMENT_TEMPLATE, JOB_TEMPLATE};
    use serde_json::Value;
    use std::collections::HashSet;

    /// The fields of each object in the schemas.
    fn objects() -> Vec<HashSet<String>> {
        let mut found = Vec::new();
        for schema in [&JOB_TEMPLATE, &ENVIRONMENT_TEMPLATE] {
            let root = schema.document();
            let definitions = root["$defs"].as_object().expect("definitions");
            for object in definitions.values().chain([root]) {
                if let Some(fields) = object.get("properties").and_then(Value::as_object) {
                    found.push(fields.keys().cloned().collect());
                }
            }
        }
        found
    }

    #[test]
    fn a_word_is_no_field_and_what_it_means_is_one() {
        let objects = objects();
        for table in tables() {
            let own = objects.iter().filter(|fields| fields.contains(table.mark));
            let own: Vec<_> = own.collect();
            assert!(!own.is_empty(), "{}", table.mark);
            let mut seen = HashSet::new();
            for entry in table.entries {
                let has = |name: &str| own.iter().any(|fields| fields.contains(name));
                assert!(has(entry.field), "{} of {}", entry.field, table.mark);
                for word in entry.words.split_whitespace() {
                    let is_always_there = own.iter().all(|fields| fields.contains(word));
                    assert!(!is_always_there, "{word} is a field of {}", table.mark);
                    assert!(
                        seen.insert((entry.field, spelling::folded(word))),
                        "{word} stands there twice"
                    );
                }
            }
        }
    }

    #[test]
    fn case_and_separators_do_not_matter() {
        let known = ["onFailure", "period", "command"];
        for written in [
            "periodSeconds",
            "period_seconds",
            "PERIOD-SECONDS",
            "interval",
        ] {
            let meaning = meaning(written, known).expect(written);
            assert_eq!(
                (meaning.field, meaning.advice),
                ("period", None),
                "{written}"
            );
        }
        assert_eq!(meaning("interval", ["command", "args"]), None);
        assert_eq!(reaction("Restart"), Some("terminate"));
        assert_eq!(reaction("log"), None);
    }
}
