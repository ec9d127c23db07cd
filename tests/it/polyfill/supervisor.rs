//! Cases for a supervisor: each starts one as a runtime would. `faults.rs` runs them with broken ones.

use super::runtime::{
    Ended, Prepared, Started, Supervisor, assert_nothing_runs, beside, named, scripts, shell,
};
use crate::run::{job, wait};
use crate::support::{folder, program, python, read};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use std::io::Read;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// Makes each case a test of the supervisor under test, and of the program.
macro_rules! cases {
    ($($name:ident)*) => {
        mod case {
            $(#[test]
            fn $name() {
                if let Some(supervisor) = super::Supervisor::under_test(stringify!($name)) {
                    super::$name(&supervisor);
                }
            })*
        }

        mod native {
            #[test]
            fn what_hides_from_a_check_ends_with_the_action() {
                let test = "what_hides_from_a_check_ends_with_the_action";
                if let Some(supervisor) = super::Supervisor::native(test) {
                    super::what_hides_from_a_check_ends_with_the_action(&supervisor);
                }
            }

            $(#[test]
            fn $name() {
                if let Some(supervisor) = super::Supervisor::native(stringify!($name)) {
                    super::$name(&supervisor);
                }
            })*
        }
    };
}

cases! {
    the_action_gets_its_arguments_as_they_are
    the_check_gets_its_arguments_as_they_are
    the_action_is_the_process_that_the_runtime_has_started
    the_watcher_keeps_no_file_of_the_runtime
    a_check_finds_neither_itself_nor_the_action_in_the_supervisor
    commands_are_found_as_the_runtimes_find_them
    an_action_that_cannot_start_has_no_monitor
    lines_of_the_action_are_never_split
    a_line_without_an_end_holds_up_no_message
    a_line_without_an_end_is_passed_on_at_the_end
    a_runtime_whose_pipe_does_not_block_gets_all_output
    a_carriage_return_of_the_action_is_passed_on_at_once
    a_check_sees_what_an_entering_action_has_set
    only_entering_actions_set_variables
    a_check_has_the_environment_of_the_action
    a_malformed_message_is_for_the_runtime_to_act_on
    an_action_that_exits_with_0_when_it_is_notified_is_failed
    what_the_action_writes_last_comes_before_the_message
    an_action_that_ignores_the_notify_is_killed
    without_a_notify_the_group_is_killed_at_once
    a_cancel_of_the_user_stops_the_checks
    a_cancel_of_the_user_after_the_monitor_has_fired_changes_nothing
    the_end_of_the_action_ends_its_check
    a_check_that_hangs_is_killed_with_all_that_it_has_started
    a_check_that_leaves_processes_behind_is_rid_of_them
    killing_the_action_leaves_nothing
    killing_the_watcher_leaves_nothing
    killing_a_guard_leaves_nothing
    killing_the_check_counts_as_unhealthy
    processes_in_the_background_live_on
    processes_in_the_background_are_read_before_the_verdict
    time_in_which_the_watcher_is_stopped_does_not_count
    a_runtime_that_does_not_read_holds_up_no_check
    large_output_is_passed_on_whole
    a_runtime_that_stops_reading_is_noticed_by_the_action
    a_runtime_that_is_gone_needs_no_watcher
    statuses_of_a_check_are_forwarded_at_once
    messages_that_a_check_must_not_send_have_no_effect
    a_check_cannot_hide_a_message_behind_a_carriage_return
    a_failure_status_is_one_line_of_the_end_of_the_output
    the_default_texts_name_the_reason
    a_check_that_cannot_start_is_unhealthy
    a_log_line_never_says_how_an_action_has_exited
    secrets_of_a_check_are_redacted_from_then_on
    a_flood_of_a_check_is_cut_in_the_log
    options_that_are_not_possible_are_refused
    numbers_are_those_of_job_creation
    an_exit_slot_runs_without_a_monitor_if_need_be
}

/// The shell's way to wait for a file.
const AWAIT: &str = "await() { until test -e \"$1\"; do sleep 0.02; done; }\n";

const FIRED: &str = "openjd_env is not meant by this line: onMonitor has ended the action, and it makes the runtime report FAILED";

fn long() -> String {
    "0123456789".repeat(10_000)
}

