//! Answers about places in a template: what stands there, what it means, what can be written there. Pure: a text, and a
//! byte of it.

mod completion;
mod cursor;
mod expressions;
mod hover;
mod intact;
mod keys;
mod outline;
mod rename;
mod scope;
mod symbols;
mod variables;

pub use completion::{Completion, CompletionKind, complete};
pub use hover::{Hover, hover};
pub use intact::intact;
pub use outline::{Hint, Part, PartKind, hints, outline};
pub use rename::{RenameError, renamable, rename};
pub use symbols::{Symbol, SymbolKind, symbol_at, symbols};
