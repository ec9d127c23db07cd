//! `openjd-monitor conformance run`.

use super::adapter;
use super::command_line::{self, CommandLine};
use super::commands::{self, Tier};
use super::show::{Filter, usage};
use crate::cli::{Status, Streams};
use crate::conformance::{process, templates};
use std::io;
use std::num::NonZero;
use std::time::Duration;

/// Run a runtime through the cases: those about what it does by its adapter, those about templates and
/// those with real processes by its command line.
///
/// Exit status: 0 nothing failed, 1 a case failed, a known failure passes, or every case is skipped, 2 bad
/// usage, 3 could not go on (the adapter or the command cannot be started, or a file not be read or
/// written).
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    filter: Filter,

    /// Number of cases to run at once [default: one a processor]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,

    /// Time limit for an answer of the adapter, or for the command [default: 10; with --process 120]
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,

    #[command(flatten)]
    of_adapter: adapter::Options,
}

/// Command under test: a command line, as a POSIX shell splits it.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Target {
    /// The adapter of a runtime
    #[arg(long, value_name = "COMMAND", value_parser = command_line::parse)]
    adapter: Option<CommandLine>,

    /// A command that checks a template, such as `openjd check`: it gets the path of one, and exits 0 if that is
    /// valid
    #[arg(long, value_name = "COMMAND", value_parser = command_line::parse)]
    check: Option<CommandLine>,

    /// A command that runs a job, such as `openjd run`: it gets the path of a job template, and
    /// `--environment PATH` and `-p NAME=VALUE` for the rest
    #[arg(long, value_name = "COMMAND", value_parser = command_line::parse)]
    process: Option<CommandLine>,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let Target {
        adapter,
        check,
        process,
    } = &arguments.target;
    let limit = |default| Duration::from_secs(arguments.timeout.unwrap_or(default));
    if let Some(command) = adapter {
        return adapter::run(
            &arguments.of_adapter,
            &command.0,
            arguments.filter.cases(),
            (limit(10), arguments.jobs),
            streams,
        );
    }
    if arguments.of_adapter.are_given() {
        return usage(
            streams,
            "--format, --output, --known-failures and --badge are for --adapter",
        );
    }
    if let Some(command) = check {
        let tier = Tier {
            command: &command.0,
            run_case: templates::check,
            limit: limit(10),
            jobs: arguments.jobs,
        };
        return commands::run(&tier, arguments.filter.files(templates::all()), streams);
    }
    let Some(command) = process else {
        return usage(streams, "one of --adapter, --check and --process is needed");
    };
    let tier = Tier {
        command: &command.0,
        run_case: process::run,
        limit: limit(120),
        jobs: arguments.jobs,
    };
    commands::run(&tier, arguments.filter.files(process::all()), streams)
}
