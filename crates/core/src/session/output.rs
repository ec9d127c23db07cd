//! Lines that processes write: the log, and the messages in them.

use super::effect::Effect;
use super::ending::Cause;
use super::event::{MAX_LINE, Target, Time};
use super::machine::Session;
use super::message::{self, Malformed, Message, VariableMessage};

impl Session {
    /// Adds a note of the Session itself to the log. What another runtime runs is for that one to comment on.
    pub(super) fn note(&mut self, about: Target, text: &str) {
        if self.is_beside && about == Target::Action {
            return;
        }
        let text = self.redactions.apply_to_text(text);
        self.queue(Effect::Note { text, about });
    }

    /// Applies a line of the running action (SES-7).
    pub(super) fn action_line(&mut self, now: Time, line: &str) {
        let message = message::scan(line);
        self.log(Target::Action, line);
        match message {
            Some(Message::Status(text)) => self.status(Target::Action, text),
            Some(Message::Fail(text)) => {
                if let Some(running) = &mut self.running {
                    running.fail_message = Some(text.to_owned());
                }
            }
            Some(Message::Variable(kind, Ok((name, value)))) => {
                if kind == VariableMessage::RedactedEnv && !self.plan.has_redacted_variables() {
                    let text = "the variable is not set: no template lists REDACTED_ENV_VARS";
                    self.note(Target::Action, text);
                } else {
                    let entering = self.running.as_ref().and_then(|running| running.enters);
                    self.plan.set_variable(entering, name, value);
                }
            }
            Some(Message::Variable(kind, Err(fault))) => self.refuse_message(now, kind, fault),
            Some(Message::NearMiss(kind)) => self.refuse_message(now, kind, Malformed::Form),
            Some(Message::Progress | Message::LogLevel) | None => {}
        }
    }

    /// Applies a line of the check; once its result is known, the line is only logged (OUT-1).
    pub(super) fn check_line(&mut self, line: &str) {
        let message = message::scan(line);
        self.log(Target::Check, line);
        let running = self.running.as_mut();
        let monitor = running.and_then(|running| running.monitor.as_mut());
        let Some(output) = monitor.and_then(|monitor| monitor.check_output()) else {
            return;
        };
        match message {
            None | Some(Message::NearMiss(_)) => output.push(line),
            Some(Message::Fail(text)) => output.set_fail_message(text),
            Some(Message::Status(text)) => self.status(Target::Check, text),
            Some(Message::Progress | Message::LogLevel | Message::Variable(..)) => {
                let text = "the message above has no effect, as it comes from a check";
                self.note(Target::Check, text);
            }
        }
    }

    /// Logs a line. Its secrets are redacted from now on, even if the line has no other effect (OUT-2).
    fn log(&mut self, source: Target, line: &str) {
        self.redactions.learn(line);
        let mut text = self.redactions.log_line(line).into_owned();
        text.truncate(text.floor_char_boundary(MAX_LINE));
        self.queue(Effect::Line { text, source });
        if line.len() > MAX_LINE {
            self.note(
                source,
                &format!("the line above was cut after {MAX_LINE} bytes"),
            );
        }
        if message::has_equals_for_colon(line) {
            let text = "the line above is no message: write \"openjd_redacted_env: NAME=value\"";
            self.note(source, text);
        }
    }

    /// Sets the Session's status, redacted before it is trimmed (OUT-2).
    fn status(&mut self, source: Target, text: &str) {
        let text = self.redactions.apply(text).trim_end().to_owned();
        self.queue(Effect::Status { text, source });
    }

    /// Cancels the running action because of a malformed message (SES-5).
    fn refuse_message(&mut self, now: Time, kind: VariableMessage, fault: Malformed) {
        let text = kind.complaint(fault);
        self.note(Target::Action, &text);
        // Another runtime may read it in another way; it reports its cancels.
        if !self.is_beside {
            self.cancel(now, Cause::Malformed(text), None);
        }
    }
}
