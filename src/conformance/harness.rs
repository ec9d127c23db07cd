//! Runs a case against a runtime, with a simulated clock and operating system, and compares the traces.

use super::outcome::{Outcome, Trace, Verdict};
use super::protocol::{Hello, Request, millis};
use super::runtime::{Runtime, Stop, broken, failed};
use super::stage::Stage;
use openjd_monitor_core::session::Time;
use openjd_monitor_core::simulate::{Expectation, JobSpec, MAX_TIME, Scenario};
use openjd_monitor_core::trace::{Alternatives, Fields};

/// Upper bound on the rounds of one instant.
const MAX_ROUNDS: u32 = 1000;

/// Upper bound on the advances of a case.
const MAX_ADVANCES: u32 = 100_000;

/// Upper bound on the observed events of a case.
const MAX_EVENTS: usize = 100_000;

impl Runtime {
    /// Runs a scenario. `hello` is the response of this runtime.
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

    /// Returns the verdict, and the index in `expect` of the trace that it is about.
    fn verdict(
        &mut self,
        scenario: Scenario,
        hello: &Hello,
        expect: &[Expectation],
        actual: &mut Trace,
    ) -> (Verdict, usize) {
        if let Err(error) = self.ensure_started() {
            return (Verdict::Error(error.to_string()), 0);
        }
        let played = match scenario.is_refused {
            true => self.refuse(scenario.spec, hello),
            false => self.play(scenario, hello, expect, actual),
        };
        let stopped = match played.and_then(|()| self.end()) {
            Ok(()) => None,
            Err(Stop::Verdict(verdict)) => {
                // The state of this case must not leak into the next one.
                if self.end().is_err() {
                    self.discard();
                }
                Some(verdict)
            }
            Err(Stop::Broken(verdict)) => {
                self.discard();
                Some(verdict)
            }
            Err(Stop::Refused(message)) => {
                let message = format!("the job is refused: {message}");
                Some(failed(Time::ZERO, &message))
            }
        };
        // A difference in the trace before the stop says more than the stop.
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

    /// Plays a case whose job must be refused.
    fn refuse(&mut self, job: JobSpec, hello: &Hello) -> Result<(), Stop> {
        match self.request(|seq| Request::Begin { seq, job }) {
            Err(stop) if stop.is_refusal(hello) => Ok(()),
            Err(stop) => Err(stop),
            Ok(_) => Err(Stop::Verdict(failed(
                Time::ZERO,
                "the job was created, but must be refused",
            ))),
        }
    }

    /// Plays a case until the Session ends, or goes on after the last instant that is expected, or its job is refused as
    /// one of the readings has it. Adds the observed events to `actual`.
    fn play(
        &mut self,
        scenario: Scenario,
        hello: &Hello,
        expect: &[Expectation],
        actual: &mut Trace,
    ) -> Result<(), Stop> {
        let may_refuse = expect.iter().any(|expected| expected.trace.is_empty());
        let ends = expect.iter().map(|expected| expected.trace.last());
        let last = ends.flatten().map(|(at, _)| *at).max();
        let mut stage = Stage::new(scenario.processes);
        let job = scenario.spec;
        let mut inputs = scenario.inputs.into_iter().peekable();
        let mut response = match self.request(|seq| Request::Begin { seq, job }) {
            Err(stop) if may_refuse && stop.is_refusal(hello) => return Ok(()),
            begun => begun?,
        };
        let mut now = Time::ZERO;
        let mut advances = 0;
        let mut rounds = 0;
        loop {
            for effect in response.effects.unwrap_or_default() {
                actual.push((now, stage.apply(now, effect).map_err(broken)?));
            }
            if stage.is_over {
                return Ok(());
            }
            let wake = response.wake.map(Time::from_millis);
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
            response = self.request(|seq| Request::Advance { seq, to, events })?;
        }
    }
}

/// Compares the observed trace with each of the expected ones.
fn compare<'e>(expect: &'e [Expectation], actual: &Trace) -> Alternatives<'e> {
    let traces = expect.iter().map(|expected| expected.trace.as_slice());
    let mut alternatives = Alternatives::new(traces);
    for (at, event) in actual {
        alternatives.push(*at, event);
    }
    alternatives
}

/// Returns the reason for which a runtime with this floor may refuse the job of a scenario, if it may (SCH-6).
fn below_floor(scenario: &Scenario, hello: &Hello) -> Option<String> {
    let shortest = scenario.job.as_ref().ok()?.shortest_period()?.as_secs();
    let floor = hello.floor.filter(|floor| shortest < *floor)?;
    let reason = format!("its period of {shortest} s is below the runtime's floor of {floor} s");
    (!scenario.is_refused).then_some(reason)
}
