//! `openjd-monitor conformance export`.

use crate::cli::{Status, Streams};
use crate::conformance;
use std::io::{self, Write};
use std::path::PathBuf;

/// Write every case as a plain file.
///
/// Templates and jobs come in the layout of the conformance tests of Open Job Description,
/// scenarios beside them.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A folder that is empty or does not exist yet
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let folder = arguments.folder.display();
    match conformance::export(&arguments.folder) {
        Ok(cases) => {
            writeln!(streams.out, "{cases} cases in `{folder}`")?;
            Ok(Status::Clean)
        }
        Err(error) => {
            streams.error(format_args!("cannot export to `{folder}`: {error}"))?;
            Ok(Status::Failure)
        }
    }
}
