//! Monitors of real actions.

use super::{Ended, PATIENCE, Running, environment, job, run, start};
use crate::support::{program, root};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::time::Duration;

/// Starts a background service. Once it is dead the hook waits for it in vain, like `docker exec`.
const ENTER: &str = "mkfifo answers
sleep 1000 > service.log 2>&1 &
echo \"openjd_env: SERVICE=$!\"";

/// A hook that waits for an answer, and cleans up for ten seconds when notified.
const HOOK: &str = "cleanup() {
  for second in 1 2 3 4 5 6 7 8 9 10; do echo \"cleaning $second\"; sleep 1; done
  echo cleaned
  exit 0
}
trap cleanup TERM
echo waiting
exec 3<>answers
while :; do read -t 1 line <&3; done";

const MONITOR: &str = "onMonitor:
  command: { command: sh, args: ['-c', 'kill -0 $SERVICE'] }
  period: 5
  onFailure: terminate
  failureThreshold: 2
  scope: [onWrapTaskRun]";

fn wrapped(cancelation: &str) -> String {
    let scripts = [
        ("onEnter", ENTER),
        ("onWrapEnvEnter", "exit 0"),
        ("onWrapTaskRun", HOOK),
        ("onWrapEnvExit", "exit 0"),
        ("onExit", "echo leaving"),
    ];
    let around = environment(&scripts, MONITOR)
        .replace(
            "{ mode: NOTIFY_THEN_TERMINATE, notifyPeriodInSeconds: 20 }",
            cancelation,
        )
        .replace(
            "command: sh\n        args: ['{{Env.File.onWrap",
            "command: bash\n        args: ['{{Env.File.onWrap",
        );
    job(&around, "echo never").replace("[MONITOR,", "[EXPR, WRAP_ACTIONS, MONITOR,")
}

/// Kills the service while the hook waits for it. Returns the time since the start of the run.
fn kill_service(running: &Running) -> Duration {
    let service = running.wait_for("openjd_env: SERVICE=");
    running.wait_for("waiting");
    let service = Pid::from_raw(service.parse().expect("a number"));
    std::thread::sleep(Duration::from_millis(300));
    kill(service, Signal::SIGKILL).expect("it is alive");
    running.age()
}

/// Asserts that the monitor fired in time, and that the action ended at most `grace` seconds later.
fn assert_fired_in_time(ended: &Ended, died: Duration, signal: &str, grace: f64) {
    assert_eq!(ended.status, 1, "{}{}", ended.out, ended.err);
    let fired = ended.at(signal)[0];
    // The second check that starts after the death, however late they are on a busy machine.
    let started = ended.at("check_started");
    let after = started.iter().filter(|at| **at > died.as_secs_f64());
    assert!(after.count() <= 2, "died {died:?}\n{}", ended.out);
    assert!(started.iter().all(|at| *at <= fired), "{}", ended.out);
    assert_eq!(ended.actions()[1], "onWrapTaskRun FAILED");
    assert!(
        ended.at("action_ended")[1] <= fired + grace + 5.0,
        "{}",
        ended.out
    );
    ended.assert_logged(&[
        "[onMonitor] unhealthy, 1 in a row: exit status 1",
        "[onMonitor] unhealthy, 2 in a row: exit status 1",
        "--------- Exiting Environment: Env",
        "leaving",
        "Session ended with errors.",
    ]);
    let end = match signal {
        "kill" => "killed at once by the session's SIGKILL (9)",
        _ => "exit status 0 after the session's SIGTERM (15)",
    };
    ended.assert_reason(&format!(
        "onWrapTaskRun of environment 'Env' FAILED by its monitor: onMonitor of environment 'Env' reported unhealthy 2 \
         consecutive time(s) while onWrapTaskRun was running (exit status 1); {end}"
    ));
}

#[test]
fn an_action_that_hangs_is_ended_when_its_service_has_died() {
    // Both at once: most of it is waiting.
    let terminated = start(&wrapped("{ mode: TERMINATE }"), &[]);
    let notified = start(
        &wrapped("{ mode: NOTIFY_THEN_TERMINATE, notifyPeriodInSeconds: 20 }"),
        &[],
    );
    let died = [kill_service(&terminated), kill_service(&notified)];
    let ended = terminated.end();
    assert_fired_in_time(&ended, died[0], "kill", 0.0);
    assert!(!ended.out.contains("cleaning"), "{}", ended.out);
    let ended = notified.end();
    assert_fired_in_time(&ended, died[1], "notify", 20.0);
    ended.assert_logged(&[
        "cleaning 1",
        "cleaning 10",
        "cleaned",
        "Process exited with code: 0",
    ]);
    assert_eq!(ended.at("kill"), [] as [f64; 0], "{}", ended.out);
}

