//! Badge in the format of the shields.io endpoint.

use super::{Report, Standing};
use crate::conformance::SPECIFICATION;
use serde_json::{Value, json};

/// Returns the badge of a run.
pub fn badge(report: &Report) -> Value {
    let (all, pass) = (report.outcomes.len(), report.count("pass"));
    let color = match () {
        () if report.has_failed() || report.having(Standing::Known).next().is_some() => "red",
        () if report.partial().is_some() => "yellow",
        () => "brightgreen",
    };
    let partial = match report.partial() {
        Some(_) => "partial, ",
        None => "",
    };
    json!({
        "schemaVersion": 1,
        "label": format!("OpenJD MONITOR {SPECIFICATION}"),
        "message": format!("{partial}{pass} of {all} pass"),
        "color": color,
    })
}