/// Arguments that could be taken for something else.
fn arguments() -> Vec<String> {
    let mut all = [
        "",
        "--",
        "--check=3",
        "=x",
        "j[1]",
        "*2",
        "a\nb",
        "{{x}}",
        "'\"$HOME\\",
        "é\u{1F600}",
        "--",
        " ",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push(long());
    all
}

fn the_action_gets_its_arguments_as_they_are(supervisor: &Supervisor) {
    let python = python("").expect("it was there");
    let write = "import json, sys; json.dump(sys.argv[1:], open('arguments', 'w'))";
    let all = arguments();
    let action: Vec<_> = [&*python, "-c", write]
        .into_iter()
        .chain(all.iter().map(|text| &**text))
        .collect();
    let (ended, folder) = supervisor
        .start(&["--on-failure=log"], &["=true"], &action)
        .end_in_folder();
    assert_eq!(ended.status, 0, "{}", ended.text());
    let given = std::fs::read_to_string(folder.path().join("arguments")).expect("a file");
    assert_eq!(
        serde_json::from_str::<Vec<String>>(&given).expect("a list"),
        all
    );
}

fn the_check_gets_its_arguments_as_they_are(supervisor: &Supervisor) {
    let python = format!("={}", python("").expect("it was there"));
    let write = "=import json, os, sys; json.dump(sys.argv[1:], open('new', 'w')); os.rename('new', 'arguments')";
    let all = arguments();
    let mut check = vec![python, "=-c".to_owned(), write.to_owned()];
    check.extend(all.iter().map(|text| format!("={text}")));
    let json = r#"j["", "--", null, 1.50, 12345678901234567890, true, "é\ud83d\ude00\n"]"#;
    check.extend(["jnull", "j[]", json, "j\"[1]\"", "jfalse", "j-0.10", "*0"].map(str::to_owned));
    check.push("*3".to_owned());
    check.extend(["raw --", "raw jnull", "raw "].map(str::to_owned));
    check.push("=end".to_owned());
    let check: Vec<_> = check.iter().map(|text| &**text).collect();
    let action = format!("{AWAIT} await arguments");
    let (ended, folder) = supervisor
        .start(&["--on-failure=log"], &check, &["sh", "-c", &action])
        .end_in_folder();
    assert_eq!(ended.status, 0, "{}", ended.text());
    let given = std::fs::read_to_string(folder.path().join("arguments")).expect("a file");
    let mut expected = all;
    expected.extend(
        [
            "",
            "--",
            "1.50",
            "12345678901234567890",
            "true",
            "é\u{1F600}\n",
            "[1]",
            "false",
            "-0.10",
            "--",
            "jnull",
            "",
            "end",
        ]
        .map(str::to_owned),
    );
    assert_eq!(
        serde_json::from_str::<Vec<String>>(&given).expect("a list"),
        expected
    );
}

/// What a process finds that runs the probe, by `prepared`; `pid` and `parent` become whether they are as expected.
fn probed(prepared: Prepared) -> Value {
    let folder = prepared.folder().to_owned();
    let started = prepared
        .with(|command| {
            command
                .env_clear()
                .env("PATH", std::env::var_os("PATH").expect("a path"));
            command
                .env("PROBE_FOLDER", folder)
                .env("EMPTY", "")
                .env("LINES", "a\nb")
                .env("ASSIGNED", "a=b");
        })
        .start();
    let pid = started.pid();
    let ended = started.end();
    assert_eq!(ended.status, 7, "{}", ended.text());
    let lines = ended.lines();
    let mut found: Value = serde_json::from_str(&lines[0]).expect("JSON");
    for key in ["pid", "group", "session"] {
        found[key] = json!(found[key] == pid);
    }
    found["parent"] = json!(found["parent"] == std::process::id());
    let environment = found["environment"].as_array_mut().expect("a list");
    environment.retain(|entry| {
        !entry
            .as_str()
            .is_some_and(|text| text.starts_with("PROBE_FOLDER=") || text.starts_with("PWD="))
    });
    found
}

fn the_action_is_the_process_that_the_runtime_has_started(supervisor: &Supervisor) {
    let python = python("").expect("it was there");
    // With a descriptor that a runtime passes on, a limit, and a signal that is ignored.
    let passing = "exec 7</dev/null; umask 27; ulimit -c 0; trap '' USR1; exec \"$@\"";
    let prefix = ["sh", "-c", passing, "sh"].map(str::to_owned);
    let probe = [&*python, &beside("probe.py"), "argument"].map(str::to_owned);
    let plain = probed(Prepared::new(
        prefix.iter().chain(&probe).cloned().collect(),
    ));
    let within = Supervisor(prefix.iter().chain(&supervisor.0).cloned().collect());
    let probe = probe.each_ref().map(|text| &**text);
    let monitored = probed(within.prepare(&[], &["=sleep", "=1"], &probe));
    assert_eq!(monitored, plain);
    let facts = [
        "pid",
        "group",
        "session",
        "parent",
        "folder",
        "stdout is stderr",
    ];
    assert!(facts.iter().all(|fact| plain[fact] == true), "{plain}");
}

fn the_watcher_keeps_no_file_of_the_runtime(supervisor: &Supervisor) {
    let passing =
        "mkfifo pipe; (cat pipe; echo > closed) > /dev/null 2>&1 & exec 7>pipe; exec \"$@\"";
    let prefix = ["sh", "-c", passing, "sh"].map(str::to_owned);
    let within = Supervisor(prefix.iter().chain(&supervisor.0).cloned().collect());
    let action = format!("{AWAIT} exec 7>&-; await closed");
    let ended = scripts(&within, &["--on-failure=log"], "sleep 1", &action).end();
    assert_eq!(ended.status, 0, "{}", ended.text());
}

fn a_check_finds_neither_itself_nor_the_action_in_the_supervisor(supervisor: &Supervisor) {
    let action = format!("{AWAIT} : needle-of-action; await found");
    let check = "sh ./check.sh needle-of-check; mv new found";
    let prepared = supervisor.prepare(
        &["--on-failure=log"],
        &shell(check).each_ref().map(|text| &**text),
        &["sh", "-c", &action],
    );
    let search = "echo \"self $$\"\nfor needle in needle-of-action needle-of-check; do
        echo $needle $(pgrep -f $needle)\ndone > new\necho $PPID $$ >> new\n";
    std::fs::write(prepared.folder().join("check.sh"), search).expect("a file");
    let started = prepared.start();
    let pid = started.pid();
    let found = started.wait_for_file("found");
    started.end();
    let lines: Vec<Vec<&str>> = found
        .lines()
        .map(|line| line.split(' ').collect())
        .collect();
    assert_eq!(lines[0], ["needle-of-action", &pid.to_string()], "{found}");
    // The check itself, and the shell that has started its script.
    let mut of_check = lines[1][1..].to_vec();
    of_check.sort_unstable();
    let mut expected = lines[2].clone();
    expected.sort_unstable();
    assert_eq!(of_check, expected, "{found}");
}

fn commands_are_found_as_the_runtimes_find_them(supervisor: &Supervisor) {
    let run = |action: &[&str]| {
        // No check is due before the action ends.
        let options = ["--on-failure=log", "--initial-delay=60"];
        let prepared = supervisor.prepare(&options, &["=true"], action);
        let write = |name: &str, text: &str, mode: u32| {
            use std::os::unix::fs::PermissionsExt;
            let path = prepared.folder().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(&path, text).expect("a file");
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
        };
        write("first/tool", "#!/bin/sh\necho wrong\n", 0o644);
        write("second/tool", "echo \"tool $1\"\n", 0o755);
        write("second/closed", "", 0o644);
        let path = std::env::var("PATH").expect("a path");
        let path = format!("{0}/first:{0}/second:{path}", prepared.folder().display());
        prepared
            .with(|command| {
                command.env("PATH", path);
            })
            .start()
            .end()
    };
    let ended = run(&["tool", "x"]);
    assert_eq!((ended.status, &*ended.text()), (0, "tool x\n"));
    assert_eq!(run(&["./second/tool", "y"]).text(), "tool y\n");
    let ended = run(&["no-such-tool"]);
    assert_eq!(ended.status, 127, "{}", ended.text());
    assert!(ended.text().contains("no-such-tool"), "{}", ended.text());
    let ended = run(&["closed"]);
    assert_eq!(ended.status, 126, "{}", ended.text());
    assert!(ended.text().contains("closed"), "{}", ended.text());
}

fn an_action_that_cannot_start_has_no_monitor(supervisor: &Supervisor) {
    let check = shell("touch checked; exit 1");
    let check = check.each_ref().map(|text| &**text);
    let (ended, folder) = supervisor
        .start(&[], &check, &["./no-such-tool"])
        .end_in_folder();
    assert_nothing_runs(folder.path(), "");
    assert!(!folder.path().join("checked").exists());
    ended.assert_lacks("openjd_");
    // Its process stays until somebody reads why it cannot start.
    let blocking = "mkfifo full; exec 3<>full; dd if=/dev/zero of=full bs=64k count=1; exec 2>&3 3>&-; echo full; exec \"$@\"";
    let prefix = ["sh", "-c", blocking, "sh"].map(str::to_owned);
    let within = Supervisor(prefix.iter().chain(&supervisor.0).cloned().collect());
    let started = within.start(&[], &check, &["./no-such-tool"]);
    started.wait_for("full");
    sleep(Duration::from_secs(1));
    assert!(!started.path("checked").exists());
    started.signal(Signal::SIGKILL);
    started.end();
}

fn lines_of_the_action_are_never_split(supervisor: &Supervisor) {
    let long = long();
    let action = format!(
        "{AWAIT} printf first; await checked; sleep 0.3; echo ' half'; echo {long} | tr -d '\\n'; touch twice; sleep 0.3; echo end"
    );
    let check = "touch checked; echo 'openjd_status: from the check'";
    let ended = scripts(supervisor, &["--on-failure=log"], check, &action).end();
    let whole = format!("{long}end");
    ended.assert_lines(&["first half", &whole]);
    let mut lines = ended.lines();
    assert!(
        lines
            .iter()
            .any(|line| line == "openjd_status: from the check"),
        "{lines:?}"
    );
    lines.retain(|line| !line.starts_with("[onMonitor] ") && !line.starts_with("openjd_status: "));
    assert_eq!(lines, ["first half", &whole]);
    // A line that is too long to be held.
    let action = format!(
        "{AWAIT} echo {long} | tr -d '\\n'; sleep 0.2; touch long; await checked; sleep 0.8; echo end"
    );
    let check = format!("{AWAIT} await long; echo 'openjd_status: from the check'; touch checked");
    let ended = scripts(supervisor, &["--on-failure=log"], &check, &action).end();
    ended.assert_lines(&[&whole, "openjd_status: from the check"]);
    // One that a process in the background ends, after the action.
    let action = action.replace("echo end", "(sleep 0.2; echo end) &");
    let ended = scripts(supervisor, &["--on-failure=log"], &check, &action).end();
    ended.assert_lines(&[&whole, "openjd_status: from the check"]);
}

fn a_line_without_an_end_holds_up_no_message(supervisor: &Supervisor) {
    let action = format!("{AWAIT} printf 'waiting '; touch ready; await end; echo ended");
    let check = format!("{AWAIT} await ready; sleep 0.2; echo 'openjd_status: from the check'");
    let started = scripts(supervisor, &["--on-failure=log"], &check, &action);
    started.wait_for("\nopenjd_status: from the check");
    std::fs::write(started.path("end"), "").expect("a file");
    started.end().assert_lines(&["waiting ended"]);
    // One that is too long to be held but for its end, and that a process in the background could go on with.
    let long = long();
    let (start, end) = long.split_at(80_000);
    let action = format!(
        "exec 2>/dev/null; {AWAIT} (trap '' TERM; await end) & printf %s {start}; sleep 0.3; printf %s {end}; trap 'exit 0' TERM; touch ready; while :; do sleep 0.02; done"
    );
    let check = format!("{AWAIT} await ready; sleep 0.2; exit 1");
    let started = scripts(supervisor, &NOTIFYING, &check, &action);
    started.wait_for("\nopenjd_fail: ");
    std::fs::write(started.path("end"), "").expect("a file");
    let ended = started.end();
    ended.assert_lines(&[
        &long,
        "[onMonitor] unhealthy, 1 in a row: exit status 1",
        FIRED,
    ]);
}

fn a_line_without_an_end_is_passed_on_at_the_end(supervisor: &Supervisor) {
    let ended = scripts(
        supervisor,
        &["--initial-delay=60"],
        "true",
        "printf 'no end'",
    )
    .end();
    assert_eq!(ended.text(), "no end");
}

fn a_runtime_whose_pipe_does_not_block_gets_all_output(supervisor: &Supervisor) {
    const LINES: usize = 40_000;
    let python = python("").expect("it was there");
    let unblock = "import os, sys; os.set_blocking(1, False); os.execvp(sys.argv[1], sys.argv[1:])";
    let prefix = [&*python, "-c", unblock].map(str::to_owned);
    let within = Supervisor(prefix.iter().chain(&supervisor.0).cloned().collect());
    let action = format!("seq {LINES}; echo end");
    let action = ["sh", "-c", &action];
    let (reader, started) = within
        .prepare(&["--initial-delay=60"], &["=true"], &action)
        .start_unread();
    sleep(Duration::from_millis(500));
    let lines = started.read(reader).end().lines();
    let expected = (1..=LINES).map(|number| number.to_string());
    assert!(lines.into_iter().eq(expected.chain(["end".to_owned()])));
}

fn a_carriage_return_of_the_action_is_passed_on_at_once(supervisor: &Supervisor) {
    let action = format!("{AWAIT} printf '10 %%\\r20 %%\\r'; await seen; printf '30 %%\\r\\n'");
    let started = scripts(supervisor, &["--initial-delay=60"], "true", &action);
    let is_seen = wait(|| started.out().contains("10 %\r").then_some(()));
    assert!(is_seen.is_some(), "{}", started.out());
    std::fs::write(started.path("seen"), "").expect("a file");
    assert_eq!(started.end().text(), "10 %\r20 %\r30 %\r\n");
}

/// The variables that a check sees after the action has printed these lines.
fn seen(supervisor: &Supervisor, options: &[&str], lines: &str) -> String {
    let action = format!("{AWAIT} cat <<'END'\n{lines}END\ntouch said; await seen");
    // The first check may start before the action has printed anything.
    let check = format!("{AWAIT} await said; sleep 0.2; touch waited");
    let again = "env -0 | tr '\\n' / | tr '\\0' '\\n' | grep '^PROBE' | sort > new; mv new seen";
    let check = format!("if test -e waited; then {again}; else {check}; fi");
    let all: Vec<_> = ["--on-failure=log"]
        .iter()
        .chain(options)
        .copied()
        .collect();
    let check = shell(&check);
    let check = check.each_ref().map(|text| &**text);
    let prepared = supervisor.prepare(&all, &check, &["sh", "-c", &action]);
    let prepared = prepared.with(|command| {
        let command = command.env("PROBE_OF_ACTION", "kept");
        command.env("PROBE_GONE", "x");
    });
    let (ended, folder) = prepared.start().end_in_folder();
    assert_eq!(ended.status, 0, "{}", ended.text());
    std::fs::read_to_string(folder.path().join("seen")).expect("a file")
}

const MESSAGES: &str = "openjd_env: PROBE_1=first
openjd_env:   PROBE_2= a=b \nopenjd_env: \"PROBE_3=two\\nlines \\u00e9\"
openjd_env: PROBE_1=last
openjd_env: PROBE_4=x
openjd_unset_env: PROBE_4
openjd_unset_env:  PROBE_GONE
openjd_redacted_env: PROBE_5=secret
openjd_environment: PROBE_6=no
not openjd_env: PROBE_7=no
";

fn a_check_sees_what_an_entering_action_has_set(supervisor: &Supervisor) {
    let expected = "PROBE_1=last\nPROBE_2= a=b \nPROBE_3=two/lines é\nPROBE_OF_ACTION=kept\n";
    assert_eq!(seen(supervisor, &["--slot=onEnter"], MESSAGES), expected);
    let options = ["--slot=onWrapEnvEnter", "--redacted-env"];
    let expected = expected.replace("PROBE_OF", "PROBE_5=secret\nPROBE_OF");
    assert_eq!(seen(supervisor, &options, MESSAGES), expected);
}

fn only_entering_actions_set_variables(supervisor: &Supervisor) {
    assert_eq!(
        seen(supervisor, &[], MESSAGES),
        "PROBE_GONE=x\nPROBE_OF_ACTION=kept\n"
    );
}

fn a_check_has_the_environment_of_the_action(supervisor: &Supervisor) {
    let list = |file: &str| format!("env -0 | sort -z > new-{file}; mv new-{file} {file}");
    let action = format!("{AWAIT} {}; await of-check", list("of-action"));
    let check = list("of-check");
    let started = scripts(supervisor, &["--on-failure=log"], &check, &action);
    let (ended, folder) = started.end_in_folder();
    assert_eq!(ended.status, 0, "{}", ended.text());
    let variables = |file: &str| {
        let text = std::fs::read_to_string(folder.path().join(file)).expect("a file");
        let mut variables: Vec<_> = text.split('\0').map(str::to_owned).collect();
        // The shell sets some, and the supervisor marks its checks.
        let own = ["PWD=", "OLDPWD=", "_=", "OPENJD_MONITOR_CHECK="];
        variables.retain(|variable| !own.iter().any(|start| variable.starts_with(start)));
        variables
    };
    assert_eq!(variables("of-check"), variables("of-action"));
}

fn a_malformed_message_is_for_the_runtime_to_act_on(supervisor: &Supervisor) {
    let action = "echo 'openjd_env:A=b'; touch said; sleep 100";
    let check = format!("{AWAIT} await said; sleep 0.3; exit 1");
    let ended = scripts(supervisor, &["--slot=onEnter"], &check, action).end();
    assert_eq!(ended.status, -9, "{}", ended.text());
    ended.assert_lines(&["openjd_env:A=b", FIRED]);
}

const NOTIFYING: [&str; 2] = ["--cancelation=NOTIFY_THEN_TERMINATE", "--notify-period=20"];

fn an_action_that_exits_with_0_when_it_is_notified_is_failed(supervisor: &Supervisor) {
    let action = "trap 'cat cancel_info.json; echo; echo bye; exit 0' TERM; touch ready; while :; do sleep 0.02; done";
    let check = format!("{AWAIT} await ready; echo 'openjd_fail: gone  '; echo why; exit 3");
    let ended = scripts(supervisor, &NOTIFYING, &check, action).end();
    assert_eq!(ended.status, 0, "{}", ended.text());
    ended.assert_lines(&["openjd_status: why", "bye", FIRED, "openjd_fail: gone"]);
    let lines = ended.lines();
    assert_eq!(lines[lines.len() - 2..], [FIRED, "openjd_fail: gone"]);
    let info = lines
        .iter()
        .find(|line| line.starts_with('{'))
        .expect("the file");
    let info: Value = serde_json::from_str(info).expect("JSON");
    let end = info["NotifyEnd"].as_str().expect("a time");
    let end = chrono::NaiveDateTime::parse_from_str(end, "%Y-%m-%dT%H:%M:%SZ").expect("a time");
    let left = end.and_utc() - chrono::Utc::now();
    assert!((15..=20).contains(&left.num_seconds()), "{left}");
}

fn what_the_action_writes_last_comes_before_the_message(supervisor: &Supervisor) {
    let action = "trap 'seq 30000; exit 0' TERM; touch ready; while :; do sleep 0.02; done";
    let check = format!("{AWAIT} await ready; echo 'openjd_fail: gone'; exit 1");
    let ended = scripts(supervisor, &NOTIFYING, &check, action).end();
    let lines = ended.lines();
    assert_eq!(
        lines[lines.len() - 3..],
        ["30000", FIRED, "openjd_fail: gone"]
    );
}

fn an_action_that_ignores_the_notify_is_killed(supervisor: &Supervisor) {
    let action = "trap '' TERM; touch ready; while :; do sleep 0.02; done";
    let check = format!("{AWAIT} await ready; date +%s.%N > fired; exit 1");
    let options = ["--cancelation=NOTIFY_THEN_TERMINATE", "--notify-period=2"];
    let (ended, folder) = scripts(supervisor, &options, &check, action).end_in_folder();
    assert_eq!(ended.status, -9, "{}", ended.text());
    ended.assert_lines(&[FIRED]);
    assert!(ended.took >= Duration::from_secs(2), "{:?}", ended.took);
    assert_nothing_runs(folder.path(), &ended.text());
}

fn without_a_notify_the_group_is_killed_at_once(supervisor: &Supervisor) {
    let action = "trap '' TERM; sleep 100 & touch ready; wait";
    let check = format!("{AWAIT} await ready; exit 1");
    let ended = scripts(supervisor, &[], &check, action).end();
    assert_eq!(ended.status, -9, "{}", ended.text());
    ended.assert_lines(&["openjd_status: onMonitor: exit status 1", FIRED]);
}

fn a_cancel_of_the_user_stops_the_checks(supervisor: &Supervisor) {
    // Of an action before, the file is there already.
    for is_new in [true, false] {
        let action = format!("{AWAIT} await end");
        let check =
            shell("echo check >> checks; trap 'touch notified' TERM; while :; do sleep 0.02; done");
        let check = check.each_ref().map(|text| &**text);
        let prepared = supervisor.prepare(&NOTIFYING, &check, &["sh", "-c", &action]);
        if !is_new {
            std::fs::write(prepared.folder().join("cancel_info.json"), "{}").expect("a file");
        }
        let started = prepared.start();
        started.wait_for_file("checks");
        started.write_cancel_info();
        let is_killed = wait(|| {
            named("sh", started.path("").as_path())
                .len()
                .eq(&1)
                .then_some(())
        });
        assert!(is_killed.is_some(), "{}", started.out());
        std::fs::write(started.path("end"), "").expect("a file");
        let (ended, folder) = started.end_in_folder();
        assert_eq!(ended.status, 0, "{}", ended.text());
        ended.assert_lacks("openjd_");
        ended.assert_lacks("unhealthy");
        assert!(!folder.path().join("notified").exists());
        assert_nothing_runs(folder.path(), &ended.text());
    }
}

fn a_cancel_of_the_user_after_the_monitor_has_fired_changes_nothing(supervisor: &Supervisor) {
    let action = format!("{AWAIT} trap 'touch notified' TERM; touch ready; await end");
    let check = format!("{AWAIT} await ready; exit 1");
    let started = scripts(supervisor, &NOTIFYING, &check, &action);
    assert!(wait(|| started.path("notified").exists().then_some(())).is_some());
    // It is not taken for a cancel, which is looked for every 100 ms, and reported after the rest of the output.
    sleep(Duration::from_secs(1));
    assert!(!started.out().contains(FIRED), "{}", started.out());
    started.write_cancel_info();
    // The runtime would cut off what comes a second later.
    started.wait_for(
        "openjd_fail: onMonitor of environment 'Env' reported unhealthy 1 consecutive time(s)",
    );
    std::fs::write(started.path("end"), "").expect("a file");
    let ended = started.end();
    assert_eq!(ended.status, 0);
    assert_eq!(
        ended.lines().iter().filter(|line| *line == FIRED).count(),
        1,
        "{}",
        ended.text()
    );
}

fn the_end_of_the_action_ends_its_check(supervisor: &Supervisor) {
    let action = format!("{AWAIT} await checked; echo end; exit 5");
    let check = "echo checking; setsid sleep 100 & touch checked; sleep 100; exit 1";
    let ended = scripts(supervisor, &[], check, &action).end();
    assert_eq!(ended.status, 5, "{}", ended.text());
    assert!(ended.took < Duration::from_secs(4), "{:?}", ended.took);
    ended.assert_lines(&["end"]);
    ended.assert_lacks("openjd_");
    ended.assert_lacks("unhealthy");
}

fn a_check_that_hangs_is_killed_with_all_that_it_has_started(supervisor: &Supervisor) {
    let check = "setsid sleep 100 & sleep 100 & trap '' TERM; echo hangs; sleep 100";
    let ended = scripts(supervisor, &["--timeout=1"], check, "sleep 100").end();
    assert_eq!(ended.status, -9, "{}", ended.text());
    let message = "openjd_fail: onMonitor of environment 'Env' reported unhealthy 1 consecutive time(s) while onWrapTaskRun was running (timed out after 1 s)";
    ended.assert_lines(&[
        "[onMonitor] hangs",
        "[onMonitor] unhealthy, 1 in a row: timed out after 1 s",
        "openjd_status: hangs",
        message,
    ]);
}

fn a_check_that_leaves_processes_behind_is_rid_of_them(supervisor: &Supervisor) {
    let action = format!("{AWAIT} await end");
    let check =
        format!("{AWAIT} sleep 101 & setsid sh -c 'touch left; exec sleep 102' & await left");
    let started = scripts(supervisor, &[], &check, &action);
    started.wait_for("[onMonitor] healthy");
    let left = wait(|| named("sleep", &started.path("")).is_empty().then_some(()));
    // That of the action is too short to be seen for long.
    assert!(left.is_some());
    std::fs::write(started.path("end"), "").expect("a file");
    assert_eq!(started.end().status, 0);
}

/// The script finds no process that has left the group of the check and has none of its variables.
fn what_hides_from_a_check_ends_with_the_action(supervisor: &Supervisor) {
    let action = format!("{AWAIT} await end");
    // Without its environment.
    let check = format!(
        "{AWAIT} env -i PATH=\"$PATH\" setsid sh -c 'touch left; exec sleep 103' & await left"
    );
    let started = scripts(supervisor, &[], &check, &action);
    started.wait_for("[onMonitor] healthy");
    std::fs::write(started.path("end"), "").expect("a file");
    assert_eq!(started.end().status, 0);
}

/// Runs a check beside an action that ends when its result is logged, with `log`.
fn logged(supervisor: &Supervisor, options: &[&str], check: &str) -> Ended {
    let options: Vec<_> = ["--on-failure=log"]
        .iter()
        .chain(options)
        .copied()
        .collect();
    let started = scripts(supervisor, &options, check, &format!("{AWAIT} await end"));
    let has_result = wait(|| {
        let out = started.out();
        let results = ["[onMonitor] unhealthy", "[onMonitor] healthy"];
        results
            .iter()
            .any(|result| out.contains(result))
            .then_some(())
    });
    assert!(has_result.is_some(), "{}", started.out());
    std::fs::write(started.path("end"), "").expect("a file");
    started.end()
}

/// An action and a check that both hang, and an output that says so.
fn hanging(supervisor: &Supervisor, options: &[&str]) -> Started {
    let check = "echo checking; trap '' TERM; while :; do sleep 0.05; done";
    let action = "echo running; while :; do sleep 0.05; done";
    let started = scripts(supervisor, options, check, action);
    started.wait_for("[onMonitor] checking");
    started.wait_for("running");
    started
}

/// The processes of the supervisor: the watcher, which is older, and the guard. The guard of the program is a shell that
/// works elsewhere.
fn watching(started: &Started) -> [Pid; 2] {
    let found = wait(|| watcher_and_guard(started));
    found.unwrap_or_else(|| panic!("no watcher with a guard: {}", started.out()))
}

fn watcher_and_guard(started: &Started) -> Option<[Pid; 2]> {
    let mut found = named("onMonitor", &started.path(""));
    found.sort_unstable();
    let (watcher, others) = found.split_first()?;
    let works_elsewhere = |pid: i32| {
        let folder = std::fs::read_link(format!("/proc/{pid}/cwd"));
        folder.is_ok_and(|folder| folder == Path::new("/"))
    };
    let shells = named("sh", Path::new("/")).into_iter();
    let mut guards = shells.filter(|pid| parent(*pid) == Some(*watcher) && works_elsewhere(*pid));
    let guard = guards.next().or_else(|| others.first().copied())?;
    Some([Pid::from_raw(*watcher), Pid::from_raw(guard)])
}

fn parent(pid: i32) -> Option<i32> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let mut lines = status.lines();
    let parent = lines.find_map(|line| line.strip_prefix("PPid:"))?;
    parent.trim().parse().ok()
}

