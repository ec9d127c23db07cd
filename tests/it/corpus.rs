//! Real templates of other projects, with reasonable monitors added: `check` must not report any of them.

use crate::support::{root, skip};
use openjd_model::CallerLimits;
use openjd_model::template::parse::{DocumentType, document_string_to_object};
use openjd_monitor_core::lint::{self, Level};
use openjd_monitor_core::template::Syntax;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Folder of the templates; the tests are skipped if it does not exist.
const CORPUS: &str = "../shared/corpus";

/// Monitors that make sense in any Environment.
fn monitors() -> Vec<Value> {
    let shell = |line: &str| json!({"command": "bash", "args": ["-c", line]});
    vec![
        json!({"command": {"command": "nvidia-smi"}, "period": 30, "onFailure": "terminate"}),
        json!({
            "command": {"command": "mountpoint", "args": ["-q", "/mnt/assets"], "timeout": 10},
            "period": 20, "onFailure": "terminate", "failureThreshold": 3, "initialDelay": 60,
        }),
        json!({
            "command": shell("docker ps -q --filter name=render --filter status=running | grep -q ."),
            "period": 60, "onFailure": "warn", "failureThreshold": 2,
        }),
        json!({
            "command": shell("set -euo pipefail; test -d \"{{Session.WorkingDirectory}}\"; curl --fail localhost:8080 | grep ok"),
            "period": 15, "onFailure": "log",
        }),
        json!({
            "command": shell("[ -z \"${CONTAINER:-}\" ] || docker inspect \"$CONTAINER\" >/dev/null || { echo 'openjd_fail: gone'; exit 1; }"),
            "period": 30, "onFailure": "terminate",
        }),
        json!({
            "command": {"command": "python3", "args": ["-c", "import socket; socket.create_connection(('localhost', 80), 5)"]},
            "period": 30, "onFailure": "warn",
        }),
        json!({
            "command": {"command": "pwsh", "args": ["-NoProfile", "-Command", "if (-not (Get-Process blender)) { exit 1 }"]},
            "period": 300, "onFailure": "terminate", "failureThreshold": 2,
        }),
        json!({
            "command": {"command": "bash", "args": ["{{Env.File.HealthCheck}}", "{{Session.WorkingDirectory}}"]},
            "period": 10, "onFailure": "terminate", "failureThreshold": 2,
        }),
        json!({
            "command": {"command": "df", "args": ["--output=avail", "/"]},
            "period": 30, "onFailure": "terminate", "overrides": {"onEnter": {"onFailure": "log"}},
        }),
    ]
}

/// A check as an embedded file.
const HEALTH_CHECK: &str = "#!/usr/bin/env bash
set -euo pipefail
if ! pgrep -f render >/dev/null; then
    echo \"openjd_fail: the renderer is gone\"
    exit 1
fi
echo \"openjd_status: $(ls \"$1\" | wc -l) files\"
";

fn paths(folder: PathBuf) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries.map(|entry| entry.path()).collect();
    found.sort();
    let paths_of = |path: PathBuf| {
        if path.is_dir() {
            paths(path)
        } else {
            vec![path]
        }
    };
    found.into_iter().flat_map(paths_of).collect()
}

/// The Environments of a template, as JSON pointers.
fn environments(template: &Value) -> Vec<String> {
    let count = |pointer: &str| {
        template
            .pointer(pointer)
            .and_then(Value::as_array)
            .map_or(0, Vec::len)
    };
    let items = |list: String| (0..count(&list)).map(move |index| format!("{list}/{index}"));
    let steps = (0..count("/steps")).map(|step| format!("/steps/{step}/stepEnvironments"));
    let lists = std::iter::once("/jobEnvironments".to_owned()).chain(steps);
    let lists: Vec<_> = lists.collect();
    let mut found = vec!["/environment".to_owned()];
    found.extend(lists.into_iter().flat_map(items));
    found.retain(|pointer| {
        template
            .pointer(&format!("{pointer}/script/actions"))
            .is_some()
    });
    found
}

/// The template with the monitor in each of its Environments; `None` if there are none.
fn with_monitor(template: &Value, monitor: &Value) -> Option<Value> {
    let mut template = template.clone();
    let environments = environments(&template);
    for pointer in &environments {
        let script = template.pointer_mut(&format!("{pointer}/script"))?;
        let actions = script["actions"].as_object_mut()?;
        let mut monitor = monitor.clone();
        if !actions.contains_key("onEnter") {
            monitor.as_object_mut()?.remove("overrides");
        }
        let has_file = monitor.to_string().contains("HealthCheck");
        actions.insert("onMonitor".to_owned(), monitor);
        if !has_file {
            continue;
        }
        let file = json!({"name": "HealthCheck", "type": "TEXT", "data": HEALTH_CHECK});
        match script
            .get_mut("embeddedFiles")
            .and_then(Value::as_array_mut)
        {
            Some(files) => files.push(file),
            None => script["embeddedFiles"] = json!([file]),
        }
    }
    let extensions = template.get_mut("extensions").and_then(Value::as_array_mut);
    match extensions {
        Some(names) => names.push(json!("MONITOR")),
        None => template["extensions"] = json!(["MONITOR"]),
    }
    (!environments.is_empty()).then_some(template)
}

#[test]
fn sensible_monitors_get_no_warning() {
    let templates = paths(root().join(CORPUS));
    if templates.is_empty() {
        return skip(
            "sensible_monitors_get_no_warning",
            &format!("there is no {CORPUS}"),
        );
    }
    let mut count = 0;
    for path in templates
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
    {
        let text = std::fs::read_to_string(path).expect("readable");
        let template =
            document_string_to_object(&text, DocumentType::Yaml, &CallerLimits::default());
        let template = template.expect("a template");
        for monitor in monitors() {
            let Some(template) = with_monitor(&template, &monitor) else {
                continue;
            };
            let bytes = serde_json::to_vec(&template).expect("JSON");
            let checked = lint::check(&bytes, Syntax::Json, &lint::Settings::default());
            let found = checked.found.expect("a template");
            let findings = found.findings.into_iter();
            let bad: Vec<_> = findings
                .filter(|finding| finding.level > Level::Info)
                .map(|finding| {
                    format!(
                        "{}: {} ({})",
                        finding.rule.id, finding.message, finding.pointer
                    )
                })
                .collect();
            assert_eq!(bad, [] as [&str; 0], "{}\n{monitor:#}", path.display());
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
}
