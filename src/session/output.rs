//! What processes write: the messages of actions and of checks, and the log.

use super::effect::{Effect, SessionState};
use super::event::{Target, Time};
use super::machine::Session;
use super::message::{self, Message};
use super::report;
use super::running::Cause;

impl Session {
    pub(super) fn note(&self, about: Target, text: &str, effects: &mut Vec<Effect>) {
        let text = self.redactions.apply_to_text(text);
        effects.push(Effect::Note { text, about });
    }

    fn line(&self, source: Target, text: &str, effects: &mut Vec<Effect>) {
        let text = self.redactions.apply(text).into_owned();
        effects.push(Effect::Line { text, source });
    }

    pub(super) fn status(&self, source: Target, text: &str, effects: &mut Vec<Effect>) {
        let text = self.redactions.apply_to_text(text);
        effects.push(Effect::Status { text, source });
    }

    pub(super) fn action_line(&mut self, now: Time, line: &str, effects: &mut Vec<Effect>) {
        let message = message::scan(line);
        let set = match message {
            Some(Message::Env(payload) | Message::RedactedEnv(payload)) => {
                message::assignment(payload).map(|(name, value)| (name, Some(value)))
            }
            Some(Message::UnsetEnv(payload)) => {
                message::unset_name(payload).map(|name| (name.to_owned(), None))
            }
            _ => None,
        };
        let takes_redacted = self.job.has_redacted_variables;
        let mut is_malformed = message.is_none() && message::is_misspelt(line);
        let Some(running) = &mut self.running else {
            return;
        };
        match (message, set) {
            (Some(Message::Status(text)), _) => self.status(Target::Action, text, effects),
            (Some(Message::Fail(text)), _) => running.fails_with(text.to_owned()),
            (Some(Message::Env(_) | Message::UnsetEnv(_)), Some((name, value))) => {
                self.change_variable(name, value);
            }
            (Some(Message::Env(_) | Message::UnsetEnv(_)), None) => is_malformed = true,
            (Some(Message::RedactedEnv(payload)), set) => {
                report::redact_assignment(payload, &mut self.redactions);
                match set {
                    Some((name, value)) if takes_redacted => self.change_variable(name, value),
                    None if !takes_redacted => is_malformed = true,
                    _ => {}
                }
            }
            (Some(Message::Progress | Message::LogLevel) | None, _) => {}
        }
        self.line(Target::Action, line, effects);
        if is_malformed {
            let text = "the message above is malformed, so that the action is canceled";
            self.note(Target::Action, text, effects);
            self.verdict.get_or_insert(SessionState::Failed);
            self.cancel(now, Cause::Malformed, None, effects);
        }
    }

    /// A message of the action that runs changes a variable: for what comes after, if the action enters an
    /// Environment, until that exits (SES-7).
    fn change_variable(&mut self, name: String, value: Option<String>) {
        let entering = self.running.as_ref().and_then(|running| running.enters);
        if let Some(environment) = entering {
            self.changes[environment].insert(name, value);
        }
    }

    pub(super) fn check_line(&mut self, line: &str, effects: &mut Vec<Effect>) {
        let message = message::scan(line);
        // Also where nothing else of the check counts any more (OUT-2).
        if let Some(Message::RedactedEnv(payload)) = message {
            report::redact_assignment(payload, &mut self.redactions);
        }
        self.line(Target::Check, line, effects);
        let monitor = self
            .running
            .as_mut()
            .and_then(|running| running.monitor.as_mut());
        let Some(report) = monitor.and_then(|monitor| monitor.report()) else {
            return;
        };
        match message {
            None => report.line(&self.redactions.apply(line)),
            Some(Message::Fail(text)) => report.fails_with(text),
            Some(Message::Status(text)) => self.status(Target::Check, text, effects),
            Some(_) => {
                let text = "the message above has no effect, as it comes from a check";
                self.note(Target::Check, text, effects);
            }
        }
    }
}
