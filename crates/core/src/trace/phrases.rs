//! The words for events that the text and the picture share.

use crate::session::Target;
use std::fmt::Display;

/// Describes a skipped tick (TIM-2).
pub(super) const SKIPPED: &str = "tick skipped: the last check is still alive";

/// Describes the end of a check, given its result in words.
pub(super) fn check(result: impl Display) -> String {
    format!("check {result}")
}

/// Describes a status message, given its source.
pub(super) fn status(source: Target, text: &str) -> String {
    match source {
        Target::Action => format!("status: {text}"),
        Target::Check => format!("status of the monitor: {text}"),
    }
}
