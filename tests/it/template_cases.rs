//! Tests of `fixtures/conformance/templates`: each template has at most the one mistake in its name, and the suite judges a
//! command that checks templates by its exit status.

use crate::support::{files, program, read, root};
use openjd_monitor::conformance::{CaseFile, templates};
use openjd_monitor_core::lint::{self, Level};
use openjd_monitor_core::template::Syntax;
use std::collections::BTreeSet;
use std::path::Path;

/// The rule that each invalid template breaks.
const RULES: [(&str, &str); 45] = [
    ("sch-1-another-extension-listed", "missing-extension"),
    ("sch-1-extension-not-listed", "missing-extension"),
    ("sch-1-monitor-beside-onrun", "misplaced-monitor"),
    (
        "sch-1-monitor-beside-the-actions-mapping",
        "misplaced-monitor",
    ),
    ("sch-2-no-action", "nothing-to-monitor"),
    ("sch-2-only-variables", "nothing-to-monitor"),
    ("sch-3-scope-empty", "invalid-value"),
    ("sch-3-scope-names-a-slot-twice", "invalid-value"),
    ("sch-3-scope-names-an-undefined-slot", "undefined-slot"),
    ("sch-3-scope-names-onmonitor", "invalid-value"),
    ("sch-3-scope-names-onrun", "invalid-value"),
    ("sch-4-override-empty", "invalid-value"),
    ("sch-4-override-of-a-part-of-the-command", "missing-field"),
    ("sch-4-override-of-a-slot-out-of-scope", "undefined-slot"),
    ("sch-4-override-of-an-undefined-slot", "undefined-slot"),
    ("sch-4-overrides-empty", "invalid-value"),
    (
        "sch-5-delay-from-the-wrapped-action",
        "variable-out-of-scope",
    ),
    ("sch-5-delay-null", "wrong-type"),
    ("sch-5-format-string-without-feature-bundle-1", "wrong-type"),
    (
        "sch-5-period-from-a-path-parameter",
        "variable-out-of-scope",
    ),
    ("sch-5-period-from-the-session", "variable-out-of-scope"),
    ("sch-5-period-not-whole", "wrong-type"),
    ("sch-5-step-name-in-a-job-environment", "undefined-variable"),
    ("sch-5-threshold-null", "wrong-type"),
    ("sch-6-override-of-four", "period-below-floor"),
    ("sch-6-period-of-four", "period-below-floor"),
    ("sch-6-period-of-one-in-json", "period-below-floor"),
    ("sch-7-delay-below-zero", "invalid-value"),
    (
        "sch-7-override-of-the-threshold-below-zero",
        "invalid-value",
    ),
    ("sch-7-threshold-of-zero", "invalid-value"),
    (
        "sch-8-timeout-equal-to-the-period",
        "check-timeout-too-long",
    ),
    (
        "sch-8-timeout-longer-than-the-period-of-an-override",
        "check-timeout-too-long",
    ),
    (
        "sch-8-timeout-of-an-override-longer-than-the-period",
        "check-timeout-too-long",
    ),
    ("sch-9-cancelation-notify", "invalid-value"),
    ("sch-9-cancelation-of-an-override-notify", "invalid-value"),
    ("var-1-file-of-no-environment", "undefined-variable"),
    ("var-1-name-of-no-let", "undefined-variable"),
    ("var-1-task-parameter", "undefined-variable"),
    ("var-1-wrapped-action-in-onenter", "variable-out-of-scope"),
    (
        "var-1-wrapped-environment-beside-a-task",
        "variable-out-of-scope",
    ),
    (
        "var-2-command-of-an-override-for-another-slot",
        "variable-out-of-scope",
    ),
    ("var-2-step-name-in-a-wide-scope", "variable-out-of-scope"),
    (
        "var-2-wrapped-action-in-the-default-scope",
        "variable-out-of-scope",
    ),
    ("var-3-draft-name-outside-a-monitor", "invalid-expression"),
    (
        "var-3-draft-name-where-its-meaning-is-not-in-scope",
        "variable-out-of-scope",
    ),
];

/// The clauses that can be checked without running anything.
fn clauses() -> BTreeSet<String> {
    let schema = (1..=9).map(|number| format!("SCH-{number}"));
    schema
        .chain((1..=3).map(|number| format!("VAR-{number}")))
        .collect()
}

/// Rules with level error that a template breaks.
fn broken(case: CaseFile) -> Vec<&'static str> {
    let syntax = Syntax::of_file(Path::new(case.name));
    let checked = lint::check(case.text.as_bytes(), syntax, &lint::Settings::default());
    let findings = checked.found.expect("a template").findings.into_iter();
    let errors = findings.filter(|finding| finding.level == Level::Error);
    errors.map(|finding| finding.rule.id).collect()
}

#[test]
fn each_valid_template_is_accepted_and_each_invalid_one_breaks_its_one_rule() {
    for case in templates::all() {
        let expected = RULES.iter().find(|(id, _)| *id == case.id());
        assert_eq!(expected.is_some(), case.is_invalid(), "{}", case.name);
        let expected: Vec<_> = expected.iter().map(|(_, rule)| *rule).collect();
        assert_eq!(broken(case), expected, "{}", case.name);
    }
}

