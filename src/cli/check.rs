//! `openjd-monitor check`.

use super::atomic;
use super::files::{self, Input};
use super::outputs::Outputs;
use super::{Status, Streams};
use crate::config::{self, Choice, Configs, Reason};
use crate::lint::{self, Level, Settings};
use crate::report::{self, Format, Report, Style, Template};
use anstream::AutoStream;
use anstream::stream::RawStream;
use std::io::{self, Write};
use std::path::PathBuf;

/// Check templates.
///
/// Exit status: 0 nothing at or above --fail-on, 1 findings, 2 bad usage or configuration, 3 could
/// not go on (a path that cannot be read, or nothing checked).
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files, directories (their .yaml, .yml, .json and .template files, but those that git
    /// ignores), or `-` for standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    outputs: Outputs,

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

    /// The largest template to read, in bytes [default: as configured, else 16777216]
    #[arg(long, value_name = "BYTES")]
    max_template_size: Option<u64>,

    /// The configuration of every template [default: the nearest openjd-monitor.toml in the
    /// template's folder or above, up to the root of its repository]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,

    /// Use no configuration
    #[arg(long)]
    no_config: bool,

    /// Show findings only: no summary
    #[arg(short, long)]
    quiet: bool,
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
    let mut configs = Configs::new(&arguments.choice());
    let inputs: Vec<_> = found
        .inputs
        .iter()
        .map(|input| (input, configs.of(input.path())))
        .collect();
    if !configs.failures().is_empty() {
        return refuse(configs.failures(), arguments, streams.err);
    }
    let mut failures = found.failures;
    let mut report = Report {
        folder: std::env::current_dir().unwrap_or_default(),
        ..Report::default()
    };
    let mut excluded = 0;
    for (input, configured) in &inputs {
        if configured.is_excluded() {
            excluded += 1;
            continue;
        }
        match check_one(input, &arguments.over(configured.settings())) {
            Ok(Some(template)) => report.templates.push(template),
            Ok(None) => report.skipped += 1,
            Err(error) => failures.push(format!("cannot read `{}`: {error}", input.name)),
        }
    }
    if report.templates.is_empty() && failures.is_empty() && !arguments.allow_empty {
        failures.push(no_template(report.skipped, excluded));
    }
    if arguments.outputs.has_stdout() {
        let style = Style {
            links: supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
            ..arguments.style(&io::stdout(), arguments.outputs.stdout)
        };
        report::write(&report, style, streams.out)?;
    }
    for (path, format) in &arguments.outputs.files {
        let style = arguments.style_of_file(*format);
        if let Err(error) = atomic::replace(path, |out| report::write(&report, style, out)) {
            failures.push(format!("cannot write `{}`: {error}", path.display()));
        }
    }
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

fn check_one(input: &Input, settings: &Settings) -> io::Result<Option<Template>> {
    let bytes = input.read(settings.max_bytes)?;
    let checked = lint::check(&bytes, input.syntax, settings);
    Ok(checked.found.map(|found| Template {
        path: input.name.clone(),
        source: checked.source,
        findings: found.findings,
        suppressed: found.suppressed,
    }))
}

/// Why there is nothing to report: how many files were read, and how many the configuration excludes.
fn no_template(read: usize, excluded: usize) -> String {
    let read = match read {
        1 => "the 1 file that was read".to_owned(),
        files => format!("the {files} files that were read"),
    };
    let excluded = match excluded {
        0 => String::new(),
        files => format!(", {files} more being excluded"),
    };
    format!(
        "there is no template among {read}{excluded} (a template's `specificationVersion` starts with \
         `jobtemplate-` or `environment-`); --allow-empty makes this a success"
    )
}

/// Says why configurations cannot be used.
fn refuse(
    failures: &[config::Failure],
    arguments: &Arguments,
    err: &mut dyn Write,
) -> io::Result<Status> {
    for config::Failure { path, reason } in failures {
        match reason {
            Reason::Unreadable(error) => writeln!(err, "error: cannot read `{path}`: {error}")?,
            Reason::Wrong(source, problems) => {
                let style = arguments.style(&io::stderr(), None);
                report::write_problems(path, source, problems, style, err)?;
            }
        }
    }
    Ok(Status::Usage)
}

impl Arguments {
    fn choice(&self) -> Choice {
        match &self.config {
            Some(file) => Choice::File(file.clone()),
            None if self.no_config => Choice::Nothing,
            None => Choice::Nearest,
        }
    }

    /// `settings`, but for what the command line says.
    fn over(&self, settings: Settings) -> Settings {
        Settings {
            max_bytes: self.max_template_size.unwrap_or(settings.max_bytes),
            ..settings
        }
    }

    /// How to write to `stream` in `format`, or in that for people.
    fn style(&self, stream: &impl RawStream, format: Option<Format>) -> Style {
        let default = if stream.is_terminal() {
            Format::Pretty
        } else {
            Format::Plain
        };
        Style {
            color: match self.color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => AutoStream::choice(stream) != anstream::ColorChoice::Never,
            },
            ..self.style_of_file(format.unwrap_or(default))
        }
    }

    /// How to write to a file in `format`.
    fn style_of_file(&self, format: Format) -> Style {
        Style {
            format,
            color: matches!(self.color, Color::Always),
            links: false,
            min_level: self.min_level,
            has_summary: !self.quiet,
        }
    }
}
