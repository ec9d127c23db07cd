//! Reports of conformance runs, known failures, and the badge.

use crate::support::{Ended, filter, program, python, reference, root};
use crate::validation;
use openjd_monitor::conformance::report::{self, Format, Report};
use openjd_monitor::conformance::{KnownFailures, Runtime, all, clause, clauses};
use openjd_monitor_core::schema::CONFORMANCE_REPORT;
use openjd_monitor_core::simulate::Scenario;
use openjd_monitor_core::template::Syntax;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// A case that fails if a runtime gets the text of a status wrong, and one that passes all the same.
const CASES: [&str; 2] = [
    "first-tick-after-one-period",
    "terminate-on-the-third-failure",
];

fn conformance(adapter: &str, arguments: &[&str]) -> Ended {
    let start = ["conformance", "run", "--adapter", adapter];
    program(start.iter().chain(arguments)).run()
}

/// Command line of an adapter that gets the text of a status wrong.
fn wrong_status_adapter(test: &str) -> Option<String> {
    Some(filter(&python(test)?, &["lie", "text", "status"]))
}

/// The report with a placeholder for the adapter's command line.
fn portable(report: &str, adapter: &str) -> String {
    report.replace(&adapter.replace('\'', ""), "ADAPTER")
}

#[test]
fn the_reference_passes_in_every_format() {
    let reference = reference();
    let text = conformance(&reference, &[]);
    let all = all().len();
    let summary = format!("{all} pass, 0 fail, 0 skip, 0 error, 0 time-out\n");
    assert_eq!((text.status, text.err.as_str()), (0, ""));
    let mut lines = text.out.lines();
    let first = lines.next().unwrap_or_default();
    assert!(first.ends_with(summary.trim_end()), "{}", text.out);
    let mut readings = lines.map(|line| line.strip_prefix("reading of "));
    assert!(readings.all(|reading| reading.is_some()), "{}", text.out);
    let folder = tempfile::tempdir().expect("a folder");
    let written = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a file");
    let arguments = [
        "conformance",
        "run",
        "--adapter",
        &reference,
        "--format",
        "json",
        "--output",
        "a.json",
        "--format",
        "junit",
        "--output",
        "a.xml",
        "--format",
        "html",
        "--output",
        "a.html",
        "--badge",
        "badge.json",
    ];
    let ended = program(arguments).within(folder.path()).run();
    assert_eq!(
        (ended.status, ended.out.as_str(), ended.err.as_str()),
        (0, "", "")
    );
    let json: Value = serde_json::from_str(&written("a.json")).expect("JSON");
    assert_eq!(json["cases"].as_array().map(Vec::len), Some(all));
    validation::assert_valid(&CONFORMANCE_REPORT, &json);
    let junit = written("a.xml");
    let junit = roxmltree::Document::parse(&junit).expect("XML");
    let cases = junit
        .descendants()
        .filter(|node| node.has_tag_name("testcase"));
    assert_eq!(cases.count(), all);
    assert!(written("a.html").contains(">SES-7</th>"));
    let badge: Value = serde_json::from_str(&written("badge.json")).expect("JSON");
    let message = format!("{all} of {all} pass");
    let expected = json!({ "schemaVersion": 1, "label": "OpenJD MONITOR 2026-11", "message": message, "color": "brightgreen" });
    assert_eq!(badge, expected);
}

#[test]
fn every_report_names_the_reading_that_a_runtime_follows() {
    let Some(python) = python("every_report_says_which_reading") else {
        return;
    };
    let case = "fail-text-with-exit-zero";
    let adapter = root().join("fixtures/adapters/python/adapter.py");
    let other = format!(
        "{python} {} --variant exit-status-decides",
        adapter.display()
    );
    for (adapter, reading) in [(reference(), "failed"), (other, "exit-status")] {
        let text = conformance(&adapter, &[case]);
        let line = format!("\nreading of fail-text-with-exit-0: {reading} (1 case)\n");
        assert!(text.out.ends_with(&line), "{}", text.out);
        let json = conformance(&adapter, &[case, "--format", "json"]);
        let json: Value = serde_json::from_str(&json.out).expect("JSON");
        let taken = json!([{ "reading": reading, "cases": [case] }]);
        let expected = json!([{ "point": "fail-text-with-exit-0", "taken": taken }]);
        assert_eq!(json["readings"], expected);
        assert_eq!(json["cases"][0]["reading"], reading);
        validation::assert_valid(&CONFORMANCE_REPORT, &json);
        let html = conformance(&adapter, &[case, "--format", "html"]);
        let row = format!("<td>fail-text-with-exit-0</td><td>{reading}</td><td>{case}</td>");
        assert!(html.out.contains(&row), "{}", html.out);
    }
    // A runtime that takes none is wrong, and is shown beside the nearest.
    let liar = filter(&python, &["lie", "state", "session_ended"]);
    let ended = conformance(&liar, &[case]);
    assert_eq!(ended.status, 1);
    assert!(
        ended.out.contains("\"FAILED\" is expected"),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("reading of"), "{}", ended.out);
}

