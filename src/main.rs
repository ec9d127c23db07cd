//! The `openjd-monitor` program: arguments, a command, an exit status.

use clap::Parser;
use openjd_monitor::cli::{self, Arguments, Status, Streams};
use openjd_monitor::lint;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    lint::quiet_caught_panics();
    let arguments = Arguments::parse();
    let mut out = io::BufWriter::new(io::stdout().lock());
    // Not locked: other threads may have something to say as well.
    let mut err = io::stderr();
    let mut streams = Streams {
        out: &mut out,
        err: &mut err,
    };
    let ended = cli::run(arguments, &mut streams);
    let status = ended
        .and_then(|status| out.flush().map(|()| status))
        .unwrap_or_else(|error| {
            // A reader that has gone away wants to hear no more; there is nobody else to tell either.
            if error.kind() != ErrorKind::BrokenPipe {
                let _ = writeln!(err, "error: cannot write the output: {error}");
            }
            Status::Failure
        });
    ExitCode::from(status as u8)
}
