//! The watcher of the script in random scenarios under a fake clock (`scenarios.py`), compared with `simulate`.
//!
//! The environment variables `SEED` and `SCENARIOS` set the seed and the number of scenarios.

use super::runtime::{beside, script_under_test};
use crate::support::{Random, program, python, variable};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

const SEED: usize = 16;
const SCENARIOS: usize = 100;

/// A process that ends by itself after one of these times; `reacts` says that it has one of them as a reaction, too.
fn run(random: &mut Random, times: &[f64], reactions: &[f64], lines: &[&str]) -> Value {
    let mut run = json!({ "after": random.pick(times) });
    match random.below(12) {
        0 => run["signal"] = json!(random.pick(&[9, 11, 15])),
        1..=5 => run["exit"] = json!(random.pick(&[1, 2, 255])),
        _ => run["exit"] = json!(0),
    }
    let mut at = 0.0;
    let mut output = Vec::new();
    for _ in 0..random.below(4) {
        at += random.pick(&[0.0, 0.5, 1.0]);
        output.push(json!({ "at": at, "stdout": random.pick(lines) }));
    }
    run["output"] = json!(output);
    if random.below(2) == 0 {
        run["onKill"] = json!({ "after": random.pick(reactions) });
    }
    run
}

fn check(random: &mut Random) -> Value {
    const TIMES: &[f64] = &[0.0, 0.5, 1.0, 2.0, 3.5, 4.0, 5.0, 6.0, 10.0];
    const LINES: &[&str] = &[
        "why",
        "openjd_status: working ",
        "openjd_fail: gone ",
        "openjd_progress: 1",
        "",
        " ",
    ];
    match random.below(10) {
        0 => json!({ "spawnError": "No such file or directory" }),
        1 => json!({ "hang": true, "onKill": { "after": random.pick(TIMES) } }),
        _ => run(random, TIMES, &[0.0, 1.0, 4.0, 7.0, 12.0], LINES),
    }
}

/// A scenario with one monitored action, which ends within a minute or is ended.
fn scenario(random: &mut Random) -> Value {
    const TIMES: &[f64] = &[0.0, 1.0, 4.0, 5.0, 10.0, 12.0, 20.0, 30.0, 45.0, 60.0];
    const LINES: &[&str] = &[
        "openjd_env: A=1",
        "openjd_env: B=x",
        "openjd_unset_env: A",
        "openjd_env: \"A=two\"",
        "plain",
    ];
    let mut action = run(random, TIMES, &[0.0, 0.0, 1.0], LINES);
    match random.below(3) {
        0 => action["onNotify"] = json!("ignore"),
        1 => action["onNotify"] = json!({ "exit": 0, "after": random.pick(&[0.0, 1.0, 5.0, 9.0]) }),
        _ => (),
    }
    let period = random.pick(&[5, 6, 10, 15]);
    let mut monitor = json!({ "command": { "command": "probe" }, "period": period });
    monitor["onFailure"] = json!(random.pick(&["log", "warn", "terminate", "terminate"]));
    if random.below(2) == 0 {
        monitor["initialDelay"] = json!(random.pick(&[0, 1, 5, 7, 10]));
    }
    if random.below(2) == 0 {
        monitor["failureThreshold"] = json!(random.pick(&[1, 2, 3]));
    }
    if random.below(2) == 0 {
        monitor["command"]["timeout"] = json!(random.pick(&[1, 2, 4]));
    }
    let mut enter = json!({ "command": "serve" });
    if random.below(3) > 0 {
        enter["cancelation"] = json!({ "mode": "NOTIFY_THEN_TERMINATE", "notifyPeriodInSeconds": random.pick(&[1, 5, 10]) });
    }
    let checks: Vec<_> = (0..1 + random.below(5)).map(|_| check(random)).collect();
    let mut inputs = Vec::new();
    if random.below(3) == 0 {
        inputs.push(json!({ "at": random.pick(TIMES), "cancel": true }));
    }
    json!({
        "id": "random",
        "title": "A random scenario",
        "clauses": ["TIM-1"],
        "job": { "template": {
            "specificationVersion": "jobtemplate-2023-09",
            "extensions": ["MONITOR"],
            "name": "Job",
            "jobEnvironments": [{
                "name": "Service",
                "script": { "actions": { "onEnter": enter, "onMonitor": monitor } },
            }],
            "steps": [{ "name": "Work", "script": { "actions": { "onRun": { "command": "work" } } } }],
        } },
        "processes": [
            { "match": { "slot": "onEnter", "environment": "Service" }, "runs": [action] },
            { "match": { "check": true }, "runs": checks },
        ],
        "inputs": inputs,
    })
}

