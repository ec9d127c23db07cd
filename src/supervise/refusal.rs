//! What is wrong with the command line of `supervise`.

use thiserror::Error;

/// Error in the command line, in words for the author of the template.
#[derive(Debug, Error)]
pub(super) enum Refusal {
    #[error("the command line has no --check")]
    NoCheck,
    #[error("there is no option {0}")]
    UnknownOption(String),
    #[error("the command line has no -- with the action behind it")]
    NoAction,
    #[error("{name} must be a whole number of at least {least}, not '{text}'")]
    Number {
        name: String,
        least: u64,
        text: String,
    },
    #[error("{name} must be one of {words}, not '{text}'")]
    Word {
        name: &'static str,
        words: String,
        text: String,
    },
    #[error("timeout must be less than the period of {period} s, not '{timeout}'")]
    Timeout { timeout: u64, period: u64 },
    #[error("the check has no command")]
    NoCommand,
    #[error("an argument of the check has no value for a process: {0}")]
    Argument(String),
    #[error("an argument of the check contains a NUL character")]
    Nul,
}
