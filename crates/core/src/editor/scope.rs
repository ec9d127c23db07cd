//! Scopes, as the linter has them: a template that refers to everything is checked, and what it does not complain about
//! is in scope.

use super::keys::Keys;
use super::variables::Variable;
use crate::functions;
use crate::lint::{self, Finding, Level, Settings};
use crate::template::{Path, Segment, Syntax, TemplateKind, items_of};
use openjd_expr::{FunctionLibrary, HostContext};
use openjd_model::ModelProfile;
use serde_json::Value;
use std::sync::LazyLock;

/// Functions of expressions, those that only a host has among them.
pub(super) static FUNCTIONS: LazyLock<FunctionLibrary> = LazyLock::new(|| {
    functions::of_profile(&ModelProfile::latest().to_expr_profile(HostContext::Unresolved))
});

/// Functions of expressions that are resolved where the job is created.
static ANYWHERE: LazyLock<FunctionLibrary> = LazyLock::new(|| {
    functions::of_profile(&ModelProfile::latest().to_expr_profile(HostContext::None))
});

/// Variable that nothing defines.
const UNKNOWN: &str = "Param.unknown_variable";

/// Returns those of `variables` that a string at `path` of the template can refer to.
pub(super) fn in_scope(
    template: &Value,
    path: &Path,
    variables: Vec<Variable>,
    settings: &Settings,
) -> Vec<Variable> {
    let names: Vec<_> = variables
        .iter()
        .map(|variable| variable.name.as_str())
        .collect();
    let accepted = accepted(template, path, &names, settings);
    let variables = variables.into_iter().zip(accepted);
    variables
        .filter_map(|(variable, is_accepted)| is_accepted.then_some(variable))
        .collect()
}

/// Returns the names and signatures of the functions that a string at `path` of the template can call; none without the
/// extension EXPR.
pub(super) fn functions(template: &Value, path: &Path, settings: &Settings) -> Vec<&'static str> {
    let listed = items_of(template.get("extensions"));
    if !listed.iter().any(|name| name == "EXPR") {
        return Vec::new();
    }
    let is_public = |name: &&str| !name.starts_with('_');
    let mut all: Vec<&'static str> = FUNCTIONS.function_names().filter(is_public).collect();
    all.sort_unstable();
    let is_of_host = |name: &&str| ANYWHERE.get_signatures(name).is_empty();
    let of_host: Vec<_> = all.iter().copied().filter(is_of_host).collect();
    let calls: Vec<_> = of_host.iter().map(|name| format!("{name}('x')")).collect();
    let calls: Vec<_> = calls.iter().map(String::as_str).collect();
    let accepted = accepted(template, path, &calls, settings);
    all.retain(|name| {
        let index = of_host.iter().position(|own| own == name);
        index.is_none_or(|index| accepted.get(index) == Some(&true))
    });
    all
}

/// Returns for each expression if a string at `path` of the template can have it.
pub(super) fn accepted(
    template: &Value,
    path: &Path,
    expressions: &[&str],
    settings: &Settings,
) -> Vec<bool> {
    let with_unknown: Vec<_> = expressions.iter().copied().chain([UNKNOWN]).collect();
    let mut accepted = judged(template, path, &with_unknown, settings);
    if accepted.pop() == Some(true) {
        // Without an extension that it needs, the template is not examined any further.
        let mut complete = template.clone();
        let list = Path::root().key("extensions").index(0);
        complete["extensions"] = Keys::new(TemplateKind::Job, template).words(&list).into();
        accepted = judged(&complete, path, expressions, settings);
    }
    accepted
}

/// Returns for each expression if a check of the template with all of them at `path` finds no error in it.
fn judged(template: &Value, path: &Path, expressions: &[&str], settings: &Settings) -> Vec<bool> {
    let none = || vec![false; expressions.len()];
    let mut trial = template.clone();
    if !write(&mut trial, path, expressions) {
        return none();
    }
    let Ok(text) = serde_json::to_string(&trial) else {
        return none();
    };
    let settings = Settings {
        max_bytes: u64::MAX,
        ..settings.clone()
    };
    let checked = lint::check(text.as_bytes(), Syntax::Json, &settings);
    let Some(found) = checked.found else {
        return none();
    };
    let errors = found.findings.iter();
    let errors: Vec<_> = errors
        .filter(|finding| finding.level == Level::Error)
        .collect();
    let is_accepted = |expression: (usize, &&str)| {
        let marked = marked(path, expression);
        let Some(start) = text.find(&marked) else {
            return false;
        };
        let end = start + marked.len();
        let is_about = |finding: &&&Finding| {
            let span = finding.span.clone().unwrap_or_default();
            span.start < end && start < span.end
        };
        !errors.iter().any(|finding| is_about(&finding))
    };
    expressions.iter().enumerate().map(is_accepted).collect()
}

/// Writes the expressions in place of the string at `path`; of a binding of a `let`, as bindings before it. Returns false
/// if there is no such place.
fn write(template: &mut Value, path: &Path, expressions: &[&str]) -> bool {
    let all = expressions.iter().enumerate();
    let all = all.map(|expression| marked(path, expression));
    if let [.., Segment::Key(list), Segment::Index(index)] = path.segments()
        && list == "let"
    {
        let items = path
            .parent()
            .and_then(|list| list.get_mut(template)?.as_array_mut());
        return items.is_some_and(|items| {
            items.truncate(*index);
            items.extend(all.map(Value::from));
            true
        });
    }
    let text: String = all.collect();
    path.get_mut(template).is_some_and(|value| {
        *value = text.into();
        true
    })
}

/// Returns an expression, with its index, in the form in which a trial has it, which nothing else of a template is likely to have.
fn marked(path: &Path, (index, expression): (usize, &&str)) -> String {
    match path.parent().as_ref().and_then(Path::last_key) {
        Some("let") => format!("trial_{index}_ = [{expression}]"),
        _ => format!("{{{{ {expression}   }}}}"),
    }
}
