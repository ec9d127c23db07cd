//! `openjd-monitor simulate`, on the built program.

use crate::support::{Ended, program};
use insta::assert_snapshot;

/// A job whose `onEnter` takes as long as its process, watched every 10 s.
const SCENARIO: &str = r#"id: a
title: A title
clauses: [TIM-1]
job:
  template:
    specificationVersion: jobtemplate-2023-09
    extensions: [MONITOR]
    name: Job
    jobEnvironments:
      - name: Service
        script:
          actions:
            onEnter: { command: serve, args: ["{{Session.WorkingDirectory}}"] }
            onMonitor: { command: { command: probe }, period: 10, onFailure: terminate }
    steps:
      - name: Work
        script: { actions: { onRun: { command: work } } }
processes:
  - match: { slot: onEnter }
    runs: [ { exit: 0, after: 60.5, output: [ { at: 1.25, stdout: "openjd_status: é" } ] } ]
  - match: { check: true }
    runs: [ { exit: 0, after: 0.001 } ]
"#;

fn simulate(scenario: &str, arguments: &[&str]) -> Ended {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.yaml"), scenario).expect("a file");
    let all = ["simulate", "a.yaml"].iter().chain(arguments);
    program(all).within(folder.path()).run()
}

/// The status, and the findings on standard error as `rule line:column`.
fn findings(scenario: &str) -> (i32, Vec<String>) {
    let ended = simulate(scenario, &[]);
    assert_eq!(ended.out, "");
    let lines: Vec<_> = ended.err.lines().collect();
    let findings = lines.windows(2).filter_map(|pair| {
        let rule = pair[0].strip_prefix("error[")?.split(']').next()?;
        let place = pair[1].split("a.yaml:").nth(1)?;
        Some(format!("{rule} {place}"))
    });
    (ended.status, findings.collect())
}

#[test]
fn without_an_expectation_the_trace_is_printed() {
    let ended = simulate(SCENARIO, &[]);
    assert_eq!((ended.status, ended.err.as_str()), (0, ""));
    assert_snapshot!("trace_as_text", ended.out);
}

#[test]
fn a_json_trace_has_one_object_per_line() {
    let ended = simulate(SCENARIO, &["--format", "json"]);
    assert_eq!((ended.status, ended.err.as_str()), (0, ""));
    let lines: Vec<_> = ended.out.lines().collect();
    assert_eq!(lines.len(), 18);
    let expected = [
        r#"{"at":0,"event":"action_started","environment":"Service","slot":"onEnter","command":"serve","args":["/session"],"variables":{}}"#,
        r#"{"at":1.25,"event":"status","text":"é","source":"action"}"#,
        r#"{"at":10,"event":"check_started","environment":"Service","slot":"onEnter","command":"probe","args":[],"variables":{}}"#,
        r#"{"at":10.001,"event":"check_ended","environment":"Service","slot":"onEnter","result":"healthy","failures":0}"#,
    ];
    assert_eq!(lines[..4], expected);
    let last = r#"{"at":60.5,"event":"session_ended","state":"SUCCESS"}"#;
    assert_eq!(lines[17], last);
}

#[test]
fn with_an_expectation_the_first_difference_is_shown() {
    let expecting =
        |at: &str| format!("{SCENARIO}expect:\n  - {{ at: {at}, event: action_started }}\n");
    let ended = simulate(&expecting("0"), &[]);
    assert_eq!((ended.status, ended.err.as_str()), (1, ""));
    let first = ended.out.lines().next();
    assert_eq!(
        first,
        Some("a: differs at 1.25 s: `status` happens, and is not expected")
    );
    // The trace is printed whole, the difference beside it.
    let ended = simulate(&expecting("0"), &["--format", "json"]);
    assert_eq!((ended.status, ended.out.lines().count()), (1, 18));
    assert!(
        ended.err.starts_with("a: differs at 1.25 s"),
        "{}",
        ended.err
    );
    assert_eq!(findings(&expecting("0.0001")).1, ["invalid-value 24:11"]);
}

