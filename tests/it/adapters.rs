//! Adapters that misbehave: none stops the suite, none passes, and the next case gets a new one.

use crate::run::{alive_in, handle_ignored_signals, wait};
use crate::support::{filter, folder, program, python, reference};
use nix::sys::signal::Signal;
use nix::unistd::Pid;
use serde_json::{Value, json};
use std::process::Command;

/// Three cases of the suite, in their order.
const CASES: [&str; 3] = [
    "first-tick-after-one-period",
    "notify-period-of-zero",
    "terminate-on-the-third-failure",
];

/// Each misbehaviour with its verdict and a part of the message.
const MISBEHAVIOURS: [(&str, &str, &str); 25] = [
    ("die in begin", "error", "it died (exit status: 3)"),
    ("die in advance", "error", "it died (exit status: 3)"),
    ("die at the end", "error", "it died (exit status: 3)"),
    ("garbage", "error", "its answer is not JSON"),
    ("no answer", "error", "its answer is not valid"),
    ("wrong seq", "error", "it answered 3 to 2"),
    ("flood", "error", "longer than 67108864 bytes"),
    ("half a line", "error", "its answer is not JSON: EOF"),
    ("hang in a line", "time-out", "it did not answer in time"),
    ("hang", "time-out", "it did not answer in time"),
    ("wake in the past", "error", "woken in the past"),
    ("wake now for ever", "error", "more than 1000 rounds"),
    ("wake later for ever", "fail", "does not happen"),
    ("stuck", "fail", "nothing is to come"),
    ("unknown effect", "error", "unknown variant `dance`"),
    ("unknown process", "error", "`kill` of `nobody`"),
    ("same name", "error", "a second process has the name `p1`"),
    ("unknown slot", "error", "has either no slot"),
    ("errored", "error", "no idea"),
    ("errored without a message", "error", "it does not say why"),
    ("refused", "fail", "the job is refused: no such job"),
    (
        "refused in the middle",
        "error",
        "it refuses what has begun",
    ),
    ("skipped", "skip", "not today"),
    ("skipped in the middle", "error", "it skips what has begun"),
    ("chatty", "pass", ""),
];

fn run(adapter: &str, more: &[&str]) -> (i32, Value) {
    let start = [
        "conformance",
        "run",
        "--format",
        "json",
        "--jobs",
        "1",
        "--adapter",
        adapter,
    ];
    let arguments = start.iter().chain(more);
    let ended = program(arguments).run();
    let report = serde_json::from_str(&ended.out);
    (
        ended.status,
        report.unwrap_or_else(|error| panic!("{error}: {}", ended.err)),
    )
}

#[test]
fn each_misbehaviour_has_its_verdict_and_the_next_case_a_new_adapter() {
    let Some(python) = python("each_misbehaviour_has_its_verdict") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    for (behaviour, verdict, message) in MISBEHAVIOURS {
        let marker = folder.path().join(behaviour);
        let adapter = filter(&python, &["once", &marker.to_string_lossy(), behaviour]);
        let timeout = if behaviour.starts_with("hang") {
            "1"
        } else {
            "20"
        };
        let (status, report) = run(&adapter, &[&CASES[..], &["--timeout", timeout]].concat());
        let cases = report["cases"].as_array().expect("a list");
        let verdicts: Vec<_> = cases.iter().map(|case| case["verdict"].as_str()).collect();
        let expected = [Some(verdict), Some("pass"), Some("pass")];
        assert_eq!(verdicts, expected, "{behaviour}: {}", cases[0]["message"]);
        let said = cases[0]["message"].as_str().unwrap_or_default();
        assert!(said.contains(message), "{behaviour}: {said}");
        let is_good = ["pass", "skip"].contains(&verdict);
        assert_eq!(status, i32::from(!is_good), "{behaviour}");
    }
}

#[test]
fn a_runtime_may_not_skip_a_feature_that_it_claims() {
    let Some(python) = python("a_runtime_may_not_skip_a_feature_that_it_claims") else {
        return;
    };
    let (status, report) = run(&filter(&python, &["decline"]), &CASES);
    assert_eq!(status, 1);
    assert_eq!(report["summary"]["partial"], true);
    assert_eq!(report["summary"]["verdicts"]["skip"], 3);
    assert_eq!(report["missing"], serde_json::json!([]));
}

#[test]
fn a_runtime_without_a_feature_is_not_asked_for_it() {
    let Some(python) = python("a_runtime_without_a_feature") else {
        return;
    };
    let (status, report) = run(&filter(&python, &["without", "terminate"]), &CASES);
    assert_eq!(
        (status, &report["summary"]["partial"]),
        (0, &Value::Bool(true))
    );
    assert_eq!(report["missing"], serde_json::json!(["terminate"]));
    let case = &report["cases"][2];
    assert_eq!(
        (&case["verdict"], &case["message"]),
        (&"skip".into(), &"it needs `terminate`".into())
    );
    let (status, report) = run(
        &filter(&python, &["without", "check-results,draft-names"]),
        &[],
    );
    assert_eq!(
        (status, &report["summary"]["partial"]),
        (0, &Value::Bool(false))
    );
    assert_eq!(report["summary"]["verdicts"]["fail"], 0);
}

