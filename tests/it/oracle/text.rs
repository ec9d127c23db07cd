//! Lines and texts: messages (OUT-1, OUT-2), failure statuses (OUT-3) and redaction.

/// Names of the messages.
const NAMES: [&str; 7] = [
    "openjd_status",
    "openjd_fail",
    "openjd_progress",
    "openjd_env",
    "openjd_unset_env",
    "openjd_redacted_env",
    "openjd_session_runtime_loglevel",
];

/// Name and text of the message on a line, as written.
pub fn message(line: &str) -> Option<(&'static str, &str)> {
    let (before, after) = line.split_once(": ")?;
    let name = NAMES.into_iter().find(|name| *name == before)?;
    (!after.is_empty()).then_some((name, after))
}

/// The text of a status, neither redacted nor trimmed.
pub fn status(line: &str) -> Option<String> {
    let (name, text) = message(line)?;
    (name == "openjd_status").then(|| text.to_owned())
}

/// The reason that a line gives, neither redacted nor trimmed.
pub fn fail(line: &str) -> Option<String> {
    let (name, text) = message(line)?;
    (name == "openjd_fail").then(|| text.to_owned())
}

/// The variable that a message sets, or unsets.
pub fn change(line: &str) -> Option<(String, Option<String>)> {
    let (message, text) = message(line)?;
    let (name, value) = match message {
        "openjd_unset_env" => (text.trim().to_owned(), None),
        "openjd_env" | "openjd_redacted_env" => {
            let text = match text.starts_with('"') {
                true => serde_json::from_str(text).ok()?,
                false => text.to_owned(),
            };
            let (name, value) = text.split_once('=')?;
            (name.to_owned(), Some(value.to_owned()))
        }
        _ => return None,
    };
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric());
    is_name.then_some((name, value))
}

/// Returns `true` if an action is canceled for writing this line (SES-5).
pub fn is_malformed(line: &str) -> bool {
    about_variable(line).is_some() && change(line).is_none()
}

/// Lower-case name of the well-formed or malformed message about a variable on a line, and the text after the name.
fn about_variable(line: &str) -> Option<(String, &str)> {
    let line = line.trim_start();
    let end = line.find([':', ' ']).unwrap_or(line.len());
    let name = line[..end].to_lowercase();
    let names = ["openjd_env", "openjd_redacted_env", "openjd_unset_env"];
    names.contains(&&*name).then(|| (name, &line[end..]))
}

/// The texts that a line makes secrets: each line of a possible value, as written and as JSON, with and without the white
/// space around it.
pub fn secrets(line: &str) -> Vec<String> {
    let text = match about_variable(line) {
        Some((name, text)) if name == "openjd_redacted_env" => text.trim_start_matches([':', ' ']),
        _ => return Vec::new(),
    };
    let behind = |text: &str| {
        text.split_once('=')
            .map_or(text, |(_, value)| value)
            .to_owned()
    };
    let values = match text.starts_with('"') {
        true => {
            let read: Option<String> = serde_json::from_str(text).ok();
            let written = behind(text.trim_end().trim_end_matches('"'));
            vec![written, read.map(|read| behind(&read)).unwrap_or_default()]
        }
        false => vec![behind(text)],
    };
    let lines = values.iter().flat_map(|value| value.split('\n'));
    let lines = lines.flat_map(|line| [line, line.trim()]);
    let lines = lines.filter(|line| !line.trim().is_empty());
    lines.map(str::to_owned).collect()
}

/// The text with each run of bytes that belong to secrets replaced by stars.
pub fn redact(text: &str, secrets: &[String]) -> String {
    let mut hidden = vec![false; text.len()];
    for secret in secrets {
        let starts = text.char_indices().map(|(at, _)| at);
        for at in starts.filter(|at| text[*at..].starts_with(secret)) {
            hidden[at..at + secret.len()].fill(true);
        }
    }
    let mut shown = String::new();
    for (at, character) in text.char_indices() {
        match hidden[at] {
            false => shown.push(character),
            true if at > 0 && hidden[at - 1] => {}
            true => shown.push_str("********"),
        }
    }
    shown
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
