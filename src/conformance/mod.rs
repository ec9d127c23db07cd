//! Conformance suite: cases, adapter protocol, the harness that runs a runtime through the cases, and reports.

mod adapter;
mod case;
mod child;
mod command;
mod export;
mod file;
mod harness;
mod known;
mod outcome;
mod packed;
pub mod process;
pub mod protocol;
pub mod report;
mod runtime;
mod serve;
mod smoke;
mod stage;
pub mod templates;

pub use adapter::{AdapterError, StopError};
pub use case::{BadCase, Case, SPECIFICATION, SUITE, all, clause, clauses};
pub use export::export;
pub use file::CaseFile;
pub use known::{BadList, KnownFailures};
pub use outcome::{CommandVerdict, Outcome, Trace, Verdict};
pub use runtime::Runtime;
pub use serve::serve;
pub use smoke::{SmokeError, SmokeTest, smoke};
