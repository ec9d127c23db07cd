//! The published schemas (`schema/`), embedded and compiled at first use.

use jsonschema::Validator;
use serde_json::Value;
use std::sync::LazyLock;

/// A schema of `schema/`: its text, and what checks a value against it.
pub struct Schema {
    /// The parsed text.
    pub document: Value,
    /// The compiled form.
    pub validator: Validator,
}

/// `<Monitor>` (clauses SCH): the only source of the extension's structure.
pub static MONITOR: LazyLock<Schema> =
    LazyLock::new(|| compile(include_str!("../schema/monitor.schema.json")));

fn compile(text: &str) -> Schema {
    // The texts are constants of this crate, and a test compiles each.
    let document: Value = serde_json::from_str(text).expect("an embedded schema is JSON");
    let validator = jsonschema::validator_for(&document).expect("an embedded schema is a schema");
    Schema {
        document,
        validator,
    }
}
