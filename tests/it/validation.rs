//! Tests that the schemas find in values what a complete validator of JSON Schema finds.

use crate::support::{files, program, read, reference, root};
use jsonschema::Validator;
use openjd_monitor_core::schema::{
    ADAPTER_PROTOCOL, CONFIG, CONFORMANCE_REPORT, DESCRIPTION, ENVIRONMENT_TEMPLATE, JOB_TEMPLATE,
    Kind, MONITOR, PROCESS_TEST, REPORT, SCENARIO, Schema,
};
use openjd_monitor_core::template::{Loaded, Path, Segment, Syntax, limits, load, visit};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The keywords that reject values, in alphabetical order; `falseSchema` stands for the schema `false`.
const KEYWORDS: [&str; 20] = [
    "additionalProperties",
    "anyOf",
    "const",
    "enum",
    "exclusiveMinimum",
    "falseSchema",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "not",
    "oneOf",
    "pattern",
    "propertyNames",
    "required",
    "type",
    "uniqueItems",
];

/// Returns a complete validator.
pub fn complete(schema: &'static Schema) -> Validator {
    jsonschema::validator_for(schema.document()).expect("a schema")
}

/// Fails unless a value is valid, by a complete validator too.
pub fn assert_valid(schema: &'static Schema, value: &Value) {
    let violations = same_violations(schema, &complete(schema), value);
    assert_eq!(violations, [""; 0], "{value:#}");
}

/// Returns the violations in a value, sorted: the pointer and the keyword of each. Fails if a complete validator finds
/// others.
pub fn same_violations(
    schema: &'static Schema,
    complete: &Validator,
    value: &Value,
) -> Vec<String> {
    let errors = complete.iter_errors(value);
    let mut expected: Vec<_> = errors
        .map(|error| format!("{} {}", error.instance_path(), error.kind().keyword()))
        .collect();
    let violations = schema.violations(value).into_iter();
    let mut found: Vec<_> = violations
        .map(|found| format!("{} {}", found.path.pointer(), keyword(&found)))
        .collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected, "{}: {value:#}", schema.name);
    assert_eq!(schema.is_valid(value), found.is_empty(), "{value:#}");
    found
}

/// Calls `see` with `value`, and with each of its parts replaced, removed or extended in turn.
fn changed(value: &Value, mut see: impl FnMut(&Value)) {
    let (list, text) = (vec!["x"; 1100], "x".repeat(1100));
    let others = json!([
        list, text, 1000, "syntax", {"mode": "TERMINATE", "notifyPeriodInSeconds": 5},
        null, true, 0, 1, 5, -1, 1.5, 10.0, 1e30, "", "x", "X y", "5", "{{Param.A}}", "log", "onEnter", "a\u{feff}\n",
        [], ["onEnter", "onEnter"], ["onExit", 5], {}, {"mode": "TERMINATE"}, {"mode": "TERMINATE", "x": 1},
        {"mode": "NOTIFY_THEN_TERMINATE"}, {"command": "x"}
    ]);
    let mut paths = Vec::new();
    visit(value, &mut |path: &Path, _| paths.push(path.clone()));
    see(value);
    for path in paths {
        for other in others.as_array().into_iter().flatten() {
            let mut replaced = value.clone();
            *path.get_mut(&mut replaced).expect("a part") = other.clone();
            see(&replaced);
        }
        let Some(owner) = path.parent() else { continue };
        let mut changed = value.clone();
        match (path.segments().last(), owner.get_mut(&mut changed)) {
            (Some(Segment::Key(key)), Some(Value::Object(fields))) => {
                let removed = fields.remove(key.as_str()).expect("a field");
                let mut renamed = changed.clone();
                let fields = owner.get_mut(&mut renamed).and_then(Value::as_object_mut);
                fields
                    .expect("an object")
                    .insert("an other".to_owned(), removed);
                see(&renamed);
            }
            (Some(Segment::Index(_)), Some(Value::Array(items))) => {
                items.extend(items.first().cloned())
            }
            _ => {}
        }
        see(&changed);
    }
}

fn parsed(text: &str) -> Value {
    match load(text.as_bytes(), Syntax::Yaml, limits::DEFAULT_MAX_BYTES) {
        Loaded::Document(document) => document.value().clone(),
        other => panic!("{other:?}"),
    }
}

