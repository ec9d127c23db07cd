//! A whole Session: the actions that run, one after another, and their trace.

use super::action::{Action, Fired, Outcome, Seen, Verdict};
use super::case::{Case, Command, Place, Slot, VARIABLES};
use super::instant::{Key, Moment, Rank, START};
use super::slots::{Monitored, Running, enter_or_exit, monitored, task};
use super::text;
use openjd_monitor_core::session::Time;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Trace of a case, in the format of scenarios.
pub fn trace(case: &Case) -> Vec<Value> {
    let mut session = Session::new(case);
    let mut entered = Vec::new();
    for (environment, place) in [
        (&case.outer, Place::OuterEnter),
        (&case.inner, Place::InnerEnter),
    ] {
        if session.state == "SUCCESS" {
            entered.push(environment);
            session.layers.push(BTreeMap::new());
            if let Some(running) = enter_or_exit(case, environment, Slot::Enter) {
                session.run(&running, place);
            }
        }
    }
    for place in [Place::Task1, Place::Task2] {
        if session.state == "SUCCESS" {
            session.run(&task(case), place);
        }
    }
    for environment in entered.into_iter().rev() {
        let place = match environment.name {
            "Outer" => Place::OuterExit,
            _ => Place::InnerExit,
        };
        if let Some(running) = enter_or_exit(case, environment, Slot::Exit) {
            session.run(&running, place);
        }
        session.layers.pop();
    }
    let (at, state) = (session.now.time, session.state);
    session.put(at, json!({ "event": "session_ended", "state": state }));
    session.trace
}

type Layer = BTreeMap<String, Option<String>>;

struct Session<'c> {
    case: &'c Case,
    now: Moment,
    state: &'static str,
    /// Changes of variables, per entered Environment.
    layers: Vec<Layer>,
    secrets: Vec<String>,
    trace: Vec<Value>,
}

impl<'c> Session<'c> {
    fn new(case: &'c Case) -> Self {
        Self {
            case,
            now: START,
            state: "SUCCESS",
            layers: Vec::new(),
            secrets: Vec::new(),
            trace: Vec::new(),
        }
    }

    fn put(&mut self, at: Time, event: Value) {
        let mut event = event;
        event["at"] = match at.subsec_millis() {
            0 => at.as_secs().into(),
            _ => at.as_secs_f64().into(),
        };
        self.trace.push(event);
    }

    fn run(&mut self, running: &Running<'c>, place: Place) {
        let name = name(running);
        let now = self.now.time;
        let watch = match monitored(running, self.state == "SUCCESS") {
            Monitored::Not => None,
            Monitored::With(watch) => Some(watch),
            Monitored::Unresolved => {
                self.fail("FAILED");
                let ended = with(&name, json!({ "event": "action_ended", "state": "FAILED" }));
                self.put(now, ended);
                return;
            }
        };
        let slot = running.slot;
        let started = json!({
            "event": "action_started",
            "command": "act",
            "args": [],
            "variables": self.variables(),
        });
        self.put(now, with(&name, started));
        let start = self.now;
        let action = Action {
            start,
            declared: running.declared,
            default_timeout: slot.filter(|slot| slot.is_exit()).map(|_| 300),
            default_notify_period: match slot {
                None | Some(Slot::WrapRun) => 120,
                Some(_) => 30,
            },
            watch,
            processes: &self.case.processes[&place],
            cancels: &self.case.cancels,
        };
        let outcome = action.outcome();
        let is_entering = matches!(place, Place::OuterEnter | Place::InnerEnter);
        let mut seen = outcome.seen.clone();
        seen.sort_by_key(|(at, _)| *at);
        for (at, seen) in seen {
            self.see(at.moment.time, seen, &name, is_entering);
        }
        self.settle(start, &outcome);
        self.now = outcome.end.moment;
        let ended = self.ended(outcome.verdict, running);
        self.put(self.now.time, with(&name, ended));
    }

    fn variables(&self) -> Value {
        let mut variables = Map::new();
        if !self.layers.is_empty() {
            variables.extend(VARIABLES.map(|(name, value)| (name.to_owned(), value.into())));
        }
        for (name, value) in self.layers.iter().flatten() {
            match value {
                Some(value) => drop(variables.insert(name.clone(), value.as_str().into())),
                None => drop(variables.remove(name)),
            }
        }
        Value::Object(variables)
    }

