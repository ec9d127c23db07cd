//! The end of a run: its exit status, log and summary.

use super::{environment, job, run};
use crate::support::program;

#[test]
fn a_job_that_succeeds_says_so() {
    let ended = run(&job("", "echo hello; echo warning >&2"), &[]);
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    assert_eq!(
        ended.log(),
        [
            "Session start",
            "Running job 'Job'",
            "Running step 'Step'",
            "==============================================",
            "--------- Running Task",
            "==============================================",
            "Output:",
            "hello",
            "warning",
            "Process exited with code: 0",
            "",
            "All actions completed successfully!",
            "Local session ended.",
        ]
    );
    let (_, summary) = ended.out.split_once("\n\n").expect("a summary");
    let duration = summary
        .lines()
        .find(|line| line.starts_with("Duration: "))
        .expect("a duration");
    assert_eq!(
        summary.replace(duration, "Duration: …"),
        "--- Results of local session ---\n\nSession ended successfully\n\nJob: Job\nDuration: …\nChunks run: 1\n\
         Actions run: 1\n"
    );
    assert_eq!(ended.err, "");
}

#[test]
fn a_job_that_fails_says_why_and_cleans_up() {
    let around = environment(
        &[
            ("onEnter", "echo 'openjd_env: A=b'"),
            ("onExit", "echo leaving $A"),
        ],
        "",
    );
    let ended = run(&job(&around, "echo 'openjd_fail: no licence'; exit 7"), &[]);
    assert_eq!(ended.status, 1);
    ended.assert_logged(&[
        "openjd_fail: no licence",
        "Process exited with code: 7",
        "[session] onRun of step 'Step' FAILED: no licence; exit status 7",
        "--------- Exiting Environment: Env",
        "leaving b",
        "Session ended with errors.",
    ]);
    assert!(
        ended.out.contains("see Task logs for details\n0:00:0"),
        "{}",
        ended.out
    );
}

#[test]
fn a_command_that_does_not_exist_is_named() {
    let template = job("", "exit 0").replace("command: sh", "command: no-such-renderer");
    let ended = run(&template, &[]);
    assert_eq!(ended.status, 1);
    ended.assert_logged(&[
        &format!(
            "[session] onRun of step 'Step' FAILED: could not start: `no-such-renderer`: not found in PATH ({})",
            std::env::var("PATH").expect("a PATH")
        ),
    ]);
    assert!(!ended.out.contains("Output:"), "{}", ended.out);
}

#[test]
fn a_death_by_a_signal_is_logged() {
    let ended = run(&job("", "kill -SEGV $$"), &[]);
    assert_eq!(ended.status, 1);
    ended.assert_logged(&[
        "Process exited with code: -1",
        "[session] onRun of step 'Step' FAILED: crashed with SIGSEGV (11)",
    ]);
}

#[test]
fn a_timeout_cancels_the_action_by_its_own_cancelation() {
    let script =
        "trap 'echo tidying; sleep 1; echo tidied; exit 0' TERM\nwhile :; do sleep 0.1; done";
    let template = job("", script).replace(
        "      onRun:\n",
        "      onRun:\n        timeout: 1\n        cancelation: { mode: NOTIFY_THEN_TERMINATE }\n",
    );
    let ended = run(&template, &[]);
    assert_eq!(ended.status, 1);
    ended.assert_logged(&[
        "[session] sending SIGTERM; SIGKILL follows in 120 s",
        "tidying",
        "tidied",
        "Process exited with code: 0",
        "[session] onRun of step 'Step' TIMEOUT: timed out after 1 s, its `timeout`; exit status 0 after the session's SIGTERM (15)",
    ]);
}

#[test]
fn a_template_with_errors_is_not_run() {
    let template = job("", "echo hello").replace("MONITOR, ", "");
    let watched = environment(
        &[("onEnter", "exit 0")],
        "onMonitor: { command: { command: x }, period: 3, onFailure: log }",
    );
    let ended = run(
        &template.replace("name: Job\n", &format!("name: Job\n{watched}")),
        &[],
    );
    assert_eq!(ended.status, 2);
    assert_eq!(ended.out, "");
    assert!(
        ended.err.contains("error[missing-extension]"),
        "{}",
        ended.err
    );
    assert!(
        ended.err.contains("error[period-below-floor]"),
        "{}",
        ended.err
    );
}

#[test]
fn jobs_that_cannot_be_run_are_errors() {
    let ended = program(["run", "docs/examples/docker.yaml"]).run();
    assert_eq!(ended.status, 2);
    assert!(
        ended.err.starts_with("error[invalid-value]: "),
        "{}",
        ended.err
    );
    assert!(
        ended.err.contains("--> docs/examples/docker.yaml:7:1\n"),
        "{}",
        ended.err
    );
    let help = "= help: this is an environment template, which wraps a job\n";
    assert!(ended.err.contains(help), "{}", ended.err);
    let ended = program(["run", "no-such-file.yaml"]).run();
    assert_eq!(ended.status, 3);
    assert!(
        ended
            .err
            .starts_with("error: cannot read `no-such-file.yaml`"),
        "{}",
        ended.err
    );
    let ended = program(["run", "docs/examples/render.yaml", "-p", "Scene"]).run();
    assert_eq!(ended.status, 2);
    let ended = program(["run", "docs/examples/render.yaml", "-p", "Scent=rose"]).run();
    assert_eq!(ended.status, 2);
    assert!(ended.err.contains("Scent"), "{}", ended.err);
    let ended = program([
        "run",
        "docs/examples/render.yaml",
        "--trace",
        "/no/such/folder/x",
    ])
    .run();
    assert_eq!(ended.status, 3);
    let ended = program(["run", "docs/examples/render.yaml"])
        .env("TMPDIR", "/no/such/folder")
        .run();
    assert_eq!(ended.status, 3);
    assert!(
        ended.err.starts_with("error: cannot prepare the run"),
        "{}",
        ended.err
    );
}

