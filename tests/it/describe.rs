//! `describe`: the times against the clock of a simulated Session, the parts against what Sessions run, and the output.

use crate::support::{files, folder, program};
use crate::validation;
use openjd_monitor_core::describe::{Description, Owner, Part, Runs, Stack, describe};
use openjd_monitor_core::schema::DESCRIPTION;
use openjd_monitor_core::session::{ActionState, Effect, Exit, Session, Start, Target, Time};
use openjd_monitor_core::simulate::{End, JobSpec, ProcessModel, Run, simulate};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The environment template with this monitor beside its hooks, whose actions have no timeout.
fn wrapping(monitor: Value) -> Value {
    let hook = json!({ "command": "hook" });
    json!({
        "specificationVersion": "environment-2023-09",
        "extensions": ["EXPR", "WRAP_ACTIONS", "MONITOR"],
        "environment": { "name": "Outer", "script": { "actions": {
            "onEnter": { "command": "enter" },
            "onWrapEnvEnter": hook, "onWrapTaskRun": hook, "onWrapEnvExit": hook,
            "onMonitor": monitor,
        } } },
    })
}

fn one_step() -> Value {
    json!({
        "specificationVersion": "jobtemplate-2023-09",
        "name": "Job",
        "steps": [{ "name": "Step", "script": { "actions": { "onRun": { "command": "task" } } } }],
    })
}

/// A task that hangs, and checks that fail if they start after an instant.
struct FailingFrom {
    from: Time,
    failing: End,
}

impl ProcessModel for FailingFrom {
    fn run(&mut self, now: Time, start: &Start) -> Run {
        match start.target {
            Target::Check if now > self.from => Run::new(self.failing.clone()),
            Target::Action if start.action.slot == "onWrapTaskRun" => Run::new(End::Hangs),
            _ => Run::succeeding(Time::ZERO),
        }
    }
}

/// Milliseconds from `from` to the instant at which the monitor ends the hook of the task.
fn noticed_after(environment: &Value, model: &mut FailingFrom) -> u64 {
    let spec = JobSpec {
        template: one_step(),
        environments: vec![environment.clone()],
        parameters: BTreeMap::new(),
        tasks: None,
    };
    let session = Session::new(spec.create().expect("a job"));
    let mut fired = None;
    let ended = simulate(session, model, &[], &mut |at, effect| {
        let kills = matches!(
            effect,
            Effect::Kill {
                target: Target::Action,
                ..
            }
        );
        if kills {
            fired.get_or_insert(at);
        }
        Ok::<(), ()>(())
    });
    assert_eq!(ended, Ok(Ok(())));
    let fired = fired.expect("it fires");
    u64::try_from(fired.saturating_sub(model.from).as_millis()).expect("milliseconds")
}

#[test]
fn the_times_to_notice_are_those_of_a_session() {
    for (period, delay, timeout, threshold, on_failure) in [
        (10, None, None, 1, "terminate"),
        (10, None, Some(3), 3, "terminate"),
        (60, Some(0), Some(20), 2, "terminate"),
        (30, Some(200), Some(10), 2, "warn"),
        (5, Some(5), None, 4, "warn"),
        (120, Some(7), None, 1, "terminate"),
    ] {
        let mut monitor = json!({
            "command": { "command": "check" },
            "period": period, "failureThreshold": threshold, "onFailure": on_failure,
        });
        if let Some(delay) = delay {
            monitor["initialDelay"] = json!(delay);
        }
        if let Some(timeout) = timeout {
            monitor["command"]["timeout"] = json!(timeout);
        }
        let environment = wrapping(monitor.clone());
        let stack = Stack {
            environments: vec![&environment],
            ..Stack::default()
        };
        let description = describe(&stack).expect("a description");
        let watches = &description.monitors[0].watches;
        let watch = watches
            .iter()
            .find(|own| own.slot.name() == "onWrapTaskRun");
        let notice = watch.and_then(|own| own.notice).expect("known");
        let [least, most] = [notice.least, notice.most].map(|time| time.unsigned_abs() * 1000);
        let first = delay.unwrap_or(period);
        let ticks = [0, 1, 2, 7].map(|count| (first + count * period) * 1000_u64);
        let instants = ticks
            .into_iter()
            .flat_map(|tick| [tick - 1.min(tick), tick, tick + 4321]);
        let mut measured = Vec::new();
        for from in instants.chain([0]) {
            for failing in [End::Ends(Time::ZERO, Exit::Status(1)), End::Hangs] {
                let from = Time::from_millis(from);
                let time = noticed_after(&environment, &mut FailingFrom { from, failing });
                assert!(
                    least <= time && time <= most,
                    "{monitor} from {from:?}: {time}"
                );
                measured.push(time);
            }
        }
        // What fails a millisecond before a check, or as one has looked.
        assert_eq!(measured.iter().min(), Some(&(least + 1)), "{monitor}");
        assert_eq!(measured.iter().max(), Some(&most), "{monitor}");
    }
}

