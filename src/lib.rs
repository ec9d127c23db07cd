//! The program `openjd-monitor`: its commands, configuration, reports, conformance suite and real processes, on top of
//! [`openjd_monitor_core`].
//!
//! [`cli`] ties them together. [`config`] tells the linter what to go by, [`report`] and [`lsp`] show what it finds, [`run`] runs
//! Sessions with real processes, and [`conformance`] judges other runtimes.

#[cfg(unix)]
mod check_log;
pub mod cli;
pub mod config;
pub mod conformance;
pub mod lsp;
pub mod report;
#[cfg(unix)]
pub mod run;
pub mod screen;
#[cfg(unix)]
mod supervise;
