//! Tests with many files, deep templates and terminals.

use crate::support::{folder, program};
use openjd_monitor_core::lint::RULES;

const BAD: &str = "specificationVersion: environment-2023-09
extensions: [EXPR, MONITOR]
environment:
  name: Gpu
  script:
    actions:
      onEnter: {command: start}
      onMonitor: {command: {command: check}, period: 4, onFailure: log}
";

#[test]
fn many_files_are_reported_in_the_order_of_their_paths() {
    let names: Vec<_> = (0..200).map(|index| format!("{index:03}.yaml")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), BAD)).collect();
    let folder = folder(&files);
    let arguments = ["check", "--format", "concise"];
    let once = || program(arguments).within(folder.path()).run();
    let ended = once();
    let paths: Vec<_> = ended
        .out
        .lines()
        .filter_map(|line| line.split(':').next())
        .collect();
    assert_eq!(paths, names);
    assert_eq!(ended.err, "", "no progress but on a terminal");
    assert_eq!(once().out, ended.out);
}

#[test]
fn beyond_a_hundred_findings_of_a_rule_in_a_file_are_counted() {
    let environment = |index: usize| {
        format!(
            "- name: E{index}
  script:
    actions:
      onEnter: {{command: start}}
      onMonitor: {{command: {{command: check}}, period: 4, onFailure: log, failureThreshold: x}}
"
        )
    };
    for (count, shown, more) in [
        (100, 100, None),
        (101, 101, Some("1 more finding of this rule in this file")),
        (
            250,
            101,
            Some("150 more findings of this rule in this file"),
        ),
    ] {
        let environments: String = (0..count).map(environment).collect();
        let text = format!(
            "specificationVersion: jobtemplate-2023-09
extensions: [MONITOR]
name: J
jobEnvironments:
{environments}steps:
- name: S
  script: {{actions: {{onRun: {{command: x}}}}}}
"
        );
        let folder = folder(&[("a.yaml", &text), ("b.yaml", &text)]);
        let check = |more: &[&str]| {
            let arguments = ["check", "--fail-on", "error"].iter().chain(more);
            program(arguments).within(folder.path()).run()
        };
        let concise = check(&["--format", "concise"]);
        let of_rule: Vec<_> = concise
            .out
            .lines()
            .filter(|line| line.starts_with("b.yaml") && line.contains("[period-below-floor]"))
            .collect();
        assert_eq!(of_rule.len(), shown);
        let last = of_rule.last().expect("a line");
        assert_eq!(more.is_some(), last.contains("more finding"), "{last}");
        assert!(more.is_none_or(|more| last.ends_with(more)), "{last}");
        let json = check(&["--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
        // Each has a period and a threshold that are wrong.
        assert_eq!(report["summary"]["errors"], 4 * count);
        assert!(report["findings"].as_array().expect("a list").len() <= 4 * shown);
        let fixed = check(&["--fix", "--unsafe-fixes", "--format", "concise", "a.yaml"]);
        assert!(!fixed.out.contains("[period-below-floor]"), "{}", fixed.out);
    }
}

#[test]
fn deep_templates_fit_on_the_stacks_of_all_threads() {
    let brackets = format!("{}{}", "[".repeat(125), "]".repeat(125));
    let list = format!("specificationVersion: environment-2023-09\nenvironment: {brackets}\n");
    let parentheses = format!("\"{{{{ {}1{} }}}}\"", "(".repeat(2000), ")".repeat(2000));
    let nested = BAD.replace(
        "{command: check}",
        &format!("{{command: x, args: [{parentheses}]}}"),
    );
    let folder = folder(&[
        ("a.yaml", &list),
        ("b.yaml", &list),
        ("c.yaml", &nested),
        ("d.yaml", &nested),
    ]);
    let ended = program(["check", "--format", "concise"])
        .within(folder.path())
        .run();
    assert_eq!((ended.status, ended.err.as_str()), (1, ""));
    assert_eq!(ended.out.lines().count(), 4, "{}", ended.out);
}

/// A string that takes more memory than an expression may have counts as an expression of the most operations that one
/// may have, and takes no time.
#[test]
fn expressions_beyond_the_budget_of_a_file_are_one_finding() {
    for (count, more) in [
        (3, ""),
        (4, " and that of one more string"),
        (400, " and those of 397 more strings"),
    ] {
        let argument = "          - \"{{ len('x' * 200000000) }}\"\n".repeat(count);
        let text = format!(
            "specificationVersion: environment-2023-09
extensions: [EXPR]
environment:
  name: E
  script:
    actions:
      onEnter:
        command: run
        args:
{argument}"
        );
        let ended = program(["check", "-", "--format", "concise"])
            .stdin(text)
            .run();
        let found: Vec<_> = ended.out.lines().collect();
        assert_eq!(found.len(), 3, "{}", ended.out);
        for (line, finding) in [(10, found[0]), (11, found[1])] {
            let refused = format!(":{line}:14: error[invalid-expression] Expression memory usage");
            assert!(finding.contains(&refused), "{finding}");
        }
        let is = if count == 3 { "is" } else { "are" };
        let unevaluated =
            format!(":12:13: warning[invalid-expression] this expression{more} {is} not evaluated");
        assert!(found[2].contains(&unevaluated), "{}", found[2]);
    }
}

#[test]
fn rule_ids_are_links_on_terminals_that_can_follow_them() {
    let out = |format: &str, force: &str| {
        program(["check", "-", "--format", format])
            .stdin(BAD)
            .env("FORCE_HYPERLINK", force)
            .run()
            .out
    };
    let rule = RULES
        .iter()
        .find(|rule| rule.id == "period-below-floor")
        .expect("the rule");
    let link = format!("\u{1b}]8;;{}\u{1b}\\{}", rule.uri(), rule.id);
    let count = |text: &str| text.matches(&link).count();
    for format in ["pretty", "plain", "concise"] {
        assert_eq!(count(&out(format, "1")), 1, "{}", out(format, "1"));
        assert!(!out(format, "0").contains('\u{1b}'), "{format}");
    }
    let rules = program(["rules"]).env("FORCE_HYPERLINK", "1").run().out;
    assert_eq!(count(&rules), 1, "{rules}");
    for format in ["json", "sarif", "github", "gitlab", "junit"] {
        assert_eq!(out(format, "1"), out(format, "0"), "{format}");
    }
}

#[test]
fn a_file_has_no_links() {
    let folder = folder(&[("a.yaml", BAD)]);
    program(["check", "--format", "plain", "--output", "a.txt"])
        .within(folder.path())
        .env("FORCE_HYPERLINK", "1")
        .run();
    let text = std::fs::read_to_string(folder.path().join("a.txt")).expect("a file");
    assert!(text.contains("error[period-below-floor]"), "{text}");
}
