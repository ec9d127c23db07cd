//! Completion in expressions: variables, functions, methods and properties.

use super::completion::{Completion, CompletionKind};
use super::cursor::Cursor;
use super::hover::{function, of_variable};
use super::scope;
use super::variables;
use crate::functions::OF_HOSTS;
use crate::lint::Settings;
use crate::template::{Path, TemplateKind};
use openjd_expr::ExprType;
use serde_json::Value;

/// Returns the variables, functions and methods that can follow `expression`, which ends at the cursor.
pub(super) fn names(
    cursor: &Cursor<'_>,
    expression: &str,
    value: &Value,
    kind: TemplateKind,
    path: &Path,
    settings: &Settings,
) -> Vec<Completion> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let typed = &expression[expression.trim_end_matches(is_name).len()..];
    let span = cursor.word(is_name);
    let variables = variables::around(value, kind, path);
    let variables = scope::in_scope(value, path, variables, settings);
    let functions = scope::functions(value, path, settings);
    let completion = |label: &str, kind, about| Completion {
        label: label.to_owned(),
        text: label.to_owned(),
        span: span.clone(),
        kind,
        about,
        is_needed: false,
    };
    let holder = typed.rsplit_once('.').map(|(holder, _)| holder);
    if holder.is_some_and(str::is_empty) {
        // What stands before the dot ends in a bracket or a quote.
        return Vec::new();
    }
    let kind = holder.and_then(|holder| variables::type_among(&variables, holder));
    if let (Some(holder), Some(kind)) = (holder, kind) {
        let methods = methods(&kind, &functions).into_iter();
        let methods = methods.map(|method| {
            let about = function(method.trim_end_matches("()"));
            completion(
                &format!("{holder}.{method}"),
                CompletionKind::Function,
                about,
            )
        });
        return methods.collect();
    }
    let found = variables.iter().map(|variable| {
        completion(
            &variable.name,
            CompletionKind::Variable,
            Some(of_variable(variable)),
        )
    });
    let functions = functions.into_iter().filter(|_| !typed.contains('.'));
    let functions =
        functions.map(|name| completion(name, CompletionKind::Function, function(name)));
    let mut found: Vec<_> = found.collect();
    // The innermost of `let` names that hide each other.
    found.reverse();
    let mut seen = std::collections::HashSet::new();
    found.retain(|own| seen.insert(own.label.clone()));
    found.reverse();
    found.into_iter().chain(functions).collect()
}

/// Returns the properties of a type, and those of `functions` that can be called as its methods.
fn methods(kind: &ExprType, functions: &[&'static str]) -> Vec<String> {
    if functions.is_empty() {
        return Vec::new();
    }
    let properties = OF_HOSTS.function_names().filter_map(|name| {
        let property = name.strip_prefix("__property_")?.strip_suffix("__")?;
        OF_HOSTS.get_property_type(kind, property)?;
        Some(property.to_owned())
    });
    let mut properties: Vec<_> = properties.collect();
    properties.sort_unstable();
    let takes = |name: &&&'static str| {
        let mut signatures = OF_HOSTS.get_signatures(name).iter();
        signatures.any(|entry| {
            let first = entry.signature.sig_params().first();
            first.is_some_and(|first| match first.is_symbolic() {
                true => first.match_type(kind).is_some(),
                false => kind.satisfies(first),
            })
        })
    };
    let methods = functions
        .iter()
        .filter(takes)
        .map(|name| format!("{name}()"));
    properties.into_iter().chain(methods).collect()
}
