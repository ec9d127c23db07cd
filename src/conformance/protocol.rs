//! The adapter protocol, version 1: the messages between the suite and a runtime under test, one JSON object a
//! line. `schema/adapter-protocol.schema.json` describes them.

mod effect;
mod event;

pub use effect::{ActionEnded, CheckEnded, Role, SessionEnded, Spawn, Started, Status, WireEffect};
pub use event::{BadEvent, WireEvent};

use openjd_monitor_core::session::Time;
use openjd_monitor_core::simulate::JobSpec;
use serde::{Deserialize, Serialize};

/// Version of the protocol.
pub const VERSION: u32 = 1;

/// Upper bound on a line of an adapter, in bytes.
pub const MAX_LINE: usize = 64 * 1024 * 1024;

/// Features that the suite knows.
pub const FEATURES: [&str; 11] = [
    "log",
    "warn",
    "terminate",
    "overrides",
    "scope",
    "initial-delay",
    "wrap",
    "format-string-period",
    "same-instant",
    "check-results",
    "draft-names",
];

/// Features that a conforming runtime may lack.
pub const OPTIONAL: [&str; 2] = ["check-results", "draft-names"];

/// A request of the suite.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Request {
    /// Asks for [`Hello`].
    Start {
        /// Version of the protocol.
        protocol: u32,
    },
    /// Begins a case, at instant 0.
    Begin {
        /// Number of the request.
        seq: u64,
        /// Job to run.
        job: JobSpec,
    },
    /// Moves the clock, or asks for another round of the same instant.
    Advance {
        /// Number of the request.
        seq: u64,
        /// Time, in milliseconds since the case began.
        to: u64,
        /// Events up to then.
        events: Vec<WireEvent>,
    },
    /// Ends the case.
    End {
        /// Number of the request.
        seq: u64,
    },
    /// Ends the adapter.
    Stop,
}

/// Response to [`Request::Start`]: name and features of the runtime.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Hello {
    /// Version of the protocol.
    pub protocol: u32,
    /// The runtime.
    pub implementation: Implementation,
    /// Features that it has.
    pub features: Vec<String>,
    /// Shortest period that it accepts, in seconds, if that is longer than the specification's (SCH-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<u64>,
    /// True if it responds `refused`, never `errored`, to a job that cannot be created.
    #[serde(default, skip_serializing_if = "is_false")]
    pub refusals: bool,
}

impl Hello {
    /// Returns true if the runtime has this feature.
    pub fn has(&self, feature: &str) -> bool {
        self.features.iter().any(|has| has == feature)
    }
}

/// A runtime.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Implementation {
    /// Name.
    pub name: String,
    /// Version.
    #[serde(default)]
    pub version: Option<String>,
    /// Language that it is written in.
    #[serde(default)]
    pub language: Option<String>,
    /// Address of its page.
    #[serde(default)]
    pub homepage: Option<String>,
}

/// Response to any request but [`Request::Start`] and [`Request::Stop`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Response {
    /// Number of the request.
    pub seq: u64,
    /// True if the runtime lacks a feature that the case needs.
    #[serde(default, skip_serializing_if = "is_false")]
    pub skipped: bool,
    /// True if the job cannot be created.
    #[serde(default, skip_serializing_if = "is_false")]
    pub refused: bool,
    /// True if the request failed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub errored: bool,
    /// Reason why it is skipped, refused or errored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Effects, in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effects: Option<Vec<WireEffect>>,
    /// Time of the next [`Request::Advance`] at the latest, in milliseconds since the case began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wake: Option<u64>,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// Converts a time to whole milliseconds.
pub fn millis(time: Time) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
