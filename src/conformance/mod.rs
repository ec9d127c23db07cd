//! The conformance suite: its cases, the adapter protocol, and the harness that runs a runtime through them.

mod adapter;
mod case;
mod harness;
pub mod protocol;
mod serve;

pub use case::{Case, SPECIFICATION, SUITE, all, clause};
pub use harness::{Outcome, Runtime, Verdict};
pub use serve::serve;
