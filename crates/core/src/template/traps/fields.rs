//! The words that are fields of templates.

use crate::schema;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::LazyLock;

static NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let mut names = HashSet::new();
    for schema in [
        &schema::JOB_TEMPLATE,
        &schema::ENVIRONMENT_TEMPLATE,
        &schema::MONITOR,
    ] {
        add(schema.document(), &mut names);
    }
    names
});

/// Fields that are the names of programs as well, with which a command line may start.
const PROGRAMS: [&str; 5] = ["bash", "cmd", "node", "powershell", "python"];

/// Returns true for the name of a field of any part of a template, unless it is that of a program.
pub(super) fn is_one(word: &str) -> bool {
    NAMES.contains(word) && !PROGRAMS.contains(&word)
}

fn add(schema: &'static Value, names: &mut HashSet<&'static str>) {
    match schema {
        Value::Object(keywords) => {
            for (keyword, given) in keywords {
                if let ("properties", Some(fields)) = (keyword.as_str(), given.as_object()) {
                    names.extend(fields.keys().map(String::as_str));
                }
                add(given, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| add(item, names)),
        _ => {}
    }
}
