//! Recording from the events of a trace, which are all that another runtime reports.

use super::record::Kind;
use super::recorder::Timeline;
use crate::session::{ActionName, ActionState, SessionState, Target, Time};
use crate::trace::Fields;
use std::sync::Arc;

impl Timeline {
    /// Records the next event. Skips unknown events, and those that lack the action they need.
    pub fn push_event(&mut self, at: Time, event: &Fields) {
        self.now = at;
        let text = |name| event.text(name).unwrap_or_default();
        let action = || {
            let slot = text("slot");
            ActionName::named(event.text("environment"), event.text("step"), slot).map(Arc::new)
        };
        match text("event") {
            "action_started" => {
                if let Some(action) = action() {
                    self.begin(at, &action, "");
                }
            }
            "check_started" => self.begin_check(at),
            "check_ended" => {
                if let Some(kind) = result(event) {
                    self.end_check(at, kind);
                }
            }
            "status" => {
                let is_of_monitor = text("source") == "monitor";
                self.status(at, text("text"), target(is_of_monitor));
            }
            "notify" => self.record(at, Kind::Notify { kill_at: None }),
            "kill" => self.kill(at, target(text("target") == "check")),
            "action_ended" => {
                let states = ActionState::ALL;
                let state = states.into_iter().find(|of| of.name() == text("state"));
                if let (Some(action), Some(state)) = (action(), state) {
                    let by_monitor = text("cause") == "monitor";
                    self.end_action(at, &action, state, event.text("failMessage"), by_monitor);
                }
            }
            "session_ended" => {
                let states = SessionState::ALL;
                self.verdict = states.into_iter().find(|of| of.name() == text("state"));
            }
            _ => {}
        }
    }
}

fn target(is_of_check: bool) -> Target {
    match is_of_check {
        true => Target::Check,
        false => Target::Action,
    }
}

fn result(event: &Fields) -> Option<Kind> {
    Some(match event.text("result")? {
        "healthy" => Kind::Healthy,
        "unhealthy" => Kind::Unhealthy {
            reason: match event.text("reason") {
                Some("exit") => "exit status",
                Some("signal") => "killed by a signal",
                Some("timeout") => "timed out",
                Some("spawn") => "could not start",
                _ => "no reason",
            }
            .to_owned(),
            failures: event
                .get("failures")
                .and_then(serde_json::Value::as_u64)
                .unwrap_or_default(),
        },
        "discarded" => Kind::Discarded,
        _ => return None,
    })
}