#[test]
fn a_bad_scenario_is_refused_where_it_is_bad() {
    let with = |text: &str| findings(&format!("{SCENARIO}{text}"));
    let replaced = |from: &str, to: &str| findings(&SCENARIO.replacen(from, to, 1));
    let only = |found: &str| (2, vec![found.to_owned()]);
    assert_eq!(findings("id: a\n: b: c\n"), only("syntax 2:1"));
    assert_eq!(findings("- a\n"), only("syntax 1:1"));
    assert_eq!(replaced("id: a", "ide: a"), only("unknown-field 1:1"));
    assert_eq!(replaced("title: A title\n", ""), only("missing-field 1:1"));
    assert_eq!(replaced("[TIM-1]", "[TIM]"), only("invalid-value 3:11"));
    assert_eq!(
        replaced("exit: 0, after: 60.5", "after: 1"),
        only("invalid-value 20:13")
    );
    assert_eq!(
        replaced("exit: 0, after: 60.5", "exit: 0, hang: true"),
        only("invalid-value 20:13")
    );
    assert_eq!(
        replaced("exit: 0, after: 60.5", "exit: 0, after: -1"),
        only("invalid-value 20:31")
    );
    assert_eq!(
        replaced("stdout:", "stderr: x, stdout:"),
        only("invalid-value 20:47")
    );
    assert_eq!(
        replaced("check: true", "check: true, slot: onExit"),
        only("unknown-field 21:27")
    );
    // The template has the findings of a check, at their places.
    assert_eq!(
        replaced("period: 10", "period: 4"),
        only("period-below-floor 14:63")
    );
    assert_eq!(
        replaced("Session.Working", "Session.Workin"),
        only("invalid-expression 13:50")
    );
    assert_eq!(
        replaced("jobtemplate-", "environment-"),
        only("invalid-value 6:5")
    );
    // Jobs that cannot be created, and lists out of order.
    assert_eq!(
        replaced("  template:\n", "  parameters: { A: 1 }\n  template:\n"),
        only("invalid-value 5:15")
    );
    assert_eq!(
        replaced("  template:\n", "  tasks: [ { step: X } ]\n  template:\n"),
        only("invalid-value 5:12")
    );
    let inputs = "inputs: [ { at: 2, cancel: true }, { at: 1, cancel: { notifyPeriod: 5 } } ]\n";
    assert_eq!(with(inputs), only("invalid-value 23:42"));
    let expect = "expect: [ { at: 2, event: status }, { at: 1, event: status } ]\n";
    assert_eq!(with(expect), only("invalid-value 23:43"));
    assert_eq!(with("inputs: [ { at: 1, cancel: false } ]\n").1.len(), 1);
}

/// A scenario whose period is that of a parameter.
fn with_period(period: u64) -> String {
    let template = SCENARIO
        .replacen("[MONITOR", "[FEATURE_BUNDLE_1, MONITOR", 1)
        .replacen("period: 10", "period: \"{{Param.P}}\"", 1)
        .replacen(
            "    name: Job\n",
            "    name: Job\n    parameterDefinitions: [ { name: P, type: INT, default: 10 } ]\n",
            1,
        );
    let (job, _) = template.split_once("processes:").expect("processes");
    format!("{job}  parameters: {{ P: {period} }}\nrefused: true\n")
}

