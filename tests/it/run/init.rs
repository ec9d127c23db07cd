//! The templates of `init`, run: what is wrapped runs as it would without them, and the loss of what is watched fails the
//! task. Docker's is in `docker.rs`; programs that are rarely installed are stubs.

use super::{Running, start_with, wait};
use crate::support::{folder, path_with, program, programs};
use std::path::Path;
use std::process::Command;

/// A job with an inner Environment, whose task takes so many seconds.
pub fn job(seconds: u32) -> String {
    format!(
        r#"
specificationVersion: jobtemplate-2023-09
name: Job
steps:
  - name: Step
    stepEnvironments:
      - name: Inner
        variables: {{ INNER: "a  b" }}
        script:
          actions:
            onEnter: {{ command: sh, args: ["-c", 'echo "entered $INNER $1"', sh, "c  d"] }}
            onExit: {{ command: sh, args: ["-c", 'echo "left $INNER"'] }}
    script:
      actions:
        onRun: {{ command: sh, args: ["-c", 'echo "task $INNER"; sleep {seconds}'] }}
"#
    )
}

/// Lines that the job logs, whatever it runs in.
pub const LOGGED: [&str; 2] = ["entered a  b c  d", "task a  b"];

/// The template of this kind, with the shortest period and no patience.
pub fn template(kind: &str, more: &[&str]) -> String {
    let arguments = ["init", "--kind", kind, "--period", "5", "--failures", "1"];
    let ended = program(arguments.iter().chain(more)).run();
    assert_eq!(ended.status, 0, "{}", ended.err);
    ended.out
}

/// Starts the job in an Environment, with the stubs before other programs.
fn started(environment: &str, stubs: &Path, seconds: u32) -> Running {
    let path = stubs.join(format!("environment-{seconds}.yaml"));
    std::fs::write(&path, environment).expect("a file");
    let path = path.to_string_lossy().into_owned();
    let prepare = |command: &mut Command| {
        command.env("PATH", path_with(stubs)).env("STUBS", stubs);
    };
    start_with(&job(seconds), &["--environment", &path], &prepare)
}

/// Asserts that the job succeeds in the Environment, and is ended with `message` once `lose` has taken away what it
/// watches.
fn assert_watched(environment: &str, stubs: &Path, message: &str, lose: impl Fn(&Running)) {
    let doomed = started(environment, stubs, 1000);
    let ended = started(environment, stubs, 0).end();
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    ended.assert_logged(&LOGGED);
    ended.assert_logged(&["left a  b"]);
    doomed.wait_for("[onMonitor] healthy");
    lose(&doomed);
    let ended = doomed.end();
    assert_eq!(ended.status, 1, "{}{}", ended.out, ended.err);
    ended.assert_logged(&LOGGED);
    ended.assert_reason(&format!(
        "onWrapTaskRun of environment '{}' FAILED by its monitor: {message}",
        environment_name(environment)
    ));
}

/// Ends the process whose ID the Environment puts into `variable`.
fn kill_in(running: &Running, variable: &str) {
    let pid = running.wait_for(&format!("openjd_env: {variable}="));
    let killed = Command::new("kill").arg(&pid).status().expect("kill");
    assert!(killed.success(), "{pid}");
}

fn environment_name(environment: &str) -> String {
    let template: serde_json::Value = serde_saphyr::from_str(environment).expect("YAML");
    template["environment"]["name"]
        .as_str()
        .expect("a name")
        .to_owned()
}

#[test]
fn tasks_run_in_an_apptainer_instance_until_it_is_gone() {
    let apptainer = r#"#!/usr/bin/env bash
set -eu
case "$1 $2" in
  "instance start") test "$3" = --bind; touch "$STUBS/${@: -1}.instance" ;;
  "instance stop") rm "$STUBS/$3.instance" ;;
  "exec "*)
    shift
    if [ "$1" = --pwd ]; then cd "$2"; shift 2; fi
    test -e "$STUBS/${1#instance://}.instance" || { echo "no instance" >&2; exit 255; }
    shift
    exec "$@"
    ;;
  *) exit 2 ;;
esac
"#;
    let stubs = programs(&[("apptainer", apptainer)]);
    let environment = template("apptainer", &["--image", "image.sif"]);
    let message = "nothing can be run in the instance";
    assert_watched(&environment, stubs.path(), message, |running| {
        let instance = running.wait_for("openjd_env: APPTAINER_INSTANCE=");
        let file = stubs.path().join(format!("{instance}.instance"));
        std::fs::remove_file(file).expect("an instance");
    });
}

