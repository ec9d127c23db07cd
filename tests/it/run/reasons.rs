//! Tests that the log and the summary give the reason of each kind of end.

use super::{Ended, environment, job, run, start};
use nix::sys::signal::Signal;

/// Runs a job with this command as its only action, and an embedded file.
fn command(command: &str, file: &str) -> Ended {
    let template = serde_json::json!({
        "specificationVersion": "jobtemplate-2023-09",
        "name": "Job",
        "steps": [{
            "name": "Step",
            "script": {
                "embeddedFiles": [
                    { "name": "File", "type": "TEXT", "runnable": !file.is_empty(), "data": format!("{file}\n") },
                ],
                "actions": { "onRun": { "command": command } },
            },
        }],
    });
    let ended = run(&template.to_string(), &[]);
    assert_eq!(ended.status, 1, "{}{}", ended.out, ended.err);
    ended
}

#[test]
fn a_timeout_names_its_limit_and_the_kill() {
    let template = job("", "while :; do echo again; sleep 1; done")
        .replace("      onRun:\n", "      onRun:\n        timeout: 2\n");
    run(&template, &[]).assert_reason(
        "onRun of step 'Step' TIMEOUT: timed out after 2 s, its `timeout`; killed at once by the session's SIGKILL (9)",
    );
}

#[test]
fn a_kill_at_the_end_of_the_notify_period_says_so() {
    let template = job("", "trap '' TERM\nwhile :; do sleep 0.1; done").replace(
        "      onRun:\n",
        "      onRun:\n        timeout: 1\n        cancelation: { mode: NOTIFY_THEN_TERMINATE, notifyPeriodInSeconds: 1 }\n",
    );
    run(&template, &[])
        .assert_reason("; killed by the session's SIGKILL (9) 1 s after its SIGTERM (15)");
}

#[test]
fn arguments_in_a_command_are_sent_to_args() {
    let ended = command("echo hi", "");
    ended.assert_reason("a command is one program, and its arguments belong in `args`");
}

#[test]
fn a_command_that_cannot_be_started_has_its_reason() {
    let at_path = "not found at this path";
    for (name, file, why) in [
        ("no-such-program-9", "", "not found in PATH ("),
        ("/no/such/program", "", at_path),
        ("/etc/passwd/program", "", at_path),
        ("/tmp", "", "it is a directory"),
        (
            "{{Task.File.File}}",
            "",
            "permission denied: it is not executable; make it so with `chmod +x`",
        ),
        (
            "{{Task.File.File}}",
            "#!/no/such/interpreter -x\ntrue",
            "the interpreter `/no/such/interpreter` of its `#!` line does not exist",
        ),
        (
            "{{Task.File.File}}",
            "#!/bin/sh\r\ntrue",
            "its `#!` line ends in a carriage return",
        ),
    ] {
        let ended = command(name, file);
        ended.assert_reason("onRun of step 'Step' FAILED: could not start: `");
        ended.assert_reason(&format!("`: {why}"));
    }
}

#[test]
fn a_script_without_a_shebang_runs() {
    let script = "echo hi from no shebang; exit 3";
    let ended = command("{{Task.File.File}}", script);
    ended.assert_logged(&["hi from no shebang"]);
    ended.assert_reason("onRun of step 'Step' FAILED: exit status 3");
}

#[test]
fn signals_of_others_are_told_from_those_of_the_session() {
    let killed = "FAILED: killed by SIGKILL (9), which the session did not send: another process did, or the system";
    let ended = "FAILED: ended by SIGTERM (15), which the session did not send";
    for (signal, why) in [
        ("KILL", killed),
        ("TERM", ended),
        ("ABRT", "FAILED: crashed with SIGABRT (6)"),
    ] {
        run(&job("", &format!("kill -{signal} $$")), &[]).assert_reason(why);
    }
}

#[test]
fn an_action_that_is_not_started_says_why() {
    let around = environment(&[("onEnter", "exit 0")], "");
    let template = job(&around, "exit 0")
        .replace("extensions: [", "extensions: [EXPR, ")
        .replace("  - '{{Task.File.Run}}'", "")
        .replace(
            "['{{Task.File.Run}}']",
            "['{{ 1 // (len(Job.Name) - 3) }}']",
        );
    let ended = run(&template, &[]);
    ended.assert_reason("onRun of step 'Step' FAILED: not started: cannot resolve an argument: ");
}

#[test]
fn a_cancel_names_its_signal() {
    for (signal, why) in [
        (Signal::SIGINT, "canceled by SIGINT (2), which Ctrl-C sends"),
        (
            Signal::SIGTERM,
            "canceled by SIGTERM (15), sent to this program",
        ),
    ] {
        let running = start(&job("", "echo begun; sleep 1000"), &[]);
        running.wait_for("begun");
        running.signal(signal);
        let ended = running.end();
        ended.assert_reason(&format!(
            "onRun of step 'Step' CANCELED: {why}; killed at once by the session's SIGKILL (9)"
        ));
        assert!(
            ended
                .out
                .contains(&format!("[session] session CANCELED: {why}\n")),
            "{}",
            ended.out
        );
        assert!(
            ended
                .out
                .contains(&format!("Session was {why}; see Task logs")),
            "{}",
            ended.out
        );
    }
}

#[test]
fn a_malformed_message_is_the_reason_with_its_right_form() {
    let around = environment(&[("onEnter", "echo 'openjd_env: 1A=x'; sleep 1000")], "");
    let ended = run(&job(&around, "true"), &[]);
    ended.assert_reason("onEnter of environment 'Env' FAILED: malformed openjd_env: write \"openjd_env: NAME=value\"");
    ended.assert_reason("; ended by the session's SIGTERM (15)");
}
