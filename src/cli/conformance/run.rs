//! `openjd-monitor conformance run`.

use super::adapter::AdapterArguments;
use super::show::{Filter, usage};
use crate::cli::outputs::{OutputFormat, Outputs};
use crate::cli::progress::Progress;
use crate::cli::{Status, Streams, atomic};
use crate::conformance::protocol::Hello;
use crate::conformance::report::{self, Format, Report};
use crate::conformance::{self, Case, KnownFailures, Outcome};
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The longest list of known failures that is read, in bytes.
const MAX_LIST: u64 = 1024 * 1024;

/// Run a runtime through the cases, by its adapter.
///
/// Exit status: 0 nothing failed, 1 a case failed, a known failure passes, or every case is skipped, 2 bad
/// usage, 3 could not go on (the adapter cannot be started, or a file not be read or written).
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    adapter: AdapterArguments,

    #[command(flatten)]
    filter: Filter,

    /// How many adapters to run at once [default: one a processor]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,

    #[command(flatten)]
    outputs: Outputs<Format>,

    /// Cases that are known to fail, a name a line: they do not fail the run, but must not pass
    #[arg(long, value_name = "FILE")]
    known_failures: Option<PathBuf>,

    /// Bring the list of known failures up to date with this run
    #[arg(long, requires = "known_failures")]
    write_known_failures: bool,

    /// Write a badge, as the endpoint of shields.io reads it
    #[arg(long, value_name = "FILE")]
    badge: Option<PathBuf>,
}

impl OutputFormat for Format {
    const HELP: &str = "A format to report in [default: text]";
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let cases = match arguments.filter.cases() {
        Ok(cases) => cases,
        Err(message) => return usage(streams, &message),
    };
    let known = match arguments.known() {
        Ok(known) => known,
        Err((status, message)) => {
            writeln!(streams.err, "error: {message}")?;
            return Ok(status);
        }
    };
    let hello = match arguments.adapter.runtime().hello() {
        Ok(hello) => hello,
        Err(message) => {
            writeln!(streams.err, "error: the adapter: {message}")?;
            return Ok(Status::Failure);
        }
    };
    let mut report = Report {
        adapter: arguments.adapter.command().to_vec(),
        outcomes: outcomes(arguments, &cases, &hello),
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
        writeln!(streams.err, "error: {failure}")?;
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
    /// The list of known failures; an empty one where there is none yet to bring up to date.
    fn known(&self) -> Result<KnownFailures, (Status, String)> {
        let Some(path) = &self.known_failures else {
            return Ok(KnownFailures::default());
        };
        let text = match read(path) {
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

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?
        .take(MAX_LIST + 1)
        .read_to_string(&mut text)?;
    match text.len() as u64 > MAX_LIST {
        true => Err(io::Error::other(format!(
            "it is longer than {MAX_LIST} bytes"
        ))),
        false => Ok(text),
    }
}

/// Runs the cases, several at once, each adapter one after the other; the outcomes are in the order of the
/// cases.
fn outcomes(arguments: &Arguments, cases: &[Case], hello: &Hello) -> Vec<Outcome> {
    let jobs = arguments
        .jobs
        .or_else(|| std::thread::available_parallelism().ok())
        .map_or(1, NonZero::get)
        .min(cases.len());
    let progress = Progress::of(cases.len(), "cases run", false);
    let queue = Mutex::new(cases.iter().enumerate());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                let mut runtime = arguments.adapter.runtime();
                while let Some((index, case)) = next() {
                    // The filter has read each.
                    let Ok(scenario) = case.scenario() else {
                        continue;
                    };
                    let outcome = runtime.run(scenario, &hello.features);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.push((index, outcome));
                    progress.step();
                }
                // How it ends is for `smoke` to tell.
                let _ = runtime.stop();
            });
        }
    });
    progress.clear();
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}
