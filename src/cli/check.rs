//! `openjd-monitor check`.

use super::files::{self, Input};
use super::{Status, Streams};
use crate::lint::{self, Level};
use crate::report::{self, Format, Report, Style, Template};
use crate::template::limits;
use anstream::AutoStream;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

/// Check templates.
///
/// Exit status: 0 nothing at or above --fail-on, 1 findings, 2 bad usage, 3 could not go on (a path
/// that cannot be read, or nothing checked).
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files, directories (their .yaml, .yml, .json and .template files, but those that git
    /// ignores), or `-` for standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// The report's format [default: pretty on a terminal, plain elsewhere]
    #[arg(long)]
    format: Option<Format>,

    /// When to use colour; `auto` honours NO_COLOR and CLICOLOR_FORCE
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: Color,

    /// The name to report standard input under; one that ends in .json is read as JSON
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,

    /// Succeed when there is no template to check
    #[arg(long)]
    allow_empty: bool,

    /// The lowest level that makes the exit status 1
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: Threshold,

    /// The lowest level that is shown
    #[arg(long, value_name = "LEVEL", default_value = "warning")]
    min_level: Level,

    /// The largest template to read, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = limits::DEFAULT_MAX_BYTES)]
    max_template_size: u64,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Threshold {
    Error,
    Warning,
    Info,
    Never,
}

impl Threshold {
    /// The lowest level that reaches it, if any does.
    fn level(self) -> Option<Level> {
        match self {
            Self::Error => Some(Level::Error),
            Self::Warning => Some(Level::Warning),
            Self::Info => Some(Level::Info),
            Self::Never => None,
        }
    }
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let found = files::find(&arguments.paths, arguments.stdin_filename.as_deref());
    let mut failures = found.failures;
    let mut report = Report::default();
    for input in &found.inputs {
        match check_one(input, arguments.max_template_size) {
            Ok(Some(template)) => report.templates.push(template),
            Ok(None) => report.skipped += 1,
            Err(error) => failures.push(format!("cannot read `{}`: {error}", input.name)),
        }
    }
    if report.templates.is_empty() && failures.is_empty() && !arguments.allow_empty {
        failures.push(format!(
            "there is no template among {} (a template's `specificationVersion` starts with `jobtemplate-` or \
             `environment-`); --allow-empty makes this a success",
            match report.skipped {
                1 => "the 1 file that was read".to_owned(),
                files => format!("the {files} files that were read"),
            }
        ));
    }
    report::write(&report, style(arguments), streams.out)?;
    for failure in &failures {
        writeln!(streams.err, "error: {failure}")?;
    }
    let has_failed = arguments
        .fail_on
        .level()
        .is_some_and(|level| report.worst() >= Some(level));
    Ok(match (failures.is_empty(), has_failed) {
        (false, _) => Status::Failure,
        (true, true) => Status::Findings,
        (true, false) => Status::Clean,
    })
}

fn check_one(input: &Input, max_bytes: u64) -> io::Result<Option<Template>> {
    let bytes = input.read(max_bytes)?;
    let checked = lint::check(&bytes, input.syntax, max_bytes);
    Ok(checked.findings.map(|findings| Template {
        path: input.name.clone(),
        source: checked.source,
        findings,
    }))
}

fn style(arguments: &Arguments) -> Style {
    let stdout = io::stdout();
    let default = if stdout.is_terminal() {
        Format::Pretty
    } else {
        Format::Plain
    };
    Style {
        format: arguments.format.unwrap_or(default),
        color: match arguments.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => AutoStream::choice(&stdout) != anstream::ColorChoice::Never,
        },
        min_level: arguments.min_level,
    }
}