/// A case whose job must be refused.
const REFUSED: &str = "period-below-the-floor-is-refused";

#[test]
fn a_refusal_must_be_answered_with_refused() {
    let Some(python) = python("a_refusal_must_be_answered_with_refused") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let answers = [
        ("refused", "pass", ""),
        ("errored", "error", "no idea"),
        ("stuck", "fail", "the job was created, but must be refused"),
        ("die in begin", "error", "it died"),
        ("skipped", "skip", "not today"),
    ];
    for (behaviour, verdict, message) in answers {
        let marker = folder.path().join(behaviour);
        let adapter = filter(&python, &["once", &marker.to_string_lossy(), behaviour]);
        let (_, report) = run(&adapter, &[REFUSED]);
        let case = &report["cases"][0];
        assert_eq!(case["verdict"], verdict, "{behaviour}: {case}");
        let said = case["message"].as_str().unwrap_or_default();
        assert!(said.contains(message), "{behaviour}: {said}");
    }
}

#[test]
fn an_adapter_that_knows_no_refusals_may_say_errored() {
    let Some(python) = python("an_adapter_that_knows_no_refusals") else {
        return;
    };
    let script = "import json, sys\nfor line in sys.stdin:\n    r = json.loads(line)\n    if r['op'] == 'stop': break\n    \
                  start = {'protocol': 1, 'implementation': {'name': 'A'}, 'features': FEATURES}\n    \
                  error = {'seq': r.get('seq'), 'errored': True, 'message': 'a period of 4'}\n    \
                  end = {'seq': r.get('seq')}\n    \
                  print(json.dumps({'start': start, 'begin': error}.get(r['op'], end)), flush=True)\n";
    let features = format!("{:?}", openjd_monitor::conformance::protocol::FEATURES);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("adapter.py");
    std::fs::write(&path, script.replace("FEATURES", &features)).expect("a file");
    let adapter = format!("{python} {}", path.display());
    let (status, report) = run(&adapter, &[REFUSED, CASES[0]]);
    let cases = report["cases"].as_array().expect("a list");
    let verdicts: Vec<_> = cases.iter().map(|case| &case["verdict"]).collect();
    assert_eq!(
        (status, verdicts),
        (1, vec![&json!("error"), &json!("pass")])
    );
}

#[test]
fn a_runtime_with_a_higher_floor_is_not_given_shorter_periods() {
    let Some(python) = python("a_runtime_with_a_higher_floor") else {
        return;
    };
    let adapter = filter(&python, &["says", "{\"floor\": 20}"]);
    let cases = [CASES[0], "period-from-a-parameter", REFUSED];
    let (status, report) = run(&adapter, &cases);
    assert_eq!((status, &report["floor"]), (0, &20.into()));
    let verdicts: Vec<_> = report["cases"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|case| (case["verdict"].as_str(), case["message"].as_str()))
        .collect();
    let reason = "its period of 10 s is below the runtime's floor of 20 s";
    // The first is skipped, which makes no runtime partial; a period of 4 must be refused all the same.
    assert_eq!(
        verdicts,
        [
            (Some("skip"), Some(reason)),
            (Some("pass"), None),
            (Some("pass"), None)
        ]
    );
    assert_eq!(report["summary"]["partial"], false);
}

#[test]
fn an_adapter_that_cannot_be_started_fails_the_run() {
    for (adapter, message) in [
        ("no/such/program", "it cannot be started"),
        ("true", "it died"),
        ("echo {}", "is not valid"),
        (
            "echo '{\"protocol\":2,\"implementation\":{\"name\":\"A\"},\"features\":[]}'",
            "version 2 of the protocol",
        ),
        ("sh -c 'exec sleep 60'", "did not answer in time"),
    ] {
        let arguments = ["conformance", "run", "--timeout", "1", "--adapter", adapter];
        let ended = program(arguments).env("PATH", "/usr/bin:/bin").run();
        assert_eq!((ended.status, ended.out.as_str()), (3, ""), "{adapter}");
        assert!(ended.err.contains(message), "{adapter}: {}", ended.err);
    }
    for (adapter, message) in [("'", "a quote is not closed"), ("", "no command")] {
        let ended = program(["conformance", "run", "--adapter", adapter]).run();
        assert_eq!(ended.status, 2, "{adapter}");
        assert!(ended.err.contains(message), "{adapter}: {}", ended.err);
    }
}

