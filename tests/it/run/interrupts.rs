//! Signals to the program itself.

use super::{Running, alive_in, environment, job, start, start_with, wait};
use nix::sys::signal::Signal;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A script that prints when it has begun, and when it is asked to end.
fn patient(name: &str) -> String {
    format!(
        "trap 'echo {name} is asked to end; exit 3' TERM\necho {name} has begun\nsleep 1000 & wait\necho {name} is done"
    )
}

/// A job that hangs in the action `at`; all other actions end at once. Has hooks if `at` is one.
fn hanging(at: &str) -> Running {
    let hooks = ["onWrapEnvEnter", "onWrapTaskRun", "onWrapEnvExit"];
    let slots = match hooks.contains(&at) {
        true => vec!["onEnter", hooks[0], hooks[1], hooks[2], "onExit"],
        false => vec!["onEnter", "onExit"],
    };
    let script = |slot: &str| match slot == at {
        true => patient(slot),
        false => format!("echo {slot} is done"),
    };
    let scripts: Vec<_> = slots.iter().map(|slot| (*slot, script(slot))).collect();
    let scripts: Vec<_> = scripts
        .iter()
        .map(|(slot, script)| (*slot, script.as_str()))
        .collect();
    let around = environment(&scripts, "");
    let inner = "- name: Inner
  script: { actions: { onEnter: { command: 'true' }, onExit: { command: 'true' } } }";
    let around = match slots.len() {
        2 => around,
        _ => format!("{around}{inner}"),
    };
    let template = job(&around, &script("onRun"))
        .replace("[MONITOR,", "[EXPR, WRAP_ACTIONS, MONITOR,")
        .replace(
            "      onRun:\n",
            "      onRun:\n        cancelation: { mode: NOTIFY_THEN_TERMINATE }\n",
        );
    let running = start(&template, &[]);
    running.wait_for(&format!("{at} has begun"));
    running
}

#[test]
fn ctrl_c_cancels_what_runs_and_the_rest_is_cleaned_up() {
    let cases = [
        ("onEnter", Signal::SIGINT, "onEnter! onExit"),
        ("onRun", Signal::SIGINT, "onEnter onRun! onExit"),
        ("onRun", Signal::SIGTERM, "onEnter onRun! onExit"),
        ("onRun", Signal::SIGHUP, "onEnter onRun! onExit"),
        ("onRun", Signal::SIGQUIT, "onEnter onRun! onExit"),
        ("onExit", Signal::SIGINT, "onEnter onRun onExit!"),
        (
            "onWrapEnvEnter",
            Signal::SIGINT,
            "onEnter onWrapEnvEnter! onWrapEnvExit onExit",
        ),
        (
            "onWrapTaskRun",
            Signal::SIGINT,
            "onEnter onWrapEnvEnter onWrapTaskRun! onWrapEnvExit onExit",
        ),
        (
            "onWrapEnvExit",
            Signal::SIGINT,
            "onEnter onWrapEnvEnter onWrapTaskRun onWrapEnvExit! onExit",
        ),
    ];
    let all = cases.map(|case| (case, hanging(case.0)));
    for ((at, signal, actions), running) in all {
        running.signal(signal);
        let ended = running.end();
        assert_eq!(ended.status, 1, "{}", ended.out);
        let states = actions.split(' ').map(|slot| match slot.strip_suffix('!') {
            Some(slot) => format!("{slot} CANCELED"),
            None => format!("{slot} SUCCESS"),
        });
        assert_eq!(
            ended.actions(),
            states.collect::<Vec<_>>(),
            "{at} {signal}\n{}",
            ended.out
        );
        let is_asked = ended.out.contains(&format!("{at} is asked to end"));
        // `onExit` has no notify period.
        assert_eq!(is_asked, at != "onExit", "{at}: {}", ended.out);
        assert!(ended.out.contains("Session was canceled"), "{}", ended.out);
    }
}

