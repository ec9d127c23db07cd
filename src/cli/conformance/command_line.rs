//! Options that are command lines.

use thiserror::Error;

/// A program and its arguments, as a POSIX shell splits them; at least a program.
#[derive(Debug, Clone)]
pub(super) struct CommandLine(pub Vec<String>);

/// Error splitting a command line.
#[derive(Debug, Error)]
pub(super) enum SplitError {
    #[error("no command")]
    Empty,
    #[error("a quote is not closed")]
    OpenQuote,
}

/// Splits a command line.
pub(super) fn parse(text: &str) -> Result<CommandLine, SplitError> {
    match shlex::split(text) {
        Some(words) if !words.is_empty() => Ok(CommandLine(words)),
        Some(_) => Err(SplitError::Empty),
        None => Err(SplitError::OpenQuote),
    }
}
