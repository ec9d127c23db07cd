//! `openjd-monitor simulate`, on the built program.

use crate::support::{Ended, program, read};
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
        only("invalid-expression 13:48")
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
fn what_if_options_simulate_a_template() {
    let docker = |arguments: &[&str]| {
        let all = ["simulate", "docs/examples/docker.yaml"]
            .iter()
            .chain(arguments);
        let ended = program(all).run();
        assert_eq!(ended.status, 0, "{}", ended.err);
        ended.out
    };
    let dies = [
        "--hang",
        "onWrapTaskRun",
        "--fail-from",
        "605",
        "--check-takes",
        "0.2",
        "--ignore-notify",
    ];
    assert_snapshot!("container_dies", docker(&dies));
    let nothing = docker(&[]);
    assert!(nothing.ends_with(
        "\n\nNo monitor ends an action.\nNo check ran: onWrapTaskRun of environment 'Docker' ended after 0 s, before its first check \
         at 30 s; `--take onWrapTaskRun=SECONDS` or `--hang onWrapTaskRun` lets it run on.\nThe session ends SUCCESS at 0 s, after the cleanup by onExit of \
         environment 'Docker'.\n"
    ), "{nothing}");
    let slow = docker(&["--take", "onWrapTaskRun=100", "--take", "onExit=400"]);
    assert!(
        slow.contains(
            "No monitor ends an action; onExit of environment 'Docker' ends TIMEOUT at 400 s: timed out after 300 s, the \
             default `timeout` of exit actions; killed at once by the session's SIGKILL (9).\n"
        ),
        "{slow}"
    );
    assert!(slow.contains("\nThe session ends FAILED at 400 s, after the cleanup by onExit of environment 'Docker' (TIMEOUT).\n"), "{slow}");
    let hangs = docker(&["--hang", "onEnter"]);
    assert!(
        hangs.ends_with(
            "Given up: the session does not end: what runs at 0 s hangs, and nothing ends it; give the process an end, or \
             its action a `timeout`.\n"
        ),
        "{hangs}"
    );
}

/// The error of `simulate` for an option that changes nothing.
fn refused(template: &str, arguments: &[&str]) -> String {
    let all = ["simulate", template];
    let all = all.iter().chain(arguments);
    let ended = program(all).run();
    assert_eq!((ended.status, ended.out.as_str()), (2, ""), "{arguments:?}");
    ended.err
}

#[test]
fn an_option_without_effect_is_refused() {
    let docker = |arguments: &[&str]| refused("docs/examples/docker.yaml", arguments);
    assert_eq!(
        docker(&["--take", "onExit=1", "--take", "onRun=5"]),
        "error: --take onRun has no effect: no action runs in this slot, but in onEnter, onExit, onWrapTaskRun\n"
    );
    assert_eq!(
        docker(&["--hang", "onWrapEnvEnter"]).split(':').nth(1),
        Some(" --hang onWrapEnvEnter has no effect")
    );
    assert_eq!(
        docker(&["--ignore-notify"]),
        "error: --ignore-notify has no effect without --hang\n"
    );
    assert_eq!(
        docker(&["--hang", "onEnter", "--take", "onEnter=5"]),
        "error: --take onEnter has no effect beside --hang onEnter\n"
    );
    for option in ["--fail-from", "--hang-checks-from", "--check-takes"] {
        assert_eq!(
            refused("docs/examples/render.yaml", &[option, "1"]),
            format!("error: {option} has no effect: nothing is monitored\n")
        );
    }
}

#[test]
fn checks_that_hang_are_ended_by_their_timeout() {
    let arguments = ["--hang", "onWrapTaskRun", "--hang-checks-from", "100"];
    let all = ["simulate", "docs/examples/docker.yaml"];
    let ended = program(all.iter().chain(&arguments)).run();
    assert_eq!(ended.status, 0, "{}", ended.err);
    // Checks start every 30 s, and their timeout is 10 s.
    assert!(
        ended
            .out
            .contains("\n     130   check unhealthy, 1 in a row: timed out after 10 s\n"),
        "{}",
        ended.out
    );
    assert!(
        ended.out.contains(
            "at 160 s, 60 s after the checks begin to fail.\nIt takes 40 to 70 s, depending on when between two checks the \
             failure begins.\n"
        ),
        "{}",
        ended.out
    );
}

#[test]
fn the_answer_says_why_no_check_ran() {
    let with_monitor = |monitor: &str| {
        let template = format!(
            "specificationVersion: environment-2023-09\nextensions: [MONITOR]\nenvironment:\n  name: E\n  script:\n    \
             actions:\n      onEnter: {{command: start}}\n{monitor}"
        );
        let folder = crate::support::folder(&[("a.yaml", &template)]);
        program(["simulate", "a.yaml", "--take", "onEnter=40"])
            .within(folder.path())
            .run()
            .out
    };
    let monitor = "      onMonitor: {command: {command: probe}, period: 10, onFailure: terminate";
    assert!(with_monitor("").contains("\nNo check ran: there is no monitor.\n"));
    let late = with_monitor(&format!("{monitor}, initialDelay: 60}}\n"));
    let reason = "\nNo check ran: onEnter of environment 'E' ended after 40 s, before its first check at 60 s; ";
    assert!(late.contains(reason), "{late}");
    assert!(!with_monitor(&format!("{monitor}}}\n")).contains("No check ran"));
}

