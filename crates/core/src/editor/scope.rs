//! Scopes, as the linter has them: a template that refers to everything is checked, and what it does not complain about
//! is in scope.

use super::keys::Keys;
use super::variables::Variable;
use crate::functions::{OF_CREATION, OF_HOSTS};
use crate::lint::{self, Finding, Level, Settings};
use crate::template::{Path, Segment, Syntax, TemplateKind, items_of};
use serde_json::Value;

/// Expression that any string with expressions can have.
const LITERAL: &str = "1";

/// Length of a string that every field with expressions can have where FEATURE_BUNDLE_1 is listed, less that of
/// [`UNKNOWN`]. Job names are the shortest, with up to 512 characters.
const SHORT: usize = 450;

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
    let mut all: Vec<&'static str> = OF_HOSTS.function_names().filter(is_public).collect();
    all.sort_unstable();
    let is_of_host = |name: &&str| OF_CREATION.get_signatures(name).is_empty();
    let of_host: Vec<_> = all.iter().copied().filter(is_of_host).collect();
    let calls: Vec<_> = of_host.iter().map(|name| format!("{name}('x')")).collect();
    let calls = calls.iter().map(String::as_str);
    let calls: Vec<_> = calls.chain([LITERAL]).collect();
    let mut accepted = accepted(template, path, &calls, settings);
    if accepted.pop() != Some(true) {
        return Vec::new();
    }
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
    let (template, path) = excerpt(template, path);
    // Without an extension that it needs, or with a string that is too long, a template is not examined any further.
    let mut complete = template.clone();
    let list = Path::root().key("extensions").index(0);
    complete["extensions"] = Keys::new(TemplateKind::Job, &template).words(&list).into();
    let tries = [
        (&template, usize::MAX),
        (&complete, usize::MAX),
        (&complete, SHORT),
    ];
    let mut results = tries.iter().map(|(template, length)| {
        let groups = groups(&path, expressions, *length).into_iter();
        let judged = groups.map(|group| judged(template, &path, group, settings));
        let judged: Option<Vec<_>> = judged.collect();
        judged.map(|groups| groups.concat())
    });
    let found = results.find_map(|result| result);
    found.unwrap_or_else(|| vec![false; expressions.len()])
}

/// Returns the template with one step only, the one that holds the string at `path` if one does, and the path of the string
/// in that: no step sees what others define, and a template may have very many.
fn excerpt(template: &Value, path: &Path) -> (Value, Path) {
    let (mut small, mut place) = (template.clone(), path.clone());
    if let Some(steps) = small.get_mut("steps").and_then(Value::as_array_mut) {
        if let [Segment::Key(list), Segment::Index(index), rest @ ..] = path.segments()
            && list == "steps"
            && *index < steps.len()
        {
            steps.swap(0, *index);
            place = Path::root().key("steps").index(0).join(rest);
        }
        steps.truncate(1);
        let first = steps.first_mut().and_then(Value::as_object_mut);
        first.and_then(|step| step.remove("dependencies"));
    }
    (small, place)
}

/// Splits the expressions into groups of about `length` bytes or one expression.
fn groups<'e, 't>(path: &Path, expressions: &'e [&'t str], length: usize) -> Vec<&'e [&'t str]> {
    let (mut groups, mut rest) = (Vec::new(), expressions);
    while !rest.is_empty() {
        let mut bytes = 0;
        let is_within = |expression: &&str| {
            bytes += marked(path, (0, expression)).len();
            bytes <= length
        };
        let count = rest.iter().copied().take_while(is_within).count();
        let (group, others) = rest.split_at(count.max(1));
        groups.push(group);
        rest = others;
    }
    groups
}

/// Returns for each expression if a check of the template with all of them at `path` finds no error in it; `None` if it
/// finds none in a variable that nothing defines either.
fn judged(
    template: &Value,
    path: &Path,
    expressions: &[&str],
    settings: &Settings,
) -> Option<Vec<bool>> {
    let expressions: Vec<_> = expressions.iter().copied().chain([UNKNOWN]).collect();
    let mut trial = template.clone();
    if !write(&mut trial, path, &expressions) {
        return None;
    }
    let text = serde_json::to_string(&trial).ok()?;
    let settings = Settings {
        max_bytes: u64::MAX,
        ..settings.clone()
    };
    let checked = lint::check(text.as_bytes(), Syntax::Json, &settings);
    let mut errors = checked.found?.findings;
    errors.retain(|finding| finding.level == Level::Error);
    let is_accepted = |expression: (usize, &&str)| {
        let marked = marked(path, expression);
        let Some(start) = text.find(&marked) else {
            return false;
        };
        let end = start + marked.len();
        let is_about = |finding: &Finding| {
            let span = finding.span.clone().unwrap_or_default();
            // What is about the whole string, such as its length, is about the trial only.
            let is_about_more = span.start < start && end < span.end;
            span.start < end && start < span.end && !is_about_more
        };
        !errors.iter().any(is_about)
    };
    let mut accepted: Vec<_> = expressions.iter().enumerate().map(is_accepted).collect();
    (accepted.pop() == Some(false)).then_some(accepted)
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
