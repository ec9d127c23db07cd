//! `openjd-monitor simulate` of a template, on the built program.

use crate::support::{folder, program, read};
use insta::assert_snapshot;

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

#[test]
fn a_template_with_more_events_than_the_limit_is_not_answered() {
    let template = "docs/examples/docker.yaml";
    let says = "iven up: the session has not ended after 5 events";
    let text = program(["simulate", template, "--max-events", "5"]).run();
    assert_eq!(text.status, 3);
    assert!(text.out.contains(says), "{}", text.out);
    let json = [
        "simulate",
        template,
        "--max-events",
        "5",
        "--format",
        "json",
    ];
    let json = program(json).run();
    assert_eq!(json.status, 3);
    assert!(json.err.contains(says), "{}", json.err);
    let long = program(["simulate", template, "--take", "onWrapTaskRun=40000000"]).run();
    assert_eq!(long.status, 3);
    let says = "Given up: the session has not ended after 366 days";
    assert!(long.out.contains(says), "{}", long.out);
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
        let folder = folder(&[("a.yaml", &template)]);
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
    let folder = folder(&[("a.yaml", template)]);
    let ended = program("simulate a.yaml --hang onEnter --fail-from 75".split(' '))
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
    let two = "simulate docs/examples/docker.yaml docs/examples/docker-broken.yaml".split(' ');
    assert_eq!(program(two).run().status, 2);
    assert_eq!(program(["simulate", "no-such-file.yaml"]).run().status, 3);
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
    let job = "specificationVersion: jobtemplate-2023-09
name: J
parameterDefinitions: [{ name: P, type: STRING }]
steps:
  - name: A
    script: { actions: { onRun: { command: \"{{Param.P}}\" } } }
  - name: B
    script: { actions: { onRun: { command: b } } }
";
    let docker = read("docs/examples/docker.yaml");
    let folder = folder(&[("job.yaml", job), ("docker.yaml", &docker)]);
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
    let folder = folder(&[("job.yaml", job)]);
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