/// Records the actions that start, each with the time to its first check, with everything in good health.
#[derive(Default)]
struct Recorder(Vec<Started>);

#[derive(Clone)]
struct Started {
    name: String,
    at: Time,
    first_check: Option<Time>,
}

/// Duration of each action; shorter than the default timeout of exit slots.
const DURATION: Time = Time::from_secs(299);

impl ProcessModel for Recorder {
    fn run(&mut self, now: Time, start: &Start) -> Run {
        if start.target == Target::Action {
            self.0.push(Started {
                name: start.action.to_string(),
                at: now,
                first_check: None,
            });
            return Run::succeeding(DURATION);
        }
        let last = self.0.last_mut().expect("an action");
        last.first_check.get_or_insert(now.saturating_sub(last.at));
        Run::succeeding(Time::ZERO)
    }
}

/// The name of what runs in a part, and the time to its first check.
fn described(description: &Description, part: &Part) -> Option<(String, Option<Time>)> {
    let name = match (&part.runs, &part.owner) {
        (Runs::Nothing, _) => return None,
        (Runs::Hook(hook), _) => {
            format!("{} of environment '{}'", hook.slot.name(), hook.environment)
        }
        (_, Owner::Environment(name)) => format!("{} of environment '{name}'", part.action),
        (_, Owner::Step(name)) => format!("{} of step '{name}'", part.action),
        (_, owner) => panic!("{owner:?}"),
    };
    let first_check = part.watched.as_ref().ok().map(|watcher| {
        let mut monitors = description.monitors.iter();
        let monitor = monitors.find(|own| own.environment == watcher.environment);
        let mut watches = monitor.expect("a monitor").watches.iter();
        let watch = watches.find(|own| own.slot == watcher.slot);
        let seconds = watch.expect("a watch").first_check.value.expect("known");
        Time::from_secs(seconds.unsigned_abs())
    });
    Some((name, first_check.filter(|first| *first < DURATION)))
}

#[test]
fn what_runs_and_when_it_is_checked_first_is_as_in_a_session() {
    let mut compared = 0;
    for path in files("fixtures/conformance/trace", ".yaml") {
        let text = std::fs::read_to_string(&path).expect("a scenario");
        let scenario: Value = serde_saphyr::from_str(&text).expect("YAML");
        let Ok(spec) = serde_json::from_value::<JobSpec>(scenario["job"].clone()) else {
            continue;
        };
        let spec = JobSpec {
            tasks: None,
            ..spec
        };
        let Ok(job) = spec.create() else { continue };
        let mut recorder = Recorder::default();
        let mut is_sound = true;
        let ended = simulate(Session::new(job), &mut recorder, &[], &mut |_, effect| {
            is_sound &= match effect {
                Effect::ActionEnded { ending, .. } => ending.state == ActionState::Success,
                // A check that cannot be resolved for one Environment can be for another (VAR-4).
                Effect::Note { text, .. } => !text.contains("unmonitored"),
                _ => true,
            };
            Ok::<(), ()>(())
        });
        if !is_sound || ended != Ok(Ok(())) {
            continue;
        }
        compared += 1;
        let description = describe(&Stack {
            job: Some(&spec.template),
            environments: spec.environments.iter().collect(),
            parameters: spec.parameters.clone(),
        });
        let description = description.expect("a description");
        let parts = description.parts.iter();
        let mut parts: Vec<_> = parts
            .filter_map(|part| described(&description, part))
            .collect();
        let started = recorder.0.into_iter();
        let mut started: Vec<_> = started.map(|own| (own.name, own.first_check)).collect();
        // One task of each step is enough.
        parts.dedup();
        started.dedup();
        assert_eq!(parts, started, "{}", path.display());
    }
    assert!(compared > 200, "{compared}");
}

