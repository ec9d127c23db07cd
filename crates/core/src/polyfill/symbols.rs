//! Types of the variables in an action of an Environment, as far as a template tells them.

use crate::functions;
use crate::lint::Context;
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
        for name in ["WorkingDirectory", "PathMappingRulesFile"] {
            symbols.define(&format!("Session.{name}"), ExprType::PATH);
        }
        symbols.define("Session.HasPathMappingRules", ExprType::BOOL);
        symbols.define("Job.Name", ExprType::STRING);
        let root = context.document.value();
        if let Home::Step(index) = environment.home {
            symbols.define("Step.Name", ExprType::STRING);
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
        for (name, kind) in of_hook(slot) {
            // A name that cannot be set stays unknown.
            let _ = table.set(name, ExprValue::unresolved(kind));
        }
        let parsed = self.context.expressions.expression(expression).ok()?;
        let value = parsed
            .with_library(&self.library)
            .evaluate(&[&table])
            .ok()?;
        Some(known(value.expr_type()))
    }

    fn define_parameters(&mut self) {
        let definitions = self.context.document.value().get("parameterDefinitions");
        for definition in items_of(definitions) {
            let text = |key: &str| definition.get(key).and_then(Value::as_str);
            let kind = text("type").and_then(JobParameterType::from_spec_str);
            if let (Some(name), Some(kind)) = (text("name"), kind) {
                self.define(&format!("Param.{name}"), kind.expr_type());
                let raw = match kind {
                    JobParameterType::Path => ExprType::STRING,
                    JobParameterType::ListPath => ExprType::list(ExprType::STRING),
                    kind => kind.expr_type(),
                };
                self.define(&format!("RawParam.{name}"), raw);
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

/// Returns the variables that a wrap hook has beside those of other slots.
fn of_hook(slot: Slot) -> Vec<(&'static str, ExprType)> {
    if !Slot::HOOKS.contains(&slot) {
        return Vec::new();
    }
    let texts = || ExprType::list(ExprType::STRING);
    let or_null = |kind: ExprType| ExprType::union(vec![kind, ExprType::NULLTYPE]);
    let name = match slot {
        Slot::OnWrapTaskRun => "WrappedStep.Name",
        _ => "WrappedEnv.Name",
    };
    vec![
        ("WrappedAction.Command", ExprType::STRING),
        ("WrappedAction.Args", texts()),
        ("WrappedAction.Environment", texts()),
        ("WrappedAction.Timeout", or_null(ExprType::INT)),
        ("WrappedAction.Cancelation.Mode", or_null(ExprType::STRING)),
        (
            "WrappedAction.Cancelation.NotifyPeriodInSeconds",
            or_null(ExprType::INT),
        ),
        (name, ExprType::STRING),
    ]
}

/// Returns the type that a value whose type is not resolved will have.
fn known(kind: ExprType) -> ExprType {
    match (kind.code(), kind.params()) {
        (openjd_expr::types::TypeCode::Unresolved, [constraint]) => constraint.clone(),
        _ => kind,
    }
}