#[test]
fn a_job_that_must_be_refused_is_compared_too() {
    let ended = simulate(&with_period(4), &[]);
    assert_eq!(
        (ended.status, ended.out.as_str()),
        (0, "a: as expected\n"),
        "{}",
        ended.err
    );
    // So is one with a template that no job can be made of.
    let literal = with_period(4).replacen("\"{{Param.P}}\"", "4", 1);
    assert_eq!(simulate(&literal, &[]).status, 0);
    let ended = simulate(&with_period(5), &[]);
    assert_eq!(
        (ended.status, ended.out.as_str()),
        (1, "a: differs: the job was created, but must be refused\n")
    );
    let ended = simulate(&with_period(5), &["--format", "json"]);
    assert_eq!((ended.status, ended.out.as_str()), (1, ""));
    assert!(ended.err.contains("the job was created"), "{}", ended.err);
    assert_eq!(
        simulate(&with_period(4), &["--timeline", "a.svg"]).status,
        2
    );
    let with_inputs = format!("{}inputs: []\nprocesses: []\n", with_period(4));
    assert_eq!(simulate(&with_inputs, &[]).status, 0);
    let with_input = with_period(4) + "inputs: [ { at: 1, cancel: true } ]\n";
    assert_eq!(
        findings(&with_input),
        (2, vec!["invalid-value 1:1".to_owned()])
    );
}

#[test]
fn one_reading_must_fit() {
    let start = SCENARIO.split_once("processes:").expect("processes").0;
    let of_state = |state: &str| {
        format!(
            "\n    - {{ at: 0, event: action_started, slot: onEnter }}\n    \
             - {{ at: 0, event: action_ended, slot: onEnter, state: {state} }}\n    \
             - {{ at: 0, event: action_started, step: Work }}\n    \
             - {{ at: 0, event: action_ended, step: Work }}\n    - {{ at: 0, event: session_ended }}\n"
        )
    };
    let with = |one: &str, other: &str| {
        let (one, other) = (of_state(one), of_state(other));
        format!("{start}point: a-point\nreadings:\n  one:{one}  other:{other}")
    };
    for (one, other) in [("SUCCESS", "FAILED"), ("FAILED", "SUCCESS")] {
        let ended = simulate(&with(one, other), &[]);
        assert_eq!((ended.status, ended.out.as_str()), (0, "a: as expected\n"));
    }
    let ended = simulate(&with("FAILED", "TIMEOUT"), &[]);
    assert_eq!(ended.status, 1);
    assert!(
        ended.out.contains("`state` of `action_ended`"),
        "{}",
        ended.out
    );
    let both = with("SUCCESS", "FAILED") + "expect: [ { at: 0, event: status } ]\n";
    assert_eq!(findings(&both), (2, vec!["invalid-value 1:1".to_owned()]));
    let unnamed = with("SUCCESS", "FAILED").replace("point: a-point\n", "");
    assert_eq!(
        findings(&unnamed),
        (2, vec!["invalid-value 1:1".to_owned()])
    );
    let late = with("SUCCESS", "FAILED").replacen("at: 0", "at: 1", 1);
    assert_eq!(findings(&late).0, 2);
}

#[test]
fn a_template_of_a_scenario_may_be_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("a file");
    };
    let scenario = "id: a\ntitle: T\nclauses: [TIM-1]\njob: { templateFile: job.yaml }\n";
    let template = "specificationVersion: jobtemplate-2023-09\nname: J\nsteps:\n  - name: S\n    script: { actions: { onRun: { command: c } } }\n";
    write("a.yaml", scenario);
    let run = || program(["simulate", "a.yaml"]).within(folder.path()).run();
    let ended = run();
    assert_eq!(ended.status, 2);
    assert!(ended.err.contains("a.yaml:4:22"), "{}", ended.err);
    write("job.yaml", template);
    let ended = run();
    assert_eq!((ended.status, ended.err.as_str()), (0, ""));
    assert!(ended.out.contains("step S onRun SUCCESS"), "{}", ended.out);
    // What is wrong with it is shown where it is.
    write(
        "job.yaml",
        &template.replace("name: J\n", "name: J\nnmae: J\n"),
    );
    let ended = run();
    assert_eq!(ended.status, 2);
    assert!(ended.err.contains("job.yaml:3:1"), "{}", ended.err);
}

