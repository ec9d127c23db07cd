//! `--format` and `--output`: reports and their files.

use super::collisions::Named;
use clap::builder::EnumValueParser;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueEnum, value_parser};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Output formats of a command.
pub(super) trait OutputFormat: ValueEnum + Clone + Send + Sync + 'static {
    /// Help of `--format`.
    const HELP: &str;
}

/// Reports to write.
#[derive(Debug, Clone)]
pub(super) struct Outputs<F> {
    /// Format for standard output; `None` for the default.
    pub stdout: Option<F>,
    /// Files and their formats.
    pub files: Vec<(PathBuf, F)>,
}

/// Error pairing the options.
#[derive(Debug, Error)]
enum PairError {
    #[error("--output {} has no --format beside it", .0.display())]
    NoFormat(PathBuf),
    #[error("several reports for standard output: give each --format but one an --output")]
    SeveralOnStdout,
}

impl<F: OutputFormat> Outputs<F> {
    /// Returns true if standard output gets a report.
    pub fn has_stdout(&self) -> bool {
        self.stdout.is_some() || self.files.is_empty()
    }

    /// Pairs each `--output` with the `--format` before it, or the one after it if that is taken.
    fn pair(written: Vec<Written<F>>) -> Result<Self, PairError> {
        let mut outputs = Self {
            stdout: None,
            files: Vec::new(),
        };
        let mut formats = Vec::new();
        let mut waiting: Option<PathBuf> = None;
        let mut free = None;
        for one in written {
            match (one, waiting.take()) {
                (Written::Format(format), Some(file)) => outputs.files.push((file, format)),
                (Written::Format(format), None) => {
                    formats.extend(free.replace(format));
                }
                (Written::Output(file), None) => match free.take() {
                    Some(format) => outputs.files.push((file, format)),
                    None => waiting = Some(file),
                },
                (Written::Output(_), Some(file)) => return Err(PairError::NoFormat(file)),
            }
        }
        if let Some(file) = waiting {
            return Err(PairError::NoFormat(file));
        }
        formats.extend(free);
        match formats.as_slice() {
            [] => {}
            [only] => outputs.stdout = Some(only.clone()),
            _ => return Err(PairError::SeveralOnStdout),
        }
        Ok(outputs)
    }

    /// Returns the files to write, with standard output, which may be redirected to a file.
    pub fn written(&self) -> impl Iterator<Item = Named<'_>> {
        let stdout = self.has_stdout().then_some(Path::new("/dev/stdout"));
        let files = self.files.iter().map(|(file, _)| file.as_path());
        files.chain(stdout).map(|file| (file, "a report"))
    }
}

/// One of the two options.
enum Written<F> {
    Format(F),
    Output(PathBuf),
}

impl<F: OutputFormat> clap::Args for Outputs<F> {
    fn augment_args(command: Command) -> Command {
        command
            .arg(
                Arg::new("format")
                    .long("format")
                    .value_name("FORMAT")
                    .value_parser(EnumValueParser::<F>::new())
                    .action(ArgAction::Append)
                    .help(F::HELP),
            )
            .arg(
                Arg::new("output")
                    .long("output")
                    .value_name("FILE")
                    .value_parser(value_parser!(PathBuf))
                    .action(ArgAction::Append)
                    .help("Write the report of the --format before (else behind) this to FILE"),
            )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<F: OutputFormat> clap::FromArgMatches for Outputs<F> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let formats =
            indexed::<F>(matches, "format").map(|(index, format)| (index, Written::Format(format)));
        let files = indexed::<PathBuf>(matches, "output")
            .map(|(index, file)| (index, Written::Output(file)));
        let mut written: Vec<_> = formats.chain(files).collect();
        written.sort_by_key(|(index, _)| *index);
        let written = written.into_iter().map(|(_, written)| written).collect();
        Self::pair(written).map_err(|error| clap::Error::raw(ErrorKind::ArgumentConflict, error))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Returns the values of an option with their indices on the command line.
fn indexed<'m, T: Clone + Send + Sync + 'static>(
    matches: &'m ArgMatches,
    id: &str,
) -> impl Iterator<Item = (usize, T)> + use<'m, T> {
    let indices = matches.indices_of(id).into_iter().flatten();
    indices.zip(matches.get_many::<T>(id).into_iter().flatten().cloned())
}
