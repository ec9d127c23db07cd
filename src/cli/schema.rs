//! `openjd-monitor schema`.

use super::{Status, Streams};
use openjd_monitor_core::schema::ALL;
use std::io::{self, Write};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The name of the schema
    #[arg(value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(ALL.map(|schema| schema.name)))]
    name: Option<String>,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    for schema in ALL {
        match &arguments.name {
            None => writeln!(streams.out, "{}", schema.name)?,
            Some(name) if name == schema.name => write!(streams.out, "{}", schema.text())?,
            Some(_) => {}
        }
    }
    Ok(Status::Clean)
}