#[test]
fn each_clause_has_a_valid_and_an_invalid_template() {
    for is_invalid in [false, true] {
        let mut cases = templates::all();
        cases.retain(|case| case.is_invalid() == is_invalid);
        let cited: BTreeSet<_> = cases.iter().flat_map(CaseFile::clauses).collect();
        assert_eq!(cited, clauses(), "invalid: {is_invalid}");
    }
}

/// The lines of a template below its comment.
fn lines(case: CaseFile) -> BTreeSet<&'static str> {
    let lines = case.text.lines();
    let is_text = |line: &&str| !line.starts_with('#') && !line.contains("\"description\":");
    lines.map(str::trim).filter(is_text).collect()
}

#[test]
fn each_invalid_template_has_a_valid_twin() {
    let all = templates::all();
    let ending = |case: &CaseFile| Path::new(case.name).extension();
    for invalid in all.iter().filter(|case| case.is_invalid()) {
        let twins = all.iter().filter(|case| {
            !case.is_invalid()
                && ending(case) == ending(invalid)
                && case.folder == invalid.folder
                && case.clauses() == invalid.clauses()
        });
        let distance =
            |twin: &CaseFile| lines(*twin).symmetric_difference(&lines(*invalid)).count();
        let least = twins.map(distance).min();
        assert!(
            least.is_some_and(|least| least <= 6),
            "{}: {least:?}",
            invalid.name
        );
    }
}

/// The section of the specification in which a clause stands.
fn section(clause: &str) -> String {
    let text = read("docs/specification.md");
    let anchor = format!("<a id=\"{}\"></a>", clause.to_lowercase());
    let before = text.split_once(&anchor).expect("the clause").0;
    let mut headings = before.lines().filter(|line| line.starts_with('#'));
    let heading = headings
        .next_back()
        .expect("a heading")
        .trim_start_matches('#');
    let number = heading.trim().split(' ').next().expect("a number");
    number.trim_end_matches('.').to_owned()
}

/// Asserts that a file follows the naming conventions of Open Job Description's conformance tests for extensions.
pub fn assert_well_named(case: &CaseFile, ending: &str) {
    let clauses = case.clauses();
    let main = clauses.first().expect("a clause");
    let id = case.id();
    assert!(
        id.starts_with(&format!("{}-", main.to_lowercase())),
        "{id}: {main}"
    );
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    assert!(id.split('-').all(is_word), "{id}");
    let invalid = if case.is_invalid() { ".invalid" } else { "" };
    let name = format!("monitor{}--{id}{invalid}.{ending}", section(main));
    assert_eq!(case.name, name);
    for clause in &clauses {
        assert!(
            openjd_monitor::conformance::clause(clause).is_some(),
            "{id}: {clause}"
        );
    }
}

#[test]
fn each_template_is_named_after_its_clause_and_section() {
    let cases = templates::all();
    let mut ids = BTreeSet::new();
    for case in &cases {
        let ending = if case.name.ends_with(".json") {
            "json"
        } else {
            "yaml"
        };
        assert_well_named(case, ending);
        assert!(ids.insert(case.id()), "{}", case.id());
    }
    assert!(cases.len() > 80, "{}", cases.len());
}

#[test]
fn each_template_is_in_the_folder_for_its_kind_and_validity() {
    let folder = root().join("fixtures/conformance/templates");
    let paths = files("fixtures/conformance/templates", "");
    assert_eq!(paths.len(), templates::all().len());
    for case in templates::all() {
        let validity = if case.is_invalid() {
            "invalid"
        } else {
            "valid"
        };
        let path = folder.join(validity).join(case.folder).join(case.name);
        assert!(paths.contains(&path), "{}", path.display());
        let is_environment = case.text.contains("environment-2023-09");
        assert_eq!(
            case.folder == "env_templates",
            is_environment,
            "{}",
            case.name
        );
    }
}

/// Runs the template cases with this command as the checker under test, and more arguments.
fn run(command: &str, arguments: &[&str]) -> crate::support::Ended {
    let first = ["conformance", "run", "--check", command];
    program(first.iter().chain(arguments)).run()
}

#[test]
fn check_passes() {
    let check = format!("{} check", env!("CARGO_BIN_EXE_openjd-monitor"));
    let ended = run(&check, &[]);
    let count = templates::all().len();
    let expected = format!("{check}: {count} pass, 0 fail, 0 skip, 0 error, 0 time-out\n");
    assert_eq!((ended.status, ended.out), (0, expected));
}

