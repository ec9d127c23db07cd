//! Redaction of secrets in all that people read (OUT-2).

use super::effect::{Parameter, Phase, Start};
use super::event::{Invocation, MAX_LINE};
use super::hidden::Texts;
use super::mention::{Place, unended_string};
use super::message;
use super::redacted::Redacted;
use serde_json::Deserializer;
use std::borrow::Cow;
use std::sync::Arc;

const STARS: &str = "********";

/// Length from which on the name of a process may be cut: Linux keeps 15 bytes.
const SHORTEST_CUT_NAME: usize = 15;

/// Secrets known so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redactions {
    secrets: Texts,
    /// Starts of secrets whose end was cut off with that of their message.
    starts: Texts,
}

impl Redactions {
    /// Returns `true` if there is no secret.
    pub(super) fn is_empty(&self) -> bool {
        self.secrets.is_empty() && self.starts.is_empty()
    }

    /// Learns every text that may be the value in an `openjd_redacted_env` or a near miss of one. For runtimes that end
    /// a line at a carriage return too, such a message may also stand behind one.
    pub(super) fn learn(&mut self, line: &str) {
        let mut at = 0;
        let mut is_first = true;
        for piece in line.split_inclusive('\r') {
            if message::names_secret(piece) {
                // To a runtime that does not, the value of the first one has everything behind it.
                let end = if is_first {
                    line.len()
                } else {
                    at + piece.len()
                };
                let is_cut = line.len() > MAX_LINE && end == line.len();
                self.learn_message(&line[at..end], is_cut);
                is_first = false;
            }
            at += piece.len();
        }
    }

    /// Learns the possible values of a message: as they are written, and as JSON reads them.
    fn learn_message(&mut self, line: &str, is_cut: bool) {
        let Some(place) = Place::in_line(line) else {
            return;
        };
        let value = &line[place.value..];
        if !place.is_quoted(line) {
            self.add(value, is_cut);
            // Behind an `=` in place of the colon, the name may still come.
            if let Some((_, value)) = value.split_once('=')
                && line[place.payload..].starts_with('=')
            {
                self.add(value, is_cut);
                self.add(value.trim_end().trim_end_matches(['"', '\'']), is_cut);
            }
            return;
        }
        let value = value.trim_end();
        self.add(value.strip_suffix('"').unwrap_or(value), is_cut);
        let payload = &line[place.payload..];
        let value_of = |text: &str| text.split_once('=').map_or(0, |(name, _)| name.len() + 1);
        let mut texts = Deserializer::from_str(payload).into_iter::<String>();
        if let Some(Ok(text)) = texts.next() {
            self.add(&text[value_of(&text)..], false);
            // The string may have something behind it, and then it is malformed.
            let end = place.payload + texts.byte_offset() - 1;
            self.add(line.get(place.value..end).unwrap_or_default(), false);
        } else if let Some(text) = unended_string(payload) {
            self.add(&text[value_of(&text)..], is_cut);
        }
    }

    /// Adds each line of a value, with and without the white space around it. White space alone is no secret: no
    /// text would be readable any more.
    fn add(&mut self, value: &str, is_cut: bool) {
        let lines = value.split(['\n', '\r', '\0']);
        let texts = lines.flat_map(|line| [line, line.trim()]);
        let texts = texts.filter(|text| !text.trim().is_empty());
        self.secrets.extend(texts.collect());
        let last = value.rsplit(['\n', '\r', '\0']).next().unwrap_or_default();
        if is_cut && !last.trim().is_empty() {
            self.starts.extend(vec![last]);
        }
    }

