//! The suite's part of a case: it plays the clock and the operating system, and watches.

use super::adapter::{Adapter, NoAnswer};
use super::outcome::{Outcome, Trace, Verdict};
use super::protocol::{Answer, Hello, Request, VERSION, millis};
use super::stage::Stage;
use crate::session::Time;
use crate::simulate::{MAX_TIME, Scenario};
use crate::trace::{Comparison, Difference};
use std::time::Duration;

/// So many rounds of one instant are too many.
const MAX_ROUNDS: u32 = 1000;

/// So many advances of a case are too many: it would never end.
const MAX_ADVANCES: u32 = 100_000;

/// So many events of a case are too many.
const MAX_EVENTS: usize = 100_000;

/// A runtime under test, started again after each death.
pub struct Runtime {
    command: Vec<String>,
    limit: Duration,
    adapter: Option<Adapter>,
    seq: u64,
}

/// Why a case cannot go on.
enum Stop {
    Verdict(Verdict),
    /// And the adapter is not to be used again.
    Broken(Verdict),
}

impl From<NoAnswer> for Stop {
    fn from(no: NoAnswer) -> Self {
        Self::Broken(match no {
            NoAnswer::TimeOut => Verdict::TimeOut,
            NoAnswer::Broken(message) => Verdict::Error(message),
        })
    }
}

fn broken(message: impl Into<String>) -> Stop {
    Stop::Broken(Verdict::Error(message.into()))
}

impl Runtime {
    /// A runtime by the command of its adapter, with a limit to the time of each answer.
    pub fn new(command: Vec<String>, limit: Duration) -> Self {
        Self {
            command,
            limit,
            adapter: None,
            seq: 0,
        }
    }

    /// Starts it and asks who it is.
    ///
    /// # Errors
    ///
    /// In words, if it cannot be started or does not answer as it should.
    pub fn hello(&mut self) -> Result<Hello, String> {
        let mut adapter = Adapter::start(&self.command, self.limit)
            .map_err(|error| format!("it cannot be started: {error}"))?;
        let answer = adapter.ask(&Request::Start { protocol: VERSION });
        let answer = answer.map_err(|no| no.to_string())?;
        let hello: Hello = serde_json::from_value(answer)
            .map_err(|error| format!("its answer to `start` is not one: {error}"))?;
        if hello.protocol != VERSION {
            let other = hello.protocol;
            return Err(format!(
                "it speaks version {other} of the protocol, not {VERSION}"
            ));
        }
        self.adapter = Some(adapter);
        Ok(hello)
    }

    /// Ends it as the protocol has it.
    ///
    /// # Errors
    ///
    /// In words, if it does not end so.
    pub fn stop(mut self) -> Result<(), String> {
        match self.adapter.take() {
            Some(adapter) => adapter.stop(),
            None => Ok(()),
        }
    }

    /// Runs a scenario against a runtime with these `features`.
    pub fn run(&mut self, scenario: Scenario, features: &[String]) -> Outcome {
        let has = |feature: &str| features.iter().any(|has| has == feature);
        let mut expected = scenario.expect.clone().unwrap_or_default();
        if !has("check-results") {
            expected.retain(|(_, entry)| entry.text("event") != Some("check_ended"));
        }
        let lacking = scenario.requires.iter().find(|feature| !has(feature));
        let mut outcome = Outcome {
            id: scenario.id.clone(),
            title: scenario.title.clone(),
            clauses: scenario.clauses.clone(),
            requires: scenario.requires.clone(),
            verdict: Verdict::Pass,
            expected,
            actual: Trace::new(),
        };
        outcome.verdict = match lacking {
            Some(lacking) => Verdict::Skip(format!("it needs `{lacking}`")),
            None => self.verdict(scenario, &outcome.expected, &mut outcome.actual),
        };
        outcome
    }

    fn verdict(&mut self, scenario: Scenario, expected: &Trace, actual: &mut Trace) -> Verdict {
        if self.adapter.is_none()
            && let Err(message) = self.hello()
        {
            return Verdict::Error(message);
        }
        let played = self.play(scenario, expected, actual);
        let stopped = match played.and_then(|()| self.end()) {
            Ok(()) => None,
            Err(Stop::Verdict(verdict)) => {
                // What is left of the case must not meet the next one.
                if self.end().is_err() {
                    self.adapter = None;
                }
                Some(verdict)
            }
            Err(Stop::Broken(verdict)) => {
                self.adapter = None;
                Some(verdict)
            }
        };
        // What the session did before it came to a halt may tell more than the halt.
        match (compare(expected, actual, stopped.is_none()), stopped) {
            (Some(difference), None | Some(Verdict::Fail(_))) => Verdict::Fail(difference),
            (_, Some(verdict)) => verdict,
            (None, None) => Verdict::Pass,
        }
    }