#[test]
fn tasks_run_beside_a_daemon_until_it_dies() {
    let stubs = programs(&[("my-daemon", "#!/bin/sh\nexec sleep \"$2\"\n")]);
    let environment = template("daemon", &["--command", "my-daemon --for 1000"]);
    let message = "the daemon has died";
    assert_watched(&environment, stubs.path(), message, |running| {
        kill_in(running, "DAEMON_PID");
    });
    let broken = template("daemon", &["--command", "false"]);
    let ended = started(&broken, stubs.path(), 0).end();
    assert_eq!(ended.status, 1, "{}", ended.out);
    ended.assert_reason("the daemon has not started");
}

#[test]
fn tasks_run_with_a_license_until_the_server_is_down() {
    let lmutil = r#"#!/bin/sh
test "$*" = "lmstat -c 27000@here" || exit 2
test ! -e "$STUBS/down" && echo "here: license server UP v11"
exit 0
"#;
    let stubs = programs(&[("lmutil", lmutil)]);
    let environment = template("license", &["--server", "27000@here"]);
    let down = stubs.path().join("down");
    let message = "the license server does not answer";
    assert_watched(&environment, stubs.path(), message, |_| {
        std::fs::write(&down, "").expect("a file");
    });
    let ended = started(&environment, stubs.path(), 0).end();
    assert_eq!(ended.actions()[0], "onEnter FAILED", "{}", ended.out);
}

#[test]
fn tasks_run_in_a_conda_environment_until_it_is_gone() {
    let conda = r#"#!/usr/bin/env bash
set -eu
case "$1" in
  create) test "$2 $3 $4 ${*:6}" = "--yes --quiet --prefix python=3.12 blender"; mkdir -p "$5/conda-meta" ;;
  run) test "$2 $3" = "--no-capture-output --prefix"; test -d "$4"; exec "${@:5}" ;;
  env) test "$2 $3 $4 $5" = "remove --yes --quiet --prefix"; rm -r "$6" ;;
  *) exit 2 ;;
esac
"#;
    let stubs = programs(&[("conda", conda)]);
    let environment = template("conda", &["--packages", "python=3.12 blender"]);
    let message = "the conda environment is gone";
    assert_watched(&environment, stubs.path(), message, |running| {
        let prefix = running.wait_for("openjd_env: SESSION_CONDA_PREFIX=");
        std::fs::remove_dir_all(prefix).expect("an environment");
    });
}

#[test]
fn a_task_without_a_heartbeat_is_ended() {
    let stubs = folder(&[]);
    let environment = template("heartbeat", &["--minutes", "1"]);
    let message = "no heartbeat for 1 minutes";
    assert_watched(&environment, stubs.path(), message, |running| {
        let found = wait(|| {
            let sessions = std::fs::read_dir(running.temporary()).ok()?;
            let mut files = sessions
                .flatten()
                .map(|entry| entry.path().join("heartbeat"));
            files.find(|file| file.exists())
        });
        let file = found.expect("a heartbeat");
        let aged = Command::new("touch")
            .args(["-d", "5 minutes ago"])
            .arg(file)
            .status();
        assert!(aged.expect("touch").success());
    });
}

#[test]
fn a_monitor_that_add_monitor_adds_ends_a_task() {
    let environment = r#"
specificationVersion: environment-2023-09
environment:
  name: Server
  script:
    actions:
      onEnter:
        command: bash
        args: ["-c", 'sleep 1000 >/dev/null 2>&1 & echo "openjd_env: SERVER=$!"']
      onExit:
        command: bash
        args: ["-c", 'test -z "${SERVER:-}" || kill "$SERVER" || echo "it was gone"']
"#;
    let options = ["add-monitor", "-", "--period", "5", "--failures", "1"];
    let added = program(options).stdin(environment).run();
    assert_eq!(added.status, 0, "{}", added.err);
    let stubs = folder(&[]);
    // The hooks take over the timeout of what they wrap.
    let path = stubs.path().join("environment.yaml");
    std::fs::write(&path, &added.out).expect("a file");
    let short = job(1000).replace(
        "'echo \"task $INNER\"; sleep 1000'] }",
        "'sleep 1000'], timeout: 2 }",
    );
    let ended = super::run(&short, &["--environment", &path.to_string_lossy()]);
    let timed_out = ended
        .actions()
        .contains(&"onWrapTaskRun TIMEOUT".to_owned());
    assert!(timed_out, "{}", ended.out);
    let message = "onMonitor of environment 'Server' reported unhealthy 1 consecutive time(s)";
    assert_watched(&added.out, stubs.path(), message, |running| {
        kill_in(running, "SERVER");
    });
}
