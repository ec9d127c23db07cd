//! The variables that strings of a template may refer to, somewhere.

use super::expressions::is_binding;
use crate::functions::{self, OF_HOSTS};
use crate::lint::{CHEAP_MEMORY, CHEAP_OPERATIONS};
use crate::runtime_variables::RUNTIME_VARIABLES;
use crate::shown::{code, prose};
use crate::template::{Path, Segment, TemplateKind, bindings, items_of, text_of};
use openjd_expr::eval::ParsedExpression;
use openjd_expr::types::TypeCode;
use openjd_expr::{ExprType, ExprValue, SymbolTable};
use serde_json::Value;

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    /// Dotted name.
    pub name: String,
    /// Type, in the words of the expression language; `None` if it cannot be told.
    pub kind: Option<String>,
    /// Description, in Markdown.
    pub about: String,
    /// Path of its definition in the template; `None` for one that the runtime defines.
    pub definition: Option<Path>,
}

/// Returns the variables that a string at `path` can be meant to refer to: those of the runtime, the parameters, and what
/// the step and the Environment define that hold the string.
pub(super) fn around(template: &Value, kind: TemplateKind, path: &Path) -> Vec<Variable> {
    let runtime = RUNTIME_VARIABLES.iter().map(|variable| Variable {
        name: variable.name.to_owned(),
        kind: Some(variable.kind.to_owned()),
        about: variable.about.to_owned(),
        definition: None,
    });
    let mut found: Vec<_> = runtime.collect();
    let root = Path::root();
    parameters(template, &root.key("parameterDefinitions"), "", &mut found);
    let segments = path.segments();
    let mut holders = (1..=segments.len()).map(|length| root.join(&segments[..length]));
    if kind == TemplateKind::Job
        && let Some(step) = holders.clone().find(|holder| is_item_of(holder, "steps"))
    {
        let space = step.key("parameterSpace").key("taskParameterDefinitions");
        parameters(template, &space, "Task.", &mut found);
        names_bound(template, &step.key("let"), &mut found);
        let script = step.key("script");
        if path.is_within(&script) {
            names_bound(template, &script.key("let"), &mut found);
            files(template, &script, "Task.File", &mut found);
        }
    }
    let is_environment = |holder: &Path| {
        ["jobEnvironments", "stepEnvironments"]
            .iter()
            .any(|list| is_item_of(holder, list))
            || *holder == root.key("environment")
    };
    if let Some(environment) = holders.find(is_environment) {
        let script = environment.key("script");
        names_bound(template, &script.key("let"), &mut found);
        files(template, &script, "Env.File", &mut found);
    }
    tell_types(template, &mut found);
    found
}

/// Returns the type of an expression with `variables`; `None` if it cannot be told.
pub(super) fn type_among(variables: &[Variable], expression: &str) -> Option<ExprType> {
    type_of(expression, &symbols_of(variables))
}

/// Returns the variables whose types are known.
fn symbols_of(variables: &[Variable]) -> SymbolTable {
    let mut symbols = SymbolTable::new();
    for own in variables {
        let kind = own.kind.as_deref().map(ExprType::parse);
        if let Some(Ok(kind)) = kind {
            define(&mut symbols, &own.name, kind);
        }
    }
    symbols
}

fn define(symbols: &mut SymbolTable, name: &str, kind: ExprType) {
    // A name that cannot be set stays unknown.
    let _ = symbols.set(name, ExprValue::unresolved(kind));
}

/// Tells the types of the `let` names, in order: each expression may have the names before it.
fn tell_types(template: &Value, variables: &mut [Variable]) {
    let mut symbols = symbols_of(variables);
    let bound = variables.iter_mut().filter_map(|own| {
        let path = own.definition.clone().filter(is_binding)?;
        Some((own, path))
    });
    for (own, path) in bound {
        let binding = path.get(template).and_then(Value::as_str);
        let expression = binding.and_then(|binding| binding.split_once('='));
        let kind = expression.and_then(|(_, expression)| type_of(expression, &symbols));
        define(
            &mut symbols,
            &own.name,
            kind.clone().unwrap_or(ExprType::ANY),
        );
        own.kind = kind.map(|kind| kind.to_string());
    }
}

/// Returns the type of an expression with these variables; `None` if it cannot be told at little cost.
fn type_of(expression: &str, symbols: &SymbolTable) -> Option<ExprType> {
    let parsed = ParsedExpression::new(expression.trim()).ok()?;
    let value = parsed
        .with_library(&OF_HOSTS)
        .with_operation_limit(CHEAP_OPERATIONS)
        .with_memory_limit(CHEAP_MEMORY)
        .evaluate(&[symbols])
        .ok()?;
    let kind = functions::type_of(&value);
    (kind.code() != TypeCode::Any).then_some(kind)
}

fn is_item_of(path: &Path, list: &str) -> bool {
    matches!(path.segments(), [.., Segment::Key(key), Segment::Index(_)] if key == list)
}

fn parameters(template: &Value, path: &Path, prefix: &str, found: &mut Vec<Variable>) {
    for (index, definition) in items_of(path.get(template)).iter().enumerate() {
        let Some(name) = definition["name"].as_str() else {
            continue;
        };
        let written = definition["type"].as_str().unwrap_or_default();
        let kind = expression_type(written);
        let of = match prefix {
            "" => "job",
            _ => "task",
        };
        let mut about = format!("{of} parameter of type {}", prose(written));
        if let Some(default) = definition.get("default") {
            about += &format!(", by default {}", code(&text_of(default)));
        }
        about.push('.');
        if let Some(description) = definition["description"].as_str() {
            about += &format!(" {}", prose(description));
        }
        for (table, kind, note) in [
            ("Param", kind.clone(), ""),
            (
                "RawParam",
                kind.map(|kind| kind.replace("path", "string")),
                " The value as it was given, before path mapping.",
            ),
        ] {
            found.push(Variable {
                name: format!("{prefix}{table}.{name}"),
                kind,
                about: format!("{about}{note}"),
                definition: Some(path.index(index).key("name")),
            });
        }
    }
}

/// Returns the type of the values of a parameter of this type.
fn expression_type(written: &str) -> Option<String> {
    let lower = written.to_ascii_lowercase();
    Some(match lower.as_str() {
        "" => return None,
        "chunk[int]" => "range_expr".to_owned(),
        _ => lower,
    })
}

fn names_bound(template: &Value, path: &Path, found: &mut Vec<Variable>) {
    for (index, name, expression) in bindings(path.get(template)) {
        found.push(Variable {
            name: name.to_owned(),
            kind: None,
            about: format!("`let` name for {}.", code(expression)),
            definition: Some(path.index(index)),
        });
    }
}

fn files(template: &Value, script: &Path, prefix: &str, found: &mut Vec<Variable>) {
    let path = script.key("embeddedFiles");
    for (index, file) in items_of(path.get(template)).iter().enumerate() {
        if let Some(name) = file["name"].as_str() {
            found.push(Variable {
                name: format!("{prefix}.{name}"),
                kind: Some("path".to_owned()),
                about: "Path of the embedded file.".to_owned(),
                definition: Some(path.index(index).key("name")),
            });
        }
    }
}
