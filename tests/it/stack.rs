//! Tests of `check --environment`, which judges a job together with the templates around it.

use crate::support::{folder, program};
use std::path::Path;

const WRAP: &str = "specificationVersion: environment-2023-09
extensions: [EXPR, WRAP_ACTIONS, MONITOR]
parameterDefinitions:
  - {name: Image, type: STRING, default: ubuntu, allowedValues: [ubuntu, debian]}
environment:
  name: Docker
  script:
    actions:
      onWrapEnvEnter: &wrap {command: docker, args: [exec, '{{Param.Image}}', '{{WrappedAction.Command}}', '{{WrappedAction.Args}}']}
      onWrapTaskRun: *wrap
      onWrapEnvExit: *wrap
      onMonitor: {command: {command: docker, args: [exec, render, 'true']}, period: 30, onFailure: warn}
";
const INNER: &str = "specificationVersion: environment-2023-09
extensions: [EXPR, WRAP_ACTIONS]
environment:
  name: Apptainer
  script:
    actions:
      onWrapEnvEnter: &wrap {command: env, args: ['{{WrappedAction.Command}}', '{{WrappedAction.Args}}']}
      onWrapTaskRun: *wrap
      onWrapEnvExit: *wrap
";
const JOB: &str = "specificationVersion: jobtemplate-2023-09
extensions: [MONITOR]
name: J
parameterDefinitions:
  - {name: Image, type: STRING, default: debian}
jobEnvironments:
  - name: Cache
    script:
      actions:
        onEnter: {command: start}
        onMonitor: {command: {command: mountpoint, args: [/a]}, period: 30, onFailure: warn}
steps:
  - {name: S, script: {actions: {onRun: {command: ssh, args: [host]}}}}
";

/// Runs `check` with these arguments; returns its status, `path:line:column: rule` of each finding, and standard
/// error.
fn check(folder: &Path, arguments: &[&str]) -> (i32, Vec<String>, String) {
    let all = ["check", "--format", "concise", "--min-level", "info"];
    let ended = program(all.iter().chain(arguments)).within(folder).run();
    let short = |line: &str| {
        let (place, rest) = line.split_once(": ").expect("a place");
        let rule = rest.split(['[', ']']).nth(1).expect("a rule");
        format!("{place}: {rule}")
    };
    let found = ended.out.lines().map(short).collect();
    (ended.status, found, ended.err)
}

#[test]
fn a_job_is_judged_together_with_what_is_around_it() {
    let folder = folder(&[("wrap.yaml", WRAP), ("job.yaml", JOB)]);
    let (status, alone, _) = check(folder.path(), &["job.yaml"]);
    assert_eq!(status, 0);
    assert_eq!(
        alone,
        [
            "job.yaml:5:12: unused-parameter",
            "job.yaml:11:9: tasks-not-monitored",
            "job.yaml:13:51: no-timeout-on-wrapped-client",
        ]
    );
    let (status, stacked, _) = check(folder.path(), &["job.yaml", "--environment", "wrap.yaml"]);
    assert_eq!(status, 0);
    assert_eq!(
        stacked,
        [
            "job.yaml:11:9: tasks-not-monitored",
            "job.yaml:11:9: shadowed-monitor"
        ]
    );
}

#[test]
fn two_environments_that_wrap_are_an_error_of_the_inner_one() {
    let wrapping_job = JOB.replace("[MONITOR]", "[EXPR, WRAP_ACTIONS, MONITOR]").replace(
        "        onEnter: {command: start}\n",
        "        onWrapEnvEnter: &wrap {command: env, args: ['{{WrappedAction.Command}}']}\n        onWrapTaskRun: *wrap\n        onWrapEnvExit: *wrap\n",
    );
    let folder = folder(&[
        ("wrap.yaml", WRAP),
        ("inner.yaml", INNER),
        ("job.yaml", &wrapping_job),
    ]);
    let around = ["--environment", "wrap.yaml", "--environment", "inner.yaml"];
    let (status, found, _) = check(folder.path(), &[&["job.yaml"], &around[..]].concat());
    assert_eq!(status, 1);
    let errors: Vec<_> = found
        .iter()
        .filter(|line| line.ends_with(": openjd"))
        .collect();
    assert_eq!(errors, ["inner.yaml:7:7: openjd", "job.yaml:10:9: openjd"]);
    // The other way around, it is the other one's.
    let around = [
        "--environment",
        "./inner.yaml",
        "--environment",
        "wrap.yaml",
    ];
    let (_, found, _) = check(folder.path(), &[&["."], &around[..]].concat());
    assert!(
        found.contains(&"wrap.yaml:9:7: openjd".to_owned()),
        "{found:?}"
    );
    assert!(
        !found.contains(&"inner.yaml:7:7: openjd".to_owned()),
        "{found:?}"
    );
}

#[test]
fn definitions_of_one_parameter_must_go_together() {
    let place = "job.yaml:5:12: openjd";
    for (from, to, is_wrong) in [
        ("default: debian", "default: debian", false),
        (
            "type: STRING, default: debian",
            "type: INT, default: 1",
            true,
        ),
        ("default: debian", "default: fedora", true),
        ("default: debian", "allowedValues: [fedora]", true),
        ("default: debian", "minLength: 9, maxLength: 20", false),
    ] {
        let job = JOB.replace(from, to);
        let folder = folder(&[("wrap.yaml", WRAP), ("job.yaml", &job)]);
        let around = ["job.yaml", "--environment", "wrap.yaml"];
        let (_, found, _) = check(folder.path(), &around);
        assert_eq!(
            found.contains(&place.to_owned()),
            is_wrong,
            "{to}: {found:?}"
        );
        let (status, ..) = check(folder.path(), &["job.yaml"]);
        assert_eq!(status, 0, "{to}");
    }
}

#[test]
fn other_environment_templates_are_not_in_the_stack() {
    let folder = folder(&[
        ("wrap.yaml", WRAP),
        ("inner.yaml", INNER),
        ("job.yaml", JOB),
    ]);
    let (status, found, _) = check(folder.path(), &["--environment", "wrap.yaml"]);
    assert_eq!(status, 0, "{found:?}");
}

#[test]
fn a_file_that_is_no_environment_template_is_refused() {
    let broken = WRAP.replace("period: 30", "period: 3");
    let folder = folder(&[("broken.yaml", &broken), ("job.yaml", JOB)]);
    let (status, _, errors) = check(folder.path(), &["job.yaml", "--environment", "job.yaml"]);
    assert_eq!(status, 3);
    assert!(
        errors.contains("--environment job.yaml: this is not an environment template"),
        "{errors}"
    );
    let (status, _, errors) = check(folder.path(), &["job.yaml", "--environment", "none.yaml"]);
    assert_eq!(status, 3);
    assert!(errors.contains("cannot read `none.yaml`"), "{errors}");
    let (status, found, _) = check(folder.path(), &["job.yaml", "--environment", "broken.yaml"]);
    assert_eq!(status, 1);
    assert!(
        found.contains(&"broken.yaml:12:85: period-below-floor".to_owned()),
        "{found:?}"
    );
}
