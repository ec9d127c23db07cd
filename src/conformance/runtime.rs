//! A runtime under test, asked one request at a time.

use super::adapter::{Adapter, AdapterError, StopError};
use super::outcome::Verdict;
use super::protocol::{Hello, Request, Response, VERSION};
use openjd_monitor_core::session::Time;
use openjd_monitor_core::trace::Difference;
use std::time::Duration;

/// A runtime under test; restarted after it has died or broken the protocol.
pub struct Runtime {
    command: Vec<String>,
    limit: Duration,
    adapter: Option<Adapter>,
    seq: u64,
}

/// Reason to stop a case.
pub(super) enum Stop {
    Verdict(Verdict),
    /// As [`Self::Verdict`], and the adapter must be restarted.
    Broken(Verdict),
    /// The runtime refused the job, for this reason.
    Refused(String),
}

impl Stop {
    /// Returns true if the response to the beginning of a case refuses its job. An adapter that does not know `refused`
    /// can respond no better than with an error.
    pub fn is_refusal(&self, hello: &Hello) -> bool {
        match self {
            Self::Refused(_) => true,
            Self::Verdict(Verdict::Error(_)) => !hello.refusals,
            _ => false,
        }
    }
}

impl From<AdapterError> for Stop {
    fn from(error: AdapterError) -> Self {
        Self::Broken(match error {
            AdapterError::TimeOut => Verdict::TimeOut,
            other => Verdict::Error(other.to_string()),
        })
    }
}

pub(super) fn broken(message: impl ToString) -> Stop {
    Stop::Broken(Verdict::Error(message.to_string()))
}

pub(super) fn failed(at: Time, message: &str) -> Verdict {
    Verdict::Fail(Box::new(Difference::without_end(at, message)))
}

impl Runtime {
    /// Creates a runtime that is not started yet. `limit` is the longest time for a response of its adapter.
    pub fn new(command: Vec<String>, limit: Duration) -> Self {
        Self {
            command,
            limit,
            adapter: None,
            seq: 0,
        }
    }

    /// Starts the adapter and returns its name and features.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be started, or does not respond as the protocol requires.
    pub fn hello(&mut self) -> Result<Hello, AdapterError> {
        let mut adapter = Adapter::start(&self.command, self.limit)?;
        let response = adapter.request(&Request::Start { protocol: VERSION })?;
        let hello: Hello = serde_json::from_value(response).map_err(AdapterError::BadHello)?;
        if hello.protocol != VERSION {
            return Err(AdapterError::Version(hello.protocol));
        }
        self.adapter = Some(adapter);
        Ok(hello)
    }

    /// Starts the adapter unless it runs.
    pub(super) fn ensure_started(&mut self) -> Result<(), AdapterError> {
        match self.adapter {
            Some(_) => Ok(()),
            None => self.hello().map(drop),
        }
    }

    /// Drops the adapter; the next case starts another one.
    pub(super) fn discard(&mut self) {
        self.adapter = None;
    }

    /// Stops the adapter.
    ///
    /// # Errors
    ///
    /// Fails if it does not exit 0, silently and in time.
    pub fn stop(mut self) -> Result<(), StopError> {
        match self.adapter.take() {
            Some(adapter) => adapter.stop(),
            None => Ok(()),
        }
    }

    /// Ends the case.
    pub(super) fn end(&mut self) -> Result<(), Stop> {
        self.request(|seq| Request::End { seq }).map(drop)
    }

    /// Sends a request with the next number and returns the response to it.
    pub(super) fn request(&mut self, make: impl FnOnce(u64) -> Request) -> Result<Response, Stop> {
        self.seq += 1;
        let seq = self.seq;
        let adapter = self
            .adapter
            .as_mut()
            .ok_or_else(|| broken("it does not run"))?;
        let request = make(seq);
        let is_begin = matches!(request, Request::Begin { .. });
        let response = adapter.request(&request)?;
        let response: Response = serde_json::from_value(response)
            .map_err(|error| broken(format!("its answer is not valid: {error}")))?;
        if response.seq != seq {
            return Err(broken(format!("it answered {} to {seq}", response.seq)));
        }
        let message = || {
            response
                .message
                .clone()
                .unwrap_or_else(|| "it does not say why".to_owned())
        };
        match response {
            _ if response.refused && is_begin => Err(Stop::Refused(message())),
            _ if response.refused => Err(broken("it refuses what has begun")),
            _ if response.errored => Err(Stop::Verdict(Verdict::Error(message()))),
            _ if response.skipped && is_begin => Err(Stop::Verdict(Verdict::Skip(message()))),
            _ if response.skipped => Err(broken("it skips what has begun")),
            response => Ok(response),
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(adapter) = self.adapter.take() {
            // `smoke` checks how it ends.
            let _ = adapter.stop();
        }
    }
}
