//! Tests of the template schemas: they are valid, they agree with each other and with the schema of `onMonitor`, and
//! each mistake gives one error, at the value or object that has it.

use openjd_monitor_core::schema::{ALL, ENVIRONMENT_TEMPLATE, JOB_TEMPLATE};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn schema(name: &str) -> &'static Value {
    let mut all = ALL.into_iter();
    all.find(|schema| schema.name == name)
        .expect("a schema")
        .document()
}

/// Pointers to the errors that the schema for this kind of template finds, one per error.
fn mistakes(template: &Value) -> Vec<String> {
    let is_environment = template["specificationVersion"] == "environment-2023-09";
    let schema = if is_environment {
        &ENVIRONMENT_TEMPLATE
    } else {
        &JOB_TEMPLATE
    };
    let violations = schema.violations(template).into_iter();
    violations.map(|found| found.path.pointer()).collect()
}

/// A job template with every kind of place that the cases below change.
fn job() -> Value {
    json!({
        "specificationVersion": "jobtemplate-2023-09",
        "extensions": ["EXPR", "MONITOR"],
        "name": "Job",
        "parameterDefinitions": [{ "name": "P", "type": "INT", "userInterface": {} }],
        "jobEnvironments": [environment()],
        "steps": [{
            "name": "Step",
            "hostRequirements": { "amounts": [{ "name": "amount.worker.vcpu", "min": 1 }] },
            "parameterSpace": {
                "taskParameterDefinitions": [{ "name": "T", "type": "INT", "range": [1] }]
            },
            "script": {
                "actions": { "onRun": { "command": "run", "cancelation": { "mode": "TERMINATE" } } },
                "embeddedFiles": [{ "name": "F", "type": "TEXT", "data": "text" }]
            }
        }]
    })
}

fn environment() -> Value {
    json!({
        "name": "Environment",
        "script": { "actions": { "onEnter": { "command": "enter" }, "onMonitor": monitor() } }
    })
}

fn monitor() -> Value {
    json!({
        "command": { "command": "check", "args": ["-q"], "timeout": 4, "cancelation": { "mode": "TERMINATE" } },
        "period": 5,
        "onFailure": "terminate",
        "failureThreshold": 3,
        "initialDelay": 0,
        "scope": ["onEnter"],
        "overrides": { "onEnter": { "onFailure": "log" } }
    })
}

/// `template` with the value at `pointer` set, or for `None` removed.
fn with(mut template: Value, pointer: &str, value: Option<Value>) -> Value {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer has a slash");
    let parent = template.pointer_mut(parent).expect("the place exists");
    match (parent, value) {
        (Value::Object(map), Some(value)) => drop(map.insert(key.to_owned(), value)),
        (Value::Object(map), None) => drop(map.remove(key).expect("the member exists")),
        (Value::Array(list), Some(value)) => list[key.parse::<usize>().expect("an index")] = value,
        _ => panic!("{pointer}"),
    }
    template
}

