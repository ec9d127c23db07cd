//! The messages that processes send in lines of their output, as the official runtime reads them
//! (OUT-1, OUT-2).

/// A message and its payload, which has at least one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Message<'l> {
    Progress,
    Status(&'l str),
    Fail(&'l str),
    Env(&'l str),
    RedactedEnv(&'l str),
    UnsetEnv(&'l str),
    LogLevel,
}

/// The message that `line` is, if it is one: name, `: `, and at least one character.
pub(super) fn scan(line: &str) -> Option<Message<'_>> {
    let (name, payload) = line.strip_prefix("openjd_")?.split_once(": ")?;
    if payload.is_empty() {
        return None;
    }
    match name {
        "progress" => Some(Message::Progress),
        // Trailing white space is no part of a text.
        "status" => Some(Message::Status(payload.trim_end())),
        "fail" => Some(Message::Fail(payload.trim_end())),
        "env" => Some(Message::Env(payload)),
        "redacted_env" => Some(Message::RedactedEnv(payload)),
        "unset_env" => Some(Message::UnsetEnv(payload)),
        "session_runtime_loglevel" => Some(Message::LogLevel),
        _ => None,
    }
}

/// Whether a line that is no message was meant to set or unset a variable; the official runtime cancels
/// an action that writes one.
pub(super) fn is_misspelt(line: &str) -> bool {
    let lower = line.trim_start().to_lowercase();
    ["openjd_env", "openjd_redacted_env", "openjd_unset_env"]
        .iter()
        .filter_map(|name| lower.strip_prefix(name))
        .any(|rest| rest.is_empty() || rest.starts_with([':', ' ']))
}

/// The name and value in the payload of `openjd_env` and `openjd_redacted_env`: `NAME=value`, or the
/// same as a JSON string. `None` if it is neither.
pub(super) fn assignment(payload: &str) -> Option<(String, String)> {
    let payload = payload.trim_start();
    let quoted = payload.strip_prefix('"');
    let (name, _) = quoted.unwrap_or(payload).split_once('=')?;
    if !is_name(name) {
        return None;
    }
    let text = match quoted {
        Some(_) => serde_json::from_str(payload).ok()?,
        None => payload.to_owned(),
    };
    let (name, value) = text.split_once('=')?;
    // No process can be given a variable with a NUL in it.
    (!text.contains('\0')).then(|| (name.to_owned(), value.to_owned()))
}

/// The name in the payload of `openjd_unset_env`.
pub(super) fn unset_name(payload: &str) -> Option<&str> {
    let name = payload.trim_start();
    is_name(name).then_some(name)
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
            Some(Message::Status("on it"))
        );
        assert_eq!(scan("openjd_status:  "), Some(Message::Status("")));
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
        let pair = |name: &str, value: &str| Some((name.to_owned(), value.to_owned()));
        assert_eq!(assignment("A=b=c "), pair("A", "b=c "));
        assert_eq!(assignment("\"A=b\\nc\""), pair("A", "b\nc"));
        for payload in [
            "A",
            "=b",
            "1A=b",
            "A B=c",
            "\"A=b",
            "\"1=b\"",
            "\"A=\\u0000\"",
            "A=\0",
        ] {
            assert_eq!(assignment(payload), None, "{payload}");
        }
        assert_eq!(unset_name(" A_1"), Some("A_1"));
        assert_eq!(unset_name("A "), None);
    }

    #[test]
    fn a_near_miss_is_recognized() {
        for line in [
            "openjd_env:A=b",
            " OpenJD_Env: A=b",
            "openjd_unset_env A",
            "openjd_env",
        ] {
            assert!(is_misspelt(line), "{line}");
        }
        assert!(!is_misspelt("openjd_environment: A=b"));
        assert!(!is_misspelt("openjd_fail"));
    }
}
