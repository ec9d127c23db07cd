//! `openjd-monitor conformance smoke`.

use super::adapter::AdapterArguments;
use crate::cli::{Status, Streams};
use crate::conformance;
use std::io;

/// See whether an adapter itself is sound: it starts, answers, forgets, and ends as the protocol has it.
///
/// Exit status: 0 it is, 1 it is not.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    adapter: AdapterArguments,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let checks = conformance::smoke(arguments.adapter.command(), arguments.adapter.limit());
    let mut status = Status::Clean;
    for check in checks {
        match check.result {
            Ok(seen) => writeln!(streams.out, "{:<8}  ok: {seen}", check.name)?,
            Err(message) => {
                status = Status::Findings;
                writeln!(streams.out, "{:<8}  failed: {message}", check.name)?;
                writeln!(streams.out, "{:<8}  {}", "", check.advice)?;
            }
        }
    }
    Ok(status)
}