/// What `arguments` print, as JSON.
fn printed(arguments: &[&str]) -> Value {
    let ended = program(arguments).within(root()).run();
    serde_json::from_str(&ended.out)
        .unwrap_or_else(|error| panic!("{error}: {}{}", ended.out, ended.err))
}

#[test]
fn violations_are_those_that_a_complete_validator_finds() {
    let monitor = json!({
        "command": {"command": "bash", "args": ["-c", 5], "timeout": 10, "cancelation": {"mode": "TERMINATE"}},
        "period": 30,
        "failureThreshold": "{{Param.Threshold}}",
        "initialDelay": 0,
        "onFailure": "terminate",
        "scope": ["onEnter", "onWrapTaskRun"],
        "overrides": {"onEnter": {"period": 60, "command": {"command": "true", "args": null}}},
    });
    let texts = |folder: &str| -> Vec<Value> {
        let paths = files(folder, ".yaml").into_iter().step_by(25);
        paths.map(|path| parsed(&read(path))).collect()
    };
    let adapter = reference();
    let case = "fail-text-with-exit-zero";
    let run = [
        "conformance",
        "run",
        "--adapter",
        &adapter,
        "--format",
        "json",
        case,
    ];
    let configuration = json!({
        "select": ["openjd"], "ignore": ["syntax"], "rules": {"openjd": "warning"}, "max-bytes": 5,
        "per-file-ignores": {"x": ["openjd"]},
    });
    let message = json!({
        "op": "advance", "seq": 1, "to": 5, "events": [{"event": "exited", "process": "p", "exit": 0}],
    });
    let samples: [(&'static Schema, Vec<Value>); 10] = [
        (
            &JOB_TEMPLATE,
            vec![
                parsed(&read("benches/templates/parameters.yaml")),
                parsed(&read("fixtures/templates/host-requirements.yaml")),
            ],
        ),
        (
            &ENVIRONMENT_TEMPLATE,
            vec![parsed(&read("docs/examples/docker.yaml"))],
        ),
        (&MONITOR, vec![monitor]),
        (&SCENARIO, texts("fixtures/conformance/trace")),
        (&PROCESS_TEST, texts("fixtures/conformance/process")),
        (&CONFIG, vec![configuration]),
        (
            &REPORT,
            vec![printed(&[
                "check",
                "docs/examples/docker.yaml",
                "--format",
                "json",
            ])],
        ),
        (
            &DESCRIPTION,
            vec![printed(&[
                "describe",
                "docs/examples/docker.yaml",
                "--format",
                "json",
            ])],
        ),
        (&CONFORMANCE_REPORT, vec![printed(&run)]),
        (&ADAPTER_PROTOCOL, vec![message]),
    ];
    let mut keywords = BTreeSet::new();
    for (schema, values) in samples {
        let complete = complete(schema);
        let mut broken = 0;
        for value in &values {
            changed(value, |changed| {
                let violations = same_violations(schema, &complete, changed);
                broken += usize::from(!violations.is_empty());
                let words = violations
                    .iter()
                    .filter_map(|found| found.split(' ').next_back());
                keywords.extend(words.map(str::to_owned));
            });
        }
        assert!(broken > 20, "{}: {broken}", schema.name);
    }
    // Whatever is found is found alike: so all is, if each keyword is broken at least once.
    let keywords: Vec<_> = keywords.iter().map(String::as_str).collect();
    assert_eq!(keywords, KEYWORDS);
}

fn keyword(found: &openjd_monitor_core::schema::Violation) -> &'static str {
    match &found.kind {
        Kind::Type(_) => "type",
        Kind::Enum(_) => "enum",
        Kind::Const(_) => "const",
        Kind::Required(_) => "required",
        Kind::Unexpected(_) => "additionalProperties",
        Kind::Name(..) => "propertyNames",
        Kind::Nothing => "falseSchema",
        Kind::MinProperties(_) => "minProperties",
        Kind::MinItems(_) => "minItems",
        Kind::MaxItems(_) => "maxItems",
        Kind::UniqueItems => "uniqueItems",
        Kind::MinLength(_) => "minLength",
        Kind::MaxLength(_) => "maxLength",
        Kind::Pattern(_) => "pattern",
        Kind::Minimum(_) => "minimum",
        Kind::Maximum(_) => "maximum",
        Kind::ExclusiveMinimum(_) => "exclusiveMinimum",
        Kind::Form => ["anyOf", "oneOf", "not"]
            .into_iter()
            .find(|name| found.schema.get(name).is_some())
            .expect("one of them"),
    }
}
