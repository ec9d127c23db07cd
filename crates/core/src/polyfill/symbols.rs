//! Types of the variables in an action of an Environment, as far as a template tells them.

use crate::functions;
use crate::lint::{Context, parameters};
use crate::runtime_variables::{RUNTIME_VARIABLES, RuntimeVariable};
use crate::template::{Environment, Home, Path, Slot, bindings, items_of};
use openjd_expr::value::ExprValue;
use openjd_expr::{ExprType, FunctionLibrary, HostContext, SymbolTable};
use openjd_model::{JobParameterType, ModelProfile};
use serde_json::Value;

/// The variables in scope in the actions of an Environment, their values unknown.
pub(super) struct Symbols<'c, 'd> {
    context: &'c Context<'d>,
    table: SymbolTable,
    library: FunctionLibrary,
}

impl<'c, 'd> Symbols<'c, 'd> {
    pub fn new(context: &'c Context<'d>, environment: &Environment<'d>) -> Self {
        let profile = ModelProfile::latest().to_expr_profile(HostContext::Unresolved);
        let mut symbols = Self {
            context,
            table: SymbolTable::new(),
            library: functions::of_profile(&profile),
        };
        symbols.define_parameters();
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
        let mut table = self.table.clone();
        let of_hook = RUNTIME_VARIABLES.iter();
        for variable in of_hook.filter(|variable| variable.hooks.contains(&slot)) {
            // A name that cannot be set stays unknown.
            let _ = table.set(variable.name, ExprValue::unresolved(type_of(variable)));
        }
        let parsed = self.context.expressions.expression(expression).ok()?;
        let value = parsed
            .with_library(&self.library)
            .evaluate(&[&table])
            .ok()?;
        Some(functions::type_of(&value))
    }

    fn define_parameters(&mut self) {
        let definitions = self.context.document.value().get("parameterDefinitions");
        for definition in items_of(definitions) {
            let text = |key: &str| definition.get(key).and_then(Value::as_str);
            let kind = text("type").and_then(JobParameterType::from_spec_str);
            if let (Some(name), Some(kind)) = (text("name"), kind) {
                self.define(&format!("Param.{name}"), kind.expr_type());
                self.define(&format!("RawParam.{name}"), parameters::raw_type(kind));
            }
        }
    }

    fn define(&mut self, name: &str, kind: ExprType) {
        let _ = self.table.set(name, ExprValue::unresolved(kind));
    }

    fn bind(&mut self, list: Option<&Value>, path: &Path) {
        for (index, name, expression) in bindings(list) {
            let is_costly = self.context.budget.is_costly_binding(&path.index(index));
            let parsed = self.context.expressions.expression(expression);
            let value = parsed.ok().filter(|_| !is_costly).and_then(|parsed| {
                let evaluation = parsed.with_library(&self.library);
                evaluation.evaluate(&[&self.table]).ok()
            });
            let value = value.unwrap_or_else(|| ExprValue::unresolved(ExprType::ANY));
            let _ = self.table.set(name, value);
        }
    }
}

fn type_of(variable: &RuntimeVariable) -> ExprType {
    ExprType::parse(variable.kind).unwrap_or(ExprType::ANY)
}