#[test]
fn a_second_ctrl_c_kills() {
    let deaf = "trap '' TERM\necho onRun has begun\nwhile :; do sleep 1; done";
    let around = environment(&[("onExit", "echo onExit is done")], "");
    let template = job(&around, deaf).replace(
        "      onRun:\n",
        "      onRun:\n        cancelation: { mode: NOTIFY_THEN_TERMINATE }\n",
    );
    let running = start(&template, &[]);
    running.wait_for("onRun has begun");
    running.signal(Signal::SIGINT);
    running.wait_for("[session] interrupted: the session is canceled");
    running.wait_for("SIGKILL follows in 120 s");
    // Sooner, it would be taken for the same one.
    std::thread::sleep(Duration::from_millis(600));
    running.signal(Signal::SIGINT);
    let ended = running.end();
    assert_eq!(ended.status, 1);
    ended.assert_logged(&[
        "[session] interrupted again",
        "[session] sending SIGKILL",
        "onExit is done",
    ]);
    let result = "onRun of step 'Step' CANCELED: canceled by SIGINT (2), which Ctrl-C sends; killed by the session's \
                  SIGKILL (9) ";
    ended.assert_reason(result);
}

#[test]
fn a_stop_that_arrives_twice_is_one_cancel() {
    let tidy = "trap 'echo tidying; sleep 1; echo tidied; exit 0' TERM\necho onRun has begun\nwhile :; do sleep 0.1; done";
    let template = job("", tidy).replace(
        "      onRun:\n",
        "      onRun:\n        cancelation: { mode: NOTIFY_THEN_TERMINATE }\n",
    );
    let pairs = [
        [Signal::SIGTERM, Signal::SIGTERM],
        [Signal::SIGINT, Signal::SIGTERM],
        [Signal::SIGHUP, Signal::SIGINT],
    ];
    let all = pairs.map(|pair| (pair, start(&template, &[])));
    for (pair, running) in all {
        running.wait_for("onRun has begun");
        running.signal(pair[0]);
        // Two signals that wait at once are one.
        running.wait_for("[session] interrupted: the session is canceled");
        running.signal(pair[1]);
        let ended = running.end();
        ended.assert_logged(&["tidying", "tidied"]);
        let name = pair[0].as_str();
        ended.assert_reason(&format!(
            "onRun of step 'Step' CANCELED: canceled by {name} ("
        ));
        ended.assert_reason("; exit status 0 after the session's SIGTERM (15)");
        assert_eq!(ended.at("kill"), [] as [f64; 0], "{pair:?} {}", ended.out);
        assert!(!ended.out.contains("interrupted again"), "{}", ended.out);
    }
}

#[test]
fn a_stop_by_timeout_is_one_cancel() {
    // It signals its child, and then its whole group.
    let tidy =
        "trap 'echo tidying; sleep 1; echo tidied; exit 0' TERM\nwhile :; do sleep 0.1; done";
    let template = job("", tidy).replace(
        "      onRun:\n",
        "      onRun:\n        cancelation: { mode: NOTIFY_THEN_TERMINATE }\n",
    );
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("job.yaml");
    std::fs::write(&path, template).expect("a file");
    let children: Vec<_> = (0..4)
        .map(|_| {
            let mut timeout = Command::new("timeout");
            timeout.args(["3", env!("CARGO_BIN_EXE_openjd-monitor"), "run"]);
            let started = timeout.arg(&path).stdout(Stdio::piped()).spawn();
            started.expect("GNU coreutils or the like")
        })
        .collect();
    for child in children {
        let ended = child.wait_with_output().expect("it ends");
        let out = String::from_utf8_lossy(&ended.stdout);
        assert!(out.contains("tidied"), "{out}");
        assert!(!out.contains("interrupted again"), "{out}");
    }
}