fn killing_the_action_leaves_nothing(supervisor: &Supervisor) {
    let started = hanging(supervisor, &[]);
    started.signal(Signal::SIGKILL);
    let ended = started.end();
    assert_eq!(ended.status, -9);
    ended.assert_lacks("openjd_");
}

fn killing_the_watcher_leaves_nothing(supervisor: &Supervisor) {
    let started = hanging(supervisor, &[]);
    let [watcher, _] = watching(&started);
    kill(watcher, Signal::SIGKILL).expect("it runs");
    let is_gone = wait(|| {
        named("onMonitor", &started.path(""))
            .is_empty()
            .then_some(())
    });
    assert!(is_gone.is_some());
    let only_action = wait(|| (named("sh", &started.path("")).len() == 1).then_some(()));
    assert!(only_action.is_some());
    started.signal(Signal::SIGKILL);
    started.end();
}

fn killing_a_guard_leaves_nothing(supervisor: &Supervisor) {
    let started = hanging(
        supervisor,
        &["--on-failure=log", "--period=200", "--timeout=100"],
    );
    let [watcher, guard] = watching(&started);
    kill(guard, Signal::SIGKILL).expect("it runs");
    let only_action = || (named("sh", &started.path("")).len() == 1).then_some(());
    // The check is killed, or gets another guard.
    let has_another = || watcher_and_guard(&started).filter(|[_, found]| *found != guard);
    let is_noticed = wait(|| only_action().or_else(|| has_another().map(drop)));
    assert!(is_noticed.is_some(), "{}", started.out());
    kill(watcher, Signal::SIGKILL).expect("it runs");
    assert!(wait(only_action).is_some(), "{}", started.out());
    started.signal(Signal::SIGKILL);
    started.end();
}

