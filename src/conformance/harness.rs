//! The suite's part of a case: it plays the clock and the operating system, and watches.

use super::adapter::{Adapter, NoAnswer};
use super::outcome::{Outcome, Trace, Verdict};
use super::protocol::{Answer, Hello, Request, VERSION, millis};
use super::stage::Stage;
use openjd_monitor_core::session::Time;
use openjd_monitor_core::simulate::{Expectation, JobSpec, MAX_TIME, Scenario};
use openjd_monitor_core::trace::{Alternatives, Difference, Fields};
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
    /// The runtime refuses the job, for this reason.
    Refused(String),
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

fn failed(at: Time, message: &str) -> Verdict {
    Verdict::Fail(Box::new(Difference::without_end(at, message)))
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

    /// Runs a scenario against the runtime that has said `hello`.
    pub fn run(&mut self, mut scenario: Scenario, hello: &Hello) -> Outcome {
        let mut expect = std::mem::take(&mut scenario.expect);
        if !hello.has("check-results") {
            for expected in &mut expect {
                let is_asked = |entry: &Fields| entry.text("event") != Some("check_ended");
                expected.trace.retain(|(_, entry)| is_asked(entry));
            }
        }
        let lacking = scenario.requires.iter().find(|feature| !hello.has(feature));
        let below_floor = below_floor(&scenario, hello);
        let mut outcome = Outcome {
            id: scenario.id.clone(),
            title: scenario.title.clone(),
            clauses: scenario.clauses.clone(),
            requires: scenario.requires.clone(),
            is_below_floor: below_floor.is_some(),
            point: scenario.point.clone(),
            reading: None,
            verdict: Verdict::Pass,
            expected: Trace::new(),
            actual: Trace::new(),
        };
        let lacking = lacking.map(|lacking| format!("it needs `{lacking}`"));
        let mut nearest = 0;
        outcome.verdict = match lacking.or(below_floor) {
            Some(reason) => Verdict::Skip(reason),
            None => {
                let (verdict, index) = self.verdict(scenario, hello, &expect, &mut outcome.actual);
                nearest = index;
                verdict
            }
        };
        if nearest < expect.len() {
            let expected = expect.swap_remove(nearest);
            outcome.expected = expected.trace;
            outcome.reading = expected
                .reading
                .filter(|_| outcome.verdict == Verdict::Pass);
        }
        outcome
    }

    /// The verdict, and the index of the trace among those in `expect` that it is about.
    fn verdict(
        &mut self,
        scenario: Scenario,
        hello: &Hello,
        expect: &[Expectation],
        actual: &mut Trace,
    ) -> (Verdict, usize) {
        if self.adapter.is_none()
            && let Err(message) = self.hello()
        {
            return (Verdict::Error(message), 0);
        }
        let played = match scenario.is_refused {
            true => self.refuse(scenario.spec, hello),
            false => self.play(scenario, expect, actual),
        };
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
            Err(Stop::Refused(message)) => {
                let message = format!("the job is refused: {message}");
                Some(failed(Time::ZERO, &message))
            }
        };
        // What the session did before it came to a halt may tell more than the halt.
        let compared = compare(expect, actual);
        let nearest = match stopped {
            None => compared.end(),
            Some(_) => compared.stop(),
        };
        match (nearest, stopped) {
            (Some(Err((index, difference))), None | Some(Verdict::Fail(_))) => {
                (Verdict::Fail(difference), index)
            }
            (nearest, stopped) => {
                let index = match nearest {
                    Some(Ok(index) | Err((index, _))) => index,
                    None => 0,
                };
                (stopped.unwrap_or(Verdict::Pass), index)
            }
        }
    }

    /// Begins a case whose job must be refused.
    fn refuse(&mut self, job: JobSpec, hello: &Hello) -> Result<(), Stop> {
        match self.ask(|seq| Request::Begin { seq, job }) {
            Err(Stop::Refused(_)) => Ok(()),
            // All that an adapter can say that does not know `refused`.
            Err(Stop::Verdict(Verdict::Error(_))) if !hello.refusals => Ok(()),
            Err(stop) => Err(stop),
            Ok(_) => Err(Stop::Verdict(failed(
                Time::ZERO,
                "the job is created, and must be refused",
            ))),
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
            _ if answer.refused && is_begin => Err(Stop::Refused(message())),
            _ if answer.refused => Err(broken("it refuses what has begun")),
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
        expect: &[Expectation],
        actual: &mut Trace,
    ) -> Result<(), Stop> {
        let ends = expect.iter().map(|expected| expected.trace.last());
        let last = ends.flatten().map(|(at, _)| *at).max();
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
            let Some(next) = next.into_iter().flatten().min() else {
                let message = "the session has not ended, and nothing is to come";
                return Err(Stop::Verdict(failed(now, message)));
            };
            if last.is_some_and(|last| next > last) {
                let message = "the session goes on, though it should have ended";
                return Err(Stop::Verdict(match compare(expect, actual).end() {
                    Some(Err((_, difference))) => Verdict::Fail(difference),
                    _ => failed(now, message),
                }));
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

/// The traces that are expected beside what has been observed so far.
fn compare<'e>(expect: &'e [Expectation], actual: &Trace) -> Alternatives<'e> {
    let traces = expect.iter().map(|expected| expected.trace.as_slice());
    let mut alternatives = Alternatives::new(traces);
    for (at, event) in actual {
        alternatives.push(*at, event);
    }
    alternatives
}

/// Why a runtime with this floor may refuse the job of a scenario, if it may (SCH-6).
fn below_floor(scenario: &Scenario, hello: &Hello) -> Option<String> {
    let shortest = scenario.job.as_ref().ok()?.shortest_period()?.as_secs();
    let floor = hello.floor.filter(|floor| shortest < *floor)?;
    let reason = format!("its period of {shortest} s is below the runtime's floor of {floor} s");
    (!scenario.is_refused).then_some(reason)
}