    /// The case is over.
    fn end(&mut self) -> Result<(), Stop> {
        self.ask(|seq| Request::End { seq }).map(drop)
    }

    fn ask(&mut self, make: impl FnOnce(u64) -> Request) -> Result<Answer, Stop> {
        self.seq += 1;
        let seq = self.seq;
        let adapter = self
            .adapter
            .as_mut()
            .ok_or_else(|| broken("it does not run"))?;
        let request = make(seq);
        let is_begin = matches!(request, Request::Begin { .. });
        let answer = adapter.ask(&request)?;
        let answer: Answer = serde_json::from_value(answer)
            .map_err(|error| broken(format!("its answer is not one: {error}")))?;
        if answer.seq != seq {
            return Err(broken(format!("it answered {} to {seq}", answer.seq)));
        }
        let message = || {
            answer
                .message
                .clone()
                .unwrap_or_else(|| "it does not say why".to_owned())
        };
        match answer {
            _ if answer.errored => Err(Stop::Verdict(Verdict::Error(message()))),
            _ if answer.skipped && is_begin => Err(Stop::Verdict(Verdict::Skip(message()))),
            _ if answer.skipped => Err(broken("it skips what has begun")),
            answer => Ok(answer),
        }
    }

    /// Plays a case until the Session has ended, or goes on after the last instant of what is expected.
    fn play(
        &mut self,
        scenario: Scenario,
        expected: &Trace,
        actual: &mut Trace,
    ) -> Result<(), Stop> {
        let last = expected.last().map(|(at, _)| *at);
        let mut stage = Stage::new(scenario.processes);
        let job = scenario.spec;
        let mut inputs = scenario.inputs.into_iter().peekable();
        let mut answer = self.ask(|seq| Request::Begin { seq, job })?;
        let mut now = Time::ZERO;
        let mut advances = 0;
        let mut rounds = 0;
        loop {
            for effect in answer.effects.unwrap_or_default() {
                actual.push((now, stage.apply(now, effect).map_err(broken)?));
            }
            if stage.is_over {
                return Ok(());
            }
            let wake = answer.wake.map(Time::from_millis);
            if wake.is_some_and(|wake| wake < now) {
                return Err(broken("it wants to be woken in the past"));
            }
            let input = inputs.peek().map(|input| input.0);
            let next = [wake, stage.next(), input];
            let failed = |difference| Err(Stop::Verdict(Verdict::Fail(difference)));
            let Some(next) = next.into_iter().flatten().min() else {
                let message = "the session has not ended, and nothing is to come";
                return failed(Box::new(Difference::without_end(now, message)));
            };
            if last.is_some_and(|last| next > last) {
                let message = "the session goes on, though it should have ended";
                let late = || Box::new(Difference::without_end(now, message));
                return failed(compare(expected, actual, true).unwrap_or_else(late));
            }
            advances += 1;
            rounds = if next > now { 0 } else { rounds + 1 };
            if rounds > MAX_ROUNDS {
                return Err(broken(format!(
                    "it wants more than {MAX_ROUNDS} rounds of one instant"
                )));
            }
            if next > MAX_TIME || advances > MAX_ADVANCES || actual.len() > MAX_EVENTS {
                return Err(broken("the session does not come to an end"));
            }
            now = next.max(now);
            let due = std::iter::from_fn(|| inputs.next_if(|(at, _)| *at <= now));
            let events = stage.take(now, due.map(|(_, input)| input));
            let to = millis(now);
            answer = self.ask(|seq| Request::Advance { seq, to, events })?;
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(adapter) = self.adapter.take() {
            // How it ends is for `smoke` to tell.
            let _ = adapter.stop();
        }
    }
}

/// The first difference, if there is one; of a trace that `is_whole`, also what is missing at its end.
fn compare(expected: &Trace, actual: &Trace, is_whole: bool) -> Option<Box<Difference>> {
    let mut comparison = Comparison::new(expected);
    for (at, event) in actual {
        if let Err(difference) = comparison.push(*at, event.clone()) {
            return Some(difference);
        }
    }
    if is_whole {
        comparison.end().err()
    } else {
        None
    }
}