/// An Environment whose monitor has numbers of every kind: written, with a default, and without one.
const PARAMETERS: &str = r#"
specificationVersion: environment-2023-09
extensions: [EXPR, FEATURE_BUNDLE_1, WRAP_ACTIONS, MONITOR]
parameterDefinitions:
  - { name: Period, type: INT, minValue: 20, default: 30 }
  - { name: Failures, type: INT, minValue: 1 }
environment:
  name: "Pipe | `tick`"
  script:
    actions:
      onEnter: { command: enter, timeout: 60 }
      onWrapEnvEnter: &hook
        command: env
        args: ["{{WrappedAction.Command}}", "{{WrappedAction.Args}}"]
        timeout: "{{WrappedAction.Timeout}}"
        cancelation: { mode: "{{WrappedAction.Cancelation.Mode}}" }
      onWrapTaskRun: *hook
      onWrapEnvExit: *hook
      onMonitor:
        command: { command: check, args: ["a|b", "two words"] }
        period: "{{Param.Period}}"
        failureThreshold: "{{Param.Failures}}"
        onFailure: warn
        overrides:
          onEnter: { initialDelay: 60, failureThreshold: 1 }
          onWrapEnvEnter: { failureThreshold: 2, initialDelay: 100 }
"#;

fn described_as(format: &str, more: &[&str]) -> Value {
    let arguments = ["describe", "-", "--format", format];
    let ended = program(arguments.iter().chain(more))
        .stdin(PARAMETERS)
        .run();
    assert_eq!((ended.status, &*ended.err), (0, ""));
    let printed: Value = serde_json::from_str(&ended.out).expect("JSON");
    validation::assert_valid(&DESCRIPTION, &printed);
    printed
}

#[test]
fn numbers_are_resolved_as_far_as_parameters_are_known() {
    let printed = described_as("json", &[]);
    let slots = printed["templates"][0]["monitors"][0]["slots"].as_array();
    let [enter, hook, task, exit] = slots.expect("slots").as_slice() else {
        panic!("{printed}");
    };
    let period = json!({ "value": 30, "written": "{{Param.Period}}", "byDefault": true });
    assert_eq!(task["period"], period);
    assert_eq!(task["firstCheck"], period);
    assert_eq!(
        task["checkTimeout"],
        json!({ "value": 29, "written": null, "byDefault": true })
    );
    assert_eq!(task["failureThreshold"]["value"], Value::Null);
    assert_eq!(task["failureThreshold"]["written"], "{{Param.Failures}}");
    assert_eq!(task["timeToNotice"], Value::Null);
    assert_eq!(
        task["actionTimeout"]["written"],
        "{{WrappedAction.Timeout}}"
    );
    assert_eq!(
        task["cancelation"]["mode"],
        "{{WrappedAction.Cancelation.Mode}}"
    );
    assert_eq!(enter["hindrance"], "no-check");
    assert_eq!(enter["timeToNotice"], Value::Null);
    assert_eq!(hook["failuresToFire"], 3);
    // 100 + 2 * 30 + 29
    assert_eq!(hook["timeToNotice"], json!({ "least": 60, "most": 189 }));
    assert_eq!(exit["actsAs"], "log");
    assert_eq!(exit["timeToNotice"], json!({ "least": 0, "most": 59 }));

    let given = described_as("json", &["-p", "Failures=4", "-p", "Period=20"]);
    let task = &given["templates"][0]["monitors"][0]["slots"][2];
    let period = json!({ "value": 20, "written": "{{Param.Period}}", "byDefault": false });
    assert_eq!(task["period"], period);
    // Four periods, and the fifth check.
    assert_eq!(task["timeToNotice"], json!({ "least": 80, "most": 119 }));
}

