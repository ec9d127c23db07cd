//! The language server, over its protocol.

mod actions;
mod client;
mod diagnostics;
mod expressions;
mod life;
mod navigation;
mod random;
mod words;