fn killing_the_check_counts_as_unhealthy(supervisor: &Supervisor) {
    let ended = scripts(supervisor, &[], "kill -KILL $$", "sleep 100").end();
    ended.assert_lines(&[
        "[onMonitor] unhealthy, 1 in a row: killed by signal 9",
        FIRED,
    ]);
}

fn processes_in_the_background_live_on(supervisor: &Supervisor) {
    let background =
        format!("{AWAIT} await go; echo 'openjd_status: still here'; await end; echo last");
    let action = format!("({background}) & echo started");
    let started = scripts(supervisor, &["--slot=onEnter"], "true", &action);
    started.wait_for("started");
    assert!(
        wait(|| named("onMonitor", &started.path(""))
            .len()
            .eq(&1)
            .then_some(()))
        .is_some()
    );
    // It is not the end of the action that ends it.
    sleep(Duration::from_millis(700));
    std::fs::write(started.path("go"), "").expect("a file");
    started.wait_for("openjd_status: still here");
    std::fs::write(started.path("end"), "").expect("a file");
    let ended = started.end();
    assert_eq!(ended.status, 0);
    ended.assert_lines(&["started", "last"]);
}

fn processes_in_the_background_are_read_before_the_verdict(supervisor: &Supervisor) {
    let background = "trap '' TERM; touch ready; until test -e notified; do sleep 0.02; done; sleep 0.1; printf last";
    let action = format!(
        "({background}) & trap 'touch notified; exit 0' TERM; while :; do sleep 0.02; done"
    );
    let check = format!("{AWAIT} await ready; sleep 0.1; exit 1");
    let ended = scripts(supervisor, &NOTIFYING, &check, &action).end();
    ended.assert_lines(&["last", FIRED]);
}