#[test]
fn accepting_everything_or_nothing_fails() {
    let invalid = RULES.len();
    let valid = templates::all().len() - invalid;
    let ended = run("sh -c 'exit 0'", &[]);
    let summary = format!("exit 0: {valid} pass, {invalid} fail, 0 skip, 0 error, 0 time-out\n");
    assert!(ended.out.ends_with(&summary), "{}", ended.out);
    assert!(
        ended
            .out
            .contains("fail  sch-6-period-of-four: it is invalid, but was accepted\n")
    );
    assert_eq!(ended.status, 1);

    let ended = run("sh -c 'echo nonsense; exit 2'", &[]);
    let summary = format!("exit 2: {invalid} pass, {valid} fail, 0 skip, 0 error, 0 time-out\n");
    assert!(ended.out.ends_with(&summary), "{}", ended.out);
    assert!(ended.out.contains(
        "fail  sch-6-period-of-five: it is valid, but was refused; the end of its output:\n    nonsense\n"
    ));
    assert_eq!(ended.status, 1);
}

#[test]
fn a_crash_does_not_count_as_a_refusal() {
    for (command, message) in [
        ("kill -SEGV $$", "it crashed (signal: 11 (SIGSEGV)"),
        ("exit 101", "it panicked (exit status 101)"),
        ("exit 126", "it crashed (exit status: 126)"),
        ("exit 127", "it crashed (exit status: 127)"),
        ("exit 255", "it crashed (exit status: 255)"),
    ] {
        let ended = run(&format!("sh -c '{command}'"), &["sch-6-period-of-four"]);
        let expected = format!("error sch-6-period-of-four: {message}");
        assert!(ended.out.starts_with(&expected), "{}", ended.out);
        assert!(
            ended
                .out
                .ends_with(" 0 pass, 0 fail, 0 skip, 1 error, 0 time-out\n")
        );
        assert_eq!(ended.status, 1);
    }
}

#[test]
fn a_command_that_hangs_is_killed_with_its_children() {
    let folder = tempfile::tempdir().expect("a folder");
    let mark = folder.path().join("mark");
    let script = format!("(sleep 4; touch {}) & sleep 60", mark.display());
    for trap in ["", "trap \"\" TERM; "] {
        let started = std::time::Instant::now();
        let command = format!("sh -c '{trap}{script}'");
        let ended = run(&command, &["sch-6-period-of-four", "--timeout", "1"]);
        assert!(
            ended.out.starts_with("time-out sch-6-period-of-four\n"),
            "{}",
            ended.out
        );
        assert!(
            ended.out.ends_with(" 0 error, 1 time-out\n"),
            "{}",
            ended.out
        );
        assert_eq!(ended.status, 1);
        assert!(started.elapsed().as_secs() < 30);
    }
    std::thread::sleep(std::time::Duration::from_secs(4));
    assert!(!mark.exists());
}

#[test]
fn endless_output_of_a_command_is_an_error() {
    let ended = run("sh -c yes", &["sch-6-period-of-four"]);
    let expected = "error sch-6-period-of-four: it wrote more than 16777216 bytes\n";
    assert!(ended.out.starts_with(expected), "{}", ended.out);
}

#[test]
fn a_command_that_does_not_exist_is_an_error() {
    let ended = run("/nonexistent/check", &[]);
    let expected = "error: the command `/nonexistent/check` cannot be run: ";
    assert!(ended.err.starts_with(expected), "{}", ended.err);
    assert_eq!((ended.status, ended.out.as_str()), (3, ""));
}

#[test]
fn cases_are_chosen_by_name_and_clause() {
    let ended = run("sh -c 'exit 1'", &["--clause", "SCH-9"]);
    assert!(
        ended
            .out
            .ends_with(": 2 pass, 2 fail, 0 skip, 0 error, 0 time-out\n"),
        "{}",
        ended.out
    );
    let ended = run(
        "sh -c 'exit 1'",
        &["override", "--clause", "SCH-6", "--jobs", "1"],
    );
    assert!(
        ended
            .out
            .ends_with(": 1 pass, 1 fail, 0 skip, 0 error, 0 time-out\n"),
        "{}",
        ended.out
    );
    let ended = run("sh -c 'exit 1'", &["--clause", "TIM-1"]);
    assert_eq!(ended.status, 2);
    assert!(
        ended.err.starts_with("error: no case is like this"),
        "{}",
        ended.err
    );
}

#[test]
fn exactly_one_thing_is_run() {
    for arguments in [
        &[] as &[&str],
        &["--check", "a", "--process", "b"],
        &["--check", "a", "--adapter", "b"],
    ] {
        let ended = program(["conformance", "run"].iter().chain(arguments)).run();
        assert_eq!(ended.status, 2, "{arguments:?}: {}", ended.err);
    }
}

#[test]
fn the_path_does_not_reveal_the_expected_verdict() {
    let ended = run("sh -c 'echo \"$0\"; exit 1'", &["sch-6-period-of-fiv"]);
    let paths: Vec<_> = ended
        .out
        .lines()
        .filter(|line| line.contains("/template."))
        .collect();
    assert_eq!(paths.len(), 2, "{}", ended.out);
    assert!(paths.iter().any(|path| path.ends_with("/template.json")));
    assert!(!ended.out.contains("valid."));
}
