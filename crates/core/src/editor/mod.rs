//! Answers about places in a template: what stands there, what it means, what can be written there. Pure: a text, and a
//! byte of it.

mod complete;
mod completion;
mod configuration;
mod cursor;
mod expressions;
mod hover;
mod intact;
mod keys;
mod names;
mod outline;
mod references;
mod rename;
mod scope;
mod symbols;
mod variables;
mod words;

pub use complete::complete;
pub use completion::{Completion, CompletionKind};
pub use configuration::{complete_configuration, hover_configuration};
pub use hover::{Hover, hover};
pub use intact::intact;
pub use outline::{Hint, Part, PartKind, hints, outline};
pub use rename::{RenameError, renamable, rename};
pub use symbols::{Symbol, SymbolKind, symbol_at, symbols};
