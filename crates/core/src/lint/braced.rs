//! References in single braces where a number or a range is needed: `timeout: "{Param.A}"`.

use super::braces;
use super::context::Context;
use super::fact::{Fact, FactKind};
use serde_json::Value;

/// Replaces what is said of such a value as a number by what is wrong with it.
pub(super) fn explained<'d>(context: &Context<'_>, mut facts: Vec<Fact<'d>>) -> Vec<Fact<'d>> {
    let template = context.document.value();
    for fact in &mut facts {
        let is_of_value = matches!(
            fact.kind,
            FactKind::InvalidValue { .. }
                | FactKind::Rejected { .. }
                | FactKind::NumberAsString { .. }
        );
        let text = fact.place.path().get(template).and_then(Value::as_str);
        if let Some(text) = text.filter(|_| is_of_value)
            && let Some(name) = braces::in_single(text)
        {
            fact.kind = FactKind::InvalidValue {
                message: format!("`{text}` is no reference, which has two braces on each side"),
                help: Some(format!("write `{{{{{name}}}}}`")),
            };
        }
    }
    facts
}
