//! Faults of processes and of the machine.

use super::{Running, alive_in, environment, job, run, start, start_with, wait};
use crate::support::skip;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// An Environment whose `onEnter` takes some seconds, and whose check runs a script.
fn checked(check: &str, more: &str) -> String {
    let monitor = format!(
        "onMonitor:\n  command: {{ command: sh, args: ['{{{{Env.File.Check}}}}'], timeout: 2 }}\n  period: 5\n  \
         initialDelay: 0\n{more}"
    );
    let enter = "for n in 1 2 3 4 5 6; do echo beat $n; sleep 0.7; done";
    job(
        &environment(&[("onEnter", enter), ("Check", check)], &monitor),
        "echo the task has run",
    )
}

/// Asserts that all processes whose command line starts with `command` end, long before the Session does.
fn assert_gone(running: &Running, command: &str) {
    let gone = wait(|| {
        let alive = alive_in(&running.temporary());
        (!alive.iter().any(|line| line.starts_with(command))).then_some(())
    });
    assert!(gone.is_some(), "{:?}", alive_in(&running.temporary()));
    assert!(!running.has_printed("beat 6"), "it took too long");
}

#[test]
fn an_action_that_ignores_sigterm_is_killed_with_its_children() {
    let script =
        "trap '' TERM\nsleep 1000 &\nsetsid sleep 1001 &\necho begun\nwhile :; do sleep 0.1; done";
    let template = job("", script).replace(
        "      onRun:\n",
        "      onRun:\n        timeout: 1\n        cancelation: { mode: NOTIFY_THEN_TERMINATE, notifyPeriodInSeconds: 2 }\n",
    );
    let ended = run(&template, &[]);
    assert_eq!(ended.status, 1);
    assert_eq!(ended.actions(), ["onRun TIMEOUT"]);
    ended.assert_logged(&["begun", "[session] sending SIGKILL"]);
    let (notified, killed) = (ended.at("notify")[0], ended.at("kill")[0]);
    assert!(
        (notified + 2.0..notified + 3.0).contains(&killed),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("left behind"), "{}", ended.out);
}

#[test]
fn a_kill_of_what_an_action_has_left_is_told_with_its_end() {
    let script = "(trap '' TERM; exec sleep 1000) &\ntrap 'exit 5' TERM\necho begun\nwhile :; do sleep 0.1; done";
    let template = job("", script).replace(
        "      onRun:\n",
        "      onRun:\n        timeout: 1\n        cancelation: { mode: NOTIFY_THEN_TERMINATE, notifyPeriodInSeconds: 2 }\n",
    );
    let ended = run(&template, &[]);
    assert_eq!(ended.actions(), ["onRun TIMEOUT"]);
    ended.assert_logged(&["begun", "[session] sending SIGKILL"]);
    ended.assert_reason("; exit status 5 after the session's SIGTERM (15); SIGKILL (9) 2");
    ended.assert_reason(" s later ended what it had left");
}

#[test]
fn an_action_that_stops_itself_is_ended_at_its_timeout() {
    let script = "echo begun\nkill -STOP $$\necho never";
    let template = job("", script).replace(
        "      onRun:\n",
        "      onRun:\n        timeout: 1\n        cancelation: { mode: NOTIFY_THEN_TERMINATE, notifyPeriodInSeconds: 1 }\n",
    );
    let ended = run(&template, &[]);
    assert_eq!(ended.actions(), ["onRun TIMEOUT"]);
    ended.assert_logged(&["begun"]);
    assert!(!ended.out.contains("never"), "{}", ended.out);
}

