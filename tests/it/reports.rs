//! The output formats, as users see them.

use crate::fixtures;
use crate::support::{program, read, root};
use serde_json::Value;

/// One template with findings of many kinds: several places, no help, two levels, wide characters.
pub const EXAMPLE: &str = "# Überprüfung des Containers
specificationVersion: environment-2023-09
extensions: [EXPR, WRAP_ACTIONS, MONITOR]
environment:
  name: Docker
  script:
    actions:
      onEnter: { command: start }
      onWrapEnvEnter: { command: wrap }
      onWrapTaskRun: { command: wrap }
      onWrapEnvExit: { command: wrap }
      onMonitor:
        command: { command: prüfe, args: [\"für → {{WrappedEnv.Name}}\"], timeout: 9 }
        period: 10
        onFailure: log
        overrides:
          onWrapTaskRun: { period: 8 }
          onWrapEnvExit: { command: { command: prüfe, args: [\"{{ Task.Command }}\"] } }
        scope: [onWrapEnvEnter, onWrapTaskRun, onWrapEnvExit]
      onMonitr: 1
";

fn report(format: &str, more: &[&str]) -> String {
    let arguments = [
        "check",
        "-",
        "--stdin-filename",
        "docker.yaml",
        "--format",
        format,
    ];
    let ended = program(arguments.iter().chain(more)).stdin(EXAMPLE).run();
    assert_eq!((ended.status, ended.err.as_str()), (1, ""));
    ended.out
}

#[test]
fn plain() {
    insta::assert_snapshot!(report("plain", &[]));
}

#[test]
fn pretty() {
    insta::assert_snapshot!(report("pretty", &[]));
}

#[test]
fn pretty_in_colour() {
    insta::assert_snapshot!(report("pretty", &["--color", "always"]));
}

#[test]
fn json() {
    insta::assert_snapshot!(report("json", &[]));
}

#[test]
fn plain_is_ascii_but_for_the_template_itself() {
    let drawing = report("plain", &[]);
    let own = drawing.lines().filter(|line| !line.contains(" | "));
    for line in own {
        assert!(line.is_ascii(), "{line}");
    }
}

#[test]
fn all_formats_name_the_same_positions() {
    let json: Value = serde_json::from_str(&report("json", &[])).expect("JSON");
    let (plain, pretty) = (report("plain", &[]), report("pretty", &[]));
    for finding in json["findings"].as_array().expect("a list") {
        let start = &finding["location"]["start"];
        let position = format!("docker.yaml:{}:{}", start["line"], start["column"]);
        assert!(
            plain.contains(&format!("--> {position}\n")),
            "{position}\n{plain}"
        );
        assert!(
            pretty.contains(&format!("╭▸ {position}\n")),
            "{position}\n{pretty}"
        );
    }
}

#[test]
fn positions_of_the_json_report_are_lines_characters_and_bytes() {
    let json: Value = serde_json::from_str(&report("json", &[])).expect("JSON");
    let mut findings = json["findings"].as_array().expect("a list").iter();
    let finding = findings
        .find(|finding| finding["rule"] == "variable-out-of-scope")
        .expect("one");
    let line = EXAMPLE.lines().nth(12).expect("the line");
    let name = line.find("WrappedEnv").expect("the name");
    assert_eq!(finding["location"]["start"]["line"], 13);
    assert_eq!(
        finding["location"]["start"]["column"],
        line[..name].chars().count() + 1
    );
    assert_ne!(
        finding["location"]["start"]["column"],
        name + 1,
        "characters, not bytes"
    );
    assert_eq!(
        finding["location"]["start"]["offset"],
        EXAMPLE.find("WrappedEnv").expect("the name")
    );
}

#[test]
fn every_json_report_follows_its_schema() {
    let schema: Value = serde_json::from_str(&read("schema/report.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let templates = fixtures::templates();
    assert!(!templates.is_empty());
    let arguments = "check --format json --min-level info fixtures/lint docs/examples".split(' ');
    let ended = program(arguments).within(root()).run();
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    let errors: Vec<_> = validator
        .iter_errors(&report)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, [] as [&str; 0]);
    assert!(
        report["findings"]
            .as_array()
            .is_some_and(|findings| findings.len() > 50)
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let once = || {
        program(["check", "fixtures", "docs", "--format", "json"])
            .run()
            .out
    };
    assert_eq!(once(), once());
}

#[test]
fn a_part_of_a_very_long_line_is_shown_with_its_true_position() {
    let filler = "x".repeat(5000);
    let json = format!(
        r#"{{"specificationVersion": "environment-2023-09", "extensions": ["MONITOR"], "environment": {{"name": "Gpu", "description": "{filler}", "script": {{"actions": {{"onEnter": {{"command": "x", "args": ["{filler}"]}}, "onMonitor": {{"command": {{"command": "x", "timeout": 9}}, "period": 8, "onFailure": "log", "scope": ["onExit"]}}}}}}}}}}"#
    );
    let column = json.find("\"onExit\"").expect("the slot") + 1;
    for format in ["plain", "pretty"] {
        let arguments = [
            "check",
            "-",
            "--stdin-filename",
            "a.json",
            "--format",
            format,
        ];
        let out = program(arguments).stdin(json.as_str()).run().out;
        assert!(out.contains(&format!("a.json:1:{column}")), "{out}");
        assert!(out.contains("\"period\": 8"), "what is near is shown");
        assert!(out.lines().all(|line| line.chars().count() < 700), "{out}");
    }
}
