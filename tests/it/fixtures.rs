//! Tests that each template in `fixtures/lint` has exactly the findings in the file beside it.

use crate::support::{files, read, root};
use openjd_monitor_core::lint::{self, Finding};
use openjd_monitor_core::template::{Source, Syntax};
use serde_json::{Value, json};
use std::path::Path;

fn as_expected(source: &Source, bytes: &[u8], finding: &Finding) -> Value {
    let span = finding.span.clone().expect("a place");
    let start = source.position(span.start);
    json!({
        "rule": finding.rule.id,
        "level": finding.level.name(),
        "line": start.line,
        "column": start.column,
        "text": String::from_utf8_lossy(&bytes[span]),
        "pointer": finding.pointer,
    })
}

fn check(template: &Path) -> Result<(), String> {
    let bytes = std::fs::read(template).expect("a fixture");
    let checked = lint::check(
        &bytes,
        Syntax::of_file(template),
        &lint::Settings::default(),
    );
    let findings = checked.found.unwrap_or_default().findings;
    let actual: Vec<_> = findings
        .iter()
        .map(|finding| as_expected(&checked.source, &bytes, finding))
        .collect();
    let expected: Value = serde_json::from_str(&read(expectation(template))).expect("JSON");
    let expected = expected["findings"].as_array().expect("a list of findings");
    if *expected == actual {
        return Ok(());
    }
    let lines = |findings: &[Value]| {
        findings
            .iter()
            .map(|finding| format!("\n    {finding}"))
            .collect::<String>()
    };
    let name = template.strip_prefix(root()).unwrap_or(template).display();
    Err(format!(
        "{name}\n  expected{}\n  actual{}",
        lines(expected),
        lines(&actual)
    ))
}

fn expectation(template: &Path) -> std::path::PathBuf {
    template.with_extension("expected.json")
}

/// Paths of the templates in `fixtures/lint`.
pub fn templates() -> Vec<std::path::PathBuf> {
    let all = files("fixtures/lint", "");
    all.into_iter()
        .filter(|path| !path.to_string_lossy().ends_with(".expected.json"))
        .collect()
}

#[test]
fn each_template_has_its_expected_findings() {
    let failures: Vec<_> = templates()
        .iter()
        .filter_map(|template| check(template).err())
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn each_rule_has_a_template_that_breaks_it_and_one_that_does_not() {
    for rule in lint::RULES {
        let of_rule: Vec<_> = files(&format!("fixtures/lint/{}", rule.id), ".expected.json");
        let expected: Vec<Value> = of_rule
            .iter()
            .map(|path| serde_json::from_str(&read(path)).expect("JSON"))
            .collect();
        let breaks = |expected: &Value| {
            let mut findings = expected["findings"].as_array().expect("a list").iter();
            findings.any(|finding| finding["rule"] == rule.id)
        };
        assert!(expected.iter().any(breaks), "no fixture breaks {}", rule.id);
        assert!(!expected.iter().all(breaks), "no fixture keeps {}", rule.id);
    }
}
