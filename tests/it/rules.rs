//! Tests of the rule table, and of everything that must agree with it.

use crate::support::{program, read, root};
use openjd_monitor_core::lint::{Level, RULES, Tag};
use openjd_monitor_core::schema;
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn ids_are_unique_and_in_kebab_case() {
    let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
    for id in ids {
        assert!(
            id.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
            "{id}"
        );
    }
}

#[test]
fn the_list_of_rules_is_stable() {
    insta::assert_snapshot!(program(["rules"]).run().out);
    insta::assert_snapshot!(program(["rules", "--format", "json"]).run().out);
}

#[test]
fn editors_gray_out_what_could_be_removed_and_strike_through_old_names() {
    let tagged = |tag: Tag| {
        let rules = RULES.iter().filter(move |rule| rule.tag == Some(tag));
        rules.map(|rule| rule.id).collect::<BTreeSet<_>>()
    };
    let unnecessary = [
        "redundant-override",
        "threshold-without-effect",
        "unused-embedded-file",
        "unused-extension",
        "unused-let",
        "unused-parameter",
        "unused-suppression",
    ];
    assert_eq!(tagged(Tag::Unnecessary), BTreeSet::from(unnecessary));
    assert_eq!(
        tagged(Tag::Deprecated),
        BTreeSet::from(["draft-variable-name"])
    );
}

#[test]
fn explain_prints_the_page_of_a_rule() {
    for rule in RULES {
        let ended = program(["explain", rule.id]).run();
        assert_eq!(
            (ended.status, ended.out),
            (0, read(format!("docs/rules/{}.md", rule.id)))
        );
    }
}

#[test]
fn explain_suggests_the_nearest_rule_for_a_misspelt_one() {
    let ended = program(["explain", "unknown-fields"]).run();
    assert_eq!(ended.status, 2);
    assert_eq!(
        ended.err,
        "error: there is no rule `unknown-fields`; did you mean `unknown-field`?\n"
    );
    let ended = program(["explain", "xyz"]).run();
    assert_eq!(
        ended.err,
        "error: there is no rule `xyz`; `openjd-monitor rules` lists them\n"
    );
}

#[test]
fn the_levels_are_those_of_the_specification_of_the_tool() {
    let of_level = |level: Level| {
        let rules = RULES.iter().filter(move |rule| rule.level == level);
        rules.map(|rule| rule.id).collect::<Vec<_>>()
    };
    assert_eq!(
        of_level(Level::Warning),
        [
            "draft-variable-name",
            "unused-extension",
            "monitor-never-runs",
            "monitor-never-fires",
            "tasks-not-monitored",
            "check-cannot-fail",
            "threshold-without-effect",
            "parameter-allows-bad-value",
            "unquoted-interpolation",
            "ignored-message",
            "shell-line-as-command",
            "unreplaced-reference",
            "shadowed-monitor",
            "redundant-override",
            "unguarded-session-variable",
            "changed-scalar",
            "enter-leaves-foreground",
            "exit-not-guarded",
            "path-default-absolute",
            "command-of-another-system",
            "command-not-runnable",
            "runnable-without-shebang",
            "unused-embedded-file",
            "unused-let",
            "uneven-association",
            "unused-suppression",
        ]
    );
    assert_eq!(
        of_level(Level::Info),
        [
            "exit-slot-only-logs",
            "single-failure-terminates",
            "enter-without-timeout",
            "no-timeout-on-wrapped-client",
            "unreachable-chunk-size",
            "unused-parameter",
        ]
    );
}

#[test]
fn the_schemas_are_valid_and_describe_every_property() {
    for name in ["monitor", "report", "config"] {
        let schema: Value =
            serde_json::from_str(&read(format!("schema/{name}.schema.json"))).expect("JSON");
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
        assert_described(&schema, &schema, name);
    }
}

/// Asserts that every property below `schema` has a `description`, or that its definition has one.
fn assert_described(root: &Value, schema: &Value, path: &str) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let target = property["$ref"]
            .as_str()
            .and_then(|target| root.pointer(target.strip_prefix('#')?));
        let description = &target.unwrap_or(property)["description"];
        // `true` only repeats a name.
        let is_described = description.is_string() || *property == Value::Bool(true);
        assert!(is_described, "{path}/{name} has no description");
    }
    let children: Vec<(String, &Value)> = match schema {
        // A condition repeats names only.
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| *key != "if")
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        assert_described(root, child, &format!("{path}/{key}"));
    }
}

#[test]
fn the_floor_of_the_period_is_that_of_the_schema() {
    let schema = schema::MONITOR.document();
    let floor = &schema["$defs"]["MonitorPeriod"]["minimum"];
    let found = |period: &Value| {
        let template = format!(
            "specificationVersion: environment-2023-09\nextensions: [MONITOR]\nenvironment:\n  name: E\n  script:\n    \
             actions:\n      onEnter: {{command: x}}\n      onMonitor: {{command: {{command: x}}, onFailure: log, period: {period}}}\n"
        );
        crate::support::findings(&template)
    };
    let below = floor.as_i64().expect("an integer") - 1;
    assert_eq!(found(floor), [] as [&str; 0]);
    assert_eq!(found(&below.into()), ["period-below-floor 8:66"]);
}

#[test]
fn no_source_file_is_too_long_to_read() {
    let files = ["src", "crates/core/src"].map(|folder| crate::support::files(folder, ".rs"));
    for path in files.into_iter().flatten() {
        let lines = std::fs::read_to_string(&path)
            .expect("a source file")
            .lines()
            .count();
        let name = path.strip_prefix(root()).unwrap_or(&path).display();
        assert!(lines <= 400, "{name} has {lines} lines");
    }
}
