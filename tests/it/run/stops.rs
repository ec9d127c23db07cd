//! Runs during which the program itself is stopped for a while, as by Ctrl-Z.

use super::{Ended, Running, environment, job, start, wait};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::time::Duration;

/// Longer than any limit that expires during the stop.
const STOP: Duration = Duration::from_secs(6);

/// Script that ends once the program is stopped, so that its action or check ends during the stop.
const UNTIL_STOPPED: &str = "while ! grep -q '^State:.T' /proc/$PROGRAM/status; do sleep 0.1; done";

/// First line of a script that signals the program, which is its parent.
const FIND_PROGRAM: &str = "PROGRAM=$PPID\n";

/// Stops the program once it has printed `at`, and continues it after [`STOP`].
fn stop(running: &Running, at: &str) {
    running.wait_for(at);
    running.signal(Signal::SIGSTOP);
    std::thread::sleep(STOP);
    running.signal(Signal::SIGCONT);
}

/// Asserts that the log says how long the program was stopped.
fn assert_stop_is_logged(ended: &Ended) {
    let line = "[session] this program did not run for ";
    let said: Vec<_> = ended
        .log()
        .into_iter()
        .filter_map(|text| text.strip_prefix(line)?.split_once(" s, "))
        .filter_map(|(seconds, _)| seconds.parse::<f64>().ok())
        .collect();
    assert!(said.iter().any(|seconds| *seconds >= 5.9), "{}", ended.out);
}

#[test]
fn processes_that_end_during_a_stop_have_not_timed_out() {
    let check = "onMonitor:
  command: { command: sh, args: ['{{Env.File.Check}}'], timeout: 3 }
  period: 5
  initialDelay: 0
  onFailure: terminate";
    let script = format!("{FIND_PROGRAM}echo the check runs\n{UNTIL_STOPPED}\necho fine");
    // Later checks have nothing to wait for.
    let script = format!("test -e checked && exit 0; touch checked\n{script}");
    let enter = "sleep 8; echo entered";
    let around = environment(&[("onEnter", enter), ("Check", &script)], check);
    let checked = start(&job(&around, "echo the task has run"), &[]);
    let script = format!("{FIND_PROGRAM}echo the task runs\n{UNTIL_STOPPED}\necho done in time");
    let template = job("", &script).replace("onRun:\n", "onRun:\n        timeout: 4\n");
    let in_time = start(&template, &[]);
    checked.wait_for("the check runs");
    in_time.wait_for("the task runs");
    let (one, other) = (&checked, &in_time);
    std::thread::scope(|scope| {
        scope.spawn(|| stop(one, "the check runs"));
        scope.spawn(|| stop(other, "the task runs"));
    });
    let ended = checked.end();
    assert_eq!(ended.status, 0, "{}", ended.out);
    ended.assert_logged(&[
        "[onMonitor] fine",
        "[onMonitor] healthy",
        "the task has run",
    ]);
    assert!(!ended.out.contains("unhealthy"), "{}", ended.out);
    assert_stop_is_logged(&ended);
    let ended = in_time.end();
    assert_eq!(ended.actions(), ["onRun SUCCESS"], "{}", ended.out);
    ended.assert_logged(&["done in time", "Process exited with code: 0"]);
    assert_stop_is_logged(&ended);
}

#[test]
fn a_stop_takes_no_time_from_limits_or_between_checks() {
    let check = "onMonitor:
  command: { command: 'true' }
  period: 5
  initialDelay: 1
  onFailure: terminate";
    // It takes longer than its timeout, most of it while the program is stopped.
    let enter = "echo begun; sleep 9; echo done";
    let around = environment(&[("onEnter", enter)], check).replacen(
        "onEnter:\n",
        "onEnter:\n        timeout: 8\n",
        1,
    );
    let paused = start(&job(&around, "exit 0"), &[]);
    let hang =
        job("", "echo begun; sleep 1000").replace("onRun:\n", "onRun:\n        timeout: 2\n");
    let hangs = start(&hang, &[]);
    paused.wait_for("begun");
    hangs.wait_for("begun");
    std::thread::scope(|scope| {
        scope.spawn(|| stop(&paused, "[onMonitor] healthy"));
        scope.spawn(|| stop(&hangs, "begun"));
    });
    let ended = paused.end();
    assert_eq!(
        ended.actions(),
        ["onEnter SUCCESS", "onRun SUCCESS"],
        "{}",
        ended.out
    );
    assert_stop_is_logged(&ended);
    // Nine seconds but for the stop are too few for a second check, and none makes up for one.
    assert_eq!(ended.at("check_started").len(), 1, "{}", ended.out);
    assert!(ended.at("session_ended")[0] < 8.0, "{}", ended.out);
    // A limit is a limit all the same.
    let ended = hangs.end();
    assert_eq!(ended.actions(), ["onRun TIMEOUT"], "{}", ended.out);
    assert!(ended.at("kill")[0] >= 2.0, "{}", ended.out);
}