/// What `simulate` says about the monitored action, in the form of `scenarios.py`.
fn simulated(scenario: &Value) -> Vec<Value> {
    let file = tempfile::NamedTempFile::with_suffix(".json").expect("a file");
    serde_json::to_writer(&file, scenario).expect("a file");
    let ended = program([
        "simulate",
        "--format",
        "json",
        &file.path().to_string_lossy(),
    ])
    .run();
    assert_eq!(ended.status, 0, "{}{scenario:#}", ended.err);
    let mut events = Vec::new();
    for line in ended.out.lines() {
        let event: Value = serde_json::from_str(line).expect("JSON");
        let at = event["at"].as_f64().expect("a time");
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let is_of_action = event["target"] == "action";
        match &*text("event") {
            "check_started" => events.push(json!({ "at": at, "event": "check_started", "variables": event["variables"] })),
            "check_ended" => events.push(json!({
                "at": at, "event": "check_ended", "result": event["result"], "failures": event["failures"],
            })),
            "status" if event["source"] == "monitor" => {
                let text = text("text").replace('\n', " / ");
                events.push(json!({ "at": at, "event": "status", "text": text }));
            }
            name @ ("notify" | "kill") if is_of_action => {
                events.push(json!({ "at": at, "event": name, "target": "action" }));
            }
            "action_ended" => {
                match event["cause"] == "monitor" {
                    true => events.push(json!({ "at": at, "event": "fail", "text": event["failMessage"] })),
                    // It is the runtime that signals an action that a user cancels.
                    false => events.retain(|event| event["target"] != "action"),
                }
                return events;
            }
            _ => (),
        }
    }
    panic!("the action does not end: {}", ended.out)
}

/// The events without an order within an instant, which is not the same in both.
fn by_instant(events: &[Value]) -> BTreeMap<u64, Vec<String>> {
    let mut sorted: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for event in events {
        let at = event["at"].as_f64().expect("a time");
        let mut event = event.clone();
        event["at"] = Value::Null;
        sorted
            .entry((at * 1000.0) as u64)
            .or_default()
            .push(event.to_string());
    }
    sorted.values_mut().for_each(|events| events.sort());
    sorted
}

#[test]
fn the_watcher_does_what_simulations_do() {
    let test = "the_watcher_does_what_simulations_do";
    let Some(python) = python(test) else {
        return;
    };
    let mut random = Random::new(variable("SEED", SEED) as u64);
    let scenarios: Vec<_> = (0..variable("SCENARIOS", SCENARIOS))
        .map(|_| scenario(&mut random))
        .collect();
    let mut child = Command::new(python)
        .args([beside("scenarios.py"), script_under_test()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = serde_json::to_vec(&scenarios).expect("JSON");
    let writing = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("it ends");
    writing.join().expect("no panic").expect("it reads");
    assert!(output.status.success());
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let mut lines = lines.lines();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for scenario in &scenarios {
        let watched: Vec<Value> =
            serde_json::from_str(lines.next().expect("a line")).expect("JSON");
        let simulated = simulated(scenario);
        for event in &simulated {
            *counts
                .entry(format!("{} {}", event["event"], event["result"]))
                .or_default() += 1;
        }
        let (watched, simulated) = (by_instant(&watched), by_instant(&simulated));
        assert_eq!(watched, simulated, "watcher, simulate: {scenario}");
    }
    // Each kind of event occurs.
    assert!(counts.len() >= 8, "{counts:?}");
}
