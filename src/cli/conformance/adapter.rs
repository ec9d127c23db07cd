//! `openjd-monitor conformance run --adapter`: cases for the adapter of a runtime.

use super::parallel;
use super::show::{FilterError, usage};
use crate::cli::collisions::Collision;
use crate::cli::outputs::{OutputFormat, Outputs};
use crate::cli::progress::Progress;
use crate::cli::{Status, Streams, atomic, collisions};
use crate::conformance::report::{self, Format, Report};
use crate::conformance::{self, BadList, Case, KnownFailures, Runtime};
use openjd_monitor_core::read;
use std::io::{self, IsTerminal};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;

/// Upper bound on a list of known failures, in bytes.
const MAX_LIST: u64 = 1024 * 1024;

/// Options that apply only to runs with an adapter.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    #[command(flatten)]
    outputs: Outputs<Format>,

    /// File with the names of cases that are known to fail, one per line; the run fails if one of them passes
    #[arg(long, value_name = "FILE")]
    known_failures: Option<PathBuf>,

    /// Bring the list of known failures up to date with this run
    #[arg(long, requires = "known_failures")]
    write_known_failures: bool,

    /// Write a badge file for an endpoint badge of shields.io
    #[arg(long, value_name = "FILE")]
    badge: Option<PathBuf>,
}

impl OutputFormat for Format {
    const HELP: &str = "A format to report in [default: text]";
}

/// Error with the list of known failures.
#[derive(Debug, Error)]
enum ListError {
    #[error("cannot read `{}`: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("`{}`: {error}", path.display())]
    Bad { path: PathBuf, error: BadList },
}

impl ListError {
    fn status(&self) -> Status {
        match self {
            Self::Read { .. } => Status::Failure,
            Self::Bad { .. } => Status::Usage,
        }
    }
}

/// Runs a runtime through the cases by the command of its adapter, and writes the reports. `limit` is the longest time
/// for a response, `jobs` the number of cases at once.
pub(super) fn run(
    options: &Options,
    command: &[String],
    cases: Result<Vec<Case>, FilterError>,
    (limit, jobs): (Duration, Option<NonZero<usize>>),
    streams: &mut Streams<'_>,
) -> io::Result<Status> {
    let cases = match cases {
        Ok(cases) => cases,
        Err(error) => return usage(streams, error),
    };
    let known = match options.known() {
        Ok(known) => known,
        Err(error) => {
            streams.error(&error)?;
            return Ok(error.status());
        }
    };
    if let Err(error) = options.check_collisions(command) {
        return usage(streams, error);
    }
    let runtime = || Runtime::new(command.to_vec(), limit);
    let hello = match runtime().hello() {
        Ok(hello) => hello,
        Err(error) => {
            streams.error(format_args!("the adapter: {error}"))?;
            return Ok(Status::Failure);
        }
    };
    let progress = Progress::of(cases.len(), "cases run", false);
    let outcomes = parallel::map(jobs, &cases, runtime, |runtime, case| {
        // A test rules out cases that cannot be read.
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
    if let (Some(path), true) = (&options.known_failures, options.write_known_failures) {
        report.known = report.known.updated(&report.outcomes);
        put(path, &|out| write!(out, "{}", report.known));
    }
    if let Some(path) = &options.badge {
        put(path, &|out| writeln!(out, "{:#}", report::badge(&report)));
    }
    for (path, format) in &options.outputs.files {
        put(path, &|out| report::write(&report, *format, None, out));
    }
    if options.outputs.has_stdout() {
        let format = options.outputs.stdout.unwrap_or(Format::Text);
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

/// Returns the width of the terminal that gets the report, in columns; `None` if it is no terminal.
fn width() -> Option<usize> {
    let stdout = io::stdout();
    let size = stdout
        .is_terminal()
        .then(|| terminal_size::terminal_size_of(&stdout));
    Some(usize::from(size??.0.0))
}

impl Options {
    /// Returns true if an option is given.
    pub fn are_given(&self) -> bool {
        let has_outputs = self.outputs.stdout.is_some() || !self.outputs.files.is_empty();
        has_outputs || self.known_failures.is_some() || self.badge.is_some()
    }

    /// Fails if a file is to be written twice, or is the list of known failures or one that `command` names.
    fn check_collisions(&self, command: &[String]) -> Result<(), Collision> {
        let badge = self.badge.iter().map(|file| (file.as_path(), "a badge"));
        let list = self.known_failures.iter();
        let list = list.map(|file| (file.as_path(), "the list of known failures"));
        let words = command.iter().map(Path::new);
        let adapter = words
            .filter(|word| word.is_file())
            .map(|file| (file, "part of the adapter's command"));
        collisions::check(self.outputs.written().chain(badge), list.chain(adapter))
    }

    /// Reads the list of known failures. A file that does not exist yet and is to be written is an empty list.
    fn known(&self) -> Result<KnownFailures, ListError> {
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
                let path = path.clone();
                return Err(ListError::Read { path, error });
            }
        };
        let cases = conformance::all();
        KnownFailures::parse(&text, |id| cases.iter().any(|case| case.id == id)).map_err(|error| {
            let path = path.clone();
            ListError::Bad { path, error }
        })
    }
}