#[test]
fn a_cleanup_in_a_child_is_not_cut_short_by_the_end_of_its_parent() {
    // The shell has no trap: SIGTERM ends it at once, and its child goes on.
    let script = "sh -c 'trap \"sleep 2; echo cleaned; exit 0\" TERM; echo begun; while :; do sleep 0.1; done'\ntrue";
    let template = job("", script).replace(
        "      onRun:\n",
        "      onRun:\n        timeout: 1\n        cancelation: { mode: NOTIFY_THEN_TERMINATE, notifyPeriodInSeconds: 20 }\n",
    );
    let ended = run(&template, &[]);
    ended.assert_logged(&[
        "begun",
        "cleaned",
        "[session] onRun of step 'Step' TIMEOUT: timed out after 1 s, its `timeout`; ended by the session's SIGTERM (15)",
    ]);
    assert_eq!(ended.at("kill"), [] as [f64; 0]);
}

#[test]
fn zombies_are_waited_for_no_longer_than_the_notify_period() {
    // The first `sleep` is in the group of the action, and a child of the second one, which is not, and which never
    // looks after it.
    let script = "(sleep 1000 & exec setsid sleep 1001) &\necho begun\nwait";
    let template = job("", script).replace(
        "      onRun:\n",
        "      onRun:\n        timeout: 1\n        cancelation: { mode: NOTIFY_THEN_TERMINATE, notifyPeriodInSeconds: 2 }\n",
    );
    let ended = run(&template, &[]);
    assert_eq!(ended.actions(), ["onRun TIMEOUT"]);
    let (killed, over) = (ended.at("kill")[0], ended.at("action_ended")[0]);
    assert!(over < killed + 1.0, "{}", ended.out);
}

#[test]
fn children_that_outlive_the_session_are_killed_and_named() {
    let enter = "sleep 1000 > /dev/null 2>&1 &\necho \"openjd_env: SERVICE=$!\"";
    let around = environment(&[("onEnter", enter)], "");
    let script = "kill -0 $SERVICE && echo the service is alive
sleep 1001 &
setsid sleep 1002 &
(setsid sh -c 'sleep 1003 & sleep 1004' &)
sleep 0.3";
    let ended = run(&job(&around, script), &[]);
    assert_eq!(ended.status, 0, "{}", ended.out);
    ended.assert_logged(&["the service is alive", "Process exited with code: 0"]);
    let line = ended
        .out
        .lines()
        .find_map(|line| line.strip_prefix("Killed, left behind by the session: "));
    let line = line.unwrap_or_else(|| panic!("{}", ended.out));
    let mut names: Vec<_> = line
        .split(", ")
        .filter_map(|one| one.split(' ').next())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["sh", "sleep", "sleep", "sleep", "sleep", "sleep"]);
    assert!(ended.took < Duration::from_secs(30), "{:?}", ended.took);
}

#[test]
fn an_action_ends_with_its_process_even_if_a_child_still_writes() {
    let enter = "(for n in 1 2 3 4 5 6 7 8 9 10 11 12; do echo late; sleep 0.2; done; touch survived) &\nsleep 0.3; echo entered";
    let around = environment(&[("onEnter", enter)], "");
    let ended = run(&job(&around, "sleep 3; ls survived"), &[]);
    assert_eq!(ended.status, 0, "{}", ended.out);
    ended.assert_logged(&[
        "late",
        "entered",
        "[session] a process that it left behind still writes, which is not logged",
        "survived",
    ]);
}

#[test]
fn a_check_that_hangs_is_killed_with_its_children() {
    let check = "trap '' TERM\nsleep 1000 &\nsetsid sleep 1001 &\nwhile :; do sleep 0.1; done";
    let running = start(&checked(check, "  onFailure: log"), &[]);
    running.wait_for("[onMonitor] unhealthy, 1 in a row: timed out after 2 s");
    assert_gone(&running, "sleep 100");
    let ended = running.end();
    assert_eq!(ended.status, 0, "{}", ended.out);
    ended.assert_logged(&["beat 6", "the task has run"]);
    assert!(!ended.out.contains("left behind"), "{}", ended.out);
}

#[test]
fn a_check_leaves_no_processes_behind() {
    let running = start(
        &checked("sleep 1000 > /dev/null 2>&1 &", "  onFailure: log"),
        &[],
    );
    running.wait_for("[onMonitor] healthy");
    assert_gone(&running, "sleep 100");
    assert_eq!(running.end().status, 0);
}

