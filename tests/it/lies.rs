//! Tests of the harness's comparisons: for each field of each effect, and for each way to lose or shift an effect,
//! some case fails if a runtime gets it wrong. A missing comparison fails here.

use crate::support::{filter, program, python};
use serde_json::Value;

/// Alteration, kind of effect it alters, and a case that must fail.
const LIES: [(&str, &str, &str); 42] = [
    ("role", "spawn", "first-tick-after-one-period"),
    ("environment", "spawn", "first-tick-after-one-period"),
    ("step", "spawn", "failed-task-is-the-last"),
    ("slot", "spawn", "first-tick-after-one-period"),
    ("command", "spawn", "draft-names-are-aliases"),
    ("args", "spawn", "check-strings-resolve-for-each-run"),
    ("variables", "spawn", "a-check-sets-no-variables"),
    ("wraps", "spawn", "firing-beside-onwrapenventer"),
    ("parameters", "spawn", "failed-task-is-the-last"),
    ("drop", "spawn", "first-tick-after-one-period"),
    ("twice", "spawn", "first-tick-after-one-period"),
    ("late", "spawn", "first-tick-after-one-period"),
    ("process", "notify", "issue-133-container-dies"),
    ("drop", "notify", "issue-133-container-dies"),
    ("twice", "notify", "issue-133-container-dies"),
    ("late", "notify", "issue-133-container-dies"),
    ("process", "kill", "issue-133-container-dies"),
    ("drop", "kill", "issue-133-container-dies"),
    ("twice", "kill", "issue-133-container-dies"),
    ("late", "kill", "issue-133-container-dies"),
    ("text", "status", "issue-133-container-dies"),
    ("source", "status", "issue-133-container-dies"),
    ("drop", "status", "issue-133-container-dies"),
    ("twice", "status", "issue-133-container-dies"),
    ("late", "status", "issue-133-container-dies"),
    (
        "environment",
        "check_ended",
        "check-that-cannot-start-fires-at-its-tick",
    ),
    (
        "slot",
        "check_ended",
        "check-that-cannot-start-fires-at-its-tick",
    ),
    (
        "result",
        "check_ended",
        "check-that-cannot-start-fires-at-its-tick",
    ),
    (
        "reason",
        "check_ended",
        "check-that-cannot-start-fires-at-its-tick",
    ),
    (
        "failures",
        "check_ended",
        "check-that-cannot-start-fires-at-its-tick",
    ),
    (
        "drop",
        "check_ended",
        "check-that-cannot-start-fires-at-its-tick",
    ),
    ("environment", "action_ended", "first-tick-after-one-period"),
    ("step", "action_ended", "failed-task-is-the-last"),
    ("slot", "action_ended", "first-tick-after-one-period"),
    ("state", "action_ended", "first-tick-after-one-period"),
    (
        "failMessage",
        "action_ended",
        "cancel-before-a-failure-stays-canceled",
    ),
    ("cause", "action_ended", "terminate-on-the-third-failure"),
    (
        "without cause",
        "action_ended",
        "terminate-on-the-third-failure",
    ),
    ("drop", "action_ended", "first-tick-after-one-period"),
    ("twice", "action_ended", "first-tick-after-one-period"),
    ("state", "session_ended", "first-tick-after-one-period"),
    ("late", "session_ended", "first-tick-after-one-period"),
];

/// The verdict on this adapter in one case.
fn verdict(adapter: &str, case: &str) -> String {
    let arguments = [
        "conformance",
        "run",
        "--format",
        "json",
        "--adapter",
        adapter,
        case,
    ];
    let ended = program(arguments).run();
    let report: Value =
        serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}", ended.err));
    assert_eq!(report["cases"].as_array().map(Vec::len), Some(1), "{case}");
    report["cases"][0]["verdict"]
        .as_str()
        .expect("a verdict")
        .to_owned()
}

#[test]
fn each_altered_effect_fails_its_case() {
    let Some(python) = python("each_altered_effect_fails_its_case") else {
        return;
    };
    for (how, kind, case) in LIES {
        let verdict = verdict(&filter(&python, &["lie", how, kind]), case);
        assert!(
            ["fail", "error"].contains(&verdict.as_str()),
            "{how} of {kind}: {verdict}"
        );
    }
    let mut cases = LIES.map(|(_, _, case)| case).to_vec();
    cases.sort_unstable();
    cases.dedup();
    for case in cases {
        assert_eq!(
            verdict(&filter(&python, &["plain"]), case),
            "pass",
            "{case}"
        );
    }
}
