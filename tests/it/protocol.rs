//! Tests that the messages between the suite and the reference follow `schema/adapter-protocol.schema.json`.

use crate::support::{program, read, reference};
use openjd_monitor::conformance::protocol::FEATURES;
use openjd_monitor_core::schema::{ADAPTER_PROTOCOL, CONFORMANCE_REPORT, SCENARIO};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn mistakes(message: &Value) -> Vec<String> {
    let violations = ADAPTER_PROTOCOL.violations(message).into_iter();
    let places = violations.map(|found| format!("{}: {}", found.path.pointer(), found.kind));
    places.collect()
}

#[test]
fn every_message_of_a_whole_run_follows_the_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let adapter = format!("sh -c 'tee -a requests | {} | tee -a answers'", reference());
    let arguments = ["conformance", "run", "--jobs", "1", "--adapter", &adapter];
    let ended = program(arguments)
        .env("PATH", "/usr/bin:/bin")
        .within(folder.path())
        .run();
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    let mut seen = BTreeSet::new();
    for file in ["requests", "answers"] {
        let text = std::fs::read_to_string(folder.path().join(file)).expect("a file");
        assert!(text.lines().count() > 1000, "{file}");
        for line in text.lines() {
            let message: Value = serde_json::from_str(line).expect("JSON");
            assert_eq!(mistakes(&message), [""; 0], "{line}");
            let parts = ["events", "effects"].map(|key| message[key].as_array().cloned());
            let parts = parts.into_iter().flatten().flatten();
            for part in parts.chain([message]) {
                let kinds =
                    ["op", "event", "effect"].map(|key| part[key].as_str().map(str::to_owned));
                seen.extend(kinds.into_iter().flatten());
            }
        }
    }
    let definitions = ADAPTER_PROTOCOL.document()["$defs"]
        .as_object()
        .expect("an object");
    for kind in ["request", "event", "effect"] {
        let key = if kind == "request" { "op" } else { kind };
        let names = definitions[kind]["properties"][key]["enum"]
            .as_array()
            .expect("a list");
        for name in names {
            let name = name.as_str().expect("a name");
            assert!(seen.contains(name), "no {kind} `{name}` in the run");
        }
    }
}

#[test]
fn one_mistake_in_a_message_is_one_error() {
    let good = [
        json!({ "op": "end", "seq": 1 }),
        json!({ "op": "advance", "seq": 1, "to": 5, "events": [{ "event": "cancel", "notifyPeriod": 0.5 }] }),
        json!({ "seq": 1 }),
        json!({ "seq": 1, "errored": true, "message": "no" }),
        json!({ "seq": 1, "skipped": true, "message": "no" }),
        json!({ "seq": 1, "effects": [{ "effect": "kill", "process": "a" }], "wake": null }),
    ];
    for message in good {
        assert_eq!(mistakes(&message), [""; 0], "{message}");
    }
    let of_effect = |effect: Value| json!({ "seq": 1, "effects": [effect] });
    let bad = [
        json!({ "op": "dance", "seq": 1 }),
        json!({ "op": "end" }),
        json!({ "op": "advance", "seq": 1, "to": 0.5, "events": [] }),
        json!({ "op": "advance", "seq": 1, "to": 5, "events": [{ "event": "exited", "process": "a" }] }),
        json!({ "effects": [] }),
        json!({ "seq": 1, "errored": true }),
        json!({ "seq": 1, "wake": -1 }),
        json!({ "protocol": 1, "implementation": { "name": "A" }, "features": ["waltz"] }),
        of_effect(json!({ "effect": "dance" })),
        of_effect(json!({ "effect": "kill" })),
        of_effect(json!({ "effect": "status", "text": "a", "source": "check" })),
        of_effect(
            json!({ "effect": "action_ended", "step": "S", "slot": "onRun", "state": "Success" }),
        ),
        of_effect(json!({ "effect": "action_ended", "slot": "onRun", "state": "SUCCESS" })),
        of_effect(json!({ "effect": "session_ended", "state": "FAILED", "failmessage": "a" })),
    ];
    for message in bad {
        assert_eq!(
            mistakes(&message).len(),
            1,
            "{message}: {:?}",
            mistakes(&message)
        );
    }
}

#[test]
fn the_features_are_the_same_everywhere() {
    let schema = |schema: &'static openjd_monitor_core::schema::Schema, pointer| {
        let list = schema
            .document()
            .pointer(pointer)
            .expect("the place exists");
        list.as_array()
            .expect("a list")
            .iter()
            .map(|name| name.as_str().expect("a name"))
            .collect::<Vec<_>>()
    };
    let of_answers = schema(
        &ADAPTER_PROTOCOL,
        "/$defs/hello/properties/features/items/enum",
    );
    let of_scenarios = schema(&SCENARIO, "/properties/requires/items/enum");
    assert_eq!(
        (of_answers, of_scenarios),
        (FEATURES.to_vec(), FEATURES.to_vec())
    );
    let documentation = read("docs/conformance.md");
    for feature in FEATURES {
        assert!(documentation.contains(&format!("`{feature}`")), "{feature}");
    }
}

#[test]
fn both_schemas_describe_the_runtime_alike() {
    let of_report = &CONFORMANCE_REPORT.document()["properties"]["implementation"];
    assert_eq!(
        *of_report,
        ADAPTER_PROTOCOL.document()["$defs"]["implementation"]
    );
}