fn time_in_which_the_watcher_is_stopped_does_not_count(supervisor: &Supervisor) {
    let action = format!("{AWAIT} await end");
    let check = "echo check >> checks; sleep 2";
    let started = scripts(supervisor, &["--timeout=3"], check, &action);
    started.wait_for_file("checks");
    let [watcher, _] = watching(&started);
    kill(watcher, Signal::SIGSTOP).expect("it runs");
    // The check ends in the meantime, and its time.
    sleep(Duration::from_secs(6));
    kill(watcher, Signal::SIGCONT).expect("it runs");
    started.wait_for("[onMonitor] healthy");
    sleep(Duration::from_secs(1));
    assert_eq!(
        started.wait_for_file("checks"),
        "check\n",
        "no tick is made up for"
    );
    std::fs::write(started.path("end"), "").expect("a file");
    let ended = started.end();
    assert_eq!(ended.status, 0, "{}", ended.text());
    ended.assert_lacks("timed out");
}

fn a_runtime_that_does_not_read_holds_up_no_check(supervisor: &Supervisor) {
    let action = "yes '0123456789 and so on' | head -n 40000; touch printed; echo end";
    let check = "seq 1000; echo check >> checks";
    let check = shell(check);
    let check = check.each_ref().map(|text| &**text);
    let prepared = supervisor.prepare(&["--on-failure=log"], &check, &["sh", "-c", action]);
    let (reader, started) = prepared.start_unread();
    for expected in ["check\n", "check\ncheck\n"] {
        let is_run = wait(|| {
            std::fs::read_to_string(started.path("checks"))
                .is_ok_and(|text| text == expected)
                .then_some(())
        });
        assert!(is_run.is_some(), "{expected}");
    }
    assert!(
        !started.path("printed").exists(),
        "the action waits for the runtime as it would without a monitor"
    );
    let ended = started.read(reader).end();
    let lines = ended.lines();
    let printed = lines.iter().filter(|line| *line == "0123456789 and so on");
    assert_eq!(printed.count(), 40_000);
    ended.assert_lines(&["end"]);
}

