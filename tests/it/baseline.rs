//! Baselines, on the built program.

use crate::support::{Ended, folder, program};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Two findings of one rule on one text, and one on another.
const OLD: &str = "specificationVersion: environment-2023-09
extensions: [MONITOR]
environment:
  name: Gpu
  script:
    actions:
      onEnter: {command: start}
      onExit: {command: stop}
      onMonitor:
        command: {command: check}
        period: 3
        onFailure: log
        overrides:
          onEnter: {period: 3}
          onExit: {period: 4}
";
const NO_TEMPLATE: &str = "a: 1\n";

fn check(folder: &Path, arguments: &[&str]) -> Ended {
    let all = ["check", "--format", "concise"].iter().chain(arguments);
    program(all).within(folder).run()
}

fn known(folder: &Path, name: &str) -> Value {
    let text = fs::read_to_string(folder.join(name)).expect("a baseline");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn known_findings_pass_and_new_ones_fail() {
    let folder = folder(&[("jobs/a.yaml", OLD), ("jobs/b.yaml", OLD)]);
    let at = folder.path();
    let ended = check(at, &["--write-baseline", "base.json"]);
    assert_eq!(
        (ended.status, ended.out.as_str(), ended.err.as_str()),
        (0, "", "")
    );
    let entry = |path: &str, text: &str, count: u32| json!({"path": path, "rule": "period-below-floor", "text": text, "count": count});
    let expected = json!({"version": 1, "findings": [
        entry("jobs/a.yaml", "3", 2),
        entry("jobs/a.yaml", "4", 1),
        entry("jobs/b.yaml", "3", 2),
        entry("jobs/b.yaml", "4", 1),
    ]});
    assert_eq!(known(at, "base.json"), expected);
    let ended = check(at, &["--baseline", "base.json"]);
    assert_eq!(
        (ended.status, ended.out.as_str(), ended.err.as_str()),
        (0, "", "")
    );
    let ended = program(["check", "--baseline", "base.json"])
        .within(at)
        .run();
    assert_eq!(
        ended.out,
        "no findings in 2 templates (6 in the baseline, 1 other file skipped)\n"
    );
    // Lines may move; one more of a kind is new, and so is the same in another file.
    let moved = OLD
        .replace("  script:", "\n\n  script:")
        .replace("period: 4", "period: 3");
    fs::write(at.join("jobs/a.yaml"), moved).expect("a file");
    fs::write(at.join("jobs/c.yaml"), OLD).expect("a file");
    let ended = check(at, &["--baseline", "base.json"]);
    assert_eq!(ended.status, 1);
    let places: Vec<_> = ended
        .out
        .lines()
        .filter_map(|line| line.split(": ").next())
        .collect();
    assert_eq!(
        places,
        [
            "jobs/a.yaml:17:28",
            "jobs/c.yaml:11:17",
            "jobs/c.yaml:14:29",
            "jobs/c.yaml:15:28"
        ]
    );
}

#[test]
fn paths_in_a_baseline_are_relative_to_its_folder() {
    let folder = folder(&[("jobs/a.yaml", OLD), ("ci/x.txt", "")]);
    let at = folder.path();
    check(at, &["--write-baseline", "ci/base.json"]);
    assert_eq!(
        known(at, "ci/base.json")["findings"][0]["path"],
        "../jobs/a.yaml"
    );
    for (start, arguments) in [
        ("", ["--baseline", "ci/base.json", "jobs"]),
        ("jobs", ["--baseline", "../ci/base.json", "a.yaml"]),
        ("ci", ["--baseline", "./base.json", "../jobs/a.yaml"]),
    ] {
        let ended = check(&at.join(start), &arguments);
        assert_eq!(
            (ended.status, ended.err.as_str()),
            (0, ""),
            "{start}: {}",
            ended.out
        );
    }
}

#[test]
fn the_same_findings_give_the_same_bytes() {
    let folder = folder(&[("b.yaml", OLD), ("a.yaml", OLD)]);
    check(folder.path(), &["--write-baseline", "1.json"]);
    check(
        folder.path(),
        &["b.yaml", "a.yaml", "--write-baseline", "2.json"],
    );
    let bytes = |name| fs::read(folder.path().join(name)).expect("a file");
    assert_eq!(bytes("1.json"), bytes("2.json"));
}

#[test]
fn entries_that_no_longer_occur_are_reported_but_pass() {
    let folder = folder(&[
        ("a.yaml", OLD),
        ("b.yaml", OLD),
        ("c.yaml", OLD),
        ("d.yaml", OLD),
    ]);
    let at = folder.path();
    check(at, &["--write-baseline", "base.json"]);
    fs::write(at.join("a.yaml"), OLD.replace("period: 4", "period: 5")).expect("a file");
    fs::write(at.join("b.yaml"), NO_TEMPLATE).expect("a file");
    fs::remove_file(at.join("c.yaml")).expect("a file");
    // Of what is there and not checked, nothing is known.
    let ended = check(at, &["--baseline", "base.json", "a.yaml", "b.yaml"]);
    assert_eq!((ended.status, ended.out.as_str()), (0, ""));
    let lines = [
        ("a.yaml", "1", "4"),
        ("b.yaml", "2", "3"),
        ("b.yaml", "1", "4"),
        ("c.yaml", "2", "3"),
        ("c.yaml", "1", "4"),
    ]
    .map(|(path, count, text)| {
        format!(
            "note: {path}: the baseline knows {count} more `period-below-floor` on \"{text}\"\n"
        )
    });
    assert_eq!(ended.err, lines.concat());
    let ended = check(at, &["--baseline", "base.json", "--quiet"]);
    assert_eq!((ended.status, ended.err.as_str()), (0, ""));
}

#[test]
fn suppressed_findings_and_disabled_rules_are_not_in_a_baseline() {
    let suppressed = OLD
        .replace(
            "period: 3\n",
            "period: 3 # openjd-monitor: ignore[period-below-floor]\n",
        )
        .replace("{period: 3}", "{period: 5}");
    let folder = folder(&[("a.yaml", &suppressed)]);
    check(folder.path(), &["--write-baseline", "base.json"]);
    let known = known(folder.path(), "base.json");
    let findings = known["findings"].as_array().expect("a list").iter();
    let of_rule: Vec<_> = findings
        .filter(|finding| finding["rule"] == "period-below-floor")
        .map(|finding| &finding["text"])
        .collect();
    assert_eq!(of_rule, ["4"]);
}

#[test]
fn a_long_text_is_kept_as_its_hash() {
    let text = OLD.replace("onFailure: log", &format!("onFailure: {}", "ö".repeat(150)));
    let folder = folder(&[("a.yaml", &text)]);
    check(folder.path(), &["--write-baseline", "base.json"]);
    let known_text = known(folder.path(), "base.json")["findings"]
        .as_array()
        .and_then(|findings| {
            let texts = findings
                .iter()
                .filter_map(|finding| finding["text"].as_str());
            texts.map(str::to_owned).max_by_key(String::len)
        });
    assert!(known_text.is_some_and(|text| text.len() < 200 && text.contains("… (sha256 ")));
    assert_eq!(check(folder.path(), &["--baseline", "base.json"]).status, 0);
}

#[test]
fn an_invalid_baseline_is_refused() {
    let folder = folder(&[
        ("a.yaml", OLD),
        ("broken.json", "{"),
        ("other.json", "{\"version\": 2, \"findings\": []}"),
        (
            "more.json",
            "{\"version\": 1, \"findings\": [], \"more\": 1}",
        ),
    ]);
    for (name, why) in [
        ("gone.json", "No such file"),
        (
            "broken.json",
            "EOF while parsing an object at line 1 column 1",
        ),
        ("other.json", "its version is 2, not 1"),
        ("more.json", "unknown field `more`"),
    ] {
        let ended = check(folder.path(), &["--baseline", name]);
        assert_eq!((ended.status, ended.out.as_str()), (2, ""), "{name}");
        let start = format!("error: cannot use the baseline `{name}`: {why}");
        assert!(ended.err.starts_with(&start), "{}", ended.err);
    }
    let both = ["--baseline", "a", "--write-baseline", "b"];
    assert_eq!(check(folder.path(), &both).status, 2);
    let ended = check(folder.path(), &["--write-baseline", "no/such/folder"]);
    assert_eq!(ended.status, 3);
}

#[test]
fn the_json_report_counts_what_is_in_the_baseline() {
    let folder = folder(&[("a.yaml", OLD)]);
    check(folder.path(), &["--write-baseline", "base.json"]);
    let arguments = ["check", "--baseline", "base.json", "--format", "json"];
    let ended = program(arguments).within(folder.path()).run();
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(report["summary"]["baselined"], 3);
    assert_eq!(report["summary"]["errors"], 0);
}
