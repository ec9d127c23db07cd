//! Templates with mistakes.

use super::slips;
use super::tree::Tree;
use arbitrary::{Result, Unstructured};
use openjd_monitor_core::lint::RULES;
use openjd_monitor_core::template::{Loaded, Syntax, limits, load};
use serde_json::Value;
use std::sync::LazyLock;

/// The templates that are changed: good ones, and the examples of the rules.
static KNOWN: LazyLock<Vec<Tree>> = LazyLock::new(|| {
    let examples = examples().filter_map(|text| {
        match load(text.as_bytes(), Syntax::Yaml, limits::DEFAULT_MAX_BYTES) {
            Loaded::Document(document) => Some(Tree::from(document.value())),
            Loaded::NoMapping(_) | Loaded::Malformed(..) => None,
        }
    });
    good().iter().map(Tree::from).chain(examples).collect()
});

/// Templates as people write them, in which slips are made.
static WRITTEN: LazyLock<Vec<(String, Syntax)>> = LazyLock::new(|| {
    let examples = examples().map(|text| (text, Syntax::Yaml));
    let good = good();
    let pretty = good.iter().map(|template| format!("{template:#}\n"));
    examples
        .chain(pretty.map(|text| (text, Syntax::Json)))
        .collect()
});

fn good() -> Vec<Value> {
    serde_json::from_str(include_str!("templates.json")).expect("JSON")
}

/// The examples on the pages of the rules.
fn examples() -> impl Iterator<Item = String> {
    RULES.iter().flat_map(|rule| {
        let page = rule.page();
        let examples = page.split("```yaml\n").skip(1);
        let examples = examples.filter_map(|rest| rest.split("```").next());
        examples.map(str::to_owned).collect::<Vec<_>>()
    })
}

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

/// Bytes that slips are made of.
const BYTES_OF_SLIPS: usize = 32;

/// Returns a template and its syntax.
pub fn any(u: &mut Unstructured<'_>) -> Result<(String, Syntax)> {
    // They come first: how much a template takes depends on all that is in it.
    let of_slips = match u.ratio(1, 2)? {
        true => Some(u.bytes(BYTES_OF_SLIPS)?),
        false => None,
    };
    let (mut text, syntax) = match of_slips.is_some() && u.ratio(1, 2)? {
        true => u.choose(&WRITTEN)?.clone(),
        false => changed(u)?,
    };
    if let Some(bytes) = of_slips {
        slips::make(&mut Unstructured::new(bytes), &mut text)?;
    }
    Ok((text, syntax))
}

fn changed(u: &mut Unstructured<'_>) -> Result<(String, Syntax)> {
    let mut tree = u.choose(&KNOWN)?.clone();
    tree.change(u, WORDS)?;
    let syntax = match u.ratio(1, 5)? {
        true => Syntax::Json,
        false => Syntax::Yaml,
    };
    Ok((tree.write(u, syntax)?, syntax))
}
