//! openjd-monitor: what the proposed `MONITOR` extension of Open Job Description needs of tools.
//!
//! The way of a check: bytes → [`template`] → [`lint`], as [`config`] says → [`report`]. That of a
//! simulation: bytes → [`template`] → [`session`] ↔ [`simulate`] → [`trace`]; a real run has [`run`] in the
//! place of [`simulate`]. [`cli`] ties them together.

pub mod cli;
pub mod config;
pub mod conformance;
pub mod lint;
mod read;
pub mod report;
#[cfg(unix)]
pub mod run;
pub mod schema;
pub mod session;
pub mod shown;
pub mod simulate;
pub mod template;
pub mod trace;