#[test]
fn a_check_that_floods_does_no_harm() {
    let line = "x".repeat(99);
    let check = format!("yes {line} | head -c 1000000000");
    let running = start(&checked(&check, "  onFailure: log"), &[]);
    running.wait_for("(more of what this check writes is not logged)");
    let mut peak = 0;
    while !running.has_printed("the task has run") {
        let status = std::fs::read_to_string(format!("/proc/{}/status", running.pid()));
        let status = status.unwrap_or_default();
        let high = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let high = high.and_then(|high| high.trim().strip_suffix(" kB"));
        peak = high
            .and_then(|high| high.trim().parse().ok())
            .unwrap_or(peak)
            .max(peak);
        std::thread::sleep(Duration::from_millis(100));
    }
    let ended = running.end();
    assert_eq!(ended.status, 0, "{}", ended.err);
    ended.assert_logged(&["beat 1", "beat 6", "the task has run"]);
    assert!(ended.out.len() < 200_000, "{}", ended.out.len());
    assert!(peak < 200_000, "{peak} kB");
    // The six beats take four seconds.
    let took = ended.at("action_ended")[0];
    assert!(took < 8.0, "{took}");
}

#[test]
fn a_check_whose_command_does_not_exist_is_unhealthy() {
    let template = checked("exit 0", "  onFailure: terminate").replace(
        "command: sh, args: ['{{Env.File.Check}}']",
        "command: /no/such/check",
    );
    let ended = run(&template, &[]);
    assert_eq!(ended.status, 1);
    ended.assert_logged(&[
        "[onMonitor] unhealthy, 1 in a row: could not start: `/no/such/check`: not found at this path",
    ]);
    assert_eq!(ended.actions(), ["onEnter FAILED"]);
}

#[test]
fn ten_thousand_variables_reach_every_process() {
    let enter = "i=0; while [ $i -lt 10000 ]; do echo \"openjd_env: VARIABLE_$i=value $i\"; i=$((i+1)); done; sleep 1";
    let monitor = "onMonitor:
  command: { command: sh, args: ['-c', 'echo I see $(env | grep -c ^VARIABLE_)'] }
  period: 5
  initialDelay: 1
  onFailure: log";
    let around = environment(
        &[("onEnter", enter), ("onExit", "echo $VARIABLE_9999")],
        monitor,
    );
    let ended = run(
        &job(&around, "echo $(env | grep -c ^VARIABLE_) variables"),
        &[],
    );
    assert_eq!(ended.status, 0, "{}", ended.err);
    ended.assert_logged(&["10000 variables", "value 9999"]);
    assert!(ended.took < Duration::from_secs(20), "{:?}", ended.took);
}

#[test]
fn variables_that_are_too_many_for_the_system_are_an_error() {
    let enter = "big=$(head -c 100000 /dev/zero | tr '\\0' x)\nfor n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 \
                 21 22 23 24 25; do echo \"openjd_env: BIG_$n=${big%???????????????????????????????????????????????}\"; done";
    let enter = enter.replace("100000", "60000").replace(
        "25; do",
        "25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44; do",
    );
    let around = environment(&[("onEnter", &enter)], "");
    let ended = run(&job(&around, "echo never"), &[]);
    assert_eq!(ended.status, 1, "{}", ended.out);
    ended.assert_reason(
        "FAILED: could not start: `sh`: its arguments and environment variables together, or one of them, are longer",
    );
}

