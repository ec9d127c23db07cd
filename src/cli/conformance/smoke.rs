//! `openjd-monitor conformance smoke`.

use super::command_line::{self, CommandLine};
use crate::cli::{Status, Streams};
use crate::conformance;
use std::io::{self, Write};
use std::time::Duration;

/// Test the adapter itself: it must start, answer, forget a case, and end as the protocol says.
///
/// Exit status: 0 every test passes, 1 a test fails.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The command line of the adapter, as a POSIX shell splits it
    #[arg(long, value_name = "COMMAND", value_parser = command_line::parse)]
    adapter: CommandLine,

    /// Time limit for an answer of the adapter
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    timeout: u64,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let tests = conformance::smoke(&arguments.adapter.0, Duration::from_secs(arguments.timeout));
    let mut status = Status::Clean;
    for test in tests {
        match test.result {
            Ok(observed) => writeln!(streams.out, "{:<8}  ok: {observed}", test.name)?,
            Err(error) => {
                status = Status::Findings;
                writeln!(streams.out, "{:<8}  failed: {error}", test.name)?;
                writeln!(streams.out, "{:<8}  {}", "", test.advice)?;
            }
        }
    }
    Ok(status)
}
