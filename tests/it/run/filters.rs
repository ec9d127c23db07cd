//! Output that a child passes on when its process has ended, as the filter of `exec > >(tee log)` does.

use super::{environment, job, run};
use std::time::Duration;

/// Starts a script whose output a filter passes on, a while after the script has ended.
const FILTERED: &str =
    "mkfifo $0.pipe\n(sleep 0.1; cat) < $0.pipe &\nexec > $0.pipe 2>&1\nrm $0.pipe\n";

#[test]
fn messages_through_a_filter_count() {
    let enter = format!(
        "{FILTERED}echo 'openjd_env: SET=value'; echo 'openjd_redacted_env: KEY=sEcTee1'; echo entered"
    );
    let around = environment(&[("onEnter", &enter), ("onExit", "echo left $SET")], "");
    let script = format!("{FILTERED}echo leak sEcTee1; echo 'openjd_fail: no licence'; exit 3");
    let ended = run(&job(&around, &script), &[]);
    assert_eq!(
        ended.actions().join(" "),
        "onEnter SUCCESS onRun FAILED onExit SUCCESS"
    );
    ended.assert_logged(&[
        "openjd_env: SET=value",
        "entered",
        "leak ********",
        "Process exited with code: 3",
        "left value",
    ]);
    ended.assert_reason("onRun of step 'Step' FAILED: no licence; exit status 3");
    assert!(!ended.out.contains("sEcTee1"), "{}", ended.out);
}

#[test]
fn lines_of_children_that_end_soon_are_logged() {
    let ended = run(&job("", "(sleep 0.1; echo child) &\necho parent"), &[]);
    ended.assert_logged(&["parent", "child", "Process exited with code: 0"]);
    assert!(!ended.out.contains("not logged"), "{}", ended.out);
}

#[test]
fn messages_of_a_check_through_a_filter_count() {
    let check =
        format!("{FILTERED}echo the renderer is gone; echo 'openjd_fail: no licence'; exit 1")
            .replace("sleep 0.1", "sleep 0.01");
    let monitor = "onMonitor:
  command: { command: sh, args: ['{{Env.File.Check}}'], timeout: 3 }
  period: 5
  initialDelay: 0
  onFailure: terminate";
    let around = environment(&[("onEnter", "sleep 1000"), ("Check", &check)], monitor);
    let ended = run(&job(&around, "true"), &[]);
    assert_eq!(ended.actions(), ["onEnter FAILED"], "{}", ended.out);
    ended.assert_logged(&["[onMonitor] the renderer is gone"]);
    ended.assert_reason("no licence");
}

#[test]
fn a_service_delays_the_end_of_its_action_for_a_moment_that_the_clock_leaves_out() {
    let script = "sleep 1000 &\necho done";
    let around = environment(&[("onEnter", script), ("onExit", script)], "");
    let ended = run(&job(&around, script), &[]);
    assert_eq!(ended.status, 0, "{}", ended.out);
    let shown = Duration::from_secs_f64(ended.at("session_ended")[0]);
    assert!(ended.took > shown + Duration::from_secs(3), "{}", ended.out);
    assert!(ended.took < Duration::from_secs(30), "{:?}", ended.took);
}

#[test]
fn no_check_is_judged_while_the_rest_of_the_output_is_awaited() {
    let script = "while ! test -e checking; do sleep 0.05; done
(sleep 0.2; touch ended; sleep 0.5; echo rest) &
echo done";
    let check = "touch checking
while ! test -e ended; do sleep 0.05; done
exit 1";
    let monitor = "onMonitor:
  command: { command: sh, args: ['{{Env.File.Check}}'], timeout: 4 }
  period: 5
  initialDelay: 0
  onFailure: terminate";
    let around = environment(&[("onEnter", script), ("Check", check)], monitor);
    let ended = run(&job(&around, "true"), &[]);
    assert_eq!(
        ended.actions(),
        ["onEnter SUCCESS", "onRun SUCCESS"],
        "{}",
        ended.out
    );
    ended.assert_logged(&["done", "rest"]);
    assert!(!ended.out.contains("unhealthy"), "{}", ended.out);
}
