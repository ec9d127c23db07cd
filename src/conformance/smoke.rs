//! Is an adapter itself sound? A few checks that no case makes, or that say more when a case fails.

use super::adapter::Adapter;
use super::harness::Runtime;
use super::outcome::Verdict;
use super::protocol::{FEATURES, Happening, Hello, Request, VERSION};
use openjd_monitor_core::schema::ADAPTER_PROTOCOL;
use openjd_monitor_core::simulate::{JobSpec, Scenario};
use openjd_monitor_core::template::Syntax;
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

/// A number that no adapter counts to by itself.
const SEQ: u64 = 1_000_003;

/// A check of an adapter.
#[derive(Debug)]
pub struct Check {
    /// Its name.
    pub name: &'static str,
    /// What was seen, or else what is wrong.
    pub result: Result<String, String>,
    /// What to do if something is wrong.
    pub advice: &'static str,
}

/// Checks the adapter of this command, each time a fresh one. Without an answer to `start` there is nothing
/// more to check.
pub fn smoke(command: &[String], limit: Duration) -> Vec<Check> {
    let bench = Bench { command, limit };
    let mut checks = vec![Check {
        name: "start",
        result: bench.start(),
        advice: "Answer `start` with `protocol`, `implementation` and `features`, and flush each line.",
    }];
    if checks.iter().any(|check| check.result.is_err()) {
        return checks;
    }
    checks.extend([
        Check {
            name: "features",
            result: bench.features(),
            advice: "A case that needs a feature under its right name is skipped.",
        },
        Check {
            name: "case",
            result: bench.case(),
            advice: "One task without an Environment: spawn it, wait for its exit, end the action, then the session.",
        },
        Check {
            name: "messages",
            result: bench.messages(),
            advice: "`openjd-monitor schema adapter-protocol` prints what each message is like.",
        },
        Check {
            name: "seq",
            result: bench.seq(),
            advice: "Give back the `seq` of the request; do not count yourself.",
        },
        Check {
            name: "leak",
            result: bench.leak(),
            advice: "Forget everything at `end`, also where the session has not ended, and begin with nothing.",
        },
        Check {
            name: "garbage",
            result: bench.garbage(),
            advice: "Catch what reading a request raises; answer with `errored` and a `message`, and go on.",
        },
        Check {
            name: "end",
            result: bench.end(),
            advice: "Answer `end` with its `seq` also where no case has begun.",
        },
        Check {
            name: "stop",
            result: bench.stop(),
            advice: "At `stop`, exit with status 0 at once and write nothing.",
        },
    ]);
    checks
}

struct Bench<'b> {
    command: &'b [String],
    limit: Duration,
}

/// An adapter that has answered `start`.
struct Started {
    adapter: Adapter,
    hello: Value,
}

impl Started {
    fn ask(&mut self, request: &Request) -> Result<Value, String> {
        self.adapter.ask(request).map_err(|no| no.to_string())
    }

    /// Asks, and takes no for a failure.
    fn ask_well(&mut self, request: &Request) -> Result<Value, String> {
        let answer = self.ask(request)?;
        match answer["errored"].as_bool() {
            Some(true) => Err(format!("it answers with `errored`: {}", answer["message"])),
            _ => Ok(answer),
        }
    }
}