#[test]
fn nothing_of_an_adapter_is_left_however_the_program_ends() {
    let start = ["conformance", "run", "--adapter", "sh adapter.sh"];
    // The time-out takes those that have left the group, too.
    let script = "trap '' HUP INT TERM\nread line\nset -m\nsleep 1000 &\nwait\n";
    let scratch = folder(&[("adapter.sh", script)]);
    let ended = program(start.iter().chain(&["--timeout", "1"]))
        .env("PATH", "/usr/bin:/bin")
        .within(scratch.path())
        .run();
    assert!(ended.err.contains("in time"), "{}", ended.err);
    let is_clean = || alive_in(scratch.path()).is_empty().then_some(());
    assert!(wait(is_clean).is_some(), "{:?}", alive_in(scratch.path()));

    let script = "trap '' HUP INT TERM\nread line\nsleep 1000 &\ntouch begun\nwait\n";
    handle_ignored_signals();
    for signal in [
        Signal::SIGINT,
        Signal::SIGTERM,
        Signal::SIGHUP,
        Signal::SIGKILL,
    ] {
        let scratch = folder(&[("adapter.sh", script)]);
        let mut child = Command::new(env!("CARGO_BIN_EXE_openjd-monitor"))
            .args(start)
            .args(["--timeout", "1000"])
            .current_dir(scratch.path())
            .spawn()
            .expect("the program starts");
        let has_begun = || scratch.path().join("begun").exists().then_some(());
        assert!(wait(has_begun).is_some());
        let pid = Pid::from_raw(child.id().cast_signed());
        nix::sys::signal::kill(pid, signal).expect("it runs");
        assert!(!child.wait().expect("it ends").success());
        let is_clean = || alive_in(scratch.path()).is_empty().then_some(());
        assert!(
            wait(is_clean).is_some(),
            "{signal}: {:?}",
            alive_in(scratch.path())
        );
    }
}

#[test]
fn the_reference_passes_the_smoke_test() {
    let reference = reference();
    let ended = program(["conformance", "smoke", "--adapter", &reference]).run();
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    assert_eq!(ended.out.matches("  ok: ").count(), 9, "{}", ended.out);
}

/// Runs the smoke test on an adapter that answers each operation with `answers`, a Python expression that uses `op`.
fn smoke(python: &str, answers: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("adapter.py");
    let hello = "{'protocol': 1, 'implementation': {'name': 'A'}, 'features': FEATURES}";
    let script = format!(
        "import json, sys\nFEATURES = []\nHELLO = {hello}\nfor line in sys.stdin:\n    r = json.loads(line)\n    \
         op, seq = r['op'], r.get('seq')\n    {answers}\n"
    );
    std::fs::write(&path, script).expect("a file");
    let adapter = format!("{python} {}", path.to_string_lossy());
    let ended = program([
        "conformance",
        "smoke",
        "--timeout",
        "2",
        "--adapter",
        &adapter,
    ])
    .run();
    assert_eq!(ended.status, 1, "{}", ended.out);
    ended.out
}

#[test]
fn an_adapter_that_closes_its_output_and_stays_is_not_waited_for() {
    let Some(python) = python("an_adapter_that_closes_its_output_and_stays_is_not_waited_for")
    else {
        return;
    };
    let staying = smoke(
        &python,
        "import os, time; \
         op == 'stop' and (os.close(1), time.sleep(1000)); \
         print(json.dumps(HELLO if op == 'start' else {'seq': seq}), flush=True)",
    );
    assert!(
        staying.contains("stop      failed: it did not exit\n"),
        "{staying}"
    );
}

#[test]
fn each_smoke_check_finds_its_mistake() {
    let Some(python) = python("each_smoke_check_finds_its_mistake") else {
        return;
    };
    let silent = smoke(&python, "pass");
    assert!(
        silent.starts_with("start     failed: it did not answer in time\n"),
        "{silent}"
    );
    assert_eq!(silent.lines().count(), 2, "{silent}");
    let bad = smoke(
        &python,
        "HELLO['features'] = ['waltz']; \
         print(json.dumps(HELLO if op == 'start' else {'seq': 1, 'effects': [{'effect': 'spwan'}]}), flush=True)",
    );
    let failed: Vec<_> = bad
        .lines()
        .filter_map(|line| line.split_once("  failed: "))
        .map(|(name, _)| name.trim())
        .collect();
    let all = [
        "features", "case", "messages", "seq", "garbage", "end", "stop",
    ];
    assert_eq!(failed, all, "{bad}");
    assert!(bad.contains("the suite does not know waltz"), "{bad}");
    assert!(bad.contains("unknown variant `spwan`"), "{bad}");
    let leaking = smoke(
        &python,
        "n = globals().get('n', 0) + 1; \
         print(json.dumps(HELLO if op == 'start' else {'seq': seq, 'effects': [{'effect': 'status', 'text': str(n), \
         'source': 'action'}]}), flush=True)",
    );
    assert!(
        leaking.contains("leak      failed: after a case that was given up"),
        "{leaking}"
    );
}
