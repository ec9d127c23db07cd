//! `openjd-monitor completions`.

use super::{Status, Streams};
use clap::CommandFactory;
use clap_complete::Shell;
use std::io;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let mut command = super::Arguments::command();
    let name = command.get_name().to_owned();
    // The generator panics where it cannot write; memory can always be written to.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    // The bash script of clap_complete 4.6 names a program with a hyphen in two ways, and completes
    // nothing behind a command of it (clap-rs/clap#6421).
    let script =
        String::from_utf8_lossy(&script).replace("openjd__subcmd__monitor", "openjd__monitor");
    write!(streams.out.raw()?, "{script}")?;
    Ok(Status::Clean)
}
