//! Arguments of `openjd-monitor check`.

use super::fixing::Fixing;
use crate::cli::files::Input;
use crate::cli::outputs::{OutputFormat, Outputs};
use crate::config::Choice;
use crate::report::{Format, Style};
use anstream::AutoStream;
use anstream::stream::RawStream;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use openjd_monitor_core::lint::{Level, Settings};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Files, directories (their .yaml, .yml, .json and .template files, but those that git
    /// ignores), or `-` for standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,

    /// An environment template around the jobs that are checked; the first is the outermost
    #[arg(long, value_name = "FILE")]
    pub(super) environment: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) outputs: Outputs<Format>,

    /// Use colour; `auto` honours NO_COLOR and CLICOLOR_FORCE
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: Color,

    /// The name to report standard input under; one that ends in .json is read as JSON
    #[arg(long, value_name = "NAME")]
    pub(super) stdin_filename: Option<PathBuf>,

    /// Succeed when there is no template to check
    #[arg(long)]
    pub(super) allow_empty: bool,

    /// The lowest level that makes the exit status 1
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: Threshold,

    /// The lowest level that is shown
    #[arg(long, value_name = "LEVEL", default_value = "warning", value_parser = level_parser())]
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

    /// Pass over the findings that FILE, a baseline, knows
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    /// Write what is found to FILE, a baseline, and pass over it
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub(super) write_baseline: Option<PathBuf>,

    #[command(flatten)]
    pub(super) fixing: Fixing,

    /// Show findings only: no summary, no progress, no notes
    #[arg(short, long)]
    pub(super) quiet: bool,
}

impl OutputFormat for Format {
    const HELP: &str = "A format to report in [default: pretty on a terminal, plain elsewhere]";
}

/// Parses the name of a level.
fn level_parser() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(Level::ALL.map(Level::name))
        .try_map(|name| Level::named(&name).ok_or("there is no such level"))
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

impl Arguments {
    /// Returns true if this file is named, and not only found in a folder.
    pub(super) fn names(&self, input: &Input) -> bool {
        input.is_stdin() || self.paths.iter().any(|path| path == input.path())
    }

    /// Returns true if findings up to this level fail the run.
    pub(super) fn fails(&self, worst: Option<Level>) -> bool {
        let lowest = match self.fail_on {
            Threshold::Error => Level::Error,
            Threshold::Warning => Level::Warning,
            Threshold::Info => Level::Info,
            Threshold::Never => return false,
        };
        worst >= Some(lowest)
    }

    /// Returns the source of the configuration.
    pub(super) fn choice(&self) -> Choice {
        match &self.config {
            Some(file) => Choice::File(file.clone()),
            None if self.no_config => Choice::Nothing,
            None => Choice::Nearest,
        }
    }

    /// Returns `settings` with the options of the command line applied.
    pub(super) fn over(&self, settings: Settings) -> Settings {
        Settings {
            max_bytes: self.max_template_size.unwrap_or(settings.max_bytes),
            ..settings
        }
    }

    /// Returns the style of a report to `stream`. The default format is one for people.
    pub(super) fn style(&self, stream: &impl RawStream, format: Option<Format>) -> Style {
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

    /// Returns the style of a report to a file.
    pub(super) fn style_of_file(&self, format: Format) -> Style {
        Style {
            format,
            color: matches!(self.color, Color::Always),
            links: false,
            min_level: self.min_level,
            has_summary: !self.quiet,
        }
    }
}