#[test]
fn a_point_of_the_extension_may_be_read_as_a_refusal_too() {
    let Some(python) = python("a_point_of_the_extension_may_be_read") else {
        return;
    };
    let python = format!("{python} fixtures/adapters/python/adapter.py");
    let points = [
        ("replaced-period-below-the-floor", "created", "refused"),
        (
            "literal-check-timeout-under-a-resolved-period",
            "when-due",
            "when-due",
        ),
        (
            "unresolved-variables-without-an-onenter",
            "reported",
            "unreported",
        ),
        ("unresolved-variables-under-a-hook", "hook", "hook"),
    ];
    for (case, of_reference, of_python) in points {
        for (adapter, reading) in [(reference(), of_reference), (python.clone(), of_python)] {
            let json = conformance(&adapter, &[case, "--format", "json"]);
            let json: Value = serde_json::from_str(&json.out).expect("JSON");
            let outcome = &json["cases"][0];
            assert_eq!(outcome["verdict"], "pass", "{case}: {outcome}");
            assert_eq!(outcome["reading"], reading, "{case}");
        }
    }
}

#[test]
fn a_failure_in_every_format() {
    let Some(liar) = wrong_status_adapter("a_failure_in_every_format") else {
        return;
    };
    let report = |format: &str| {
        let ended = conformance(&liar, &[&["--format", format], &CASES[..]].concat());
        assert_eq!((ended.status, ended.err.as_str()), (1, ""));
        portable(&ended.out, &liar)
    };
    let text = report("text");
    insta::assert_snapshot!("failure_text", text);
    let sides = text.lines().skip_while(|line| !line.ends_with("actual"));
    let mut sides = sides.take_while(|line| !line.is_empty());
    assert!(sides.all(|line| line.chars().count() <= 100), "{text}");
    insta::assert_snapshot!("failure_json", report("json"));
    insta::assert_snapshot!("failure_junit", report("junit"));
    let html = report("html");
    assert_eq!(html.matches("<svg ").count(), 2, "{html}");
    assert!(html.contains("<h3>To reproduce</h3>"), "{html}");
    assert!(!html.contains("<script"), "{html}");
    assert!(
        !html.contains("http://") || !html.contains("src="),
        "{html}"
    );
    let json: Value = serde_json::from_str(&report("json")).expect("JSON");
    validation::assert_valid(&CONFORMANCE_REPORT, &json);
    assert_eq!(report("html"), html);
}

#[test]
fn the_page_is_well_formed_and_what_a_runtime_says_is_escaped() {
    let Some(python) = python("the_page_is_well_formed") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("adapter.py");
    let name = "</title><script>alert(1)</script>\\u001b[31m\\u202e";
    let hello = format!(
        r#"{{"protocol":1,"implementation":{{"name":"{name}"}},"features":["terminate"]}}"#
    );
    let error = r#"{"seq":2,"errored":true,"message":"<img src=x> \u001b[2J & \u009b"}"#;
    let text = format!(
        "input()\nprint(r'''{hello}''', flush=True)\ninput()\nprint(r'''{error}'''.replace('2,', '1,', 1), flush=True)\ninput()\nprint('{{\"seq\":2}}')\n"
    );
    std::fs::write(&script, text).expect("a file");
    let adapter = format!("{python} {}", script.display());
    for format in ["html", "text", "junit", "json"] {
        let ended = conformance(&adapter, &["--format", format, CASES[1]]);
        assert_eq!(ended.status, 1, "{}", ended.err);
        assert!(
            !ended.out.contains(['\u{1b}', '\u{9b}', '\u{202e}']) || format == "json",
            "{format}: {}",
            ended.out
        );
        if format == "html" {
            assert!(
                !ended.out.contains("<script") && !ended.out.contains("<img"),
                "{}",
                ended.out
            );
            let page = ended
                .out
                .replace("<!DOCTYPE html>\n", "")
                .replace("<br>", "<br/>");
            let page = page
                .replace("\"utf-8\">", "\"utf-8\"/>")
                .replace("width=device-width\">", "width=device-width\"/>");
            roxmltree::Document::parse(&page).unwrap_or_else(|error| panic!("{error}\n{page}"));
        }
    }
}

fn with_list(adapter: &str, list: &Path, more: &[&str]) -> Ended {
    let list = list.to_string_lossy();
    conformance(
        adapter,
        &[&["--known-failures", &list], &CASES[..], more].concat(),
    )
}

