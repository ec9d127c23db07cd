//! The programs that run the checks beside an action.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The program that runs the checks beside an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supervisor {
    /// A script that the template brings along; it needs `python3` on the worker host.
    Python,
    /// The same script without its comments and compressed, for services that limit the size of a template.
    Packed,
    /// `openjd-monitor supervise`, this program on the worker host.
    Native,
}

/// Name of the embedded file, as in `Env.File.<Name>`.
pub(super) const FILE: &str = "OnMonitor";

/// The script of the supervisor in Python.
const SCRIPT: &str = include_str!("supervisor.py");

/// The same, packed by `tests/it/polyfill/pack.py`.
const PACKED: &str = include_str!("packed_supervisor.py");

/// Number of hexadecimal digits of its hash in the name of the file.
const DIGITS: usize = 12;

impl Supervisor {
    /// Returns the command that starts it.
    pub(super) fn command(self) -> &'static str {
        match self {
            Self::Python | Self::Packed => "python3",
            Self::Native => "openjd-monitor",
        }
    }

    /// Returns its arguments before those that are the same for each.
    pub(super) fn first_arguments(self) -> Vec<String> {
        match self {
            // Without the user's site packages and environment variables, which could change what it does.
            Self::Python | Self::Packed => vec![
                "-I".to_owned(),
                "-S".to_owned(),
                format!("{{{{Env.File.{FILE}}}}}"),
            ],
            Self::Native => vec!["supervise".to_owned()],
        }
    }

    /// Returns the entries of the embedded file that it needs.
    pub(super) fn file(self) -> Option<Vec<(String, Value)>> {
        let entries = [
            ("name", FILE.to_owned()),
            ("type", "TEXT".to_owned()),
            ("filename", self.file_name()?),
            ("data", self.script()?.to_owned()),
        ];
        let entries = entries.map(|(key, value)| (key.to_owned(), Value::from(value)));
        Some(entries.to_vec())
    }

    /// Returns the file name of its script. It names the content, since Environments can share one folder.
    pub(super) fn file_name(self) -> Option<String> {
        let hash = Sha256::digest(self.script()?);
        let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        Some(format!("onMonitor-{}.py", &digits[..DIGITS]))
    }

    fn script(self) -> Option<&'static str> {
        match self {
            Self::Python => Some(SCRIPT),
            Self::Packed => Some(PACKED),
            Self::Native => None,
        }
    }
}
