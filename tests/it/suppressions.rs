//! Suppressed findings in reports and exit statuses, on the built program. `fixtures/lint/unused-suppression` tests the
//! places of suppressions.

use crate::support::{folder, program};
use serde_json::Value;

const SUPPRESSED: &str = "specificationVersion: environment-2023-09
extensions: [MONITOR]
environment:
  name: Gpu
  script:
    actions:
      onEnter: {command: start}
      onMonitor:
        command: {command: check}
        period: 4  # openjd-monitor: ignore[period-below-floor] ours allows it
        onFailure: log
";

/// The status, the rules found and the number suppressed.
fn check(template: &str, config: &str) -> (i32, Vec<String>, Value) {
    let folder = folder(&[("openjd-monitor.toml", config), ("a.yaml", template)]);
    let ended = program(["check", "--format", "json"])
        .within(folder.path())
        .run();
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    let suppressed = report["summary"]["suppressed"].clone();
    (ended.status, ended.findings(), suppressed)
}

#[test]
fn suppressed_findings_are_counted_and_do_not_fail() {
    assert_eq!(check(SUPPRESSED, ""), (0, vec![], 1.into()));
    let ended = program(["check", "-"]).stdin(SUPPRESSED).run();
    assert_eq!(
        ended.out,
        "1 hidden info in 1 template (1 suppressed); --min-level info shows what is hidden\n"
    );
}

#[test]
fn a_suppression_of_a_disabled_rule_counts_nothing_and_is_not_unused() {
    let off = "[rules]\nperiod-below-floor = 'off'\n";
    assert_eq!(check(SUPPRESSED, off), (0, vec![], 0.into()));
}

#[test]
fn an_unused_suppression_can_be_configured_like_any_rule() {
    let unused = SUPPRESSED.replace("period: 4", "period: 5");
    let place = vec!["unused-suppression 10:20".to_owned()];
    assert_eq!(check(&unused, ""), (0, place.clone(), 0.into()));
    let error = "[rules]\nunused-suppression = 'error'\n";
    assert_eq!(check(&unused, error), (1, place, 0.into()));
    let off = "[rules]\nunused-suppression = 'off'\n";
    assert_eq!(check(&unused, off), (0, vec![], 0.into()));
}

#[test]
fn a_syntax_error_cannot_be_suppressed() {
    let broken = format!("# openjd-monitor: ignore-file[syntax]\n{SUPPRESSED}  x\n");
    let (status, found, _) = check(&broken, "");
    let syntax: Vec<_> = found
        .iter()
        .filter(|found| found.starts_with("syntax "))
        .collect();
    assert_eq!((status, syntax.len()), (1, 1), "{found:?}");
}

#[test]
fn comments_are_found_beside_every_line_break_and_a_byte_order_mark() {
    for line_break in ["\n", "\r\n", "\r"] {
        let text = SUPPRESSED.replace('\n', line_break);
        assert_eq!(check(&text, ""), (0, vec![], 1.into()), "{line_break:?}");
    }
    let marked = "\u{feff}# openjd-monitor: ignore[unused-extension]
extensions: [MONITOR]
specificationVersion: environment-2023-09
environment: {name: E, variables: {A: b}}
";
    assert_eq!(check(marked, ""), (0, vec![], 1.into()));
}

#[test]
fn many_comments_are_read() {
    let many = "# openjd-monitor: ignore-file[period-below-floor]\n".repeat(5000);
    let (status, found, suppressed) = check(&format!("{many}{SUPPRESSED}"), "");
    assert_eq!((status, found, suppressed), (0, vec![], 1.into()));
}

#[test]
fn json_has_no_comments() {
    let json = r##"{"specificationVersion": "environment-2023-09", "extensions": ["MONITOR"],
        "environment": {"name": "# openjd-monitor: ignore[unused-extension]", "variables": {"A": "b"}}}"##;
    let ended = program("check - --stdin-filename a.json --format json".split(' '))
        .stdin(json)
        .run();
    assert_eq!(ended.findings(), ["unused-extension 1:64"]);
}