fn large_output_is_passed_on_whole(supervisor: &Supervisor) {
    const CHUNK: usize = 1 << 16;
    let size = 200_000_000;
    let action = format!("yes 'a line of some length, with openjd_env in it' | head -c {size}");
    let check = shell("true");
    let check = check.each_ref().map(|text| &**text);
    // No check writes a line between those of the action.
    let prepared = supervisor.prepare(&["--initial-delay=100000"], &check, &["sh", "-c", &action]);
    let (mut reader, started) = prepared.start_unread();
    let line = b"a line of some length, with openjd_env in it\n";
    let lines = line.repeat(CHUNK / line.len() + 2);
    let mut read = 0;
    let mut chunk = vec![0; CHUNK];
    while let Ok(part @ 1..) = reader.read(&mut chunk) {
        let from = read % line.len();
        assert!(chunk[..part] == lines[from..from + part], "at {read}");
        read += part;
    }
    assert_eq!(read, size);
    assert_eq!(started.end().status, 0);
}

fn a_runtime_that_stops_reading_is_noticed_by_the_action(supervisor: &Supervisor) {
    let action = ["sh", "-c", "echo $$; exec yes"];
    let (mut reader, started) = supervisor
        .prepare(&["--on-failure=log"], &["=true"], &action)
        .start_unread();
    let mut some = [0; 100];
    reader.read_exact(&mut some).expect("some output");
    drop(reader);
    assert_eq!(started.end().status, -(Signal::SIGPIPE as i32));
}