#[test]
fn the_tool_updates_the_known_failures() {
    let Some(liar) = wrong_status_adapter("the_tool_updates_the_known_failures") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("known-failures");
    let written = || std::fs::read_to_string(&list).expect("a file");

    let ended = with_list(&liar, &list, &[]);
    assert_eq!(ended.status, 3, "{}", ended.err);
    let ended = with_list(&liar, &list, &["--write-known-failures"]);
    assert_eq!((ended.status, ended.err.as_str()), (0, ""));
    assert_eq!(written(), "terminate-on-the-third-failure\n");
    let ended = with_list(&liar, &list, &[]);
    assert_eq!(ended.status, 0);
    assert!(
        ended
            .out
            .contains("fail      terminate-on-the-third-failure (known): at 31 s"),
        "{}",
        ended.out
    );
    assert!(ended.out.contains("(1 known failure)"), "{}", ended.out);

    let comments = "# Ours.\n\n# See issue 1.\nterminate-on-the-third-failure   # soon\n# A case that is not run.\nticks-on-a-fixed-grid\n# The end.\n";
    std::fs::write(&list, comments).expect("a file");
    let ended = with_list(&liar, &list, &["--write-known-failures"]);
    assert_eq!((ended.status, written().as_str()), (0, comments));
    let ended = with_list(&reference(), &list, &[]);
    assert_eq!(ended.status, 1);
    assert!(
        ended
            .out
            .contains("pass      terminate-on-the-third-failure: it passes, though"),
        "{}",
        ended.out
    );
    assert!(
        ended
            .out
            .ends_with("failed: 1 of the known failures pass\n"),
        "{}",
        ended.out
    );
    let ended = with_list(&reference(), &list, &["--write-known-failures"]);
    assert_eq!(ended.status, 0);
    assert_eq!(
        written(),
        "# Ours.\n\n# A case that is not run.\nticks-on-a-fixed-grid\n# The end.\n"
    );
}

#[test]
fn a_wrong_list_of_known_failures_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("known-failures");
    for (text, status, message) in [
        (
            "no-such-case\n",
            2,
            "line 1: there is no case `no-such-case`",
        ),
        (
            "\nticks-on-a-fixed-grid\nticks-on-a-fixed-grid # again\n",
            2,
            "line 3: `ticks-on-a-fixed-grid` is listed twice",
        ),
        (&"#\n".repeat(600_000), 3, "larger than 1048576 bytes"),
    ] {
        std::fs::write(&list, text).expect("a file");
        let ended = with_list(&reference(), &list, &[]);
        assert_eq!((ended.status, ended.out.as_str()), (status, ""));
        assert!(ended.err.contains(message), "{}", ended.err);
    }
    let ended = conformance(&reference(), &["--write-known-failures", CASES[0]]);
    assert_eq!(ended.status, 2, "{}", ended.err);
}

#[test]
fn a_file_that_cannot_be_written_is_a_failure() {
    for option in ["--badge", "--known-failures"] {
        let ended = conformance(&reference(), &[option, "no/such/file", CASES[0]]);
        assert_eq!(ended.status, 3, "{}", ended.err);
        assert!(ended.err.contains("no/such/file"), "{}", ended.err);
    }
}

#[test]
fn a_full_name_selects_one_case_and_a_part_several() {
    let list = |name: &str| {
        program(["conformance", "list", name])
            .run()
            .out
            .lines()
            .count()
    };
    // A part of the name of another one.
    assert_eq!(list("notify-period-defaults"), 1);
    assert_eq!(list("notify-period-default"), 3);
    assert!(list("cancel") > 5);
    assert_eq!(
        program(["conformance", "list", "no-such-case"])
            .run()
            .status,
        2
    );
}

#[test]
fn the_clauses_are_in_order_and_have_texts() {
    let clauses: Vec<_> = clauses().collect();
    assert!(
        clauses.len() > 30 && clauses.contains(&"TIM-4"),
        "{clauses:?}"
    );
    for id in clauses {
        let text = clause(id).expect("a clause");
        assert!(text.len() > 20 && !text.contains("](#"), "{id}: {text}");
    }
}

#[test]
fn a_narrow_terminal_shows_both_sides_one_below_the_other() {
    let case = all()
        .into_iter()
        .find(|case| case.id == CASES[1])
        .expect("a case");
    let text = case
        .text()
        .replace("onMonitor: exit status 1\"", "another text\"");
    let scenario = Scenario::read(text.as_bytes(), Syntax::Yaml, Path::new(""));
    let scenario = scenario.unwrap_or_else(|bad| panic!("{:?}", bad.findings));
    let adapter: Vec<_> = reference().split(' ').map(str::to_owned).collect();
    let mut runtime = Runtime::new(adapter.clone(), Duration::from_secs(60));
    let hello = runtime.hello().expect("an answer");
    let report = Report {
        adapter,
        outcomes: vec![runtime.run(scenario, &hello)],
        hello,
        known: KnownFailures::default(),
    };
    runtime.stop().expect("an exit status of 0");
    let written = |width| {
        let mut out = Vec::new();
        report::write(&report, Format::Text, Some(width), &mut out).expect("a Vec takes all");
        String::from_utf8(out).expect("UTF-8")
    };
    let narrow = written(60);
    let lines = [
        "    - 31 status text=\"another text\" source=monitor",
        "    + 31 status text=\"onMonitor: exit status 1\" source=monitor",
    ];
    assert!(narrow.contains(&lines.join("\n")), "{narrow}");
    let wide = written(200);
    let both = wide.lines().find(|line| line.contains(" ! "));
    let both = both.unwrap_or_else(|| panic!("{wide}"));
    assert!(
        both.contains("another text") && both.contains("exit status 1"),
        "{wide}"
    );
}
