//! Tests of the comparison of a trace with the expected one.

use openjd_monitor_core::session::Time;
use openjd_monitor_core::trace::{Comparison, Difference, Fields};
use serde_json::{Value, json};

fn entries(list: &Value) -> Vec<(Time, Fields)> {
    let list = list.as_array().expect("a list").iter();
    list.map(|entry| {
        let at = entry["at"].as_u64().expect("a time");
        (
            Time::from_secs(at),
            Fields::from(entry.as_object().expect("an object")),
        )
    })
    .collect()
}

fn difference(expected: Value, actual: Value) -> Option<Difference> {
    let expected = entries(&expected);
    let mut comparison = Comparison::new(&expected);
    for (at, event) in entries(&actual) {
        if let Err(difference) = comparison.push(at, event) {
            return Some(*difference);
        }
    }
    comparison.end().err().map(|difference| *difference)
}

fn message(expected: Value, actual: Value) -> String {
    difference(expected, actual).map_or("none".to_owned(), |difference| difference.message)
}

fn status(at: u64, text: &str) -> Value {
    json!({"at": at, "event": "status", "text": text, "source": "monitor"})
}

fn ended(at: u64) -> Value {
    json!({"at": at, "event": "action_ended", "slot": "onEnter", "state": "SUCCESS"})
}

#[test]
fn fields_that_an_entry_leaves_out_are_not_compared() {
    assert_eq!(
        message(
            json!([{"at": 1, "event": "status"}]),
            json!([status(1, "a")])
        ),
        "none"
    );
    assert_eq!(
        message(
            json!([{"at": 1, "event": "status", "text": "b"}]),
            json!([status(1, "a")])
        ),
        "`text` of `status` is \"a\", where \"b\" is expected"
    );
    let null = |text: Value| json!([{"at": 1, "event": "status", "text": text}]);
    let without = json!([{"at": 1, "event": "status"}]);
    assert_eq!(message(null(Value::Null), without.clone()), "none");
    assert_eq!(
        message(null(Value::Null), json!([status(1, "a")])),
        "`text` of `status` is \"a\", where none is expected"
    );
    assert_eq!(
        message(null("a".into()), without),
        "`text` of `status` is none, where \"a\" is expected"
    );
}

#[test]
fn numbers_are_compared_by_value() {
    let entry = |failures: Value| json!([{"at": 1, "event": "check_ended", "failures": failures}]);
    assert_eq!(message(entry(json!(2.0)), entry(json!(2))), "none");
    assert_ne!(message(entry(json!(2.5)), entry(json!(2))), "none");
}

#[test]
fn every_event_needs_an_entry_and_every_entry_an_event() {
    assert_eq!(
        message(json!([]), json!([ended(1)])),
        "`action_ended` happens, and is not expected"
    );
    assert_eq!(
        message(json!([ended(1)]), json!([])),
        "`action_ended` is expected, and does not happen"
    );
    assert_eq!(
        message(json!([ended(1), ended(2)]), json!([ended(2)])),
        "`action_ended` is expected, and does not happen"
    );
}

#[test]
fn results_and_kills_of_checks_may_be_left_out() {
    let check_ended = json!({"at": 1, "event": "check_ended", "result": "healthy"});
    let kill = |target: &str| json!({"at": 1, "event": "kill", "target": target});
    let actual = json!([check_ended, kill("check")]);
    assert_eq!(message(json!([]), actual.clone()), "none");
    assert_eq!(message(json!([kill("check")]), actual), "none");
    assert_ne!(message(json!([]), json!([kill("action")])), "none");
    assert_ne!(message(json!([check_ended]), json!([])), "none");
    let unhealthy = json!({"at": 1, "event": "check_ended", "result": "unhealthy"});
    assert_ne!(message(json!([unhealthy]), json!([check_ended])), "none");
}

#[test]
fn the_order_within_an_instant_is_free_between_starts_and_ends() {
    let (a, b, end) = (status(1, "a"), status(1, "b"), ended(1));
    assert_eq!(message(json!([a, b, end]), json!([b, a, end])), "none");
    assert_ne!(message(json!([a, end, b]), json!([a, b, end])), "none");
    let start = json!({"at": 1, "event": "action_started", "slot": "onExit"});
    assert_eq!(message(json!([end, start]), json!([end, start])), "none");
    assert_ne!(message(json!([end, start]), json!([start, end])), "none");
}

#[test]
fn a_vague_entry_does_not_take_the_event_of_an_exact_one() {
    let vague = json!({"at": 1, "event": "status"});
    let (a, b) = (status(1, "a"), status(1, "b"));
    assert_eq!(message(json!([vague, a]), json!([a, b])), "none");
    assert_eq!(message(json!([vague, a]), json!([b, a])), "none");
    // A required event must find its entry, though an optional one would fit it too.
    let check = |result: &str| json!({"at": 1, "event": "check_ended", "result": result});
    assert_eq!(
        message(
            json!([{"at": 1, "event": "check_ended"}]),
            json!([check("healthy"), check("discarded")])
        ),
        "none"
    );
}

#[test]
fn a_difference_is_shown_with_its_surroundings() {
    let expected = json!([ended(1), ended(2), ended(3), ended(4), status(5, "a")]);
    let actual = json!([ended(1), ended(2), ended(3), ended(4), status(5, "b")]);
    let difference = difference(expected, actual).expect("a difference");
    assert_eq!(difference.at, Time::from_secs(5));
    assert_eq!(
        difference.lines(),
        [
            "at 5 s: `text` of `status` is \"b\", where \"a\" is expected",
            "    {\"at\":2,\"event\":\"action_ended\",\"slot\":\"onEnter\",\"state\":\"SUCCESS\"}",
            "    {\"at\":3,\"event\":\"action_ended\",\"slot\":\"onEnter\",\"state\":\"SUCCESS\"}",
            "    {\"at\":4,\"event\":\"action_ended\",\"slot\":\"onEnter\",\"state\":\"SUCCESS\"}",
            "  - {\"at\":5,\"event\":\"status\",\"text\":\"a\",\"source\":\"monitor\"}",
            "  + {\"at\":5,\"event\":\"status\",\"text\":\"b\",\"source\":\"monitor\"}",
        ]
    );
}