#[test]
fn long_lines_are_cut_and_invalid_utf_8_is_shown() {
    let ended = run(
        &job(
            "",
            "head -c 70000 /dev/zero | tr '\\0' x; echo; printf 'a\\377\\r\\nno end'",
        ),
        &[],
    );
    let cut = "x".repeat(65536);
    ended.assert_logged(&[
        &cut,
        "[session] the line above was cut after 65536 bytes",
        "a\\xff",
        "no end",
        "Process exited with code: 0",
    ]);
}

#[test]
fn secrets_appear_nowhere() {
    let enter = "echo 'openjd_redacted_env: KEY=top-secret'; echo it is top-secret";
    let around = environment(&[("onEnter", enter), ("onExit", "echo $KEY")], "");
    let script = "echo \"openjd_fail: bad key $KEY\"; exit 1";
    let ended = run(&job(&around, script), &[]);
    ended.assert_logged(&[
        "it is ********",
        "openjd_fail: bad key ********",
        "********",
    ]);
    let all = format!("{}{}{:?}", ended.out, ended.err, ended.trace);
    assert!(all.contains("\"KEY\": String(\"********\")"), "{all}");
    assert!(!all.contains("top-secret"), "{all}");
}

#[test]
fn embedded_files_are_readable_by_their_owner_only() {
    let script = "ls -ld . embedded_files embedded_files/steps/Step/Run | cut -c 1-10";
    let enter = "ls -l embedded_files/environments/Env/* | cut -c 1-10";
    let around = environment(&[("onEnter", enter), ("Tool", "#!/bin/sh")], "");
    let around = around.replace("- name: Tool\n", "- name: Tool\n      runnable: true\n");
    let ended = run(&job(&around, script), &[]);
    ended.assert_logged(&[
        "-rwx------",
        "-rw-------",
        "drwx------",
        "drwx------",
        "-rw-------",
    ]);
}

#[test]
fn an_action_that_is_notified_is_told_when_it_will_be_killed() {
    let script = "trap 'cat cancel_info.json; echo; exit 1' TERM\nsleep 1000 & wait";
    let template = job("", script).replace(
        "      onRun:\n",
        "      onRun:\n        timeout: 1\n        cancelation: { mode: NOTIFY_THEN_TERMINATE, notifyPeriodInSeconds: 100 }\n",
    );
    let ended = run(&template, &[]);
    let now = chrono::Utc::now();
    let log = ended.log();
    let info = log.iter().find(|line| line.starts_with("{\"NotifyEnd\":"));
    let info: serde_json::Value = serde_json::from_str(info.expect("a file")).expect("JSON");
    let end = info["NotifyEnd"].as_str().expect("a time");
    assert_eq!(end.len(), "2026-01-01T00:00:00Z".len(), "{end}");
    let end = chrono::DateTime::parse_from_rfc3339(end).expect("a time");
    let left = (end.to_utc() - now).num_seconds();
    assert!((80..=100).contains(&left), "{left}");
}

#[test]
fn no_file_is_written_out_of_the_working_directory() {
    let around = environment(&[("onEnter", "echo never")], "");
    let around = around.replace("name: Env\n", "name: ../..\n");
    let ended = run(&job(&around, "echo never"), &[]);
    assert_eq!(ended.status, 1, "{}{}", ended.out, ended.err);
    let told =
        "an Environment or Step with embedded files must have a name that is valid for a folder";
    assert!(ended.out.contains(told), "{}", ended.out);
    assert!(!ended.log().contains(&"never"), "{}", ended.out);
    // It is only a name where there is no file.
    let named = "name: Job\njobEnvironments: [{ name: .., variables: { A: b } }]\n";
    let fine = job("", "echo done").replace("name: Job\n", named);
    assert_eq!(run(&fine, &[]).status, 0);
}

#[test]
fn actions_have_the_environment_of_the_program_but_no_input() {
    let enter = "echo 'openjd_unset_env: INHERITED'
echo 'openjd_env: OTHER=changed'
echo \"now $INHERITED $OTHER\"";
    let around = environment(&[("onEnter", enter)], "");
    let script = "echo \"then ${INHERITED-unset} $OTHER\"; cat; echo no input";
    let running = super::start_with(&job(&around, script), &[], &|command| {
        command.env("INHERITED", "inherited").env("OTHER", "other");
        command.stdin(std::process::Stdio::piped());
    });
    let ended = running.end();
    assert_eq!(ended.status, 0, "{}", ended.out);
    ended.assert_logged(&["now inherited other", "then unset changed", "no input"]);
}
