//! Scenarios with processes that write and do anything.

use super::text;
use super::tree::Tree;
use arbitrary::{Result, Unstructured};
use openjd_monitor::conformance;
use openjd_monitor_core::template::{Loaded, Syntax, limits, load};
use serde_json::{Value, json};
use std::sync::LazyLock;

/// Keys and values that mean something in scenarios.
const WORDS: &[&str] = &[
    "after",
    "args",
    "at",
    "cancel",
    "check",
    "clauses",
    "command",
    "environment",
    "environments",
    "exit",
    "hang",
    "id",
    "ignore",
    "inputs",
    "job",
    "match",
    "notifyPeriod",
    "onKill",
    "onNotify",
    "output",
    "parameters",
    "processes",
    "runs",
    "signal",
    "slot",
    "spawnError",
    "stderr",
    "stdout",
    "step",
    "tasks",
    "template",
    "templateFile",
    "title",
    "while",
    "wraps",
    "onEnter",
    "onRun",
    "onExit",
    "onMonitor",
    "Service",
    "Work",
    "true",
    "0.001",
    "1e9",
    "period",
    "failureThreshold",
    "terminate",
    "warn",
    "log",
    "openjd_fail: ",
    "openjd_status: ",
    "openjd_progress: 50",
    "openjd_env: A=b",
    "openjd_unset_env: A",
    "openjd_redacted_env: A=b",
    "openjd_session_runtime_loglevel: DEBUG",
];

/// The scenarios of the conformance suite without what they expect, which are changed.
static SUITE: LazyLock<Vec<Tree>> = LazyLock::new(|| {
    let cases = conformance::all().into_iter();
    let trees = cases.filter_map(|case| {
        let bytes = case.text().as_bytes();
        match load(bytes, Syntax::Yaml, limits::DEFAULT_MAX_BYTES) {
            Loaded::Document(document) => {
                let mut value = document.value().clone();
                value.as_object_mut()?.remove("expect");
                Some(Tree::from(&value))
            }
            Loaded::NoMapping(_) | Loaded::Malformed(..) => None,
        }
    });
    trees.collect()
});

/// Returns a scenario in JSON.
pub fn any(u: &mut Unstructured<'_>) -> Result<String> {
    let tree = match u.ratio(1, 2)? {
        true => changed(u)?,
        false => made(u)?,
    };
    tree.write(u, Syntax::Json)
}

/// Gives a job of the suite other processes and inputs, and changes something else now and then.
fn changed(u: &mut Unstructured<'_>) -> Result<Tree> {
    let mut tree = u.choose(&SUITE)?.clone();
    if let Some(Tree::List(processes)) = tree.field("processes") {
        for _ in 0..u.int_in_range(0..=3)? {
            processes.insert(0, Tree::from(&process(u)?));
        }
    }
    if let Some(own) = tree.field("inputs") {
        *own = Tree::from(&inputs(u)?);
    }
    if u.ratio(1, 4)? {
        tree.change(u, WORDS)?;
    }
    Ok(tree)
}

/// Makes a job with one step and one Environment, and what its processes do.
fn made(u: &mut Unstructured<'_>) -> Result<Tree> {
    let mut processes = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        processes.push(process(u)?);
    }
    let scenario = json!({
        "id": name(u, "a")?,
        "title": "t",
        "clauses": ["ACT-3"],
        "job": {
            "template": {
                "specificationVersion": "jobtemplate-2023-09",
                "extensions": ["MONITOR"],
                "name": "Job",
                "jobEnvironments": [{ "name": name(u, "Service")?, "script": { "actions": {
                    "onEnter": { "command": text::any(u)? },
                    "onExit": { "command": "stop" },
                    "onMonitor": {
                        "command": { "command": "probe", "args": [text::any(u)?], "timeout": 5 },
                        "period": u.int_in_range(5..=20)?,
                        "failureThreshold": u.int_in_range(1..=3)?,
                        "onFailure": *u.choose(&["terminate", "warn", "log"])?,
                    },
                } } }],
                "steps": [{ "name": name(u, "Work")?, "script": { "actions": {
                    "onRun": { "command": "work", "args": [text::any(u)?], "timeout": 300 },
                } } }],
            },
        },
        "processes": processes,
        "inputs": inputs(u)?,
    });
    let mut tree = Tree::from(&scenario);
    if u.ratio(1, 3)? {
        tree.change(u, WORDS)?;
    }
    Ok(tree)
}

/// A name that is most often the good one.
fn name(u: &mut Unstructured<'_>, good: &str) -> Result<String> {
    match u.ratio(1, 4)? {
        true => text::any(u),
        false => Ok(good.to_owned()),
    }
}

fn process(u: &mut Unstructured<'_>) -> Result<Value> {
    let selected = [
        json!({ "slot": "onEnter" }),
        json!({ "slot": "onRun" }),
        json!({ "slot": "onExit" }),
        json!({ "slot": "onWrapTaskRun" }),
        json!({ "check": true }),
        json!({}),
    ];
    let mut runs = Vec::new();
    for _ in 0..u.int_in_range(1..=3)? {
        runs.push(run(u)?);
    }
    Ok(json!({ "match": u.choose(&selected)?, "runs": runs }))
}

fn run(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut output = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        let start = *u.choose(&[
            "openjd_fail: ",
            "openjd_status: ",
            "openjd_env: A=",
            "openjd_redacted_env: B=",
            "",
        ])?;
        let stream = *u.choose(&["stdout", "stderr"])?;
        output.push(
            json!({ "at": u.int_in_range(0..=30)?, stream: format!("{start}{}", text::any(u)?) }),
        );
    }
    let mut run = match u.int_in_range(0..=4)? {
        0 => json!({ "hang": true }),
        1 => json!({ "spawnError": text::any(u)? }),
        2 => json!({ "signal": u.int_in_range(1..=31)?, "after": u.int_in_range(0..=60)? }),
        _ => json!({ "exit": u.int_in_range(0..=2)?, "after": u.int_in_range(0..=60)? }),
    };
    run["output"] = output.into();
    if u.ratio(1, 4)? {
        run["onNotify"] = json!("ignore");
    }
    Ok(run)
}

fn inputs(u: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match u.ratio(1, 4)? {
        true => json!([{ "at": u.int_in_range(0..=100)?, "cancel": true }]),
        false => json!([]),
    })
}
