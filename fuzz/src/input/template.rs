//! Templates with mistakes.

use super::tree::Tree;
use arbitrary::{Result, Unstructured};
use openjd_monitor_core::lint::RULES;
use openjd_monitor_core::template::{Loaded, Syntax, limits, load};
use serde_json::Value;
use std::sync::LazyLock;

/// The templates that are changed: good ones, and the examples of the rules.
static KNOWN: LazyLock<Vec<Tree>> = LazyLock::new(|| {
    let good: Value = serde_json::from_str(include_str!("templates.json")).expect("JSON");
    let good = good.as_array().expect("a list").iter().map(Tree::from);
    let pages = RULES
        .iter()
        .flat_map(|rule| rule.page.split("```yaml\n").skip(1));
    let examples = pages.filter_map(|page| {
        let text = page.split("```").next()?;
        match load(text.as_bytes(), Syntax::Yaml, limits::DEFAULT_MAX_BYTES) {
            Loaded::Document(document) => Some(Tree::from(document.value())),
            Loaded::NoMapping(_) | Loaded::Malformed(..) => None,
        }
    });
    good.chain(examples).collect()
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
    let mut tree = u.choose(&KNOWN)?.clone();
    tree.change(u, WORDS)?;
    let syntax = match u.ratio(1, 5)? {
        true => Syntax::Json,
        false => Syntax::Yaml,
    };
    Ok((tree.write(u, syntax)?, syntax))
}
