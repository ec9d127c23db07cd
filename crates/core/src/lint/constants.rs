//! Numbers that are known before a job is created: literals, and format strings that refer to
//! nothing but constants (SCH-5).

use crate::template::{Field, Home, Number};
use openjd_expr::eval::ParsedExpression;
use openjd_expr::value::ExprValue;
use openjd_expr::{ExprProfile, FormatString, FunctionLibrary, HostContext, SymbolTable};
use openjd_model::ModelProfile;
use serde_json::Value;

pub(crate) struct Constants<'d> {
    template: &'d Value,
    has_format_strings: bool,
    profile: ExprProfile,
}

/// A format string that certainly does not resolve to an integer: what it resolves to.
pub(crate) struct NoInteger(pub String);

impl<'d> Constants<'d> {
    /// `has_format_strings` says whether numbers may be format strings (`FEATURE_BUNDLE_1`).
    pub fn of(template: &'d Value, has_format_strings: bool) -> Self {
        // Resolved at job creation, where there is no host to ask.
        let profile = ModelProfile::latest().to_expr_profile(HostContext::None);
        Self {
            template,
            has_format_strings,
            profile,
        }
    }

    /// Returns true if a monitor's number may be a format string (SCH-5).
    pub fn has_format_strings(&self) -> bool {
        self.has_format_strings
    }

    /// The integer that `field`, in an Environment of this `home`, is known to be; `None` if that
    /// depends on the job, or if the field is wrong in a way that another rule reports.
    pub fn integer(&self, home: Home, field: &Field<'_>) -> Result<Option<i64>, NoInteger> {
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
        let Ok(format) = FormatString::with_profile(text, &self.profile) else {
            return Ok(None);
        };
        let library = FunctionLibrary::for_profile(&self.profile);
        let symbols = self.let_constants(home, &library);
        let Ok(resolution) = format.validate_expressions(&symbols, &library, None) else {
            // It refers to what is no constant.
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

    /// The `let` names of the step that a step environment belongs to, as far as they are constant.
    fn let_constants(&self, home: Home, library: &FunctionLibrary) -> SymbolTable {
        let mut symbols = SymbolTable::new();
        let Home::Step(step) = home else {
            return symbols;
        };
        let bindings = self.template["steps"][step]["let"]
            .as_array()
            .into_iter()
            .flatten();
        for binding in bindings.filter_map(Value::as_str) {
            let Some((name, expression)) = binding.split_once('=') else {
                continue;
            };
            let parsed = ParsedExpression::with_profile(expression.trim(), &self.profile);
            let value =
                parsed.and_then(|parsed| parsed.with_library(library).evaluate(&[&symbols]));
            if let Ok(value) = value.map(|value| (name.trim(), value)) {
                // A name that cannot be set stays unknown.
                let _ = symbols.set(value.0, value.1);
            }
        }
        symbols
    }
}