fn a_runtime_that_is_gone_needs_no_watcher(supervisor: &Supervisor) {
    let prepared = supervisor.prepare(
        &["--on-failure=log", "--period=600", "--timeout=500"],
        &["=sleep", "=100"],
        &["sleep", "100"],
    );
    let (reader, started) = prepared.start_unread();
    watching(&started);
    drop(reader);
    let is_gone = wait(|| {
        let watchers = named("onMonitor", &started.path(""));
        watchers.is_empty().then_some(())
    });
    assert!(is_gone.is_some());
    started.signal(Signal::SIGKILL);
    assert_eq!(started.end().status, -9);
}

fn statuses_of_a_check_are_forwarded_at_once(supervisor: &Supervisor) {
    let action = format!("{AWAIT} await end");
    let check = format!(
        "{AWAIT} echo 'openjd_status: 50 % \t'; await seen; echo 'openjd_status:later'; echo 'openjd_status: '"
    );
    let started = scripts(supervisor, &["--on-failure=log"], &check, &action);
    assert_eq!(started.wait_for("\nopenjd_status: "), "50 %");
    assert!(!started.out().contains("healthy"), "{}", started.out());
    std::fs::write(started.path("seen"), "").expect("a file");
    started.wait_for("[onMonitor] healthy");
    std::fs::write(started.path("end"), "").expect("a file");
    let ended = started.end();
    ended.assert_lines(&["[onMonitor] openjd_status:later"]);
    let statuses = ended
        .lines()
        .into_iter()
        .filter(|line| line.starts_with("openjd_"))
        .collect::<Vec<_>>();
    assert_eq!(statuses, ["openjd_status: 50 %"]);
}

fn messages_that_a_check_must_not_send_have_no_effect(supervisor: &Supervisor) {
    let messages = [
        "openjd_progress: 50",
        "openjd_env: A=b",
        "openjd_unset_env: A",
        "openjd_session_runtime_loglevel: ERROR",
    ];
    let near = "openjd_env:A=b";
    let check = format!("printf '%s\\n' '{}' '{near}'; exit 1", messages.join("' '"));
    let ended = logged(supervisor, &["--slot=onEnter"], &check);
    let note = "[onMonitor] the message above has no effect, as it comes from a check";
    for message in messages {
        ended.assert_lines(&[&format!("[onMonitor] {message}"), note]);
    }
    // No message is part of the status; a line that is none is.
    ended.assert_lines(&[
        "[onMonitor] openjd_env:A=b",
        &format!("openjd_status: {near}"),
    ]);
    let lines = ended.lines();
    let sent = lines
        .iter()
        .filter(|line| line.starts_with("openjd_"))
        .collect::<Vec<_>>();
    assert_eq!(sent, [&format!("openjd_status: {near}")]);
}

fn a_check_cannot_hide_a_message_behind_a_carriage_return(supervisor: &Supervisor) {
    let long = format!("{}openjd_env: C=d", "x".repeat(63_988));
    let check = format!(
        "printf 'a\\ropenjd_env: A=b\\nopenjd_status: b\\ropenjd_env: A=b\\n{long}\\n'; exit 1"
    );
    let ended = logged(supervisor, &[], &check);
    ended.assert_lines(&["[onMonitor] a / openjd_env: A=b"]);
    // As the runtime in Python reads lines.
    let text = ended.text();
    for line in text.split(['\r', '\n']) {
        let limited: String = line.chars().skip(64_000).collect();
        assert!(
            !line.starts_with("openjd_env") && limited.is_empty(),
            "{line}"
        );
    }
}

/// The failure status of a check that prints this and exits with 1.
fn status(supervisor: &Supervisor, check: &str) -> String {
    let ended = logged(supervisor, &[], &format!("{check}\nexit 1"));
    let mut lines = ended.lines();
    lines.retain(|line| line.starts_with("openjd_"));
    assert_eq!(lines.len(), 1, "{lines:?}");
    let status = lines[0].strip_prefix("openjd_status: ");
    status.expect("a status").to_owned()
}

fn a_failure_status_is_one_line_of_the_end_of_the_output(supervisor: &Supervisor) {
    let both = "echo one; echo two >&2; echo 'openjd_progress: 1'; echo 'openjd_fail: x'; echo; printf ' three \\343\\200\\200\\n\\n'";
    assert_eq!(status(supervisor, both), "one / two /  /  three");
    let cut = format!("printf %s '{}'", "€".repeat(2000));
    assert_eq!(status(supervisor, &cut), format!("…{}", "€".repeat(1365)));
    assert_eq!(status(supervisor, "printf 'a\\377b'"), "a\u{FFFD}b");
    let flood = "yes 0123456789 | head -n 20000; echo last";
    let end = status(supervisor, flood);
    let expected = format!("0123456789\n{}last", "0123456789\n".repeat(400));
    let expected = format!("…{}", &expected[expected.len() - 4096..]).replace('\n', " / ");
    assert_eq!(end, expected);
}

fn the_default_texts_name_the_reason(supervisor: &Supervisor) {
    assert_eq!(
        status(supervisor, "echo; echo ' '"),
        "onMonitor: exit status 1"
    );
    let ended = scripts(
        supervisor,
        &["--environment=A 'b'", "--slot=onEnter"],
        "kill -SEGV $$",
        "sleep 100",
    )
    .end();
    let message = "openjd_fail: onMonitor of environment 'A 'b'' reported unhealthy 1 consecutive time(s) while onEnter was running (killed by signal 11)";
    ended.assert_lines(&["openjd_status: onMonitor: killed by signal 11", message]);
}

fn a_check_that_cannot_start_is_unhealthy(supervisor: &Supervisor) {
    let ended = supervisor
        .start(&[], &["=no-such-check"], &["sleep", "100"])
        .end();
    assert_eq!(ended.status, -9, "{}", ended.text());
    let lines = ended.lines();
    let said = |start: &str| lines.iter().any(|line| line.starts_with(start));
    assert!(
        said("openjd_status: onMonitor: could not start: "),
        "{lines:?}"
    );
    assert!(
        said("[onMonitor] unhealthy, 1 in a row: could not start: "),
        "{lines:?}"
    );
}

fn a_log_line_never_says_how_an_action_has_exited(supervisor: &Supervisor) {
    let ended = logged(supervisor, &[], "echo 'it exited with code: 0'");
    ended.assert_lines(&["[onMonitor] it exited with (code): 0"]);
    ended.assert_lacks("exited with code");
}