#[test]
fn output_of_checks_is_labelled_and_never_taken_for_that_of_the_action() {
    let check = "onMonitor:
  command: { command: sh, args: ['-c', 'echo exited with code: 9; echo openjd_env: A=b >&2; echo openjd_status: fine'] }
  period: 5
  initialDelay: 0
  onFailure: log";
    let around = environment(&[("onEnter", "sleep 1; exit 0")], check);
    let ended = run(&job(&around, "echo A is ${A:-unset}"), &[]);
    assert_eq!(ended.status, 0);
    ended.assert_logged(&[
        "[onMonitor] exited with (code): 9",
        "[onMonitor] openjd_env: A=b",
        "[onMonitor] the message above has no effect, as it comes from a check",
        "[onMonitor] openjd_status: fine",
        "[onMonitor] healthy",
        "A is unset",
    ]);
    let status = ended
        .trace
        .iter()
        .find(|entry| entry["event"] == "status")
        .expect("a status");
    assert_eq!(
        (&status["text"], &status["source"]),
        (&"fine".into(), &"monitor".into())
    );
    assert!(
        ended.out.contains("\nChecks run: 1 (1 healthy)\n"),
        "{}",
        ended.out
    );
}

#[test]
fn a_check_sees_what_the_action_has_set_and_that_a_child_of_it_has_died() {
    // The child is nobody's to reap but this program's when the shell that started it has ended.
    let enter = "(sh -c 'sleep 3' > /dev/null 2>&1 & echo \"openjd_env: CHILD=$!\")\nsleep 12";
    let check = "onMonitor:
  command: { command: sh, args: ['-c', 'kill -0 $CHILD'] }
  period: 5
  initialDelay: 1
  onFailure: terminate";
    let ended = run(
        &job(&environment(&[("onEnter", enter)], check), "echo never"),
        &[],
    );
    assert_eq!(ended.status, 1, "{}", ended.out);
    assert_eq!(ended.actions(), ["onEnter FAILED"]);
    ended.assert_logged(&[
        "[onMonitor] healthy",
        "[onMonitor] unhealthy, 1 in a row: exit status 1",
    ]);
    let fired = ended.at("notify")[0];
    assert!((6.0..7.0).contains(&fired), "{}", ended.out);
}

#[test]
fn the_trace_and_the_picture_are_those_of_a_simulation() {
    let folder = tempfile::tempdir().expect("a folder");
    let picture = folder.path().join("run.svg");
    let check = "onMonitor:
  command: { command: 'true' }
  period: 5
  initialDelay: 0
  onFailure: log";
    let template = job(&environment(&[("onEnter", "sleep 1")], check), "echo done");
    let ended = super::start(&template, &["--timeline", &picture.to_string_lossy()]).end();
    let real: Vec<_> = ended
        .trace
        .iter()
        .map(|entry| entry["event"].clone())
        .collect();
    assert_eq!(
        real,
        [
            "action_started",
            "check_started",
            "check_ended",
            "action_ended",
            "action_started",
            "action_ended",
            "session_ended",
        ]
    );
    let path = folder.path().join("job.yaml");
    std::fs::write(&path, &template).expect("a file");
    let path = path.to_string_lossy().into_owned();
    let simulated = program(["simulate", &path, "--take", "onEnter=1", "--format", "json"]).run();
    let simulated = simulated.out.lines().map(|line| {
        let entry: serde_json::Value = serde_json::from_str(line).expect("JSON");
        entry["event"].clone()
    });
    assert_eq!(simulated.collect::<Vec<_>>(), real);
    let picture = std::fs::read_to_string(picture).expect("a picture");
    let drawn = roxmltree::Document::parse(&picture).expect("XML");
    assert_eq!(drawn.root_element().tag_name().name(), "svg");
    assert!(picture.contains("onEnter"), "{picture}");
}

#[test]
fn the_process_cases_pass() {
    let command = format!("{} run", env!("CARGO_BIN_EXE_openjd-monitor"));
    let arguments = ["conformance", "run", "--process", &command, "--jobs", "22"];
    let ended = program(arguments).run();
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    assert!(
        ended
            .out
            .contains(": 22 pass, 0 fail, 0 skip, 0 error, 0 time-out\n"),
        "{}",
        ended.out
    );
}

#[test]
fn the_worker_example_works_as_documented() {
    let template =
        std::fs::read_to_string(root().join("docs/examples/render.yaml")).expect("a file");
    let worker = ["--environment", "docs/examples/worker.yaml"];
    let fine = start(
        &template,
        &[&worker[..], &["-p", "SecondsPerFrame=0"]].concat(),
    );
    let hung = start(
        &template,
        &[&worker[..], &["-p", "SecondsPerFrame=1000"]].concat(),
    );
    let ended = fine.end();
    assert_eq!(ended.status, 0, "{}", ended.out);
    ended.assert_logged(&[
        "frame 1 is done",
        "frame 3 is done",
        "All actions completed successfully!",
    ]);
    let worker = hung.wait_for("openjd_env: WORKER=");
    hung.wait_for("openjd_status: frame 1 of teapot");
    kill(
        Pid::from_raw(worker.parse().expect("a number")),
        Signal::SIGKILL,
    )
    .expect("it is alive");
    let ended = hung.end();
    assert_eq!(ended.status, 1, "{}", ended.out);
    ended.assert_logged(&["the worker was gone"]);
    ended.assert_reason(
        "onWrapTaskRun of environment 'Worker' FAILED by its monitor: the worker has died; ",
    );
    assert!(ended.took < PATIENCE, "{:?}", ended.took);
}