    /// Replaces every secret in a line by stars; touching and overlapping ones by one group.
    pub(super) fn apply<'l>(&self, line: &'l str) -> Cow<'l, str> {
        self.hide_text(line, None, may_be_cut(line.len()))
    }

    /// Replaces every secret in bytes that may be no UTF-8.
    pub(super) fn apply_to_bytes<'l>(&self, line: &'l [u8]) -> Cow<'l, [u8]> {
        self.hide(line, None, may_be_cut(line.len()))
    }

    /// Redacts the name of a process, which may have only the start of a secret.
    pub(super) fn apply_to_name(&self, name: &str) -> String {
        // The cut may be within a character.
        let whole = name.trim_end_matches(char::REPLACEMENT_CHARACTER);
        let is_cut = name.len() >= SHORTEST_CUT_NAME;
        self.hide_text(whole, None, is_cut).into_owned()
    }

    /// Redacts a line of the log or of a command line: also the possible value behind an `openjd_redacted_env`. A
    /// shell's trace or the script itself may show the message before it is sent.
    pub(super) fn log_line<'l>(&self, line: &'l str) -> Cow<'l, str> {
        let place = Place::in_line(line).filter(|place| place.has_value(line));
        let own = place.map(|place| place.value);
        self.hide_text(line, own, may_be_cut(line.len()))
    }

    /// Redacts a text line by line, as [`Self::apply`] does.
    pub(super) fn apply_to_text(&self, text: &str) -> String {
        let lines: Vec<_> = text.split('\n').map(|line| self.apply(line)).collect();
        lines.join("\n")
    }

    /// Pairs a process to start with the form of it that may be shown, which leaves out the files.
    pub(super) fn redact_start(&mut self, start: Start) -> Redacted<Start> {
        // Secrets may have come by thousands, and most of them are variables of the process as well.
        self.secrets.join();
        let Invocation { command, args } = &*start.invocation;
        let variables = start.variables.iter();
        let variables =
            variables.map(|(name, value)| (name.clone(), value.as_ref().map(|it| self.redact(it))));
        let parameters = start.parameters.as_ref().map(|parameters| {
            let parameters = parameters.iter();
            let redacted = parameters.map(|(name, value)| (name.clone(), self.redact(value)));
            redacted.collect()
        });
        let redacted = Start {
            process: start.process,
            target: start.target,
            action: start.action.clone(),
            invocation: Arc::new(Invocation {
                command: self.redact(command),
                args: args.iter().map(|arg| self.redact(arg)).collect(),
            }),
            variables: Arc::new(variables.collect()),
            wraps: start.wraps.clone(),
            parameters,
            files: Vec::new(),
        };
        Redacted::new(start, redacted)
    }

    /// Redacts the parameters of a task.
    pub(super) fn redact_phase(&self, phase: Phase) -> Phase {
        let Phase::Task(parameters) = phase else {
            return phase;
        };
        let redacted = parameters.into_iter().map(|parameter| Parameter {
            value: self.redact(&parameter.value),
            ..parameter
        });
        Phase::Task(redacted.collect())
    }

    /// Redacts a text line by line, as [`Self::log_line`] does.
    fn redact(&self, text: &str) -> String {
        // Most texts are one line.
        if !text.contains('\n') {
            return self.log_line(text).into_owned();
        }
        let lines = text.split('\n').map(|line| self.log_line(line));
        lines.collect::<Vec<_>>().join("\n")
    }

    fn hide_text<'l>(&self, line: &'l str, own: Option<usize>, is_cut: bool) -> Cow<'l, str> {
        match self.hide(line.as_bytes(), own, is_cut) {
            Cow::Borrowed(_) => Cow::Borrowed(line),
            Cow::Owned(shown) => Cow::Owned(String::from_utf8_lossy(&shown).into_owned()),
        }
    }

    fn hide<'l>(&self, line: &'l [u8], own: Option<usize>, is_cut: bool) -> Cow<'l, [u8]> {
        let mut hidden = self.secrets.find(line, is_cut);
        let starts = self.starts.find(line, false).into_iter();
        hidden.extend(starts.map(|(start, _)| (start, line.len())));
        hidden.extend(own.map(|start| (start, line.len())));
        if hidden.is_empty() {
            return Cow::Borrowed(line);
        }
        hidden.sort_unstable();
        let mut shown = Vec::new();
        let mut at = 0;
        for (start, end) in hidden {
            if start > at || shown.is_empty() {
                shown.extend_from_slice(&line[at..start]);
                shown.extend_from_slice(STARS.as_bytes());
            }
            at = at.max(end);
        }
        shown.extend_from_slice(&line[at..]);
        Cow::Owned(shown)
    }
}

/// Returns `true` if the end of a line of this length, and part of a secret with it, may have been cut off.
fn may_be_cut(length: usize) -> bool {
    // A line is cut before a character, and the text of a message lacks its name.
    length + char::MAX_LEN_UTF8 + "openjd_status: ".len() > MAX_LINE
}

#[cfg(test)]
mod tests;
