//! `openjd-monitor conformance`.

use super::{Status, Streams};
use crate::conformance;
use std::io;

mod adapter;
mod command_line;
mod commands;
mod export;
mod parallel;
mod run;
mod show;
mod smoke;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Run(run::Arguments),
    Smoke(smoke::Arguments),
    List(show::ListArguments),
    Show(show::Arguments),
    Export(export::Arguments),
    /// Be an adapter: the reference executor on standard input and output
    Serve,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    match &arguments.command {
        Command::Run(arguments) => run::run(arguments, streams),
        Command::Smoke(arguments) => smoke::run(arguments, streams),
        Command::List(arguments) => show::list(arguments, streams),
        Command::Show(arguments) => show::show(arguments, streams),
        Command::Export(arguments) => export::run(arguments, streams),
        Command::Serve => {
            conformance::serve(&mut io::stdin().lock(), streams.out)?;
            Ok(Status::Clean)
        }
    }
}
