//! The language server, over its protocol.

mod actions;
mod client;
mod diagnostics;
mod life;
mod random;
