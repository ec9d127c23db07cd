//! `openjd-monitor supervise`.

use super::{Status, Streams};
use std::ffi::OsString;
use std::io;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The options of the monitor, the check and the action
    #[arg(
        value_name = "ARGUMENTS",
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    arguments: Vec<OsString>,
}

#[cfg(unix)]
pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    use crate::supervise::{Failure, supervise};
    use std::io::Write;
    let supervised = supervise(&arguments.arguments, |line| {
        writeln!(streams.out, "{line}").and_then(|()| streams.out.flush())
    });
    let Err(failure) = supervised else {
        return Ok(Status::Clean);
    };
    // The runtime logs what its action writes.
    writeln!(streams.out, "{failure}")?;
    Ok(match failure {
        Failure::Refused(_) => Status::Usage,
        Failure::NotStarted { .. } if failure.is_not_found() => Status::NotFound,
        Failure::NotStarted { .. } => Status::NotExecutable,
    })
}

#[cfg(not(unix))]
pub(super) fn run(_: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    streams.error(format_args!(
        "`supervise` needs the process groups and signals of Linux or macOS"
    ))?;
    Ok(Status::Failure)
}
