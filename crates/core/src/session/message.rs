//! Messages in the output of processes, in the form of the official runtime (OUT-1, OUT-2).

use super::event::MAX_LINE;
use std::fmt;

/// Name of the message that sets a variable to a secret.
pub(super) const REDACTED_ENV: &str = "openjd_redacted_env";

/// Message in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Message<'l> {
    Progress,
    /// Text with trailing white space: a secret may end in it (OUT-2).
    Status(&'l str),
    /// Text, likewise with trailing white space.
    Fail(&'l str),
    Variable(VariableMessage, Result<Change, Malformed>),
    LogLevel,
    /// No message by OUT-1, but close enough to one about a variable that an action is canceled for it (SES-5).
    NearMiss(VariableMessage),
}

/// Name of a variable and its new value; `None` if the variable is unset.
pub(super) type Change = (String, Option<String>);

/// Kind of message about a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VariableMessage {
    Env,
    RedactedEnv,
    UnsetEnv,
}

/// Fault of a message about a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Malformed {
    /// Fault of a [`Message::NearMiss`].
    Form,
    NoEquals,
    Name,
    Json,
    Nul,
    /// Fault of a message in a line longer than [`MAX_LINE`].
    TooLong,
}

impl VariableMessage {
    const ALL: [Self; 3] = [Self::Env, Self::RedactedEnv, Self::UnsetEnv];

    fn name(self) -> &'static str {
        match self {
            Self::Env => "openjd_env",
            Self::RedactedEnv => REDACTED_ENV,
            Self::UnsetEnv => "openjd_unset_env",
        }
    }

    /// Returns the fault of a message and its correct form, in words that quote nothing of the message.
    pub fn complaint(self, fault: Malformed) -> String {
        let name = self.name();
        let pattern = match self {
            Self::Env | Self::RedactedEnv => "NAME=value",
            Self::UnsetEnv => "NAME",
        };
        format!("malformed {name}: write \"{name}: {pattern}\" ({fault})")
    }

    fn change(self, payload: &str) -> Result<Change, Malformed> {
        match self {
            Self::Env | Self::RedactedEnv => assignment(payload.trim_start()),
            Self::UnsetEnv => {
                let name = payload.trim();
                is_name(name)
                    .then(|| (name.to_owned(), None))
                    .ok_or(Malformed::Name)
            }
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => {
                "at the start of the line, in lower case, with a colon and a space after the word"
            }
            Self::NoEquals => "there is no \"=\"",
            Self::Name => {
                "a name has letters, digits and \"_\" only, and does not start with a digit"
            }
            Self::Json => "text that starts with a quote must be a JSON string",
            Self::Nul => "a value cannot contain a NUL character",
            Self::TooLong => {
                return write!(
                    f,
                    "the line is longer than {MAX_LINE} bytes, its end is lost"
                );
            }
        })
    }
}

/// Parses `line` as a message.
pub(super) fn scan(line: &str) -> Option<Message<'_>> {
    exact(line).or_else(|| near_miss(line).map(Message::NearMiss))
}

/// Parses a message by OUT-1: a name, `: `, and at least one character.
fn exact(line: &str) -> Option<Message<'_>> {
    let kept = &line[..line.floor_char_boundary(MAX_LINE)];
    let (name, payload) = kept.split_once(": ")?;
    if payload.is_empty() {
        return None;
    }
    match name {
        "openjd_progress" => Some(Message::Progress),
        "openjd_status" => Some(Message::Status(payload)),
        "openjd_fail" => Some(Message::Fail(payload)),
        "openjd_session_runtime_loglevel" => Some(Message::LogLevel),
        _ => {
            let mut kinds = VariableMessage::ALL.into_iter();
            let kind = kinds.find(|kind| kind.name() == name)?;
            // Part of the value may be cut off.
            let change = match line.len() > MAX_LINE {
                true => Err(Malformed::TooLong),
                false => kind.change(payload),
            };
            Some(Message::Variable(kind, change))
        }
    }
}

/// Recognizes a line that was meant as a message about a variable.
fn near_miss(line: &str) -> Option<VariableMessage> {
    let line = line.trim_start();
    let mut kinds = VariableMessage::ALL.into_iter();
    kinds.find(|kind| {
        let name = kind.name();
        let is_named = line
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name));
        let behind = |c: char| c == ':' || c.is_whitespace();
        is_named && line[name.len()..].chars().next().is_none_or(behind)
    })
}

