//! Templates with mistakes.

use super::tree::Tree;
use arbitrary::{Result, Unstructured};
use openjd_monitor_core::template::Syntax;
use serde_json::Value;
use std::sync::LazyLock;

/// Good templates, which are changed.
static GOOD: LazyLock<Vec<Tree>> = LazyLock::new(|| {
    let all: Value = serde_json::from_str(include_str!("templates.json")).expect("JSON");
    all.as_array()
        .expect("a list")
        .iter()
        .map(Tree::from)
        .collect()
});

/// Keys and values that mean something in templates.
pub const WORDS: &[&str] = &[
    "EXPR",
    "WRAP_ACTIONS",
    "MONITOR",
    "TASK_CHUNKING",
    "actions",
    "args",
    "cancelation",
    "command",
    "data",
    "default",
    "description",
    "embeddedFiles",
    "environment",
    "extensions",
    "failureThreshold",
    "filename",
    "initialDelay",
    "jobEnvironments",
    "let",
    "log",
    "mode",
    "name",
    "notifyPeriodInSeconds",
    "onEnter",
    "onExit",
    "onFailure",
    "onMonitor",
    "onRun",
    "onWrapEnvEnter",
    "onWrapEnvExit",
    "onWrapTaskRun",
    "onEnvEnter",
    "overrides",
    "parameterDefinitions",
    "parameterSpace",
    "period",
    "runnable",
    "scope",
    "script",
    "specificationVersion",
    "stepEnvironments",
    "steps",
    "terminate",
    "timeout",
    "type",
    "variables",
    "warn",
    "NOTIFY_THEN_TERMINATE",
    "TERMINATE",
    "TEXT",
    "STRING",
    "INT",
    "FLOAT",
    "PATH",
    "bash",
    "sh",
    "-c",
    "cmd",
    "/c",
    "pwsh",
    "python",
    "true",
    "null",
    "1e400",
    "0x10",
    "1_0",
    "-1",
    "18446744073709551616",
    "{{Param.A}}",
    "{{Session.WorkingDirectory}}",
    "{{Task.Param.Frame}}",
    "{{WrappedAction.Command}}",
    "{{Task.Command}}",
    "{{Env.File.Run}}",
    "{{ repr_sh(Param.A) }}",
    "{{ Param.N * 2 }}",
    "{{ x for",
    "echo \"openjd_fail: x\"; exit 1",
    "openjd_env: A=b",
    "test -e x || exit 1 &",
    "<<",
    "*a",
    "&a",
    "!!str",
];

/// Returns a template and its syntax.
pub fn any(u: &mut Unstructured<'_>) -> Result<(String, Syntax)> {
    let mut tree = u.choose(&GOOD)?.clone();
    tree.change(u, WORDS)?;
    let syntax = match u.ratio(1, 5)? {
        true => Syntax::Json,
        false => Syntax::Yaml,
    };
    Ok((tree.write(u, syntax)?, syntax))
}
