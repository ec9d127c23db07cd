//! Events as JSON objects of the scenario format. Their content is frozen: other runtimes are compared with it.

use super::fields::Fields;
use crate::session::{ActionName, CheckResult, Effect, Owner, Start, Target, Time};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Number, Value};

/// Number of fields of the largest events.
const MOST_FIELDS: usize = 7;

/// Returns the event of an effect at the instant `at`; `None` if it has no place in a trace.
pub fn event(at: Time, effect: &Effect) -> Option<Fields> {
    is_in_trace(effect).then(|| {
        let mut fields = Fields::with_capacity(MOST_FIELDS);
        describe(at, effect, &mut fields);
        fields
    })
}

/// Returns the event of an effect as a line of JSON, with its line break; `None` if it has no place in a trace. It makes no
/// [`Fields`], which saves time.
pub fn line(at: Time, effect: &Effect) -> serde_json::Result<Option<Vec<u8>>> {
    if !is_in_trace(effect) {
        return Ok(None);
    }
    let mut line = serde_json::to_vec(&Written { at, effect })?;
    line.push(b'\n');
    Ok(Some(line))
}

/// An event that is written as a JSON object.
struct Written<'e> {
    at: Time,
    effect: &'e Effect,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = Entries {
            map: serializer.serialize_map(None)?,
            result: Ok(()),
        };
        describe(self.at, self.effect, &mut entries);
        entries.result?;
        entries.map.end()
    }
}

/// Returns true for an effect that has a place in a trace.
fn is_in_trace(effect: &Effect) -> bool {
    match effect {
        Effect::Start(_)
        | Effect::Notify { .. }
        | Effect::Kill { .. }
        | Effect::Status { .. }
        | Effect::CheckEnded { .. }
        | Effect::ActionEnded { .. }
        | Effect::SessionEnded { .. } => true,
        Effect::Phase(_)
        | Effect::TickSkipped { .. }
        | Effect::Line { .. }
        | Effect::Note { .. } => false,
    }
}

/// Passes the fields of an event to `sink`, in the order of the scenario format.
fn describe(at: Time, effect: &Effect, sink: &mut impl Sink) {
    sink.put("at", seconds(at));
    match effect {
        Effect::Start(start) => sink.start(start),
        Effect::Notify { .. } => {
            sink.name("notify");
            sink.put("target", target(Target::Action));
        }
        Effect::Kill { target: of, .. } => {
            sink.name("kill");
            sink.put("target", target(*of));
        }
        Effect::Status { text, source } => {
            sink.name("status");
            sink.put("text", text.as_str());
            sink.put(
                "source",
                match source {
                    Target::Action => "action",
                    Target::Check => "monitor",
                },
            );
        }
        Effect::CheckEnded { action, result } => {
            sink.name("check_ended");
            sink.action(action);
            sink.result(result);
        }
        Effect::ActionEnded { action, ending } => {
            sink.name("action_ended");
            sink.action(action);
            sink.put("state", ending.state.name());
            if let Some(message) = ending.fail_message() {
                sink.put("failMessage", message);
            }
            if ending.is_by_monitor() {
                sink.put("cause", "monitor");
            }
        }
        Effect::SessionEnded { state, .. } => {
            sink.name("session_ended");
            sink.put("state", state.name());
        }
        Effect::Phase(_)
        | Effect::TickSkipped { .. }
        | Effect::Line { .. }
        | Effect::Note { .. } => {}
    }
}

/// Formats an instant in seconds, with the decimals that it needs.
pub fn seconds(at: Time) -> Value {
    let decimals = || Number::from_f64(at.as_secs_f64());
    match at.subsec_millis() {
        0 => at.as_secs().into(),
        _ => decimals().map_or(Value::Null, Value::Number),
    }
}

fn target(target: Target) -> &'static str {
    match target {
        Target::Action => "action",
        Target::Check => "check",
    }
}

/// Receiver of the fields of an event.
trait Sink {
    /// Takes a field. Its value is serialized as the [`Value`] is that it is turned into.
    fn put(&mut self, name: &'static str, value: impl Into<Value> + Serialize);

    fn name(&mut self, event: &str) {
        self.put("event", event);
    }

    fn action(&mut self, action: &ActionName) {
        match &action.owner {
            Owner::Environment(name) => self.put("environment", name.as_str()),
            Owner::Step(name) => self.put("step", name.as_str()),
        }
        self.put("slot", action.slot);
    }

    fn start(&mut self, start: &Start) {
        self.name(match start.target {
            Target::Action => "action_started",
            Target::Check => "check_started",
        });
        self.action(&start.action);
        self.put("command", start.invocation.command.as_str());
        self.put("args", start.invocation.args.as_slice());
        let set = start
            .variables
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), Value::from(value.as_deref()?))));
        self.put("variables", set.collect::<Map<_, _>>());
    }

    fn result(&mut self, result: &CheckResult) {
        self.put("result", result.name());
        match result {
            CheckResult::Healthy => self.put("failures", 0),
            CheckResult::Unhealthy { reason, failures } => {
                self.put("reason", reason.name());
                self.put("failures", *failures);
            }
            CheckResult::Discarded => {}
        }
    }
}

impl Sink for Fields {
    fn put(&mut self, name: &'static str, value: impl Into<Value> + Serialize) {
        self.push(name, value);
    }
}

/// The entries of a JSON object, and the first error in writing them.
struct Entries<M: SerializeMap> {
    map: M,
    result: Result<(), M::Error>,
}

impl<M: SerializeMap> Sink for Entries<M> {
    fn put(&mut self, name: &'static str, value: impl Into<Value> + Serialize) {
        if self.result.is_ok() {
            self.result = self.map.serialize_entry(name, &value);
        }
    }
}
