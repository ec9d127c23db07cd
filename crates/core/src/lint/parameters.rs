//! Job parameters, and the values that their definitions admit.

use super::context::Context;
use crate::template::{Field, Path, text_of};
use openjd_expr::ExprType;
use openjd_model::JobParameterType;
use serde_json::Value;

/// The definition of a job parameter.
pub(crate) struct Parameter<'d> {
    pub name: &'d str,
    pub path: Path,
    pub kind: JobParameterType,
    value: &'d Value,
}

/// Returns the definition of the parameter that a name such as `Param.Frames` refers to: the first, if there are
/// several.
pub(crate) fn of<'d>(context: &Context<'d>, reference: &str) -> Option<Parameter<'d>> {
    let name = reference
        .strip_prefix("Param.")
        .or_else(|| reference.strip_prefix("RawParam."))?;
    let definitions = context.document.value().get("parameterDefinitions")?;
    let path = Path::root().key("parameterDefinitions");
    let index = context.parameter(name)?;
    let value = definitions.get(index)?;
    Some(Parameter {
        name: value.get("name")?.as_str()?,
        path: path.index(index),
        kind: JobParameterType::from_spec_str(value.get("type")?.as_str()?)?,
        value,
    })
}

/// Returns the type of `RawParam.<Name>`, the value as it was submitted, of a parameter of this type.
pub(crate) fn raw_type(kind: JobParameterType) -> ExprType {
    match kind {
        JobParameterType::Path => ExprType::STRING,
        JobParameterType::ListPath => ExprType::list(ExprType::STRING),
        kind => kind.expr_type(),
    }
}

/// Returns the parameter that provides the whole value of `field` (`{{Param.X}}`).
pub(crate) fn taken<'d>(context: &Context<'d>, field: &Field<'d>) -> Option<Parameter<'d>> {
    let text = field.value.as_str()?.trim();
    let inner = text.strip_prefix("{{")?.strip_suffix("}}")?;
    let parsed = context.expressions.expression(inner).ok()?;
    of(context, parsed.as_name_lookup()?)
}

/// The whole numbers that a parameter admits.
pub(crate) struct Range {
    pub least: Option<i64>,
    pub greatest: Option<i64>,
    /// An example of an admitted value that is not a whole number, if there is one.
    pub odd: Option<String>,
}

impl<'d> Parameter<'d> {
    /// Its `allowedValues` as texts.
    pub fn allowed(&self) -> Option<Vec<String>> {
        let values = self.value.get("allowedValues")?.as_array()?;
        Some(values.iter().map(text_of).collect())
    }

    /// Its default, if that is a text.
    pub fn default_text(&self) -> Option<&'d str> {
        self.value.get("default")?.as_str()
    }

    /// Its default, if that is a whole number.
    pub fn default_number(&self) -> Option<i64> {
        whole(self.value.get("default")?)
    }

    /// Returns the numbers that it admits; `None` if its definition is wrong or of another type.
    pub fn range(&self) -> Option<Range> {
        if let Some(values) = self.value.get("allowedValues").and_then(Value::as_array) {
            let odd = values.iter().find(|value| whole(value).is_none());
            let numbers = || values.iter().filter_map(whole);
            return Some(Range {
                least: Some(numbers().min().unwrap_or(i64::MAX)),
                greatest: Some(numbers().max().unwrap_or(i64::MIN)),
                odd: odd.map(|value| value.to_string().replace('"', "")),
            })
            .filter(|_| !values.is_empty());
        }
        let bound = |key: &str| match self.value.get(key).filter(|value| !value.is_null()) {
            Some(value) => whole(value).map(Some),
            None => Some(None),
        };
        match self.kind {
            JobParameterType::Int => {
                let range = Range {
                    least: bound("minValue")?,
                    greatest: bound("maxValue")?,
                    odd: None,
                };
                let is_empty = range.least.zip(range.greatest).is_some_and(|(a, b)| a > b);
                (!is_empty).then_some(range)
            }
            JobParameterType::Float => Some(Range {
                least: None,
                greatest: None,
                odd: Some("7.5".to_owned()),
            }),
            JobParameterType::String | JobParameterType::Path => Some(Range {
                least: None,
                greatest: None,
                odd: Some("text".to_owned()),
            }),
            _ => None,
        }
    }
}

/// Returns the whole number that a value is, or that its text is.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_i64().or_else(|| {
            let float = number.as_f64()?;
            (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i64)
        }),
        _ => None,
    }
}
