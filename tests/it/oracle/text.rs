//! Lines and texts: messages (OUT-1, OUT-2), failure statuses (OUT-3) and redaction.

/// The messages that lines can be, by name.
const NAMES: [&str; 7] = [
    "openjd_status",
    "openjd_fail",
    "openjd_progress",
    "openjd_env",
    "openjd_unset_env",
    "openjd_redacted_env",
    "openjd_session_runtime_loglevel",
];

/// The name and the text of the message that a line is.
pub fn message(line: &str) -> Option<(&'static str, &str)> {
    let (before, after) = line.split_once(": ")?;
    let name = NAMES.into_iter().find(|name| *name == before)?;
    (!after.is_empty()).then(|| (name, after.trim_end()))
}

/// The text of a status.
pub fn status(line: &str) -> Option<String> {
    let (name, text) = message(line)?;
    (name == "openjd_status").then(|| text.to_owned())
}

/// The reason that a line gives.
pub fn fail(line: &str) -> Option<String> {
    let (name, text) = message(line)?;
    (name == "openjd_fail").then(|| text.to_owned())
}

/// Whether a message sets or unsets a variable.
pub fn changes_variables(line: &str) -> bool {
    let names = ["openjd_env", "openjd_redacted_env", "openjd_unset_env"];
    message(line).is_some_and(|(name, _)| names.contains(&name))
}

/// The value that a message makes a secret.
pub fn secret(line: &str) -> Option<String> {
    match message(line)? {
        ("openjd_redacted_env", text) => Some(text.split_once('=')?.1.to_owned()),
        _ => None,
    }
}

pub fn redact(text: &str, secrets: &[String]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| {
        text.replace(secret, "********")
    })
}

/// The failure status of a check that wrote these lines.
pub fn failure_status(lines: &[String], reason: &str, secrets: &[String]) -> String {
    let ordinary = lines.iter().filter(|line| message(line).is_none());
    let text = ordinary.cloned().collect::<Vec<_>>().join("\n");
    let text = redact(&text, secrets);
    let text = text.trim_end();
    if text.is_empty() {
        return redact(&format!("onMonitor: {reason}"), secrets);
    }
    let starts = text.char_indices().map(|(at, _)| at);
    let mut fitting = starts.filter(|at| text.len() - at <= 4096);
    match fitting.next() {
        None | Some(0) => text.to_owned(),
        Some(at) => format!("…{}", &text[at..]),
    }
}