#[test]
fn the_description_is_drawn_in_words_and_tables() {
    for format in ["text", "markdown"] {
        let arguments = ["describe", "-", "--format", format];
        let ended = program(arguments).stdin(PARAMETERS).run();
        assert_eq!((ended.status, &*ended.err), (0, ""));
        insta::assert_snapshot!(format!("describe_{format}"), ended.out);
    }
}

#[test]
fn monitors_and_tasks_of_a_job_are_told_apart() {
    let job = "
specificationVersion: jobtemplate-2023-09
extensions: [EXPR, WRAP_ACTIONS, MONITOR]
name: Job
steps:
  - name: Wrapped
    stepEnvironments:
      - name: Outer
        script:
          actions:
            onWrapEnvEnter: { command: hook }
            onWrapTaskRun: { command: hook }
            onWrapEnvExit: { command: hook }
            onMonitor:
              { command: { command: check }, period: 30, onFailure: log, scope: [onWrapEnvExit] }
      - name: Inner
        script:
          actions:
            onExit: { command: leave }
            onMonitor: { command: { command: check }, period: 30, onFailure: log }
    script: { actions: { onRun: { command: task } } }
  - name: Plain
    script: { actions: { onRun: { command: task } } }
";
    let ended = program(["describe", "-"]).stdin(job).run();
    assert_eq!((ended.status, &*ended.err), (0, ""));
    for line in [
        "- The tasks of `Wrapped` run unmonitored: the `scope` of `Outer` leaves out `onWrapTaskRun`.",
        "- The tasks of `Plain` run unmonitored: no Environment around them has `onWrapTaskRun`.",
    ] {
        assert!(ended.out.contains(line), "{}", ended.out);
    }
    let row = |start: &str| -> Vec<String> {
        let line = ended
            .out
            .lines()
            .find(|line| line.trim_start().starts_with(start));
        let cells = line.unwrap_or_default().trim().split("  ");
        cells
            .filter(|cell| !cell.is_empty())
            .map(|cell| cell.trim().to_owned())
            .collect()
    };
    assert_eq!(
        row("`onEnter` of `Inner`"),
        [
            "`onEnter` of `Inner`",
            "nothing: it is not defined, and no hook runs for it"
        ]
    );
    assert_eq!(
        row("`onExit` of `Inner`"),
        [
            "`onExit` of `Inner`",
            "`onWrapEnvExit` of `Outer`",
            "that of `Outer`; that of `Inner` does not run"
        ]
    );
}

#[test]
fn what_cannot_be_described_is_an_error() {
    let wraps =
        wrapping(json!({ "command": { "command": "check" }, "period": 30, "onFailure": "log" }));
    let folder = folder(&[
        ("other.yaml", "a: 1\n"),
        (
            "bad.yaml",
            "specificationVersion: environment-2023-09\nenvironment: {name: E}\n",
        ),
        ("wraps.json", &wraps.to_string()),
        ("parameters.yaml", PARAMETERS),
        ("sub/empty", ""),
    ]);
    for (arguments, status, message) in [
        (&["missing.yaml"] as &[_], 3, "cannot read `missing.yaml`"),
        (&["other.yaml"], 2, "`other.yaml` is no template"),
        (&["sub"], 2, "`sub` is a folder: name its templates"),
        (&["bad.yaml"], 2, "error[missing-field]"),
        (
            &["wraps.json", "--environment", "wraps.json"],
            2,
            "environments 'Outer' and 'Outer' both have wrap hooks",
        ),
        (&["parameters.yaml", "-p", "Period=7"], 2, "Period"),
        (&["parameters.yaml", "-p", "Failures=0"], 2, "Failures"),
    ] {
        let ended = program(["describe"].iter().chain(arguments))
            .within(folder.path())
            .run();
        assert_eq!(ended.status, status, "{arguments:?}: {}", ended.err);
        assert!(ended.err.contains(message), "{arguments:?}: {}", ended.err);
    }
    // What can be described is.
    let ended = program(["describe", "missing.yaml", "wraps.json"])
        .within(folder.path())
        .run();
    assert_eq!(ended.status, 3);
    assert!(ended.out.starts_with("`wraps.json`"), "{}", ended.out);
}
