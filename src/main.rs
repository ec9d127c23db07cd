//! The `openjd-monitor` program: arguments, a command, an exit status.

use mimalloc::MiMalloc;
use openjd_monitor::cli::{self, Arguments, Status, Streams};
use openjd_monitor::screen::{self, Screen};
use openjd_monitor_core::lint;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    lint::quiet_caught_panics();
    let mut out = Screen::new(io::BufWriter::new(io::stdout().lock()));
    // Not locked: other threads may have something to say as well.
    let mut err = Screen::new(io::stderr());
    let arguments = match Arguments::from_command_line() {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error, &mut err),
    };
    let ended = cli::run(arguments, &mut Streams::new(&mut out, &mut err));
    let status = ended
        .and_then(|status| out.flush().map(|()| status))
        .and_then(|status| err.flush().map(|()| status))
        .unwrap_or_else(|error| {
            // A reader that has gone away wants to hear no more; there is nobody else to tell either.
            if error.kind() != ErrorKind::BrokenPipe {
                let _ = writeln!(err, "error: cannot write the output: {error}");
            }
            Status::Failure
        });
    ExitCode::from(status as u8)
}

/// Ends as clap does, but for arguments that are not fit to be shown as they are.
fn refuse(error: &clap::Error, err: &mut Screen<'_>) -> ExitCode {
    let message = error.render().to_string();
    if screen::is_fit(&message) {
        error.exit();
    }
    // There is nobody else to tell.
    let _ = err.write_all(message.as_bytes()).and_then(|()| err.flush());
    ExitCode::from(Status::Usage as u8)
}
