//! Runs a case with the reference executor, as templates and scripted processes.

use super::case::{
    Cancelation, Case, Command, Declared, Environment, Monitor, Numbers, Place, VARIABLES,
};
use openjd_monitor_core::session::{
    Canceler, Event, Host, Job, Owner, Request, Session, Start, Target, Tasks, Time,
};
use openjd_monitor_core::simulate::{self, ProcessModel, Run, WORKING_DIRECTORY};
use openjd_monitor_core::trace;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::convert::Infallible;

/// Trace of a case by the reference executor.
pub fn trace(case: &Case) -> Vec<Value> {
    let (template, outer) = (template(case), outer(case));
    let request = Request {
        template: &template,
        environments: vec![&outer],
        parameters: BTreeMap::new(),
        tasks: Tasks::default(),
        host: Host::simple(WORKING_DIRECTORY),
    };
    let job = Job::create(&request).unwrap_or_else(|error| panic!("{error:?}: {outer}"));
    let cancels = case.cancels.iter().map(|cancel| {
        let notify_period = cancel.notify_period.map(Time::from_secs);
        let by = Canceler::User;
        (cancel.at, Event::Cancel { by, notify_period })
    });
    let mut trace = Vec::new();
    let mut script = Processes {
        case,
        place: Place::OuterEnter,
        checks: 0,
    };
    let given_up = simulate::simulate::<Infallible>(
        Session::new(job),
        &mut script,
        &cancels.collect::<Vec<_>>(),
        &mut |at, effect| {
            let event = trace::event(at, effect);
            trace.extend(event.map(|event| json!(event)));
            Ok(())
        },
    );
    assert_eq!(given_up, Ok(Ok(())), "{trace:?}");
    trace
}

struct Processes<'c> {
    case: &'c Case,
    place: Place,
    /// Number of checks started at this place.
    checks: usize,
}

impl ProcessModel for Processes<'_> {
    fn run(&mut self, _now: Time, start: &Start) -> Run {
        if start.target == Target::Check {
            self.checks += 1;
            let processes = &self.case.processes[&self.place];
            return processes.check(self.checks - 1).clone();
        }
        let is_outer = start.action.owner == Owner::Environment("Outer".to_owned());
        let frame = start.parameters.as_ref().map(|all| all["Frame"].as_str());
        self.place = match (start.action.slot, frame) {
            ("onEnter", _) if is_outer => Place::OuterEnter,
            ("onEnter" | "onWrapEnvEnter", _) => Place::InnerEnter,
            (_, Some("1")) => Place::Task1,
            (_, Some(_)) => Place::Task2,
            ("onExit", _) if is_outer => Place::OuterExit,
            _ => Place::InnerExit,
        };
        self.checks = 0;
        self.case.processes[&self.place].action.clone()
    }
}

fn outer(case: &Case) -> Value {
    let mut environment = environment(&case.outer);
    environment["variables"] =
        Map::from_iter(VARIABLES.map(|(name, value)| (name.to_owned(), value.into()))).into();
    json!({
        "specificationVersion": "environment-2023-09",
        "extensions": ["EXPR", "WRAP_ACTIONS", "REDACTED_ENV_VARS", "MONITOR"],
        "parameterDefinitions": [{ "name": "Text", "type": "STRING", "default": "none" }],
        "environment": environment,
    })
}

fn template(case: &Case) -> Value {
    json!({
        "specificationVersion": "jobtemplate-2023-09",
        "extensions": ["EXPR", "MONITOR"],
        "name": "Job",
        "parameterDefinitions": [{ "name": "Text", "type": "STRING", "default": "none" }],
        "jobEnvironments": [environment(&case.inner)],
        "steps": [{
            "name": "Work",
            "parameterSpace": {
                "taskParameterDefinitions": [{ "name": "Frame", "type": "INT", "range": "1-2" }],
            },
            "script": { "actions": { "onRun": action(&case.task) } },
        }],
    })
}

fn environment(environment: &Environment) -> Value {
    let slots = environment.slots.iter();
    let mut actions: Map<_, _> = slots
        .map(|(slot, declared)| (slot.name().to_owned(), action(declared)))
        .collect();
    if let Some(monitor) = &environment.monitor {
        actions.insert("onMonitor".to_owned(), monitored(monitor));
    }
    json!({ "name": environment.name, "script": { "actions": actions } })
}

fn action(declared: &Declared) -> Value {
    let mut action = json!({ "command": "act" });
    if let Some(timeout) = declared.timeout {
        action["timeout"] = timeout.into();
    }
    match declared.cancelation {
        Cancelation::Undeclared => {}
        Cancelation::Terminate => action["cancelation"] = json!({ "mode": "TERMINATE" }),
        Cancelation::Notify(None) => {
            action["cancelation"] = json!({ "mode": "NOTIFY_THEN_TERMINATE" });
        }
        Cancelation::Notify(Some(period)) => {
            action["cancelation"] = json!({
                "mode": "NOTIFY_THEN_TERMINATE",
                "notifyPeriodInSeconds": period,
            });
        }
    }
    action
}

fn monitored(monitor: &Monitor) -> Value {
    let mut value = numbers(&monitor.base);
    if let Some(scope) = &monitor.scope {
        value["scope"] = scope.iter().map(|slot| slot.name()).collect();
    }
    if !monitor.overrides.is_empty() {
        let overrides = monitor.overrides.iter();
        let overrides = overrides.map(|(slot, given)| (slot.name().to_owned(), numbers(given)));
        value["overrides"] = Value::Object(overrides.collect());
    }
    value
}

fn numbers(given: &Numbers) -> Value {
    let fields = [
        ("command", given.command.as_ref().map(command)),
        ("period", given.period.map(Value::from)),
        ("onFailure", given.on_failure.map(|way| way.name().into())),
        ("failureThreshold", given.threshold.map(Value::from)),
        ("initialDelay", given.initial_delay.map(Value::from)),
    ];
    let given = fields.into_iter();
    given
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn command(command: &Command) -> Value {
    let mut action = json!({ "command": command.name });
    if let Some(timeout) = command.timeout {
        action["timeout"] = timeout.into();
    }
    if !command.resolves {
        action["args"] = json!(["{{ int(Param.Text) }}"]);
    }
    action
}
