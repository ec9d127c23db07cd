//! Runs an action with its monitor beside it, on a runtime that knows no monitors.
//!
//! The process that the runtime has started becomes the action by exec. Before that it leaves a watcher behind, which
//! passes on the output of the action and drives the monitor: a [`Session`](openjd_monitor_core::session::Session) of this
//! action alone.

mod check_argument;
mod command_line;
mod launch;
mod log;
mod number;
mod refusal;
mod watch;

pub(crate) use launch::{Failure, supervise};

use crate::run::CancelInfo;
use serde::{Deserialize, Serialize};

/// Facts that the action's process leaves to the watcher.
#[derive(Debug, Serialize, Deserialize)]
struct Handover {
    /// Process that becomes the action.
    pid: i32,
    cancel_info: CancelInfo,
    /// Arguments of `supervise`, without those of the action.
    arguments: Vec<String>,
}

/// Mark that makes a handover unreadable: the action could not be started.
const NOT_STARTED: char = '\0';