#[test]
fn an_interrupt_at_any_instant_leaves_nothing_behind() {
    let around = environment(&[("onEnter", "exit 0"), ("onExit", "exit 0")], "");
    let template = job(&around, "sleep 0.1");
    // The start of the program, that of the Session, each action, and the end are among them.
    let delays = (0..40).map(|step| Duration::from_millis(step * 7));
    for delay in delays {
        let running = start(&template, &[]);
        std::thread::sleep(delay);
        let temporary = running.temporary();
        let is_gone =
            nix::sys::signal::kill(nix::unistd::Pid::from_raw(running.pid()), Signal::SIGINT)
                .is_err();
        let (ended, _folder) = running.end_anyhow();
        ended.assert_nothing_left(&temporary);
        // Before the signal has a handler there is nothing to clean up, and it ends the program.
        assert!(
            [0, 1, -1].contains(&ended.status),
            "{delay:?} {is_gone}: {}{}",
            ended.out,
            ended.err
        );
    }
}

#[test]
fn signals_ignored_at_the_start_stay_ignored() {
    let template = job("", "echo begun; sleep 1; echo done");
    let mut shell = String::from("trap '' HUP; exec");
    shell += &format!(" '{}' \"$@\"", env!("CARGO_BIN_EXE_openjd-monitor"));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("job.yaml");
    std::fs::write(&path, template).expect("a file");
    let child = Command::new("sh")
        .args(["-c", &shell, "sh", "run"])
        .arg(path)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell");
    std::thread::sleep(Duration::from_millis(500));
    let pid = nix::unistd::Pid::from_raw(child.id().cast_signed());
    nix::sys::signal::kill(pid, Signal::SIGHUP).expect("it runs");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn nothing_is_left_when_the_program_is_killed() {
    let around = environment(
        &[
            ("onEnter", "sleep 1000 > /dev/null 2>&1 &"),
            ("onExit", "echo never"),
        ],
        "",
    );
    for signal in [Signal::SIGKILL, Signal::SIGUSR1, Signal::SIGALRM] {
        let running = start(&job(&around, "sleep 1001 &\necho begun\nsleep 1002"), &[]);
        running.wait_for("begun");
        let temporary = running.temporary();
        assert!(
            alive_in(&temporary).len() >= 3,
            "{:?}",
            alive_in(&temporary)
        );
        running.signal(signal);
        let (ended, _folder) = running.end_anyhow();
        assert_eq!(ended.status, -1);
        assert!(!ended.out.contains("never"), "{}", ended.out);
        let is_clean = || {
            let is_empty =
                std::fs::read_dir(&temporary).is_ok_and(|mut entries| entries.next().is_none());
            (is_empty && alive_in(&temporary).is_empty()).then_some(())
        };
        assert!(wait(is_clean).is_some(), "{:?}", alive_in(&temporary));
    }
}

#[test]
fn preserved_folders_survive_when_the_program_is_killed() {
    let template = job("", "echo kept > result.txt\necho begun\nsleep 1001");
    let running = start(&template, &["--preserve"]);
    running.wait_for("begun");
    let temporary = running.temporary();
    running.signal(Signal::SIGKILL);
    let (_, _folder) = running.end_anyhow();
    let is_quiet = || alive_in(&temporary).is_empty().then_some(());
    assert!(wait(is_quiet).is_some(), "{:?}", alive_in(&temporary));
    let mut entries = std::fs::read_dir(&temporary).expect("a folder");
    let kept = entries
        .next()
        .expect("it is kept")
        .expect("an entry")
        .path();
    assert!(kept.join("result.txt").exists(), "{kept:?}");
}

#[test]
fn a_reader_that_goes_away_cancels_the_job() {
    let around = environment(&[("onExit", "touch \"$EXITED\"")], "");
    let template = job(
        &around,
        "echo begun\nwhile :; do echo line; sleep 0.1; done",
    );
    let folder = tempfile::tempdir().expect("a folder");
    let exited = folder.path().join("exited");
    let running = start_with(&template, &[], &|command| {
        command.stdout(Stdio::piped()).env("EXITED", &exited);
        command.process_group(0);
    });
    let running = running.without_reader();
    let ended = running.end();
    assert_eq!(ended.status, 3, "{}", ended.err);
    assert_eq!(ended.err, "");
    assert!(exited.exists(), "{:?}", ended.actions());
}
