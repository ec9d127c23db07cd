//! Templates as data: bytes to a document with positions, its Environments and their monitors.
//! Knows no rule.

pub mod defaults;
mod document;
pub mod draft_names;
mod edit;
mod environment;
mod expression;
mod extension;
mod json;
pub mod limits;
mod monitor;
mod path;
mod plain;
mod problem;
mod reading;
mod replacement;
mod scalar;
mod source;
mod traps;
mod tree;
mod yaml;
pub mod yaml11;

pub use document::{Document, Loaded, ScalarLines, Syntax, load};
pub use edit::{Change, Edits};
pub use environment::{Environment, Home, environments};
pub use extension::{MONITOR, remove, remove_extension, without_extension};
pub use monitor::{Effective, Field, Monitor, Number, OVERRIDABLE, OnFailure, Slot, least_value};
pub use path::{Path, PathSet, Segment, visit};
pub use plain::{Plain, Tagged};
pub use problem::{Problem, Repair};
pub use replacement::Edit;
pub use source::{Position, Source};
pub use tree::Tag;

/// The two kinds of template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateKind {
    /// A job with steps; its revision is `jobtemplate-…`.
    Job,
    /// One Environment, to be put around jobs; its revision is `environment-…`.
    Environment,
}

impl TemplateKind {
    /// The kind that a document says it is, of any revision; `None` for what is no template.
    pub fn of(document: &Document) -> Option<Self> {
        let version = document.value().get("specificationVersion")?.as_str()?;
        match version {
            _ if version.starts_with("jobtemplate-") => Some(Self::Job),
            _ if version.starts_with("environment-") => Some(Self::Environment),
            _ => None,
        }
    }
}