#[test]
fn the_schemas_are_valid() {
    for kind in ["job", "environment"] {
        let schema = schema(&format!("{kind}-template"));
        jsonschema::meta::validate(schema).unwrap_or_else(|error| panic!("{kind}: {error}"));
        let id = format!(
            "https://openjd-monitor.github.io/schema/2023-09/{kind}-template-1.schema.json"
        );
        assert_eq!(schema["$id"], id);
        assert!(
            !schema.to_string().contains(r##""$ref":"http"##),
            "{kind} is self-contained"
        );
    }
}

#[test]
fn definitions_of_one_name_are_one() {
    let names = |schema: &Value| -> BTreeSet<String> {
        schema["$defs"]
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect()
    };
    let (job, environment) = (schema("job-template"), schema("environment-template"));
    let monitor = schema("monitor");
    for (one, other) in [(job, environment), (job, monitor), (environment, monitor)] {
        for name in names(one).intersection(&names(other)) {
            assert_eq!(one["$defs"][name], other["$defs"][name], "{name}");
        }
    }
    assert!(names(monitor).is_subset(&names(job)));
    assert!(names(monitor).is_subset(&names(environment)));
}

/// Follows references, so that every member that an author can write has a hover text.
#[test]
fn every_property_is_described() {
    fn visit(schema: &Value, at: &Value, count: &mut usize) {
        let Value::Object(map) = at else {
            return at
                .as_array()
                .into_iter()
                .flatten()
                .for_each(|item| visit(schema, item, count));
        };
        // Without a title it is a condition or a restriction of properties described elsewhere.
        if let (Some(Value::Object(properties)), Some(_)) =
            (map.get("properties"), map.get("title"))
        {
            for (name, mut property) in properties {
                while let (None, Some(pointer)) = (property.get("title"), property["$ref"].as_str())
                {
                    property = schema.pointer(&pointer[1..]).expect("the reference exists");
                }
                assert!(
                    property["title"].is_string() && property["description"].is_string(),
                    "{name}: {property}"
                );
                *count += 1;
            }
        }
        map.values().for_each(|child| visit(schema, child, count));
    }
    for (name, least) in [
        ("job-template", 100),
        ("environment-template", 100),
        ("adapter-protocol", 60),
        ("conformance-report", 20),
    ] {
        let (schema, mut count) = (schema(name), 0);
        visit(schema, schema, &mut count);
        assert!(count > least, "{name}: {count}");
    }
}

#[test]
fn one_mistake_is_one_error() {
    let step = "/steps/0";
    let script = "/steps/0/script";
    let run = "/steps/0/script/actions/onRun";
    let slots = "/jobEnvironments/0/script/actions";
    let parameter = "/parameterDefinitions/0";
    let task = "/steps/0/parameterSpace/taskParameterDefinitions/0";
    // The value that is set (absent: removed), and where the error is if not there.
    let cases: Vec<(String, Option<Value>, Option<&str>)> = vec![
        ("/specificationVersion".into(), None, Some("")),
        ("/nmae".into(), Some(json!(1)), Some("")),
        ("/extensions".into(), Some(json!([])), None),
        ("/extensions/0".into(), Some(json!("EXPRESSIONS")), None),
        ("/name".into(), Some(Value::Null), None),
        ("/steps".into(), Some(json!({})), None),
        (step.into(), Some(json!("Step")), None),
        (step.into(), Some(Value::Null), None),
        (format!("{step}/name"), Some(json!(5)), None),
        (format!("{step}/name"), Some(json!("{{Param.P}}")), None),
        (script.into(), None, Some(step)),
        (script.into(), Some(json!([run])), None),
        (run.into(), Some(Value::Null), None),
        (run.into(), Some(json!("run")), None),
        (run.into(), Some(json!(["run", "it"])), None),
        (format!("{run}/command"), Some(json!(["run"])), None),
        (format!("{run}/args"), Some(json!("it")), None),
        (format!("{run}/args"), Some(json!([])), None),
        (format!("{run}/timeout"), Some(json!(0)), None),
        (format!("{run}/timeout"), Some(json!("1h")), None),
        (format!("{run}/cancelation/mode"), Some(json!("KILL")), None),
        (format!("{run}/cancelation/mode"), Some(json!(5)), None),
        (
            format!("{run}/cancelation/notifyPeriodInSeconds"),
            Some(json!(5)),
            None,
        ),
        (format!("{run}/onMonitor"), Some(monitor()), Some(run)),
        (
            format!("{script}/embeddedFiles/0/type"),
            Some(json!("text")),
            None,
        ),
        (
            format!("{script}/embeddedFiles/0/filename"),
            Some(json!("a/b")),
            None,
        ),
        (
            format!("{script}/embeddedFiles/0/data"),
            None,
            Some("/steps/0/script/embeddedFiles/0"),
        ),
        (format!("{parameter}/type"), None, Some(parameter)),
        (format!("{parameter}/type"), Some(json!("INTEGER")), None),
        (format!("{parameter}/type"), Some(json!(5)), None),
        (format!("{parameter}/type"), Some(json!(["INT"])), None),
        (format!("{parameter}/name"), Some(json!("1P")), None),
        (format!("{parameter}/name"), None, Some(parameter)),
        (
            format!("{parameter}/minLength"),
            Some(json!(1)),
            Some(parameter),
        ),
        (format!("{parameter}/default"), Some(json!("one")), None),
        (
            format!("{parameter}/userInterface/control"),
            Some(json!("CHECK_BOX")),
            None,
        ),
        (format!("{task}/type"), Some(json!("BOOL")), None),
        (
            format!("{task}/type"),
            Some(json!("CHUNK[INT]")),
            Some(task),
        ),
        (format!("{task}/range"), None, Some(task)),
        (format!("{task}/range"), Some(json!(5)), None),
        (
            format!("{step}/hostRequirements/amounts/0/name"),
            Some(json!("worker.vcpu")),
            None,
        ),
        (
            format!("{step}/hostRequirements/amounts/0/min"),
            None,
            Some("/steps/0/hostRequirements/amounts/0"),
        ),
        (slots.into(), Some(json!({})), None),
        (
            format!("{slots}/onTick"),
            Some(json!({ "command": "c" })),
            Some(slots),
        ),
        (
            "/jobEnvironments/0/script".into(),
            None,
            Some("/jobEnvironments/0"),
        ),
        ("/jobEnvironments/0/variables".into(), Some(json!({})), None),
    ];
    assert_eq!(mistakes(&job()), [""; 0]);
    for (pointer, value, place) in cases {
        let changed = with(job(), &pointer, value.clone());
        assert_eq!(
            mistakes(&changed),
            [place.unwrap_or(&pointer)],
            "{pointer}: {value:?}"
        );
    }
}

#[test]
fn on_monitor_is_known_in_both_kinds() {
    let template = json!({
        "specificationVersion": "environment-2023-09",
        "extensions": ["MONITOR"],
        "environment": environment()
    });
    let mut inner = with(
        job(),
        "/steps/0/stepEnvironments",
        Some(json!([environment()])),
    );
    inner["steps"][0]["stepEnvironments"][0]["name"] = json!("Inner");
    for (template, place) in [
        (job(), "/jobEnvironments/0/script/actions/onMonitor"),
        (
            inner,
            "/steps/0/stepEnvironments/0/script/actions/onMonitor",
        ),
        (template, "/environment/script/actions/onMonitor"),
    ] {
        let all = |change: &str, value: Option<Value>| {
            mistakes(&with(template.clone(), &format!("{place}{change}"), value))
        };
        let accepted = [
            ("/period", Some(json!(3600))),
            ("/period", Some(json!("{{Param.P}}"))),
            ("/failureThreshold", None),
            ("/failureThreshold", Some(json!(" {{ Param.P + 1 }}"))),
            ("/initialDelay", None),
            ("/onFailure", Some(json!("warn"))),
            ("/scope", None),
            (
                "/scope",
                Some(json!([
                    "onEnter",
                    "onWrapEnvEnter",
                    "onWrapTaskRun",
                    "onWrapEnvExit",
                    "onExit"
                ])),
            ),
            ("/overrides", None),
            (
                "/overrides/onExit",
                Some(
                    json!({ "command": { "command": 5 }, "period": 5, "failureThreshold": 1, "initialDelay": 1 }),
                ),
            ),
            ("/command/args", None),
            ("/command/timeout", Some(json!("{{Param.P}}"))),
            ("/command/cancelation", None),
        ];
        for (change, value) in accepted {
            assert_eq!(
                all(change, value.clone()),
                [""; 0],
                "{place}{change}: {value:?}"
            );
        }
        let rejected = [
            ("", Some(json!([]))),
            ("", Some(json!("check"))),
            ("/command", None),
            ("/command", Some(json!("check"))),
            ("/command/command", None),
            ("/command/onFailure", Some(json!("log"))),
            ("/command/timeout", Some(json!("soon"))),
            (
                "/command/cancelation/mode",
                Some(json!("NOTIFY_THEN_TERMINATE")),
            ),
            ("/command/cancelation/notifyPeriodInSeconds", Some(json!(5))),
            ("/period", None),
            ("/period", Some(Value::Null)),
            ("/period", Some(json!(5.5))),
            ("/period", Some(json!("soon"))),
            ("/period", Some(json!(true))),
            ("/onFailure", None),
            ("/onFailure", Some(json!("Terminate"))),
            ("/failureThreshold", Some(Value::Null)),
            ("/initialDelay", Some(json!([]))),
            ("/retries", Some(json!(1))),
            ("/scope", Some(json!([]))),
            ("/scope", Some(json!("onEnter"))),
            ("/scope", Some(json!(["onEnter", "onEnter"]))),
            ("/scope", Some(json!(["onRun"]))),
            ("/overrides", Some(json!({}))),
            ("/overrides/onEnter", Some(json!({}))),
            ("/overrides/onRun", Some(json!({ "period": 5 }))),
            ("/overrides/onEnter/scope", Some(json!(["onExit"]))),
        ];
        for (change, value) in rejected {
            assert_eq!(
                all(change, value.clone()).len(),
                1,
                "{place}{change}: {value:?}"
            );
        }
    }
}
