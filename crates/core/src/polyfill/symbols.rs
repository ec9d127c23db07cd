//! Types of the variables in an action of an Environment, as far as a template tells them.

use crate::functions::{self, OF_HOSTS};
use crate::lint::{Context, parameters};
use crate::runtime_variables::{RUNTIME_VARIABLES, RuntimeVariable};
use crate::template::{Environment, Home, Path, Slot, bindings, items_of};
use openjd_expr::value::ExprValue;
use openjd_expr::{ExprType, SymbolTable};
use openjd_model::JobParameterType;
use serde_json::Value;

/// The variables in scope in the actions of an Environment, their values unknown.
pub(super) struct Symbols<'c, 'd> {
    context: &'c Context<'d>,
    parameters: &'c SymbolTable,
    table: SymbolTable,
}

impl<'c, 'd> Symbols<'c, 'd> {
    /// Defines the variables of an Environment; `parameters` are those of the job.
    pub fn new(
        context: &'c Context<'d>,
        parameters: &'c SymbolTable,
        environment: &Environment<'d>,
    ) -> Self {
        let mut symbols = Self {
            context,
            parameters,
            table: SymbolTable::new(),
        };
        let is_of_step = matches!(environment.home, Home::Step(_));
        let everywhere = RUNTIME_VARIABLES.iter();
        let everywhere = everywhere.filter(|variable| variable.hooks.is_empty());
        for variable in everywhere.filter(|variable| is_of_step || variable.name != "Step.Name") {
            symbols.define(variable.name, type_of(variable));
        }
        let root = context.document.value();
        if let Home::Step(index) = environment.home {
            let list = Path::root().key("steps").index(index).key("let");
            symbols.bind(list.get(root), &list);
        }
        let script = environment.path.key("script");
        for file in items_of(script.key("embeddedFiles").get(root)) {
            if let Some(name) = file.get("name").and_then(Value::as_str) {
                symbols.define(&format!("Env.File.{name}"), ExprType::PATH);
            }
        }
        let list = script.key("let");
        symbols.bind(list.get(root), &list);
        symbols
    }

    /// Returns the type of an expression in the action of `slot`; `None` if it cannot be told.
    pub fn type_of(&self, slot: Slot, expression: &str) -> Option<ExprType> {
        let mut hook = SymbolTable::new();
        let of_hook = RUNTIME_VARIABLES.iter();
        for variable in of_hook.filter(|variable| variable.hooks.contains(&slot)) {
            define(&mut hook, variable.name, type_of(variable));
        }
        let parsed = self.context.expressions.expression(expression).ok()?;
        let value = parsed
            .with_library(&OF_HOSTS)
            .evaluate(&[self.parameters, &self.table, &hook])
            .ok()?;
        Some(functions::type_of(&value))
    }

    fn define(&mut self, name: &str, kind: ExprType) {
        define(&mut self.table, name, kind);
    }

    fn bind(&mut self, list: Option<&Value>, path: &Path) {
        for (index, name, expression) in bindings(list) {
            let is_costly = self.context.budget.is_costly_binding(&path.index(index));
            let parsed = self.context.expressions.expression(expression);
            let value = parsed.ok().filter(|_| !is_costly).and_then(|parsed| {
                let evaluation = parsed.with_library(&OF_HOSTS);
                evaluation.evaluate(&[self.parameters, &self.table]).ok()
            });
            let value = value.unwrap_or_else(|| ExprValue::unresolved(ExprType::ANY));
            let _ = self.table.set(name, value);
        }
    }
}

/// Returns the variables of the parameters of the job, their values unknown.
pub(super) fn of_parameters(context: &Context<'_>) -> SymbolTable {
    let mut table = SymbolTable::new();
    for definition in items_of(context.document.value().get("parameterDefinitions")) {
        let text = |key: &str| definition.get(key).and_then(Value::as_str);
        let kind = text("type").and_then(JobParameterType::from_spec_str);
        if let (Some(name), Some(kind)) = (text("name"), kind) {
            define(&mut table, &format!("Param.{name}"), kind.expr_type());
            define(
                &mut table,
                &format!("RawParam.{name}"),
                parameters::raw_type(kind),
            );
        }
    }
    table
}

/// Adds a variable. A name that cannot be set stays unknown.
fn define(table: &mut SymbolTable, name: &str, kind: ExprType) {
    let _ = table.set(name, ExprValue::unresolved(kind));
}

fn type_of(variable: &RuntimeVariable) -> ExprType {
    ExprType::parse(variable.kind).unwrap_or(ExprType::ANY)
}
