//! Numbers that are known before a job is created: literals, and format strings that refer to
//! nothing but constants (SCH-5).

use super::expressions::Expressions;
use crate::template::{Field, Home, Number, Path, bindings};
use openjd_expr::value::ExprValue;
use openjd_expr::{FunctionLibrary, HostContext, SymbolTable};
use openjd_model::ModelProfile;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

pub(crate) struct Constants<'d> {
    template: &'d Value,
    has_format_strings: bool,
    expressions: Rc<Expressions>,
    library: Arc<FunctionLibrary>,
    /// Cache of the constant `let` names, by step.
    bindings: RefCell<HashMap<usize, Rc<SymbolTable>>>,
    /// Cache of the numbers, by path: several rules ask for the same one.
    integers: RefCell<HashMap<Path, Result<Option<i64>, NoInteger>>>,
}

/// Returns true for the path of a `let` binding that is too costly to evaluate.
type IsCostly<'f> = &'f dyn Fn(&Path) -> bool;

/// Error for a format string that certainly does not resolve to an integer: the text that it resolves to.
#[derive(Clone)]
pub(crate) struct NoInteger(pub String);

impl<'d> Constants<'d> {
    /// With `has_format_strings`, numbers may be format strings (`FEATURE_BUNDLE_1`).
    pub fn of(
        template: &'d Value,
        has_format_strings: bool,
        expressions: &Rc<Expressions>,
    ) -> Self {
        // Resolved at job creation, where there is no host to ask.
        let profile = ModelProfile::latest().to_expr_profile(HostContext::None);
        Self {
            template,
            has_format_strings,
            expressions: Rc::clone(expressions),
            library: FunctionLibrary::for_profile(&profile),
            bindings: RefCell::default(),
            integers: RefCell::default(),
        }
    }

    /// Returns true if a monitor's number may be a format string (SCH-5).
    pub fn has_format_strings(&self) -> bool {
        self.has_format_strings
    }

    /// Returns the value of `field`, in an Environment of this `home`; `None` if it depends on the job, or if another
    /// rule reports the field.
    pub fn integer(
        &self,
        home: Home,
        field: &Field<'_>,
        is_costly: IsCostly<'_>,
    ) -> Result<Option<i64>, NoInteger> {
        if let Some(known) = self.integers.borrow().get(&field.path) {
            return known.clone();
        }
        let integer = self.evaluate(home, field, is_costly);
        let mut integers = self.integers.borrow_mut();
        integers.insert(field.path.clone(), integer.clone());
        integer
    }

    fn evaluate(
        &self,
        home: Home,
        field: &Field<'_>,
        is_costly: IsCostly<'_>,
    ) -> Result<Option<i64>, NoInteger> {
        let text = match field.number() {
            Some(Number::Literal(number)) => return Ok(Some(number)),
            Some(Number::Format(text)) => text,
            None => return Ok(None),
        };
        // The timeout of an action may be a number in quotes without any extension.
        let is_timeout = field.path.last_key() == Some("timeout");
        match text.trim().parse() {
            Ok(number) if is_timeout || self.has_format_strings => return Ok(Some(number)),
            _ if !self.has_format_strings => return Ok(None),
            _ => {}
        }
        let Ok(format) = self.expressions.format_string(text) else {
            return Ok(None);
        };
        let symbols = self.let_constants(home, is_costly);
        let Ok(resolution) = format.validate_expressions(&symbols, &self.library, None) else {
            // It refers to something that is not constant.
            return Ok(None);
        };
        match resolution.resolved_value {
            None => Ok(None),
            Some(ExprValue::Int(number)) => Ok(Some(number)),
            Some(value) => {
                let resolved = value.to_display_string();
                let integer = |float: f64| (float.fract() == 0.0).then_some(float as i64);
                let number = resolved
                    .trim()
                    .parse()
                    .ok()
                    .or_else(|| integer(resolved.parse().ok()?));
                number
                    .map(Some)
                    .ok_or(NoInteger(if value == ExprValue::Null {
                        "null".to_owned()
                    } else {
                        resolved
                    }))
            }
        }
    }

    /// Returns the `let` names of the step that a step environment belongs to, as far as they are
    /// constant.
    fn let_constants(&self, home: Home, is_costly: IsCostly<'_>) -> Rc<SymbolTable> {
        let Home::Step(step) = home else {
            return Rc::default();
        };
        if let Some(known) = self.bindings.borrow().get(&step) {
            return Rc::clone(known);
        }
        let mut symbols = SymbolTable::new();
        let list = Path::root().key("steps").index(step).key("let");
        for (index, name, expression) in bindings(list.get(self.template)) {
            if is_costly(&list.index(index)) {
                continue;
            }
            let Ok(parsed) = self.expressions.expression(expression) else {
                continue;
            };
            if let Ok(value) = parsed.with_library(&self.library).evaluate(&[&symbols]) {
                // A name that cannot be set stays unknown.
                let _ = symbols.set(name, value);
            }
        }
        let symbols = Rc::new(symbols);
        let mut bindings = self.bindings.borrow_mut();
        bindings.insert(step, Rc::clone(&symbols));
        symbols
    }

    /// Returns the functions that exist without a host.
    pub fn library(&self) -> &FunctionLibrary {
        &self.library
    }
}
