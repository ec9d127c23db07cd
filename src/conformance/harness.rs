//! The suite's part of a case: it plays the clock and the operating system, and watches.

use super::adapter::{Adapter, NoAnswer};
use super::case::Case;
use super::protocol::{Answer, Happening, Hello, Request, Role, Spawn, VERSION, millis};
use crate::session::{ActionName, Invocation, Owner, ProcessId, Start, Target, Time};
use crate::simulate::{Processes, Scenario, Script};
use crate::trace::{Comparison, Difference, Fields};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// So many rounds of one instant are too many.
const MAX_ROUNDS: u32 = 1000;

/// What came of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The trace is as expected.
    Pass,
    /// It is not.
    Fail(Box<Difference>),
    /// The runtime has not got what the case needs.
    Skip(String),
    /// The runtime said that it cannot do it, died, or broke the protocol.
    Error(String),
    /// It took too long to answer.
    TimeOut,
}

impl Verdict {
    /// The verdict's name in every report.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail(_) => "fail",
            Self::Skip(_) => "skip",
            Self::Error(_) => "error",
            Self::TimeOut => "time-out",
        }
    }
}

/// A case, what came of it, and what was observed.
#[derive(Debug)]
pub struct Outcome {
    /// The case.
    pub case: Case,
    /// What came of it.
    pub verdict: Verdict,
    /// The events that were observed, as far as it came.
    pub actual: Vec<(Time, Fields)>,
}

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
        let answer = answer.map_err(|no| match no {
            NoAnswer::TimeOut => "it did not answer `start` in time".to_owned(),
            NoAnswer::Broken(message) => message,
        })?;
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

    /// Runs a case against a runtime with these `features`.
    pub fn run(&mut self, case: Case, features: &[String]) -> Outcome {
        let mut actual = Vec::new();
        let verdict = match case.scenario() {
            Err(message) => Verdict::Error(format!("the case is not sound: {message}")),
            Ok(scenario) => self.verdict(scenario, features, &mut actual),
        };
        Outcome {
            case,
            verdict,
            actual,
        }
    }

    fn verdict(
        &mut self,
        scenario: Scenario,
        features: &[String],
        actual: &mut Vec<(Time, Fields)>,
    ) -> Verdict {
        let has = |feature: &String| features.contains(feature);
        if let Some(lacking) = scenario.requires.iter().find(|feature| !has(feature)) {
            return Verdict::Skip(format!("it needs `{lacking}`"));
        }
        let mut expected = scenario.expect.clone().unwrap_or_default();
        if !features.iter().any(|feature| feature == "check-results") {
            expected.retain(|(_, entry)| entry.text("event") != Some("check_ended"));
        }
        if self.adapter.is_none()
            && let Err(message) = self.hello()
        {
            return Verdict::Error(message);
        }
        let played = self.play(scenario, actual);
        let stopped = match played {
            Ok(()) => None,
            Err(Stop::Verdict(verdict)) => Some(verdict),
            Err(Stop::Broken(verdict)) => {
                self.adapter = None;
                Some(verdict)
            }
        };
        // What the session did before it came to a halt may tell more than the halt.
        match (compare(&expected, actual, stopped.is_none()), stopped) {
            (Some(difference), None | Some(Verdict::Fail(_))) => Verdict::Fail(difference),
            (_, Some(verdict)) => verdict,
            (None, None) => Verdict::Pass,
        }
    }

    fn ask(&mut self, make: impl FnOnce(u64) -> Request) -> Result<Answer, Stop> {
        self.seq += 1;
        let seq = self.seq;
        let adapter = self
            .adapter
            .as_mut()
            .ok_or_else(|| broken("it does not run"))?;
        let answer = adapter.ask(&make(seq))?;
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
            _ if answer.skipped => Err(Stop::Verdict(Verdict::Skip(message()))),
            answer => Ok(answer),
        }
    }

    /// Plays a case to its end.
    fn play(&mut self, scenario: Scenario, actual: &mut Vec<(Time, Fields)>) -> Result<(), Stop> {
        let mut stage = Stage {
            behaviour: scenario.processes,
            processes: Processes::default(),
            names: Vec::new(),
            known: HashMap::new(),
            is_over: false,
        };
        let job = scenario.spec;
        let mut inputs = scenario.inputs.into_iter().peekable();
        let mut answer = self.ask(|seq| Request::Begin { seq, job })?;
        let mut now = Time::ZERO;
        let mut rounds = 0;
        loop {
            for effect in answer.effects.unwrap_or_default() {
                actual.push((now, stage.apply(now, effect)?));
            }
            if stage.is_over {
                break;
            }
            let wake = answer.wake.map(Time::from_millis);
            if wake.is_some_and(|wake| wake < now) {
                return Err(broken("it wants to be woken in the past"));
            }
            let input = inputs.peek().map(|input| input.0);
            let next = [wake, stage.processes.next(), input];
            let Some(next) = next.into_iter().flatten().min() else {
                return Err(Stop::Verdict(Verdict::Fail(Box::new(Difference::stuck(
                    now,
                )))));
            };
            rounds = if next > now { 0 } else { rounds + 1 };
            if rounds > MAX_ROUNDS {
                return Err(broken(format!(
                    "it wants more than {MAX_ROUNDS} rounds of one instant"
                )));
            }
            now = next.max(now);
            let mut events = stage.processes.take(now);
            while let Some((_, input)) = inputs.next_if(|(at, _)| *at <= now) {
                events.push(input);
            }
            let name = |process: ProcessId| stage.name(process);
            let events = events
                .into_iter()
                .map(|event| Happening::of(event, &name))
                .collect();
            let to = millis(now);
            answer = self.ask(|seq| Request::Advance { seq, to, events })?;
        }
        self.ask(|seq| Request::End { seq }).map(|_| ())
    }
}

