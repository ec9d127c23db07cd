//! Tests of `fixtures/conformance/process`, the jobs for command lines like `openjd run`, and of the verdicts on them.
//! Small scripts stand in for a command line.

use crate::support::{Ended, files, program};
use crate::template_cases::assert_well_named;
use crate::validation;
use openjd_monitor::conformance::process;
use openjd_monitor_core::lint::{self, Level};
use openjd_monitor_core::schema::PROCESS_TEST;
use openjd_monitor_core::template::{Loaded, Syntax, limits, load};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn value(text: &str) -> Value {
    match load(text.as_bytes(), Syntax::Yaml, limits::DEFAULT_MAX_BYTES) {
        Loaded::Document(document) => document.value().clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_case_follows_the_schema() {
    for case in process::all() {
        let test = value(case.text);
        validation::assert_valid(&PROCESS_TEST, &test);
    }
    let bad = json!({ "template": {}, "expected": { "output": [{ "allOf": [] }] }, "runOn": [] });
    let violations = PROCESS_TEST.violations(&bad).into_iter();
    let mut places: Vec<_> = violations.map(|found| found.path.pointer()).collect();
    places.sort();
    assert_eq!(places, ["/expected/output/0", "/runOn"]);
}

#[test]
fn each_case_is_named_after_its_clause_and_section() {
    let cases = process::all();
    assert_eq!(
        cases.len(),
        files("fixtures/conformance/process", ".test.yaml").len()
    );
    let mut ids = BTreeSet::new();
    for case in &cases {
        assert_well_named(case, "test.yaml");
        assert!(ids.insert(case.id()), "{}", case.id());
    }
    assert!(cases.len() > 20, "{}", cases.len());
}

#[test]
fn the_templates_of_the_cases_are_valid() {
    for case in process::all() {
        let test = value(case.text);
        let environments = test["environments"].as_array().cloned().unwrap_or_default();
        for template in environments.iter().chain([&test["template"]]) {
            let text = template.to_string();
            let checked = lint::check(text.as_bytes(), Syntax::Json, &lint::Settings::default());
            let findings = checked.found.expect("a template").findings;
            let worst = findings.iter().map(|finding| finding.level).max();
            assert!(worst < Some(Level::Error), "{}: {findings:?}", case.name);
        }
    }
}

#[test]
fn no_expected_text_occurs_in_a_command_line() {
    // Runtimes log the command lines that they run, and those of actions that never print anything.
    for case in process::all() {
        for line in case
            .text
            .lines()
            .filter(|line| line.trim_start().starts_with("args:"))
        {
            assert!(
                line.ends_with("]") && !line.contains("-IS-"),
                "{}: {line}",
                case.name
            );
        }
    }
}

/// Runs one case with a script as the command line under test.
fn run(case: &str, script: &str, arguments: &[&str]) -> Ended {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("fake.sh");
    std::fs::write(&path, script).expect("a file");
    let command = format!("sh {}", path.display());
    let first = ["conformance", "run", "--process", &command, case];
    program(first.iter().chain(arguments)).run()
}

/// Asserts that a script passes the case (`expected` is `pass`), or that the report starts with `expected`.
fn verdict(case: &str, script: &str, expected: &str) {
    let ended = run(case, script, &[]);
    let passes = ended
        .out
        .contains(": 1 pass, 0 fail, 0 skip, 0 error, 0 time-out\n");
    assert_eq!(passes, expected == "pass", "{script}: {}", ended.out);
    assert_eq!(ended.status, i32::from(!passes), "{script}: {}", ended.out);
    assert!(
        passes || ended.out.starts_with(expected),
        "{script}: {}",
        ended.out
    );
}

const HUNG: &str = "act-3-terminate-ends-a-hung-action";

#[test]
fn expected_texts_may_be_on_either_stream() {
    let lines = "echo CHECKS=1; echo EXIT-IS-DONE >&2;";
    verdict(HUNG, &format!("{lines} exit 1"), "pass");
    let lacking = "the output has no `EXIT-IS-DONE`; the end of its output:\n    CHECKS=1\n";
    verdict(
        HUNG,
        "echo CHECKS=1; exit 1",
        &format!("fail  {HUNG}: {lacking}"),
    );
    let forbidden = format!("fail  {HUNG}: the output has `TASK-IS-DONE`; ");
    verdict(
        HUNG,
        &format!("{lines} echo TASK-IS-DONE; exit 1"),
        &forbidden,
    );
    let silent = format!("fail  {HUNG}: the output has no `CHECKS=1`; it wrote nothing\n");
    verdict(HUNG, "exit 1", &silent);
}

#[test]
fn one_of_several_texts_is_enough() {
    let case = "ses-1-wrapped-task-that-hangs-is-ended";
    let lines = "echo FIRST-IS-DONE; echo EXIT-IS-DONE;";
    verdict(case, &format!("{lines} echo CHECKS=2; exit 1"), "pass");
    verdict(case, &format!("{lines} echo CHECKS=4; exit 1"), "pass");
    let message = "the output has none of `CHECKS=2`, `CHECKS=3`, `CHECKS=4`; ";
    let neither = format!("fail  {case}: {message}");
    verdict(case, &format!("{lines} echo CHECKS=1; exit 1"), &neither);
}

#[test]
fn the_run_succeeds_or_fails_as_expected() {
    let lines = "echo CHECKS=1; echo EXIT-IS-DONE;";
    verdict(
        HUNG,
        lines,
        &format!("fail  {HUNG}: the run succeeded, but should have failed; "),
    );
    let case = "tim-1-first-check-after-one-period";
    let lines = "echo ENTER-IS-DONE; echo TASK-IS-DONE; echo EXIT-IS-DONE; echo CHECKS=0;";
    verdict(case, lines, "pass");
    let fails = format!("fail  {case}: the run failed, but should have succeeded; ");
    verdict(case, &format!("{lines} exit 1"), &fails);
}

#[test]
fn the_first_exit_status_that_is_not_zero_is_that_of_the_failure() {
    let case = "out-4-exit-status-of-a-check-is-not-that-of-the-action";
    let lines = "echo EXIT-IS-DONE; echo exited with code: 0;";
    let later = "echo Process exited with code: 5; echo exited with code: 1; exit 1";
    verdict(case, &format!("{lines} {later}"), "pass");
    let other = "echo exited with code: -9; exit 1";
    let message = "the first action that failed exited with status -9, not 5; ";
    verdict(
        case,
        &format!("{lines} {other}"),
        &format!("fail  {case}: {message}"),
    );
    let none =
        format!("fail  {case}: the output does not say that the action `exited with code: 5`");
    verdict(case, &format!("{lines} exit 1"), &none);
}

#[test]
fn only_a_job_that_cannot_be_created_counts_as_refused() {
    let case = "sch-5-period-that-resolves-below-the-floor";
    verdict(case, "exit 1", "pass");
    let accepted = "the run succeeded, but the job must be refused; ";
    verdict(case, "exit 0", &format!("fail  {case}: {accepted}"));
    verdict(
        case,
        "exit 101",
        &format!("error {case}: it panicked (exit status 101)\n"),
    );
}

#[test]
fn a_crash_a_hang_and_a_flood_do_not_count_as_a_failed_task() {
    verdict(
        HUNG,
        "echo CHECKS=1; echo EXIT-IS-DONE; kill -KILL $$",
        &format!("error {HUNG}: it crashed (signal: 9"),
    );
    verdict(
        HUNG,
        "exec cat /dev/zero",
        &format!("error {HUNG}: it wrote more than 16777216 bytes\n"),
    );
    let ended = run(HUNG, "sleep 60", &["--timeout", "1"]);
    assert!(
        ended.out.starts_with(&format!("time-out {HUNG}\n")),
        "{}",
        ended.out
    );
    assert_eq!(ended.status, 1);
}

#[test]
fn a_job_comes_with_its_environments_and_parameters() {
    let ended = run(
        "ses-1-wrapped-task-that-hangs-is-ended",
        "echo \"$@\"; cat \"$1\" \"$3\"",
        &[],
    );
    let lines: Vec<_> = ended.out.lines().map(str::trim).collect();
    let (template, environment) = lines[1]
        .split_once(" --environment ")
        .expect("one environment");
    assert!(template.ends_with("/template.json"), "{template}");
    assert!(
        environment.ends_with("/environment-1.json"),
        "{environment}"
    );
    assert!(lines[2].contains("jobtemplate-2023-09") && lines[2].contains("environment-2023-09"));

    let ended = run(
        "sch-5-period-that-resolves-to-the-floor",
        "echo \"$@\"",
        &[],
    );
    assert!(
        ended.out.contains("/template.json -p Period=5\n"),
        "{}",
        ended.out
    );
}

#[test]
fn several_cases_are_chosen_by_clause() {
    let ended = run("act", "exit 1", &["--clause", "ACT-6"]);
    assert!(
        ended
            .out
            .contains(": 0 pass, 2 fail, 0 skip, 0 error, 0 time-out\n"),
        "{}",
        ended.out
    );
}