#[test]
fn a_cancel_during_a_stop_comes_before_the_end_of_an_action() {
    let script = format!("{FIND_PROGRAM}echo begun\n{UNTIL_STOPPED}\necho done");
    let more = "- name: Other
  script: { actions: { onRun: { command: echo, args: [never] } } }";
    let template = format!("{}{more}\n", job("", &script));
    let starts = || start(&template, &[]);
    // Whether the program first sees the signal or the end of the process is left to chance.
    let runs: Vec<_> = std::iter::repeat_with(starts).take(5).collect();
    for running in &runs {
        running.wait_for("begun");
        running.signal(Signal::SIGSTOP);
    }
    std::thread::sleep(Duration::from_secs(1));
    for running in &runs {
        running.signal(Signal::SIGINT);
    }
    std::thread::sleep(Duration::from_secs(2));
    for running in runs {
        running.signal(Signal::SIGCONT);
        let ended = running.end();
        assert_eq!(ended.status, 1, "{}", ended.out);
        assert_eq!(ended.actions(), ["onRun CANCELED"], "{}", ended.out);
        ended.assert_logged(&["done", "Process exited with code: 0"]);
        assert!(!ended.out.contains("never"), "{}", ended.out);
    }
}

/// The guard of a run.
fn guard(running: &Running) -> Pid {
    let found = wait(|| {
        let mut children = super::children(running.pid()).into_iter();
        children.find(|(_, command)| command.contains("openjd-monitor-guard"))
    });
    found.expect("a guard").0
}

#[test]
fn a_guard_that_is_stopped_or_killed_holds_nothing_up() {
    // Later on, an orphan of the first one ends: if nobody reaps it, it looks alive.
    let enter = "(sh -c 'while ! test -e go; do sleep 0.1; done' > /dev/null 2>&1 & echo \"openjd_env: ORPHAN=$!\")";
    let around = environment(&[("onEnter", enter)], "");
    let script = "echo begun
while ! test -e \"$GO\"; do sleep 0.1; done
touch go
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  kill -0 $ORPHAN 2> /dev/null || { echo reaped; exit 0; }
  sleep 0.5
done
exit 1";
    for signal in [Signal::SIGSTOP, Signal::SIGKILL] {
        let folder = tempfile::tempdir().expect("a folder");
        let go = folder.path().join("go");
        let running = super::start_with(&job(&around, script), &[], &|command| {
            command.env("GO", &go);
        });
        running.wait_for("begun");
        kill(guard(&running), signal).expect("it is alive");
        std::fs::write(&go, "").expect("a file");
        let ended = running.end();
        assert_eq!(ended.status, 0, "{signal} {}{}", ended.out, ended.err);
        ended.assert_logged(&["reaped"]);
    }
}

#[test]
fn a_guard_that_was_killed_is_replaced() {
    let running = start(&job("", "echo begun; sleep 1000"), &[]);
    running.wait_for("begun");
    let first = guard(&running);
    kill(first, Signal::SIGKILL).expect("it is alive");
    let other = || (guard(&running) != first).then_some(());
    assert!(wait(other).is_some(), "no other guard");
    let temporary = running.temporary();
    running.signal(Signal::SIGKILL);
    let (_, _folder) = running.end_anyhow();
    let is_clean = || {
        let is_empty =
            std::fs::read_dir(&temporary).is_ok_and(|mut entries| entries.next().is_none());
        (is_empty && super::alive_in(&temporary).is_empty()).then_some(())
    };
    assert!(
        wait(is_clean).is_some(),
        "{:?}",
        super::alive_in(&temporary)
    );
}