/// The processes of a case.
struct Stage {
    behaviour: crate::simulate::Behaviour,
    processes: Processes,
    /// The adapter's names of processes, by ours.
    names: Vec<String>,
    known: HashMap<String, (ProcessId, Role)>,
    is_over: bool,
}

impl Stage {
    fn name(&self, process: ProcessId) -> String {
        let index = usize::try_from(process.0).unwrap_or(usize::MAX);
        self.names.get(index).cloned().unwrap_or_default()
    }

    /// Carries out an effect, and makes it the event of a trace that it is.
    fn apply(&mut self, now: Time, effect: Map<String, Value>) -> Result<Fields, Stop> {
        let kind = effect
            .get("effect")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let mut event = effect.clone();
        event.remove("effect");
        let mut name = kind.clone();
        match kind.as_str() {
            "spawn" => {
                let role = self.spawn(now, effect)?;
                name = match role {
                    Role::Action => "action_started".to_owned(),
                    Role::Check => "check_started".to_owned(),
                };
                for field in ["process", "role", "wraps", "parameters"] {
                    event.remove(field);
                }
            }
            "notify" | "kill" => {
                let process = event.remove("process");
                let process = process.as_ref().and_then(Value::as_str).unwrap_or_default();
                let (id, role) = *self.known.get(process).ok_or_else(|| {
                    broken(format!("`{kind}` of `{process}`, which it has not started"))
                })?;
                match kind.as_str() {
                    "notify" => self.processes.notify(now, id),
                    _ => self.processes.kill(now, id),
                }
                let role = serde_json::to_value(role).unwrap_or_default();
                event.insert("target".to_owned(), role);
            }
            "session_ended" => self.is_over = true,
            "status" | "check_ended" | "action_ended" => {}
            other => return Err(broken(format!("there is no effect `{other}`"))),
        }
        let at = serde_json::to_value(now.as_secs_f64()).unwrap_or_default();
        event.insert("at".to_owned(), at);
        event.insert("event".to_owned(), name.into());
        Ok(Fields::from(&event))
    }

    fn spawn(&mut self, now: Time, effect: Map<String, Value>) -> Result<Role, Stop> {
        let spawn: Spawn = serde_json::from_value(Value::Object(effect))
            .map_err(|error| broken(format!("a `spawn` is not one: {error}")))?;
        let id = ProcessId(self.names.len() as u64);
        let known = self.known.insert(spawn.process.clone(), (id, spawn.role));
        if known.is_some() {
            return Err(broken(format!(
                "a second process has the name `{}`",
                spawn.process
            )));
        }
        self.names.push(spawn.process.clone());
        let role = spawn.role;
        let start = start(id, spawn)?;
        let run = self.behaviour.run(now, &start);
        self.processes.start(now, &start, run);
        Ok(role)
    }
}

/// A process to start, as the scripts of processes know it.
fn start(process: ProcessId, spawn: Spawn) -> Result<Start, Stop> {
    let owner = match (spawn.environment, spawn.step) {
        (Some(name), None) => Owner::Environment(name),
        (None, Some(name)) => Owner::Step(name),
        _ => return Err(broken("a `spawn` has either an environment or a step")),
    };
    let slots = crate::template::Slot::ALL.map(|slot| slot.name());
    let slot = slots
        .into_iter()
        .chain(["onRun"])
        .find(|slot| *slot == spawn.slot);
    Ok(Start {
        process,
        target: match spawn.role {
            Role::Action => Target::Action,
            Role::Check => Target::Check,
        },
        action: Arc::new(ActionName {
            owner,
            slot: slot.ok_or_else(|| broken(format!("there is no slot `{}`", spawn.slot)))?,
        }),
        invocation: Arc::new(Invocation {
            command: spawn.command,
            args: spawn.args,
        }),
        variables: Arc::new(BTreeMap::new()),
        wraps: spawn.wraps,
        parameters: spawn.parameters,
        files: Vec::new(),
    })
}

/// The first difference, if there is one; of a trace that `is_whole`, also what is missing at its end.
fn compare(
    expected: &[(Time, Fields)],
    actual: &[(Time, Fields)],
    is_whole: bool,
) -> Option<Box<Difference>> {
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
