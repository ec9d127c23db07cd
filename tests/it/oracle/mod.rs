//! A second implementation of the specification: a plain function from a [`case::Case`] to its trace. The reference
//! executor must produce the same trace.
//!
//! `PROPTEST_CASES` and `PROPTEST_RNG_SEED` set the number of cases and the seed.

mod action;
mod case;
mod check;
mod generate;
mod instant;
mod machine;
mod session;
mod slots;
mod text;

use proptest::prelude::*;
use serde_json::Value;

/// Default number of cases.
const CASES: u32 = 2000;

fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").map_or(CASES, |_| default.cases),
        failure_persistence: None,
        ..default
    }
}

/// Sorts a trace where the specification leaves the order open: between two events whose order is fixed
/// (`action_started`, `action_ended`, `session_ended`), the events of one instant are ordered only within their kind.
fn in_order(trace: Vec<Value>) -> Vec<Value> {
    let mut segment = 0;
    let mut keyed = Vec::new();
    for event in trace {
        let at = event["at"].as_f64().expect("a number");
        let millis = (at * 1000.0).round() as u64;
        let kind = match (event["event"].as_str(), event["target"].as_str()) {
            (Some("status"), _) => 1,
            (Some("check_started" | "check_ended"), _) => 2,
            (Some("kill"), Some("check")) => 3,
            (Some("notify" | "kill"), _) => 4,
            _ => 0,
        };
        if kind == 0 {
            segment += 2;
        }
        let place = if kind == 0 { segment } else { segment + 1 };
        keyed.push(((millis, place, kind), event));
    }
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, event)| event).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn agrees_with_the_reference_executor(case in generate::case()) {
        let expected = in_order(session::trace(&case));
        let actual = in_order(machine::trace(&case));
        if expected != actual {
            let at = expected.iter().zip(&actual).take_while(|(one, other)| one == other).count();
            let around = |trace: &[Value]| {
                let shown = trace.iter().skip(at.saturating_sub(5)).take(10);
                shown.map(|event| format!("\n  {event}")).collect::<String>()
            };
            let (expected, actual) = (around(&expected), around(&actual));
            prop_assert!(false, "expected{expected}\nactual{actual}\n{case:#?}");
        }
    }
}