    fn see(&mut self, at: Time, seen: Seen, name: &Map<String, Value>, is_entering: bool) {
        let event = match seen {
            Seen::Secret(value) => return self.secrets.push(value),
            Seen::Change(..) if !is_entering => return,
            Seen::Change(name, value) => {
                let layer = self.layers.last_mut().expect("one is being entered");
                layer.insert(name, value);
                return;
            }
            Seen::Status { text, by_monitor } => {
                let text = text::redact(&text, &self.secrets);
                let text = text.trim_end();
                let source = if by_monitor { "monitor" } else { "action" };
                json!({ "event": "status", "text": text, "source": source })
            }
            Seen::FailureStatus { lines, reason } => {
                let text = text::failure_status(&lines, &reason, &self.secrets);
                json!({ "event": "status", "text": text, "source": "monitor" })
            }
            Seen::Notify => json!({ "event": "notify", "target": "action" }),
            Seen::Kill { of_check } => {
                let target = if of_check { "check" } else { "action" };
                json!({ "event": "kill", "target": target })
            }
            Seen::CheckStarted(Command { name: command, .. }) => {
                let variables = self.variables();
                let started = json!({
                    "event": "check_started",
                    "command": command,
                    "args": [],
                    "variables": variables,
                });
                with(name, started)
            }
            Seen::Healthy => {
                let healthy = json!({ "event": "check_ended", "result": "healthy", "failures": 0 });
                with(name, healthy)
            }
            Seen::Unhealthy { reason, failures } => {
                let unhealthy = json!({
                    "event": "check_ended",
                    "result": "unhealthy",
                    "reason": reason,
                    "failures": failures,
                });
                with(name, unhealthy)
            }
            Seen::Discarded => with(
                name,
                json!({ "event": "check_ended", "result": "discarded" }),
            ),
        };
        self.put(at, event);
    }

    /// Updates the Session's state after an action that started at `start` (SES-5).
    fn settle(&mut self, start: Moment, outcome: &Outcome) {
        let cancels = self.case.cancels.iter().enumerate();
        let keys = cancels.map(|(index, cancel)| {
            let at = Moment::at(cancel.at);
            at.key(Rank::UserCancel).nth(index)
        });
        let in_time = |at: &Key| at.moment > start && *at < outcome.end;
        let canceled = keys.filter(in_time).map(|at| (at, "CANCELED")).min();
        let failed = outcome.failed_at.map(|at| (at, "FAILED"));
        if let Some((_, state)) = canceled.into_iter().chain(failed).min() {
            self.fail(state);
        }
    }

    fn fail(&mut self, state: &'static str) {
        if self.state == "SUCCESS" {
            self.state = state;
        }
    }

    fn ended(&self, verdict: Verdict, running: &Running<'_>) -> Value {
        let (state, text, by_monitor) = match verdict {
            Verdict::Success => ("SUCCESS", None, false),
            Verdict::Canceled => ("CANCELED", None, false),
            Verdict::Timeout => ("TIMEOUT", None, false),
            Verdict::Failed { text } => ("FAILED", text, false),
            Verdict::FailedByMonitor(fired) => ("FAILED", Some(fail_message(fired, running)), true),
        };
        let mut ended = json!({ "event": "action_ended", "state": state });
        if let Some(text) = text {
            let text = text::redact(&text, &self.secrets);
            ended["failMessage"] = text.trim_end().into();
        }
        if by_monitor {
            ended["cause"] = "monitor".into();
        }
        ended
    }
}

/// The fail message of an action whose monitor has fired (ACT-6).
fn fail_message(fired: Fired, running: &Running<'_>) -> String {
    let environment = running
        .environment
        .map_or("", |environment| environment.name);
    let slot = running.slot.map_or("", Slot::name);
    let Fired {
        own_text,
        failures,
        reason,
    } = fired;
    own_text.unwrap_or_else(|| {
        format!(
            "onMonitor of environment '{environment}' reported unhealthy {failures} consecutive time(s) \
             while {slot} was running ({reason})"
        )
    })
}

fn name(running: &Running<'_>) -> Map<String, Value> {
    let owner = match running.environment {
        Some(environment) => ("environment", environment.name),
        None => ("step", "Work"),
    };
    let slot = ("slot", running.slot.map_or("onRun", Slot::name));
    let pairs = [owner, slot].map(|(key, value)| (key.to_owned(), value.into()));
    Map::from_iter(pairs)
}

/// Adds the name of an action to an event.
fn with(name: &Map<String, Value>, event: Value) -> Value {
    let mut fields = name.clone();
    fields.extend(event.as_object().cloned().unwrap_or_default());
    Value::Object(fields)
}
