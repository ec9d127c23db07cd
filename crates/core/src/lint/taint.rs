//! Taint analysis: the harm that an interpolated value can do to a command line.

use super::budget::{CHEAP_MEMORY, CHEAP_OPERATIONS};
use super::commands::Owner;
use super::context::Context;
use super::parameters;
use crate::functions;
use crate::template::{Home, bindings, draft_names, items_of};
use openjd_expr::types::TypeCode;
use openjd_expr::value::ExprValue;
use openjd_expr::{ExprType, SymbolTable};
use openjd_model::JobParameterType;
use serde_json::Value;

/// Maximum length of a chain of `let` names.
const MAX_DEPTH: usize = 8;

/// Harm that a value can do to a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Harm {
    /// It is a number, or a word without meaning to a shell.
    None,
    /// It is a path that the runtime has chosen: it may have a space.
    Splits,
    /// It can be anything.
    Any,
}

/// The values that the format strings of an Environment or step see.
pub(crate) struct Values<'c, 'd> {
    pub context: &'c Context<'d>,
    pub owner: &'c Owner<'d>,
}

impl Values<'_, '_> {
    /// Returns the harm that the value of an expression can do outside of quotes.
    pub fn harm(&self, expression: &str) -> Harm {
        self.of_expression(expression, MAX_DEPTH)
    }

    fn of_expression(&self, expression: &str, depth: usize) -> Harm {
        let Ok(parsed) = self.context.expressions.expression(expression) else {
            return Harm::None;
        };
        let mut functions = parsed.called_functions().iter();
        if functions.any(|function| function.starts_with("repr_")) {
            return Harm::None;
        }
        if let Some(name) = parsed.as_name_lookup() {
            return self.of_name(name, depth);
        }
        let names = parsed.accessed_symbols().iter();
        let worst = names.map(|name| self.of_name(name, depth)).max();
        match worst {
            None | Some(Harm::None) => Harm::None,
            // A number is harmless even when derived from text.
            Some(harm) if self.kind(expression, depth).is_some_and(is_text) => harm,
            Some(_) => Harm::None,
        }
    }

    fn of_name(&self, name: &str, depth: usize) -> Harm {
        let name = draft_names::accepted_form(name);
        let template = self.context.document.value();
        if let Some(parameter) = parameters::of(self.context, &name) {
            let words = parameter.allowed().unwrap_or_default();
            let are_plain = !words.is_empty() && words.iter().all(|word| is_plain(word));
            return match parameter.kind {
                _ if are_plain => Harm::None,
                JobParameterType::Int
                | JobParameterType::Float
                | JobParameterType::Bool
                | JobParameterType::RangeExpr => Harm::None,
                _ => Harm::Any,
            };
        }
        let fixed = |value: Option<&Value>| match value.and_then(Value::as_str) {
            Some(text) if is_plain(text) => Harm::None,
            _ => Harm::Any,
        };
        match name.as_str() {
            "Session.HasPathMappingRules" | "WrappedAction.Timeout" => Harm::None,
            "Job.Name" => fixed(template.get("name")),
            "Step.Name" => fixed(self.step().and_then(|step| step.get("name"))),
            "WrappedAction.Command"
            | "WrappedAction.Args"
            | "WrappedAction.Environment"
            | "WrappedEnv.Name"
            | "WrappedStep.Name" => Harm::Any,
            _ if name.starts_with("Session.") => Harm::Splits,
            _ if name.starts_with("Task.Param.") || name.starts_with("Task.RawParam.") => {
                self.of_task_parameter(&name)
            }
            _ => match self.binding(&name).filter(|_| depth > 0) {
                Some(expression) => self.of_expression(expression, depth - 1),
                None => Harm::None,
            },
        }
    }