#[test]
fn a_full_disk_is_an_error() {
    let disk = tempfile::tempdir().expect("a folder");
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        .arg(disk.path())
        .output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        return skip("a_full_disk_is_an_error", "no tmpfs can be mounted");
    }
    let enter = "head -c 100000 /dev/zero > fill 2> /dev/null; echo entered";
    let around = environment(&[("onEnter", enter), ("onExit", "echo left")], "");
    let template = job(&around, "echo never").replace("fill 2>", "$PWD/fill 2>");
    let running = start_with(&template, &[], &|command| {
        command.env("TMPDIR", disk.path());
    });
    let (ended, _folder) = running.end_anyhow();
    let left = std::fs::read_dir(disk.path()).expect("a folder").count();
    let unmounted = Command::new("umount").arg(disk.path()).status();
    assert!(unmounted.is_ok_and(|status| status.success()));
    assert_eq!(ended.status, 1, "{}{}", ended.out, ended.err);
    assert_eq!(left, 0);
    let told = ended
        .log()
        .into_iter()
        .find(|line| line.contains("FAILED: could not start: cannot write `"));
    let told = told.unwrap_or_else(|| panic!("{}", ended.out));
    assert!(
        told.ends_with("No space left on device (os error 28)"),
        "{told}"
    );
    // What cleans up was there before the disk was full.
    ended.assert_logged(&["left"]);
    assert!(!ended.out.contains("never"), "{}", ended.out);
}

#[test]
fn folders_that_are_locked_are_removed() {
    let script = "mkdir -p a/b; touch a/b/c; chmod 500 a/b; chmod 0 a; chmod 555 .";
    let ended = run(&job("", script), &[]);
    assert_eq!((ended.status, ended.err.as_str()), (0, ""));
}

/// A control group whose processes can be frozen. Like a process that waits for a device, they survive SIGKILL.
struct Freezer(std::path::PathBuf);

impl Freezer {
    fn new(name: &str) -> Option<Self> {
        let path =
            Path::new("/sys/fs/cgroup/freezer").join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir(&path).ok()?;
        let freezer = Self(path);
        let thawed = std::fs::write(freezer.0.join("freezer.state"), "THAWED");
        thawed.is_ok().then_some(freezer)
    }

    /// Shell script that freezes its own shell.
    fn script(&self) -> String {
        let path = self.0.display();
        format!(
            "echo $$ > {path}/cgroup.procs; echo frozen; echo FROZEN > {path}/freezer.state; sleep 1"
        )
    }

    fn thaw(&self) {
        // There is nothing to thaw where it cannot be written.
        let _ = std::fs::write(self.0.join("freezer.state"), "THAWED");
    }
}

impl Drop for Freezer {
    fn drop(&mut self) {
        self.thaw();
        // It is there as long as its processes are.
        let _ = wait(|| std::fs::remove_dir(&self.0).ok());
    }
}

#[test]
fn an_action_that_no_kill_ends_is_named() {
    let Some(freezer) = Freezer::new("action") else {
        return skip(
            "an_action_that_no_kill_ends_is_named",
            "there is no freezer",
        );
    };
    let around = environment(&[("onExit", "echo left")], "");
    let template =
        job(&around, &freezer.script()).replace("onRun:\n", "onRun:\n        timeout: 1\n");
    let running = start(&template, &[]);
    running.wait_for("has not ended after SIGKILL: it is blocked in the system");
    assert!(!running.has_printed("left"));
    freezer.thaw();
    let ended = running.end();
    assert_eq!(ended.status, 1);
    ended.assert_logged(&[
        "frozen",
        "[session] sending SIGKILL",
        "Process exited with code: -1",
        "left",
    ]);
}

#[test]
fn a_check_that_no_kill_ends_delays_nothing() {
    let Some(freezer) = Freezer::new("check") else {
        return skip(
            "a_check_that_no_kill_ends_delays_nothing",
            "there is no freezer",
        );
    };
    let template = checked(&freezer.script(), "  onFailure: log");
    let running = start(&template, &[]);
    running.wait_for("Not ended, left behind by the session: sh (");
    freezer.thaw();
    let (ended, _folder) = running.end_anyhow();
    assert_eq!(ended.status, 0, "{}", ended.out);
    ended.assert_logged(&["beat 6", "the task has run"]);
    // Its end is the last that is waited for, and not for long.
    let over = ended.at("session_ended")[0];
    assert!(over < 8.0, "{}", ended.out);
}
