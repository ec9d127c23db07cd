//! What processes write: the messages of actions and of checks, and the log.

use super::effect::{Effect, SessionState};
use super::event::{Target, Time};
use super::machine::Session;
use super::message::{self, Malformed, Message, VariableMessage};
use super::running::Cause;

impl Session {
    pub(super) fn note(&self, about: Target, text: &str, effects: &mut Vec<Effect>) {
        let text = self.redactions.apply_to_text(text);
        effects.push(Effect::Note { text, about });
    }

    /// Logs a line. The secrets in it are hidden from now on, also where nothing else of the process counts any
    /// more (OUT-2).
    fn line(
        &mut self,
        source: Target,
        line: &str,
        message: Option<&Message<'_>>,
        effects: &mut Vec<Effect>,
    ) {
        if message.is_some_and(Message::names_secret) {
            self.redactions.learn(line);
        }
        let text = self.redactions.log_line(line).into_owned();
        effects.push(Effect::Line { text, source });
    }

    /// Emits the text of a message, redacted before it is trimmed (OUT-2).
    fn status(&self, source: Target, text: &str, effects: &mut Vec<Effect>) {
        let text = self.redactions.apply(text).trim_end().to_owned();
        effects.push(Effect::Status { text, source });
    }

    pub(super) fn action_line(&mut self, now: Time, line: &str, effects: &mut Vec<Effect>) {
        let message = message::scan(line);
        self.line(Target::Action, line, message.as_ref(), effects);
        match message {
            Some(Message::Status(text)) => self.status(Target::Action, text, effects),
            Some(Message::Fail(text)) => {
                if let Some(running) = &mut self.running {
                    running.fails_with(text.to_owned());
                }
            }
            Some(Message::Variable(kind, Ok((name, value)))) => {
                if kind == VariableMessage::RedactedEnv && !self.job.has_redacted_variables {
                    let text = "the variable is not set: no template lists REDACTED_ENV_VARS";
                    self.note(Target::Action, text, effects);
                } else {
                    self.change_variable(name, value);
                }
            }
            Some(Message::Variable(kind, Err(fault))) => {
                self.refuse_message(now, kind, fault, effects)
            }
            Some(Message::NearMiss(kind)) => {
                self.refuse_message(now, kind, Malformed::Form, effects);
            }
            Some(Message::Progress | Message::LogLevel) | None => {}
        }
    }

    /// Cancels the action that runs because of a malformed message (SES-5).
    fn refuse_message(
        &mut self,
        now: Time,
        kind: VariableMessage,
        fault: Malformed,
        effects: &mut Vec<Effect>,
    ) {
        let text = kind.complaint(fault);
        self.note(Target::Action, &text, effects);
        self.verdict.get_or_insert(SessionState::Failed);
        self.cancel(now, Cause::Malformed(text), None, effects);
    }

    /// Applies a message that sets or unsets a variable. Wrap hooks are told of it from now on (RFC 0008);
    /// processes get it only if the running action enters an Environment, until that exits (SES-7).
    fn change_variable(&mut self, name: String, value: Option<String>) {
        match &value {
            Some(_) => drop(self.emitted.insert(name.clone(), value.clone())),
            None => drop(self.emitted.remove(&name)),
        }
        let entering = self.running.as_ref().and_then(|running| running.enters);
        if let Some(environment) = entering {
            self.changes[environment].insert(name, value);
        }
    }

    pub(super) fn check_line(&mut self, line: &str, effects: &mut Vec<Effect>) {
        let message = message::scan(line);
        self.line(Target::Check, line, message.as_ref(), effects);
        let monitor = self
            .running
            .as_mut()
            .and_then(|running| running.monitor.as_mut());
        let Some(report) = monitor.and_then(|monitor| monitor.report()) else {
            return;
        };
        match message {
            None | Some(Message::NearMiss(_)) => report.line(line),
            Some(Message::Fail(text)) => report.fails_with(text),
            Some(Message::Status(text)) => self.status(Target::Check, text, effects),
            Some(Message::Progress | Message::LogLevel | Message::Variable(..)) => {
                let text = "the message above has no effect, as it comes from a check";
                self.note(Target::Check, text, effects);
            }
        }
    }
}
