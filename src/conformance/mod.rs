//! The conformance suite: its cases, the adapter protocol, the harness that runs a runtime through them, and
//! reports of what came of it.

mod adapter;
mod case;
mod command;
mod export;
mod file;
mod harness;
mod known;
mod outcome;
pub mod process;
pub mod protocol;
pub mod report;
mod serve;
mod smoke;
mod stage;
pub mod templates;

pub use case::{Case, SPECIFICATION, SUITE, all, clause, clauses};
pub use export::export;
pub use file::CaseFile;
pub use harness::Runtime;
pub use known::KnownFailures;
pub use outcome::{Judgement, Outcome, Trace, Verdict};
pub use serve::serve;
pub use smoke::{Check, smoke};
