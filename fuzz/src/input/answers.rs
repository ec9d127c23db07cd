//! Answers of adapters: those of the reference executor, or ones that are wrong in a few things.

use super::tree::Tree;
use arbitrary::{Result, Unstructured};
use openjd_monitor::conformance::Case;
use openjd_monitor::conformance::protocol::{FEATURES, WireEffect, millis};
use openjd_monitor_core::session::{Effect, Session, Time};
use openjd_monitor_core::simulate::simulate;
use openjd_monitor_core::template::Syntax;
use serde_json::{Value, json};
use std::convert::Infallible;

/// Keys and values that mean something in answers.
const WORDS: &[&str] = &[
    "action",
    "action_ended",
    "args",
    "cause",
    "check",
    "check_ended",
    "command",
    "discarded",
    "effect",
    "effects",
    "environment",
    "errored",
    "failMessage",
    "failures",
    "healthy",
    "kill",
    "message",
    "monitor",
    "notify",
    "onEnter",
    "onRun",
    "p0",
    "p1",
    "parameters",
    "process",
    "reason",
    "refused",
    "result",
    "role",
    "seq",
    "session_ended",
    "skipped",
    "slot",
    "source",
    "spawn",
    "state",
    "status",
    "step",
    "SUCCESS",
    "FAILED",
    "text",
    "true",
    "unhealthy",
    "variables",
    "wake",
    "wraps",
    "18446744073709551615",
    "-1",
    "1e300",
];

/// Returns the lines that an adapter prints for `case`.
pub fn any(u: &mut Unstructured<'_>, case: &Case) -> Result<String> {
    let mut lines = String::new();
    let hello = json!({
        "protocol": 1,
        "implementation": { "name": "fuzz" },
        "features": FEATURES,
        "refusals": true,
    });
    let answers = std::iter::once(hello).chain(answers(case));
    for answer in answers {
        let mut tree = Tree::from(&answer);
        if u.ratio(1, 6)? {
            tree.change(u, WORDS)?;
        }
        lines += &tree.write(u, Syntax::Json)?;
    }
    Ok(lines)
}

/// Returns the answers of the reference executor to `begin`, to an `advance` for each instant, and to `end`.
fn answers(case: &Case) -> Vec<Value> {
    let mut instants: Vec<(Time, Vec<WireEffect>)> = Vec::new();
    let Ok(mut scenario) = case.scenario() else {
        return Vec::new();
    };
    if let Ok(job) = scenario.job {
        let Ok(_) = simulate(
            Session::new(job),
            &mut scenario.processes,
            &scenario.inputs,
            &mut |at, effect: &Effect| -> std::result::Result<(), Infallible> {
                let name = |process| format!("{process:?}");
                if instants.last().is_none_or(|(last, _)| *last < at) {
                    instants.push((at, Vec::new()));
                }
                if let Some((_, effects)) = instants.last_mut() {
                    effects.extend(WireEffect::from_session(effect, name));
                }
                Ok(())
            },
        );
    }
    let wakes = instants.iter().skip(1).map(|(at, _)| Some(millis(*at)));
    let wakes: Vec<_> = wakes.chain([None]).collect();
    let answers = instants.iter().zip(wakes).enumerate();
    let mut answers: Vec<_> = answers
        .map(|(index, ((_, effects), wake))| {
            json!({ "seq": index + 1, "effects": effects, "wake": wake })
        })
        .collect();
    answers.push(json!({ "seq": answers.len() + 1 }));
    answers
}
