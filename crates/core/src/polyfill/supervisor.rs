//! The programs that run the checks beside an action.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The program that runs the checks beside an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supervisor {
    /// A script that the template brings along; it needs `python3` on the worker host.
    Python,
    /// `openjd-monitor supervise`, this program on the worker host.
    Native,
}

/// Name of the embedded file, as in `Env.File.<Name>`.
pub(super) const FILE: &str = "OnMonitor";

/// The script of the supervisor in Python.
const SCRIPT: &str = include_str!("supervisor.py");

/// Number of hexadecimal digits of its hash in the name of the file.
const DIGITS: usize = 12;

impl Supervisor {
    /// Returns the command that starts it.
    pub(super) fn command(self) -> &'static str {
        match self {
            Self::Python => "python3",
            Self::Native => "openjd-monitor",
        }
    }

    /// Returns its arguments before those that are the same for each.
    pub(super) fn first_arguments(self) -> Vec<String> {
        match self {
            // Without the user's site packages and environment variables, which could change what it does.
            Self::Python => vec![
                "-I".to_owned(),
                "-S".to_owned(),
                format!("{{{{Env.File.{FILE}}}}}"),
            ],
            Self::Native => vec!["supervise".to_owned()],
        }
    }

    /// Returns the entries of the embedded file that it needs.
    pub(super) fn file(self) -> Option<Vec<(String, Value)>> {
        let entries = |filename: String| {
            [
                ("name", json!(FILE)),
                ("type", json!("TEXT")),
                ("filename", json!(filename)),
                ("data", json!(SCRIPT)),
            ]
        };
        match self {
            Self::Python => Some(
                entries(file_name())
                    .map(|(key, value)| (key.to_owned(), value))
                    .to_vec(),
            ),
            Self::Native => None,
        }
    }
}

/// Returns the file name of the script. It names the content, since Environments can share one folder.
pub(super) fn file_name() -> String {
    let hash = Sha256::digest(SCRIPT);
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("onMonitor-{}.py", &digits[..DIGITS])
}
