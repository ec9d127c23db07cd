//! Untrusted text in everything that the program prints.

use crate::fuzz::fit;
use crate::fuzz::input::text::NASTY;
use crate::support::{Ended, folder, program};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A text as a scalar in double quotes.
fn quoted(text: &str) -> String {
    let escape = |character: char| format!("\\U{:08x}", u32::from(character));
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

/// Asserts that no terminal and no CI runner obeys anything in the output.
fn assert_harmless(ended: &Ended, styles: bool) {
    fit::text(&ended.out, styles);
    fit::text(&ended.err, styles);
}

/// A template with `text` in each place that a message or an excerpt shows.
fn template(text: &str) -> String {
    let text = quoted(text);
    format!(
        "specificationVersion: environment-2023-09
extensions: [MONITOR, {text}]
environment:
  name: {text}
  {text}: 1
  {text}: 2
  script:
    actions:
      onEnter: {{command: {text}, args: [{text}, \"{{{{ Foo.Bar }}}}\"], timeout: {text}}}
      onMonitor: {{command: {{command: {text}}}, period: {text}, onFailure: {text}}}
  variables: {{{text}: {text}}}
"
    )
}

/// Checks the templates of a folder in a format, and parses the report.
fn check(folder: &Path, format: &str) {
    let arguments = [
        "check",
        "--no-config",
        "--min-level=info",
        "--format",
        format,
    ];
    let ended = program(arguments).within(folder).run();
    assert_eq!(ended.status, 1, "{format}: {}", ended.err);
    fit::report(format, &ended.out, false);
    fit::text(&ended.err, false);
    if format == "json" {
        let report: Value = serde_json::from_str(&ended.out).expect("JSON");
        let path = report["findings"][0]["path"].as_str().expect("a path");
        assert!(folder.join(path).exists(), "{path:?} is what it is");
    }
    let is_for_people = ["pretty", "plain", "concise"].contains(&format);
    let styled = ["--color", "always"];
    let ended = program(arguments.iter().chain(&styled))
        .within(folder)
        .env("FORCE_HYPERLINK", "1")
        .run();
    fit::report(format, &ended.out, is_for_people);
    fit::text(&ended.err, true);
    assert_eq!(
        ended.out.contains('\u{1b}'),
        is_for_people,
        "{format} has styles or links of its own"
    );
}

#[test]
fn each_report_is_valid_in_its_format_whatever_a_template_holds() {
    let piece = prop_oneof![
        prop::sample::select(&NASTY[..]).prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "[a-z ]{0,4}",
    ];
    let text = prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat());
    let cases = std::env::var("TEXTS").map_or(12, |cases| cases.parse().expect("a number"));
    let mut runner = TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let result = runner.run(&text, |text| {
        let name: String = text
            .chars()
            .filter(|c| !"/\0".contains(*c))
            .take(40)
            .collect();
        let folder = folder(&[]);
        fs::write(folder.path().join(format!("a{name}.yaml")), template(&text)).expect("a file");
        // What the parser refuses is shown raw in the text, not as an escape.
        fs::write(
            folder.path().join("raw.yaml"),
            template("x").replace("\\U00000078", &text),
        )
        .expect("a file");
        for format in fit::FORMATS {
            check(folder.path(), format);
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn line_breaks_and_escape_sequences_are_shown_escaped() {
    let all = NASTY.concat();
    let folder = folder(&[("a.yaml", &template(&all))]);
    for format in fit::FORMATS {
        check(folder.path(), format);
    }
    let text = "specificationVersion: environment-2023-09\nenvironment: {name: A, script: *x\u{1b}[31m漢\u{202e}RED}\n";
    let ended = program(["check", "-", "--format", "plain"])
        .stdin(text)
        .run();
    assert!(
        ended.out.contains("script: *x\\u001b[31m漢\\u202eRED"),
        "{}",
        ended.out
    );
}

#[test]
fn places_are_underlined_where_they_are_shown() {
    let text = "specificationVersion: environment-2023-09
environment: {name: \"\u{200b}漢\u{202e}\u{feff}\", MONITOR: 1}
";
    for (format, bar, under) in [("plain", " | ", '^'), ("pretty", " │ ", '━')] {
        let ended = program(["check", "-", "--no-config", "--format", format])
            .stdin(text)
            .run();
        let lines: Vec<&str> = ended.out.lines().collect();
        let at = lines
            .iter()
            .rposition(|line| line.contains("MONITOR: 1}"))
            .expect("the line");
        let width = |text: &str| {
            text.chars()
                .map(|c| if c == '漢' { 2 } else { 1 })
                .sum::<usize>()
        };
        let meant = width(lines[at].split_once("MONITOR").expect("the word").0);
        let found = width(lines[at + 1].split_once(under).expect("a mark").0);
        assert!(lines[at].contains(bar));
        assert_eq!(found, meant, "{format}:\n{}", ended.out);
    }
}

#[test]
fn a_part_of_a_long_line_is_drawn_without_escapes_of_its_own() {
    let filler = " ".repeat(500);
    let text = format!(
        r#"{{"specificationVersion": "environment-2023-09", {filler}"environment": {{"name": "A", "x": 1}}}}"#
    );
    let ended = program(["check", "-", "--format", "plain"])
        .stdin(text)
        .run();
    assert!(
        ended.out.contains(r#""name": "A", "x": 1}}"#),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("\\u"), "{}", ended.out);
}

#[test]
fn messages_are_cut_at_a_maximum_length() {
    let key = "k".repeat(9000);
    let text = format!(
        r#"{{"specificationVersion": "environment-2023-09", "environment": {{"name": "A", "{key}": 1}}}}"#
    );
    for format in fit::FORMATS {
        let ended = program([
            "check",
            "-",
            "--stdin-filename",
            "a.json",
            "--format",
            format,
        ])
        .stdin(&*text)
        .run();
        assert!(
            ended.out.contains(" more characters)"),
            "{format}: {}",
            ended.out
        );
    }
}

#[test]
fn file_names_in_errors_stay_on_one_line() {
    let folder = folder(&[]);
    let name = "gone\n::error::x\u{1b}[31m\u{202e}.yaml";
    for arguments in [
        &["check", name][..],
        &["simulate", name],
        &["run", name],
        &["check", ".", "--baseline", name],
        &["check", ".", "--config", name],
        &["check", "--no-such\n::error::x\u{1b}"],
    ] {
        let ended = program(arguments).within(folder.path()).run();
        assert_ne!(ended.status, 0);
        assert_harmless(&ended, false);
        if arguments[1..].contains(&name) {
            assert_eq!(ended.err.lines().count(), 1, "{arguments:?}: {}", ended.err);
        }
    }
}

#[test]
fn what_processes_write_is_shown_escaped_in_traces_and_logs() {
    let scenario = "id: x
title: t
clauses: [ACT-3]
job:
  template:
    specificationVersion: jobtemplate-2023-09
    name: Job
    steps: [{name: Work, script: {actions: {onRun: {command: work}}}}]
processes:
  - match: {slot: onRun, step: Work}
    runs: [{exit: 1, after: 5, output: [{at: 1, stdout: \"openjd_status: \\e[31m\\e]0;x\\a\\u202e\"}, {at: 2, stdout: \"openjd_fail: a\\r\\e[2J##[error]\"}]}]
";
    let folder = folder(&[("x.scenario.yaml", scenario)]);
    for format in ["text", "json"] {
        let arguments = [
            "simulate",
            "x.scenario.yaml",
            "--format",
            format,
            "--timeline",
            "a.svg",
        ];
        let ended = program(arguments).within(folder.path()).run();
        assert_eq!(ended.status, 0, "{}", ended.err);
        assert!(ended.out.contains("\\u001b[31m"), "{}", ended.out);
        assert_harmless(&ended, false);
        let svg = fs::read_to_string(folder.path().join("a.svg")).expect("a picture");
        fit::xml(&svg);
    }
}

#[cfg(unix)]
#[test]
fn output_of_actions_is_logged_raw_only_with_raw_output() {
    let job = "specificationVersion: jobtemplate-2023-09
name: Job
steps:
- name: S
  script: {actions: {onRun: {command: printf, args: ['a\\tb\\033[31m##[error]c\\nopenjd_status: \\033[2J\\n']}}}
";
    let folder = folder(&[("job.yaml", job)]);
    let run = |options: &[&str]| {
        let arguments = ["run", "job.yaml"].iter().chain(options);
        program(arguments)
            .within(folder.path())
            .env("PATH", "/usr/bin:/bin")
            .run()
    };
    let ended = run(&["--trace", "trace"]);
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    assert!(
        ended.out.contains("\ta\tb\\u001b[31m\\u0023#[error]c\n"),
        "{}",
        ended.out
    );
    assert_harmless(&ended, false);
    let trace = fs::read_to_string(folder.path().join("trace")).expect("a trace");
    fit::text(&trace, false);
    let ended = run(&["--raw-output"]);
    assert!(
        ended.out.contains("\ta\tb\u{1b}[31m##[error]c\n"),
        "{}",
        ended.out
    );
}