impl Bench<'_> {
    fn runtime(&self) -> Runtime {
        Runtime::new(self.command.to_vec(), self.limit)
    }

    fn started(&self) -> Result<Started, String> {
        let mut adapter = Adapter::start(self.command, self.limit).map_err(|no| no.to_string())?;
        let start = Request::Start { protocol: VERSION };
        let hello = adapter.ask(&start).map_err(|no| no.to_string())?;
        Ok(Started { adapter, hello })
    }

    fn start(&self) -> Result<String, String> {
        let Hello {
            implementation: of, ..
        } = self.runtime().hello()?;
        let more = of.version.into_iter().chain(of.language);
        let words: Vec<_> = std::iter::once(of.name).chain(more).collect();
        Ok(format!("{}; protocol {VERSION}", words.join(", ")))
    }

    fn features(&self) -> Result<String, String> {
        let features = self.runtime().hello()?.features;
        let is_known = |feature: &String| FEATURES.contains(&feature.as_str());
        let (known, unknown): (Vec<_>, Vec<_>) = features.into_iter().partition(is_known);
        match unknown.is_empty() {
            true => Ok(format!("{} of {}", known.len(), FEATURES.len())),
            false => Err(format!(
                "the suite does not know {}; it knows {}",
                unknown.join(", "),
                FEATURES.join(", ")
            )),
        }
    }

    fn case(&self) -> Result<String, String> {
        let scenario = scenario()?;
        let mut runtime = self.runtime();
        let hello = runtime.hello()?;
        match runtime.run(scenario, &hello).verdict {
            Verdict::Pass => Ok("as expected".to_owned()),
            Verdict::Fail(difference) => Err(difference.lines().join("\n")),
            verdict => Err(verdict.message().unwrap_or_default()),
        }
    }

    fn messages(&self) -> Result<String, String> {
        let mut started = self.started()?;
        let begun = started.ask_well(&begin(1)?)?;
        let spawned = begun["effects"][0]["process"].as_str().unwrap_or_default();
        let exited = Happening::Exited {
            process: spawned.to_owned(),
            exit: Some(0),
            signal: None,
        };
        let advance = Request::Advance {
            seq: 2,
            to: 2000,
            events: vec![exited],
        };
        let ended = started.ask_well(&advance)?;
        let forgotten = started.ask_well(&Request::End { seq: 3 })?;
        let answers = [
            ("start", &started.hello),
            ("begin", &begun),
            ("advance", &ended),
            ("end", &forgotten),
        ];
        for (request, answer) in answers {
            if let Err(error) = ADAPTER_PROTOCOL.validator().validate(answer) {
                let place = error.instance_path();
                return Err(format!("the answer to `{request}`, at `{place}`: {error}"));
            }
        }
        Ok("as the schema has them".to_owned())
    }

    fn seq(&self) -> Result<String, String> {
        let mut started = self.started()?;
        let requests = [begin(SEQ)?, Request::End { seq: SEQ + 9 }];
        for (request, seq) in requests.iter().zip([SEQ, SEQ + 9]) {
            let answer = started.ask(request)?;
            if answer["seq"] != seq {
                return Err(format!("it answers {} to {seq}", answer["seq"]));
            }
        }
        Ok("given back".to_owned())
    }

    fn leak(&self) -> Result<String, String> {
        let mut started = self.started()?;
        let mut effects = Vec::new();
        for seq in [1, 3] {
            let mut answer = started.ask_well(&begin(seq)?)?;
            for effect in answer["effects"].as_array_mut().into_iter().flatten() {
                // Whether a name can be given again is the adapter's choice.
                effect["process"].take();
            }
            effects.push(answer["effects"].take());
            started.ask_well(&Request::End { seq: seq + 1 })?;
        }
        match effects[0] == effects[1] {
            true => Ok("a case given up leaves nothing behind".to_owned()),
            false => Err(format!(
                "after a case that was given up, the same job begins with {}, not with {}",
                effects[1], effects[0]
            )),
        }
    }

    fn garbage(&self) -> Result<String, String> {
        let mut started = self.started()?;
        for line in ["no JSON\n", "{\"op\":\"dance\",\"seq\":1}\n"] {
            let answer = started.adapter.ask_line(line.into());
            let answer = answer.map_err(|no| no.to_string())?;
            if answer["errored"] != true {
                return Err(format!("it answers {answer} to {}", line.trim_end()));
            }
        }
        started.ask_well(&begin(2)?)?;
        Ok("answered with `errored`".to_owned())
    }

    fn end(&self) -> Result<String, String> {
        let answer = self.started()?.ask_well(&Request::End { seq: 7 })?;
        match answer["seq"] == 7 {
            true => Ok("answered without a case".to_owned()),
            false => Err(format!("it answers {answer}")),
        }
    }

    fn stop(&self) -> Result<String, String> {
        self.started()?.adapter.stop()?;
        Ok("exits 0".to_owned())
    }
}

fn scenario() -> Result<Scenario, String> {
    let text = include_bytes!("smoke.yaml");
    Scenario::read(text, Syntax::Yaml, Path::new("")).map_err(|bad| format!("{:?}", bad.findings))
}

fn begin(seq: u64) -> Result<Request, String> {
    let job: JobSpec = scenario()?.spec;
    Ok(Request::Begin { seq, job })
}