fn secrets_of_a_check_are_redacted_from_then_on(supervisor: &Supervisor) {
    let check = "cat <<'END'
openjd_redacted_env: A=hunter2
openjd_redacted_env: \"B=one\\u00e9\\nsecond line\"
x hunter2 y
openjd_status: hunter2 one\u{e9}
openjd_fail: second line hunter2
+ echo 'openjd_redacted_env: C=later'
END
touch said; exit 1";
    let action = format!(
        "{AWAIT} trap '' TERM; await said; sleep 0.2; echo 'my hunter2'; echo 'openjd_env: D=hunter2'; sleep 100"
    );
    let options = [
        "--slot=onEnter",
        "--cancelation=NOTIFY_THEN_TERMINATE",
        "--notify-period=1",
    ];
    let ended = scripts(supervisor, &options, check, &action).end();
    ended.assert_lines(&[
        "[onMonitor] openjd_redacted_env: A=********",
        "[onMonitor] x ******** y",
        "openjd_status: ******** ********",
        "openjd_status: x ******** y / + echo 'openjd_redacted_env: C=later'",
        "my ********",
        "openjd_env: D=hunter2",
        "openjd_fail: ******** ********",
    ]);
    ended.assert_lacks("second line");
    ended.assert_lines(&["[onMonitor] + echo 'openjd_redacted_env: C=********"]);
    // Secrets of the action, which the runtime redacts in the log, but not in statuses and fail messages.
    let action = format!("{AWAIT} echo 'openjd_redacted_env: A=hunter2'; touch said; sleep 100");
    let check = format!(
        "{AWAIT} await said; sleep 0.2; echo 'openjd_fail: no hunter2'; echo hunter2; exit 1"
    );
    let ended = scripts(supervisor, &["--slot=onEnter"], &check, &action).end();
    ended.assert_lines(&[
        "openjd_redacted_env: A=hunter2",
        "openjd_status: ********",
        "openjd_fail: no ********",
    ]);
}

fn a_flood_of_a_check_is_cut_in_the_log(supervisor: &Supervisor) {
    let ended = logged(supervisor, &["--period=60", "--timeout=59"], "seq 200000");
    ended.assert_lines(&[
        "[onMonitor] 1000",
        "[onMonitor] (more of what this check writes is not logged)",
        "[onMonitor] healthy",
    ]);
    assert!(ended.out.len() < 400_000, "{}", ended.out.len());
}

fn options_that_are_not_possible_are_refused(supervisor: &Supervisor) {
    let refused = [
        "--period=4",
        "--period=",
        "--period=5.5",
        "--period=5_0",
        "--period= 5",
        "--period=inf",
        "--period=4e0",
        "--period=five",
        "--failure-threshold=0",
        "--initial-delay=-1",
        "--timeout=5",
        "--timeout=0",
        "--on-failure=kill",
        "--cancelation=ASK",
    ];
    for option in refused {
        let (ended, folder) = supervisor
            .start(&[option], &["=true"], &["touch", "started"])
            .end_in_folder();
        assert!(
            [2, 64].contains(&ended.status),
            "{option}: {} {}",
            ended.status,
            ended.text()
        );
        let lines = ended.lines();
        assert!(
            lines[0].starts_with("openjd_fail: onMonitor: "),
            "{option}: {lines:?}"
        );
        assert!(!folder.path().join("started").exists(), "{option}");
    }
    for check in [
        &["j{"][..],
        &["j{\"a\": 1}"],
        &["x"],
        &["jnull"],
        &["="],
        &["j\"\\u0000\""],
    ] {
        let ended = supervisor.start(&[], check, &["true"]).end();
        assert!(
            [2, 64].contains(&ended.status),
            "{check:?}: {}",
            ended.text()
        );
        assert!(
            ended.text().starts_with("openjd_fail: onMonitor: "),
            "{check:?}: {}",
            ended.text()
        );
    }
    let possible = [
        "--period=10.0",
        "--failure-threshold=1.",
        "--initial-delay=-0",
        "--timeout=.5e+1",
        "--notify-period=3E1",
    ];
    let ended = supervisor.start(&possible, &["=true"], &["true"]).end();
    assert_eq!(ended.status, 0, "{}", ended.text());
    let possible = [
        "--failure-threshold=",
        "--initial-delay=null",
        "--timeout=",
        "--cancelation=null",
        "--cancelation=",
        "--notify-period=",
    ];
    assert_eq!(
        supervisor
            .start(&possible, &["=true"], &["true"])
            .end()
            .status,
        0
    );
}

fn numbers_are_those_of_job_creation(supervisor: &Supervisor) {
    let folder = folder(&[
        ("job.yaml", &job("", "echo ran")),
        (
            "env.yaml",
            "specificationVersion: environment-2023-09
extensions: [FEATURE_BUNDLE_1, MONITOR]
parameterDefinitions: [{ name: Period, type: FLOAT, default: 5 }]
environment:
  name: Env
  script:
    actions:
      onEnter: { command: 'true' }
      onMonitor:
        command: { command: 'true' }
        period: '{{Param.Period}}'
        initialDelay: 60
        onFailure: log
        scope: [onEnter]
",
        ),
    ]);
    let mut accepted = Vec::new();
    for text in [
        "30", "30.0", "+30.", "3e1", ".3E+2", "300e-1", "5.0", "4.0", "30.5", "3e-1", "-30.0",
        "0e9",
    ] {
        let run = ["run", "job.yaml", "--environment", "env.yaml", "-p"];
        let parameter = format!("Period={text}");
        let run = program(run.into_iter().chain([&*parameter])).within(folder.path());
        let run = run
            .env("PATH", &std::env::var("PATH").expect("a path"))
            .run();
        let is_refused = run.err.contains("the job cannot be created");
        assert!(run.status == 0 || is_refused, "{text}: {}", run.err);
        let options = ["--initial-delay=60", &format!("--period={text}")];
        let ended = supervisor.start(&options, &["=true"], &["true"]).end();
        assert_eq!(ended.status == 0, run.status == 0, "{text}: {}", run.err);
        accepted.extend((run.status == 0).then_some(text));
    }
    assert_eq!(
        accepted,
        ["30", "30.0", "+30.", "3e1", ".3E+2", "300e-1", "5.0"]
    );
}

fn an_exit_slot_runs_without_a_monitor_if_need_be(supervisor: &Supervisor) {
    for slot in ["--slot=onExit", "--slot=onWrapEnvExit"] {
        let ended = supervisor
            .start(
                &[slot, "--period=1"],
                &["=false"],
                &["sh", "-c", "sleep 0.5; echo done; exit 3"],
            )
            .end();
        assert_eq!(ended.status, 3, "{}", ended.text());
        let lines = ended.lines();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(
            lines[0].starts_with("[onMonitor] ") && lines[0].contains("without a monitor"),
            "{lines:?}"
        );
        assert_eq!(lines[1], "done");
    }
}

#[test]
fn the_script_can_be_part_of_a_template() {
    let script = read(super::runtime::SCRIPT);
    assert!(!script.contains("{{"));
    assert!(script.is_ascii() || script.contains('…'));
}
