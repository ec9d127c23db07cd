//! `openjd-monitor man`.

use super::{Status, Streams};
use clap::CommandFactory;
use clap_mangen::Man;
use openjd_monitor_core::lint::spelling;
use std::io;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The command
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    // Once built, a command knows its full name, and the program its `help` command.
    let mut program = super::Arguments::command();
    program.build();
    let page = match &arguments.command {
        None => &program,
        Some(name) => {
            let Some(command) = program.find_subcommand(name) else {
                let commands = program.get_subcommands().map(|command| command.get_name());
                let help = match spelling::nearest(name, commands) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`openjd-monitor help` lists them".to_owned(),
                };
                streams.error(format_args!("there is no command `{name}`; {help}"))?;
                return Ok(Status::Usage);
            };
            command
        }
    };
    Man::new(page.clone()).render(&mut streams.out.raw()?)?;
    Ok(Status::Clean)
}