/// Returns `true` if a line names a secret, or was meant to.
pub(super) fn names_secret(line: &str) -> bool {
    near_miss(line) == Some(VariableMessage::RedactedEnv) || has_equals_for_colon(line)
}

/// Returns `true` if `openjd_redacted_env` has an `=` in place of its colon. The official runtimes see no message there,
/// and none that is malformed: it may be a variable that a program lists.
pub(super) fn has_equals_for_colon(line: &str) -> bool {
    let line = line.trim_start();
    let start = line.get(..REDACTED_ENV.len());
    let is_named = start.is_some_and(|start| start.eq_ignore_ascii_case(REDACTED_ENV));
    is_named && line[REDACTED_ENV.len()..].starts_with('=')
}

/// Parses `NAME=value`, or the same as a JSON string.
fn assignment(payload: &str) -> Result<Change, Malformed> {
    let quoted = payload.strip_prefix('"');
    let (name, _) = quoted
        .unwrap_or(payload)
        .split_once('=')
        .ok_or(Malformed::NoEquals)?;
    if !is_name(name) {
        return Err(Malformed::Name);
    }
    let text = match quoted {
        Some(_) => serde_json::from_str(payload).map_err(|_| Malformed::Json)?,
        None => payload.to_owned(),
    };
    // No process can be given a variable with a NUL in it.
    if text.contains('\0') {
        return Err(Malformed::Nul);
    }
    let (name, value) = text.split_once('=').ok_or(Malformed::NoEquals)?;
    Ok((name.to_owned(), Some(value.to_owned())))
}

fn is_name(text: &str) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts_well && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_a_name_a_colon_a_space_and_a_character() {
        assert_eq!(
            scan("openjd_status: on it \t"),
            Some(Message::Status("on it \t"))
        );
        assert_eq!(scan("openjd_status:  "), Some(Message::Status(" ")));
        for line in [
            "openjd_status:now",
            "openjd_status: ",
            " openjd_status: x",
            "openjd_state: x",
            "OPENJD_STATUS: x",
        ] {
            assert_eq!(scan(line), None, "{line}");
        }
    }

    #[test]
    fn an_assignment_may_be_a_json_string() {
        let pair = |name: &str, value: &str| Ok((name.to_owned(), Some(value.to_owned())));
        assert_eq!(assignment("A=b=c "), pair("A", "b=c "));
        assert_eq!(assignment("\"A=b\\nc\""), pair("A", "b\nc"));
        for (payload, fault) in [
            ("A", Malformed::NoEquals),
            ("\"A\"", Malformed::NoEquals),
            ("=b", Malformed::Name),
            ("1A=b", Malformed::Name),
            ("A B=c", Malformed::Name),
            ("\"1=b\"", Malformed::Name),
            ("\"A=b", Malformed::Json),
            ("\"A=\\u0000\"", Malformed::Nul),
            ("A=\0", Malformed::Nul),
        ] {
            assert_eq!(assignment(payload), Err(fault), "{payload}");
        }
    }

    #[test]
    fn white_space_around_the_name_to_unset_is_trimmed() {
        let unset = |payload| VariableMessage::UnsetEnv.change(payload);
        assert_eq!(unset(" A_1 \t"), Ok(("A_1".to_owned(), None)));
        assert_eq!(unset("A B"), Err(Malformed::Name));
        assert_eq!(unset("A=b"), Err(Malformed::Name));
        assert_eq!(unset(" "), Err(Malformed::Name));
    }

    #[test]
    fn a_near_miss_is_recognized() {
        for line in [
            "openjd_env:A=b",
            "openjd_env: ",
            " OpenJD_Env: A=b",
            "openjd_env\tA=b",
            "openjd_env",
        ] {
            let near_miss = Message::NearMiss(VariableMessage::Env);
            assert_eq!(scan(line), Some(near_miss), "{line}");
        }
        for line in ["openjd_environment: A=b", "openjd_fail", "äopenjd_env"] {
            assert_eq!(scan(line), None, "{line}");
        }
    }
}
