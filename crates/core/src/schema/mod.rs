//! The published schemas (`schema/`), embedded, and what breaks them.

mod keyword;
mod patterns;
mod validation;
mod violation;

use crate::packed::{packed, unpacked};
pub(crate) use keyword::target;
use serde_json::Value;
use std::sync::LazyLock;
pub use violation::{Kind, Violation};

/// A schema of `schema/`.
pub struct Schema {
    /// The name of its file without `.schema.json`.
    pub name: &'static str,
    packed: &'static [u8],
    document: LazyLock<Value>,
}

macro_rules! schema {
    ($name:literal) => {{
        static PACKED: &[u8] = packed!(concat!($name, ".schema.json"));
        Schema {
            name: $name,
            packed: PACKED,
            document: LazyLock::new(|| parsed(&unpacked(PACKED))),
        }
    }};
}

/// `<Monitor>` (clauses SCH): the only source of the extension's structure.
pub static MONITOR: Schema = schema!("monitor");
/// Job templates, with every extension of 2023-09 and MONITOR.
pub static JOB_TEMPLATE: Schema = schema!("job-template");
/// Environment templates, likewise.
pub static ENVIRONMENT_TEMPLATE: Schema = schema!("environment-template");
/// The JSON report.
pub static REPORT: Schema = schema!("report");
/// The JSON description.
pub static DESCRIPTION: Schema = schema!("description");
/// The configuration.
pub static CONFIG: Schema = schema!("config");

/// Scenarios.
pub static SCENARIO: Schema = schema!("scenario");
/// The `.test.yaml` files of the conformance suite.
pub static PROCESS_TEST: Schema = schema!("process-test");

/// The messages of the adapter protocol.
pub static ADAPTER_PROTOCOL: Schema = schema!("adapter-protocol");
/// The JSON report of a conformance run.
pub static CONFORMANCE_REPORT: Schema = schema!("conformance-report");

/// Every schema, in the order in which a reader may want them.
pub static ALL: [&Schema; 10] = [
    &JOB_TEMPLATE,
    &ENVIRONMENT_TEMPLATE,
    &MONITOR,
    &SCENARIO,
    &PROCESS_TEST,
    &REPORT,
    &DESCRIPTION,
    &CONFIG,
    &ADAPTER_PROTOCOL,
    &CONFORMANCE_REPORT,
];

impl Schema {
    /// The text of its file.
    pub fn text(&self) -> String {
        unpacked(self.packed)
    }

    /// The text as a value.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Returns true if `value` is valid.
    pub fn is_valid(&'static self, value: &Value) -> bool {
        validation::is_valid(&self.document, &self.document, value)
    }

    /// Returns all that is wrong with `value`: several violations of one place are possible.
    pub fn violations(&'static self, value: &Value) -> Vec<Violation> {
        validation::violations(&self.document, &self.document, value)
    }

    /// Returns true if `value` is valid against `part`, a schema within this one.
    pub(crate) fn holds(&'static self, part: &'static Value, value: &Value) -> bool {
        validation::is_valid(&self.document, part, value)
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("an embedded schema is JSON")
}
