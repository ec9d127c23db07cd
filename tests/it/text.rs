//! Untrusted text in everything that the program prints.

use crate::support::{Ended, folder, program};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Hostile texts that a template, a file name or the output of a process may contain.
const NASTY: [&str; 18] = [
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]0;title\u{7}",
    "\u{1b}]8;;http://x\u{1b}\\",
    "\u{9b}2J",
    "\n::error::a",
    "\n  ::add-mask::b",
    "##[error]c",
    "##vso[task]d",
    "\r",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{fffe}",
    "\u{e0041}",
    "漢字",
    "]]>&<\"'",
    "%0A::error::",
];

/// A text as a scalar in double quotes.
fn quoted(text: &str) -> String {
    let escape = |character: char| format!("\\U{:08x}", u32::from(character));
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

/// Returns the first sequence or character in `text` that a terminal would obey instead of
/// showing it. Links to the project are allowed, and so are colours if `styles` is set.
fn obeyed(text: &str, styles: bool) -> Option<String> {
    let mut text = text.replace("\r\n", "\n");
    if styles {
        let page = env!("CARGO_PKG_REPOSITORY");
        for link in [format!("\u{1b}]8;;{page}"), "\u{1b}]8;;\u{1b}\\".to_owned()] {
            text = text.replace(&link, "");
        }
        text = text.replace("\u{1b}\\", "");
        let mut rest = text.as_str();
        let mut without = String::new();
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            without.push_str(before);
            let end = after.find(|c: char| !c.is_ascii_digit() && c != ';')?;
            if !after[end..].starts_with('m') {
                return Some(format!("a sequence: {:?}", &after[..end + 1]));
            }
            rest = &after[end + 1..];
        }
        without.push_str(rest);
        text = without;
    }
    let is_obeyed = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || "\u{202e}\u{2066}\u{200b}\u{feff}\u{fffe}\u{e0041}".contains(c)
    };
    text.chars()
        .find(|c| is_obeyed(*c))
        .map(|c| format!("{c:?}"))
}

/// The first line that a CI runner takes for a command.
fn command(text: &str) -> Option<&str> {
    let mut lines = text.lines();
    lines.find(|line| {
        let is_anywhere = ["##[", "##vso["].iter().any(|start| line.contains(start));
        line.trim_start().starts_with("::") || is_anywhere
    })
}

/// Asserts that no terminal and no CI runner obeys anything in the output.
fn assert_harmless(ended: &Ended, styles: bool, context: &str) {
    for text in [&ended.out, &ended.err] {
        assert_eq!(obeyed(text, styles), None, "{context}: {text:?}");
        assert_eq!(command(text), None, "{context}: {text:?}");
    }
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

const FORMATS: [&str; 8] = [
    "pretty", "plain", "concise", "json", "sarif", "github", "gitlab", "junit",
];

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
    match format {
        "github" => {
            for line in ended.out.lines() {
                let rest = ["::error ", "::warning ", "::notice "];
                let rest = rest.iter().find_map(|start| line.strip_prefix(start));
                let rest = rest.unwrap_or_else(|| panic!("no command of ours: {line}"));
                let (properties, message) = rest.split_once("::").expect("a message");
                for property in properties.split(',') {
                    let (name, _) = property.split_once('=').expect("a property");
                    let names = ["title", "file", "line", "endLine", "col", "endColumn"];
                    assert!(names.contains(&name), "{line}");
                }
                assert!(!message.is_empty());
            }
            assert_eq!(obeyed(&ended.out, false), None);
        }
        "junit" => {
            assert_harmless(&ended, false, format);
            roxmltree::Document::parse(&ended.out).expect("well-formed XML");
        }
        "json" | "sarif" | "gitlab" => {
            assert_harmless(&ended, false, format);
            let report: Value = serde_json::from_str(&ended.out).expect("JSON");
            if format == "json" {
                let path = report["findings"][0]["path"].as_str().expect("a path");
                assert!(folder.join(path).exists(), "{path:?} is what it is");
            }
        }
        _ => {
            assert_harmless(&ended, false, format);
            let styled = ["--color", "always"];
            let ended = program(arguments.iter().chain(&styled))
                .within(folder)
                .env("FORCE_HYPERLINK", "1")
                .run();
            assert_harmless(&ended, true, format);
            assert!(
                ended.out.contains('\u{1b}'),
                "{format} has styles or links of its own"
            );
        }
    }
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
        for format in FORMATS {
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
    for format in FORMATS {
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
fn messages_are_cut_at_a_maximum_length() {
    let key = "k".repeat(9000);
    let text = format!(
        r#"{{"specificationVersion": "environment-2023-09", "environment": {{"name": "A", "{key}": 1}}}}"#
    );
    for format in FORMATS {
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
        assert_harmless(&ended, false, &format!("{arguments:?}"));
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
        assert_harmless(&ended, false, format);
        let svg = fs::read_to_string(folder.path().join("a.svg")).expect("a picture");
        assert_eq!(obeyed(&svg, false), None);
        roxmltree::Document::parse(&svg).expect("well-formed XML");
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
    assert_harmless(&ended, false, "run");
    let trace = fs::read_to_string(folder.path().join("trace")).expect("a trace");
    assert_eq!(obeyed(&trace, false), None);
    let ended = run(&["--raw-output"]);
    assert!(
        ended.out.contains("\ta\tb\u{1b}[31m##[error]c\n"),
        "{}",
        ended.out
    );
}
