//! Templates as data: bytes to a document with positions, its Environments and their monitors.
//! Knows no rule.

pub mod defaults;
mod document;
pub(crate) mod draft_names;
mod edit;
mod encoding;
mod environment;
mod expansion;
mod expression;
mod extension;
mod field;
mod json;
pub mod limits;
mod monitor;
mod outline;
mod path;
mod plain;
mod problem;
mod reading;
mod replacement;
mod scalar;
mod slot;
mod source;
mod spot;
mod syntax;
mod traps;
mod tree;
mod value;
mod yaml;
pub(crate) mod yaml11;

pub(crate) use document::ScalarLines;
pub use document::{Document, Loaded, load};
pub use edit::{Change, Edits, Form, flow};
pub use environment::{Environment, Home, environments};
pub use extension::{MONITOR, without_extension};
pub(crate) use extension::{remove, remove_extension};
pub(crate) use field::least_value;
pub use field::{Field, Number};
pub(crate) use monitor::OVERRIDABLE;
pub use monitor::{Effective, Monitor, OnFailure};
pub(crate) use outline::Entry;
pub(crate) use path::PathSet;
pub use path::{Path, Segment, visit};
pub use plain::{Plain, Tagged};
pub use problem::{Problem, Repair};
pub use replacement::Edit;
pub use slot::Slot;
pub use source::{Position, Source};
pub use spot::Spot;
pub use syntax::Syntax;
pub use traps::quoted;
pub(crate) use traps::{
    has_more_than_a_key, is_field, may_mean_more, meant_by_keys, meant_by_text,
};
pub use tree::Tag;

use serde_json::Value;

/// Returns the text that a scalar stands for where a string is expected.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Returns the items of a list; none of anything else.
pub(crate) fn items_of(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Returns the bindings of a `let`, each with its index, its name and its expression.
pub(crate) fn bindings(list: Option<&Value>) -> impl Iterator<Item = (usize, &str, &str)> {
    let items = items_of(list).iter().enumerate();
    items.filter_map(|(index, binding)| {
        let (name, expression) = binding.as_str()?.split_once('=')?;
        Some((index, name.trim(), expression.trim()))
    })
}

/// The two kinds of template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateKind {
    /// A job with steps; its revision is `jobtemplate-…`.
    Job,
    /// One Environment, to be put around jobs; its revision is `environment-…`.
    Environment,
}

impl TemplateKind {
    /// Returns the kind that a document claims to be, of any revision; `None` if it is no template.
    pub fn of(document: &Document) -> Option<Self> {
        let version = document.value().get("specificationVersion")?.as_str()?;
        match version {
            _ if version.starts_with("jobtemplate-") => Some(Self::Job),
            _ if version.starts_with("environment-") => Some(Self::Environment),
            _ => None,
        }
    }
}
