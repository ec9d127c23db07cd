//! Command line: one file for each subcommand.

mod add_monitor;
mod atomic;
mod check;
mod collisions;
mod completions;
mod conformance;
mod describe;
mod explain;
mod files;
mod init;
mod lsp;
mod man;
mod outputs;
mod pace;
mod parameters;
mod picture;
mod pipe;
mod polyfill;
mod progress;
mod rules;
mod run;
mod schema;
mod simulate;
mod streams;
mod supervise;
mod templates;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use std::ffi::OsStr;
use std::io;
use std::path::Path;
pub use streams::Streams;

/// Linter, reference runtime and conformance suite for Open Job Description templates with health checks
/// (`onMonitor`, the proposed MONITOR extension).
#[derive(Debug, Parser)]
#[command(name = "openjd-monitor", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

impl Arguments {
    /// Parses the command line.
    ///
    /// # Errors
    ///
    /// Fails on bad usage, and where help or the version is asked for.
    pub fn from_command_line() -> Result<Self, clap::Error> {
        let all: Vec<_> = std::env::args_os().collect();
        let of_check = all.get(2..).filter(|_| all[1] == "check");
        let options = of_check.unwrap_or_default().iter();
        let mut options = options.take_while(|argument| *argument != "--");
        match options.find(|argument| is_file_too(argument)) {
            Some(file) => Err(clap::Error::raw(
                ErrorKind::ArgumentConflict,
                format!(
                    "`{0}` is a file here, but would be read as an option; write `./{0}`, or `--` before the files\n",
                    file.display()
                ),
            )),
            None => Self::try_parse_from(all),
        }
    }
}

/// Returns true for an argument that looks like an option and names a file. Hooks put the names of files behind their
/// options, and a stranger may have chosen them: `-h.yaml` would end the program before it checks anything.
fn is_file_too(argument: &OsStr) -> bool {
    argument.as_encoded_bytes().starts_with(b"-") && Path::new(argument).is_file()
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Arguments),
    Init(init::Arguments),
    AddMonitor(add_monitor::Arguments),
    Describe(describe::Arguments),
    Rules(rules::Arguments),
    Explain(explain::Arguments),
    Schema(schema::Arguments),
    Lsp(lsp::Arguments),
    Simulate(simulate::Arguments),
    Run(run::Arguments),
    Polyfill(polyfill::Arguments),
    Supervise(supervise::Arguments),
    Conformance(conformance::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// Exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Success, without findings.
    Clean = 0,
    /// There are findings.
    Findings = 1,
    /// The arguments or the configuration are wrong.
    Usage = 2,
    /// The command could not be completed.
    Failure = 3,
    /// The program that this process was to become cannot be started, as shells report it.
    NotExecutable = 126,
    /// There is no such program, as shells report it.
    NotFound = 127,
}

/// Runs a command.
///
/// # Errors
///
/// Fails if writing to the streams fails.
pub fn run(arguments: Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    match arguments.command {
        Command::Check(arguments) => check::run(&arguments, streams),
        Command::Init(arguments) => init::run(&arguments, streams),
        Command::AddMonitor(arguments) => add_monitor::run(&arguments, streams),
        Command::Describe(arguments) => describe::run(&arguments, streams),
        Command::Rules(arguments) => rules::run(&arguments, streams),
        Command::Explain(arguments) => explain::run(&arguments, streams),
        Command::Schema(arguments) => schema::run(&arguments, streams),
        Command::Lsp(arguments) => lsp::run(&arguments, streams),
        Command::Simulate(arguments) => simulate::run(&arguments, streams),
        Command::Run(arguments) => run::run(&arguments, streams),
        Command::Polyfill(arguments) => polyfill::run(&arguments, streams),
        Command::Supervise(arguments) => supervise::run(&arguments, streams),
        Command::Conformance(arguments) => conformance::run(&arguments, streams),
        Command::Completions(arguments) => completions::run(&arguments, streams),
        Command::Man(arguments) => man::run(&arguments, streams),
    }
}
