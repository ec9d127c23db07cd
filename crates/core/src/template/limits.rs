//! Limits of a template: everything read from outside has one.

/// Containers within containers, at the most; the loader of `openjd-model` stops there too.
pub const MAX_DEPTH: usize = openjd_model::template::parse::MAX_DOCUMENT_DEPTH;

/// Keys, values and containers of one document, at the most; that loader's limit as well.
pub const MAX_NODES: usize = 250_000;

/// Brackets and signs within each other in an expression, at the most: far more than people write, and
/// far less than the parser of `openjd-expr` can take (some thousands overflow its stack).
pub const MAX_EXPRESSION_DEPTH: usize = 500;

/// The size of a template, in bytes, unless the user sets another: 16 MiB.
pub const DEFAULT_MAX_BYTES: u64 = 16 * 1024 * 1024;
