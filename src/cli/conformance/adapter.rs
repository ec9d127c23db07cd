//! `openjd-monitor conformance run --adapter`: the cases about what a runtime does.

use super::parallel;
use super::run::Arguments;
use super::show::usage;
use crate::cli::progress::Progress;
use crate::cli::{Status, Streams, atomic, collisions};
use crate::conformance::report::{self, Format, Report};
use crate::conformance::{self, KnownFailures, Runtime};
use openjd_monitor_core::read;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Duration;

/// The longest list of known failures that is read, in bytes.
const MAX_LIST: u64 = 1024 * 1024;

/// Runs a runtime through the cases by the command of its adapter, and reports.
pub(super) fn run(
    arguments: &Arguments,
    command: &[String],
    limit: Duration,
    streams: &mut Streams<'_>,
) -> io::Result<Status> {
    let cases = match arguments.filter.cases() {
        Ok(cases) => cases,
        Err(message) => return usage(streams, &message),
    };
    let known = match arguments.known() {
        Ok(known) => known,
        Err((status, message)) => {
            streams.error(message)?;
            return Ok(status);
        }
    };
    if let Err(message) = arguments.collide() {
        return usage(streams, &message);
    }
    let runtime = || Runtime::new(command.to_vec(), limit);
    let hello = match runtime().hello() {
        Ok(hello) => hello,
        Err(message) => {
            streams.error(format_args!("the adapter: {message}"))?;
            return Ok(Status::Failure);
        }
    };
    let progress = Progress::of(cases.len(), "cases run", false);
    let outcomes = parallel::map(arguments.jobs, &cases, runtime, |runtime, case| {
        // The filter has read each.
        let outcome = case
            .scenario()
            .ok()
            .map(|scenario| runtime.run(scenario, &hello));
        progress.step();
        outcome
    });
    progress.clear();
    let mut report = Report {
        adapter: command.to_vec(),
        outcomes: outcomes.into_iter().flatten().collect(),
        hello,
        known,
    };
    let mut failures = Vec::new();
    let mut put = |path: &Path, write: &dyn Fn(&mut dyn io::Write) -> io::Result<()>| {
        if let Err(error) = atomic::replace(path, write) {
            failures.push(format!("cannot write `{}`: {error}", path.display()));
        }
    };
    if let (Some(path), true) = (&arguments.known_failures, arguments.write_known_failures) {
        report.known = report.known.after(&report.outcomes);
        put(path, &|out| write!(out, "{}", report.known));
    }
    if let Some(path) = &arguments.badge {
        put(path, &|out| writeln!(out, "{:#}", report::badge(&report)));
    }
    for (path, format) in &arguments.outputs.files {
        put(path, &|out| report::write(&report, *format, None, out));
    }
    if arguments.outputs.has_stdout() {
        let format = arguments.outputs.stdout.unwrap_or(Format::Text);
        report::write(&report, format, width(), streams.out)?;
    }
    for failure in &failures {
        streams.error(failure)?;
    }
    Ok(match (failures.is_empty(), report.has_failed()) {
        (false, _) => Status::Failure,
        (true, true) => Status::Findings,
        (true, false) => Status::Clean,
    })
}

/// The width of the terminal that the report goes to.
fn width() -> Option<usize> {
    let stdout = io::stdout();
    let size = stdout
        .is_terminal()
        .then(|| terminal_size::terminal_size_of(&stdout));
    Some(usize::from(size??.0.0))
}

impl Arguments {
    /// Fails if a file is to be written twice, or is the list of known failures.
    fn collide(&self) -> Result<(), String> {
        let badge = self.badge.iter().map(|file| (file.as_path(), "a badge"));
        let list = self.known_failures.iter();
        let list = list.map(|file| (file.as_path(), "the list of known failures"));
        collisions::check(self.outputs.written().chain(badge), list)
    }

    /// The list of known failures; an empty one where there is none yet to bring up to date.
    fn known(&self) -> Result<KnownFailures, (Status, String)> {
        let Some(path) = &self.known_failures else {
            return Ok(KnownFailures::default());
        };
        let text = match read::whole(path, MAX_LIST).and_then(|bytes| {
            String::from_utf8(bytes).map_err(|error| io::Error::other(error.utf8_error()))
        }) {
            Ok(text) => text,
            Err(error) if self.write_known_failures && error.kind() == io::ErrorKind::NotFound => {
                String::new()
            }
            Err(error) => {
                let message = format!("cannot read `{}`: {error}", path.display());
                return Err((Status::Failure, message));
            }
        };
        let cases = conformance::all();
        KnownFailures::read(&text, |id| cases.iter().any(|case| case.id == id))
            .map_err(|message| (Status::Usage, format!("`{}`: {message}", path.display())))
    }
}
