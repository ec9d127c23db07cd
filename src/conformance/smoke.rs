//! Smoke tests of an adapter: what no case tests, or what explains why cases fail.

use super::adapter::{Adapter, AdapterError, StopError};
use super::case::{self, BadCase};
use super::outcome::Verdict;
use super::protocol::{FEATURES, Hello, Request, VERSION, WireEvent};
use super::runtime::Runtime;
use openjd_monitor_core::schema::ADAPTER_PROTOCOL;
use openjd_monitor_core::simulate::{JobSpec, Scenario};
use serde_json::Value;
use std::time::Duration;
use thiserror::Error;

/// A number that no adapter reaches by counting.
const SEQ: u64 = 1_000_003;

/// A smoke test and its result.
#[derive(Debug)]
pub struct SmokeTest {
    /// Name of the test.
    pub name: &'static str,
    /// Observation, if the test passed.
    pub result: Result<String, SmokeError>,
    /// Advice for a test that failed.
    pub advice: &'static str,
}

/// Reason why a smoke test failed.
#[derive(Debug, Error)]
pub enum SmokeError {
    /// There is no response, or a malformed one.
    #[error(transparent)]
    Adapter(#[from] AdapterError),
    /// The adapter does not stop.
    #[error(transparent)]
    Stop(#[from] StopError),
    /// The case of the test is malformed.
    #[error(transparent)]
    Case(#[from] BadCase),
    /// The response is well-formed, and not the right one.
    #[error("{0}")]
    Wrong(String),
}

/// Runs every test, each with a fresh process of the adapter. Stops after the first one if that fails: without a
/// response to `start` there is nothing to test.
pub fn smoke(command: &[String], limit: Duration) -> Vec<SmokeTest> {
    let bench = Bench { command, limit };
    let mut tests = vec![SmokeTest {
        name: "start",
        result: bench.start(),
        advice: "Answer `start` with `protocol`, `implementation` and `features`, and flush each line.",
    }];
    if tests.iter().any(|test| test.result.is_err()) {
        return tests;
    }
    tests.extend([
        SmokeTest {
            name: "features",
            result: bench.features(),
            advice: "Cases that need a feature whose name is wrong are skipped.",
        },
        SmokeTest {
            name: "case",
            result: bench.case(),
            advice: "One task without an Environment: spawn it, wait for its exit, end the action, then the session.",
        },
        SmokeTest {
            name: "messages",
            result: bench.messages(),
            advice: "`openjd-monitor schema adapter-protocol` prints the schema of each message.",
        },
        SmokeTest {
            name: "seq",
            result: bench.seq(),
            advice: "Return the `seq` of the request instead of counting requests.",
        },
        SmokeTest {
            name: "leak",
            result: bench.leak(),
            advice: "Forget everything at `end`, even if the session has not ended.",
        },
        SmokeTest {
            name: "garbage",
            result: bench.garbage(),
            advice: "Catch the errors of reading a request; answer with `errored` and a `message`, and go on.",
        },
        SmokeTest {
            name: "end",
            result: bench.end(),
            advice: "Answer `end` with its `seq` even if no case has begun.",
        },
        SmokeTest {
            name: "stop",
            result: bench.stop(),
            advice: "At `stop`, exit with status 0 at once and write nothing.",
        },
    ]);
    tests
}

struct Bench<'b> {
    command: &'b [String],
    limit: Duration,
}

/// An adapter that has responded to `start`.
struct Started {
    adapter: Adapter,
    hello: Value,
}

impl Started {
    /// Sends a request; a response that is `errored` is an error.
    fn request(&mut self, request: &Request) -> Result<Value, SmokeError> {
        let response = self.adapter.request(request)?;
        match response["errored"].as_bool() {
            Some(true) => Err(SmokeError::Wrong(format!(
                "it answers with `errored`: {}",
                response["message"]
            ))),
            _ => Ok(response),
        }
    }
}

impl Bench<'_> {
    fn runtime(&self) -> Runtime {
        Runtime::new(self.command.to_vec(), self.limit)
    }

    fn started(&self) -> Result<Started, SmokeError> {
        let mut adapter = Adapter::start(self.command, self.limit)?;
        let hello = adapter.request(&Request::Start { protocol: VERSION })?;
        Ok(Started { adapter, hello })
    }

    fn start(&self) -> Result<String, SmokeError> {
        let Hello {
            implementation: of, ..
        } = self.runtime().hello()?;
        let more = of.version.into_iter().chain(of.language);
        let words: Vec<_> = std::iter::once(of.name).chain(more).collect();
        Ok(format!("{}; protocol {VERSION}", words.join(", ")))
    }

    fn features(&self) -> Result<String, SmokeError> {
        let features = self.runtime().hello()?.features;
        let is_known = |feature: &String| FEATURES.contains(&feature.as_str());
        let (known, unknown): (Vec<_>, Vec<_>) = features.into_iter().partition(is_known);
        match unknown.is_empty() {
            true => Ok(format!("{} of {}", known.len(), FEATURES.len())),
            false => Err(SmokeError::Wrong(format!(
                "the suite does not know {}; it knows {}",
                unknown.join(", "),
                FEATURES.join(", ")
            ))),
        }
    }

    fn case(&self) -> Result<String, SmokeError> {
        let scenario = scenario()?;
        let mut runtime = self.runtime();
        let hello = runtime.hello()?;
        match runtime.run(scenario, &hello).verdict {
            Verdict::Pass => Ok("as expected".to_owned()),
            Verdict::Fail(difference) => Err(SmokeError::Wrong(difference.lines().join("\n"))),
            verdict => Err(SmokeError::Wrong(verdict.message().unwrap_or_default())),
        }
    }

    fn messages(&self) -> Result<String, SmokeError> {
        let mut started = self.started()?;
        let begun = started.request(&begin(1)?)?;
        let spawned = begun["effects"][0]["process"].as_str().unwrap_or_default();
        let exited = WireEvent::Exited {
            process: spawned.to_owned(),
            exit: Some(0),
            signal: None,
        };
        let advance = Request::Advance {
            seq: 2,
            to: 2000,
            events: vec![exited],
        };
        let ended = started.request(&advance)?;
        let forgotten = started.request(&Request::End { seq: 3 })?;
        let responses = [
            ("start", &started.hello),
            ("begin", &begun),
            ("advance", &ended),
            ("end", &forgotten),
        ];
        for (request, response) in responses {
            if let Some(wrong) = ADAPTER_PROTOCOL.violations(response).first() {
                let place = wrong.path.pointer();
                let kind = &wrong.kind;
                return Err(SmokeError::Wrong(format!(
                    "the answer to `{request}`, at `{place}`: it {kind}"
                )));
            }
        }
        Ok("as the schema has them".to_owned())
    }

    fn seq(&self) -> Result<String, SmokeError> {
        let mut started = self.started()?;
        let requests = [begin(SEQ)?, Request::End { seq: SEQ + 9 }];
        for (request, seq) in requests.iter().zip([SEQ, SEQ + 9]) {
            let response = started.adapter.request(request)?;
            if response["seq"] != seq {
                let other = &response["seq"];
                return Err(SmokeError::Wrong(format!("it answers {other} to {seq}")));
            }
        }
        Ok("given back".to_owned())
    }

    fn leak(&self) -> Result<String, SmokeError> {
        let mut started = self.started()?;
        let mut effects = Vec::new();
        for seq in [1, 3] {
            let mut response = started.request(&begin(seq)?)?;
            for effect in response["effects"].as_array_mut().into_iter().flatten() {
                // An adapter may give the same names again, or others.
                effect["process"].take();
            }
            effects.push(response["effects"].take());
            started.request(&Request::End { seq: seq + 1 })?;
        }
        match effects[0] == effects[1] {
            true => Ok("a case given up leaves nothing behind".to_owned()),
            false => Err(SmokeError::Wrong(format!(
                "after a case that was given up, the same job begins with {}, not with {}",
                effects[1], effects[0]
            ))),
        }
    }

    fn garbage(&self) -> Result<String, SmokeError> {
        let mut started = self.started()?;
        for line in ["no JSON\n", "{\"op\":\"dance\",\"seq\":1}\n"] {
            let response = started.adapter.request_line(line.into())?;
            if response["errored"] != true {
                let line = line.trim_end();
                return Err(SmokeError::Wrong(format!(
                    "it answers {response} to {line}"
                )));
            }
        }
        started.request(&begin(2)?)?;
        Ok("answered with `errored`".to_owned())
    }

    fn end(&self) -> Result<String, SmokeError> {
        let response = self.started()?.request(&Request::End { seq: 7 })?;
        match response["seq"] == 7 {
            true => Ok("answered without a case".to_owned()),
            false => Err(SmokeError::Wrong(format!("it answers {response}"))),
        }
    }

    fn stop(&self) -> Result<String, SmokeError> {
        self.started()?.adapter.stop()?;
        Ok("exits 0".to_owned())
    }
}

fn scenario() -> Result<Scenario, BadCase> {
    case::read(include_str!("smoke.yaml"))
}

fn begin(seq: u64) -> Result<Request, BadCase> {
    let job: JobSpec = scenario()?.spec;
    Ok(Request::Begin { seq, job })
}