#[test]
fn a_late_first_check_prolongs_the_time_to_notice() {
    let template = "specificationVersion: environment-2023-09\nextensions: [MONITOR]\nenvironment:\n  name: E\n  script:\n    \
                    actions:\n      onEnter: {command: start}\n      onMonitor: {command: {command: probe}, period: 10, \
                    initialDelay: 60, onFailure: terminate}\n";
    let folder = crate::support::folder(&[("a.yaml", template)]);
    let ended = program([
        "simulate",
        "a.yaml",
        "--hang",
        "onEnter",
        "--fail-from",
        "75",
    ])
    .within(folder.path())
    .run();
    let range = "at 80 s, 5 s after the checks begin to fail.\nIt takes 0 to 10 s, depending on when between two checks the \
                 failure begins, or up to 60 s at the start of the action.\n";
    assert!(ended.out.contains(range), "{}", ended.out);
}

#[test]
fn a_template_is_checked_and_run_alone() {
    let ended = program(["simulate", "docs/examples/docker-broken.yaml"]).run();
    assert_eq!((ended.status, ended.out.as_str()), (2, ""));
    assert!(
        ended.err.contains("docs/examples/docker-broken.yaml:24:7"),
        "{}",
        ended.err
    );
    let two = [
        "simulate",
        "docs/examples/docker.yaml",
        "docs/examples/docker-broken.yaml",
    ];
    assert_eq!(program(two).run().status, 2);
    assert_eq!(program(["simulate", "no-such-file.yaml"]).run().status, 3);
    let ended = simulate(SCENARIO, &["--hang", "onEnter"]);
    assert_eq!(ended.status, 2);
    assert_eq!(
        ended.err,
        "error: --hang applies to templates, and `a.yaml` is not one\n"
    );
    let bad = |arguments: &[&str]| {
        let all = ["simulate", "docs/examples/docker.yaml"]
            .iter()
            .chain(arguments);
        program(all).run().status
    };
    assert_eq!(bad(&["--hang", "onStart"]), 2);
    assert_eq!(bad(&["--take", "onExit"]), 2);
    assert_eq!(bad(&["--fail-from", "-1"]), 2);
    assert_eq!(bad(&["-p", "NoSuch=1"]), 2);
    assert_eq!(bad(&["--step", "NoSuch"]), 2);
    assert_eq!(bad(&["--environment", "no-such-file.yaml"]), 3);
}

#[test]
fn parameters_environments_and_steps_are_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let job = "specificationVersion: jobtemplate-2023-09
name: J
parameterDefinitions: [{ name: P, type: STRING }]
steps:
  - name: A
    script: { actions: { onRun: { command: \"{{Param.P}}\" } } }
  - name: B
    script: { actions: { onRun: { command: b } } }
";
    std::fs::write(folder.path().join("job.yaml"), job).expect("a file");
    std::fs::write(
        folder.path().join("docker.yaml"),
        read("docs/examples/docker.yaml"),
    )
    .expect("a file");
    let arguments = [
        "simulate",
        "job.yaml",
        "--environment",
        "docker.yaml",
        "-p",
        "P=run me",
        "--step",
        "A",
    ];
    let ended = program(arguments).within(folder.path()).run();
    assert_eq!((ended.status, ended.err.as_str()), (0, ""));
    assert!(
        ended
            .out
            .contains("Docker onWrapTaskRun started: bash /session/Docker/wrap.sh -- run me\n"),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("-- b\n"), "{}", ended.out);
    let ended = program(["simulate", "job.yaml"])
        .within(folder.path())
        .run();
    assert_eq!(ended.status, 2);
    assert!(ended.err.contains("-p NAME=VALUE"), "{}", ended.err);
}

#[test]
fn a_number_of_a_monitor_that_resolves_out_of_range_fails_job_creation() {
    let folder = tempfile::tempdir().expect("a folder");
    let job = "specificationVersion: jobtemplate-2023-09
extensions: [FEATURE_BUNDLE_1, MONITOR]
name: J
parameterDefinitions:
  - { name: Period, type: INT, default: 5 }
  - { name: Threshold, type: INT, default: 1 }
  - { name: Delay, type: INT, default: 0 }
jobEnvironments:
  - name: E
    script:
      actions:
        onEnter: { command: serve }
        onMonitor:
          command: { command: probe, timeout: 3 }
          period: \"{{Param.Period}}\"
          failureThreshold: \"{{Param.Threshold}}\"
          initialDelay: \"{{Param.Delay}}\"
          onFailure: terminate
steps:
  - { name: S, script: { actions: { onRun: { command: work } } } }
";
    std::fs::write(folder.path().join("job.yaml"), job).expect("a file");
    let run = |arguments: &[&str]| {
        let all = ["simulate", "job.yaml"].iter().chain(arguments);
        let ended = program(all).within(folder.path()).run();
        (ended.status, ended.err)
    };
    assert_eq!(run(&[]), (0, String::new()));
    for (value, message) in [
        (
            "Period=4",
            "`period` of the monitor in onEnter is 4, but must be 5 or more",
        ),
        (
            "Threshold=0",
            "`failureThreshold` of the monitor in onEnter is 0, but must be 1 or more",
        ),
        (
            "Delay=-1",
            "`initialDelay` of the monitor in onEnter is -1, but must be 0 or more",
        ),
    ] {
        let error = format!("error: the job cannot be created: environment 'E': {message}\n");
        assert_eq!(run(&["-p", value]), (2, error));
    }
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