    /// Returns the harm of a task parameter: a list of plain words is harmless, as is a number.
    fn of_task_parameter(&self, name: &str) -> Harm {
        let space = self.step().and_then(|step| step.get("parameterSpace"));
        let definitions = space.and_then(|space| space.get("taskParameterDefinitions"));
        let mut definitions = items_of(definitions).iter();
        let bare = name.rsplit('.').next();
        let Some(definition) =
            definitions.find(|definition| definition.get("name").and_then(Value::as_str) == bare)
        else {
            return Harm::None;
        };
        let kind = definition.get("type").and_then(Value::as_str);
        let is_text = kind.is_some_and(|kind| ["STRING", "PATH"].contains(&kind));
        let values = definition.get("range").and_then(Value::as_array);
        let are_plain = |values: &Vec<Value>| {
            values
                .iter()
                .all(|value| value.as_str().is_none_or(is_plain))
        };
        match is_text && !values.is_some_and(are_plain) {
            true => Harm::Any,
            false => Harm::None,
        }
    }

    fn step(&self) -> Option<&Value> {
        match self.owner.home {
            Home::Step(index) => self.context.document.value().get("steps")?.get(index),
            Home::Job | Home::Template => None,
        }
    }

    /// Returns the expression of a `let` name: that of the script comes before that of the step.
    fn binding(&self, name: &str) -> Option<&str> {
        let own = self
            .owner
            .value
            .get("script")
            .and_then(|script| script.get("let"));
        let outer = self.step().and_then(|step| step.get("let"));
        let mut bindings = bindings(own).chain(bindings(outer));
        Some(bindings.find(|(_, bound, _)| *bound == name)?.2)
    }

    /// The type that an expression has, if that can be told.
    fn kind(&self, expression: &str, depth: usize) -> Option<ExprType> {
        let parsed = self.context.expressions.expression(expression).ok()?;
        let mut symbols = SymbolTable::new();
        for name in parsed.accessed_symbols() {
            let kind = self.kind_of_name(name, depth)?;
            symbols.set(name, ExprValue::unresolved(kind)).ok()?;
        }
        let value = parsed
            .with_library(self.context.constants().library())
            .with_operation_limit(CHEAP_OPERATIONS)
            .with_memory_limit(CHEAP_MEMORY)
            .evaluate(&[&symbols])
            .ok()?;
        Some(functions::type_of(&value))
    }

    fn kind_of_name(&self, name: &str, depth: usize) -> Option<ExprType> {
        let name = draft_names::accepted_form(name);
        if let Some(parameter) = parameters::of(self.context, &name) {
            return Some(match name.starts_with("RawParam.") {
                true => parameters::raw_type(parameter.kind),
                false => parameter.kind.expr_type(),
            });
        }
        match name.as_str() {
            "Session.HasPathMappingRules" => Some(ExprType::BOOL),
            "WrappedAction.Timeout" => Some(ExprType::INT),
            "WrappedAction.Args" | "WrappedAction.Environment" => {
                Some(ExprType::list(ExprType::STRING))
            }
            "Job.Name"
            | "Step.Name"
            | "WrappedAction.Command"
            | "WrappedEnv.Name"
            | "WrappedStep.Name" => Some(ExprType::STRING),
            _ if name.starts_with("Session.")
                || name.starts_with("Env.File.")
                || name.starts_with("Task.File.") =>
            {
                Some(ExprType::PATH)
            }
            _ => {
                let expression = self.binding(&name).filter(|_| depth > 0)?;
                self.kind(expression, depth - 1)
            }
        }
    }
}

/// The first variable of an expression that can do harm, for a message.
pub(crate) fn culprit<'t>(values: &Values<'_, '_>, text: &'t str) -> Option<&'t str> {
    let found = values.context.expressions.interpolations(text);
    let mut references = found
        .iter()
        .flat_map(|interpolation| &interpolation.references);
    let harmful =
        references.find(|reference| values.of_name(&reference.name, MAX_DEPTH) != Harm::None)?;
    text.get(harmful.range.clone())
}

fn is_text(kind: ExprType) -> bool {
    matches!(
        kind.code(),
        TypeCode::String | TypeCode::Path | TypeCode::List | TypeCode::Any | TypeCode::Union
    )
}

/// Returns true if every shell reads the text as one plain word.
fn is_plain(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@+,".contains(c);
    !text.is_empty() && text.chars().all(is_plain)
}