#[test]
fn a_session_that_does_not_end_is_given_up() {
    let hanging = SCENARIO
        .replace("exit: 0, after: 60.5", "hang: true")
        .replace("period: 10", "period: 86400");
    let ended = simulate(&hanging, &["--format", "json"]);
    assert_eq!(ended.status, 2);
    assert_eq!(
        ended.err,
        "error: `a.yaml`: the session has not ended after 366 days; let what takes so long end sooner\n"
    );
    let silent = hanging.replace("            onMonitor: { command: { command: probe }, period: 86400, onFailure: terminate }\n", "");
    let silent = silent.replace("    extensions: [MONITOR]\n", "");
    let ended = simulate(&silent, &[]);
    assert_eq!(ended.status, 2);
    let stuck = "error: `a.yaml`: the session does not end: what runs at 1.25 s hangs, and nothing ends it; give the \
                 process an end, or its action a `timeout`\n";
    assert_eq!(ended.err, stuck);
}

#[test]
fn a_session_with_more_events_than_the_limit_is_given_up() {
    let all = simulate(SCENARIO, &["--format", "json", "--max-events", "1000"]);
    assert_eq!((all.status, all.err.as_str()), (0, ""));
    let ended = simulate(SCENARIO, &["--format", "json", "--max-events", "5"]);
    assert_eq!(ended.status, 2);
    assert_eq!(
        ended.err,
        "error: `a.yaml`: the session has not ended after 5 events; raise the limit (`--max-events`), run fewer tasks \
         (`tasks` of a scenario, `--step` for a template), or raise the `period` of its monitors\n"
    );
    assert!(
        !ended.out.is_empty() && all.out.starts_with(&ended.out),
        "{}",
        ended.out
    );
}

#[test]
fn what_if_options_are_for_templates_only() {
    let ended = simulate(SCENARIO, &["--hang", "onEnter"]);
    assert_eq!(ended.status, 2);
    assert_eq!(
        ended.err,
        "error: --hang applies to templates, and `a.yaml` is not one\n"
    );
}

#[test]
fn a_template_file_is_one_of_the_scenarios_folder() {
    let scenario =
        |file: &str| format!("id: x\ntitle: t\nclauses: [ACT-3]\njob: {{templateFile: {file}}}\n");
    let job = "specificationVersion: jobtemplate-2023-09\nname: J\nsteps: [{name: S, script: {actions: {onRun: {command: a}}}}]\n";
    let secret = "root:x:hunter2:0\n- : [\n";
    let scratch = crate::support::folder(&[
        ("in/a.yaml", &scenario("job.yaml")),
        ("in/job.yaml", job),
        ("in/out.yaml", &scenario("../job.yaml")),
        ("job.yaml", job),
        ("secret", secret),
        ("in/secret.yaml", &scenario("secret")),
        ("in/secret", secret),
        ("in/mapping.yaml", &scenario("mapping")),
        ("in/mapping", "password: hunter2\n"),
    ]);
    let run = |arguments: &[&str]| {
        let all = ["simulate"].iter().chain(arguments);
        crate::support::program(all).within(scratch.path()).run()
    };
    assert_eq!(run(&["in/a.yaml"]).status, 0);
    let refused = run(&["in/out.yaml"]);
    assert_eq!(refused.status, 2);
    let told = "`../job.yaml` is outside of the folder of the scenario";
    assert!(refused.err.contains(told), "{}", refused.err);
    assert_eq!(run(&["--allow-outside-templates", "in/out.yaml"]).status, 0);
    for name in ["in/secret.yaml", "in/mapping.yaml"] {
        let refused = run(&[name]);
        assert_eq!(refused.status, 2);
        assert!(refused.err.contains("is no template"), "{}", refused.err);
        assert!(!refused.err.contains("hunter2"), "{}", refused.err);
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../job.yaml", scratch.path().join("in/link.yaml"))
            .expect("a link");
        std::fs::write(scratch.path().join("in/b.yaml"), scenario("link.yaml")).expect("a file");
        assert!(run(&["in/b.yaml"]).err.contains("is outside of the folder"));
    }
}
