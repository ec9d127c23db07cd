//! The action that a value in the form of another system means.

use super::shell_line;
use serde_json::{Map, Value, json};

/// Fields of an action that a monitor's `command` holds.
pub(super) const BESIDE: [&str; 3] = ["args", "timeout", "cancelation"];

/// Returns the action that `value` means: a command line as a text or a list, or a command of another system.
pub(super) fn action(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(match shell_line::is_one(text) {
            true => json!({"command": "sh", "args": ["-c", text.trim()]}),
            false => json!({"command": text}),
        }),
        Value::Array(items) => {
            let is_scalar = |item: &Value| item.is_string() || item.is_number();
            let (first, rest) = items.split_first()?;
            if !items.iter().all(is_scalar) {
                return None;
            }
            match (first.as_str()?, rest) {
                ("CMD" | "cmd", [program, ..]) if program.is_string() => action(&json!(rest)),
                ("CMD-SHELL", [line]) => Some(json!({"command": "sh", "args": ["-c", line]})),
                ("NONE" | "CMD" | "CMD-SHELL", _) => None,
                (_, []) => action(first),
                _ => Some(json!({"command": first, "args": rest})),
            }
        }
        Value::Object(fields) => of_other_system(fields),
        _ => None,
    }
}

/// `{command: [cat, /tmp/healthy]}` and `{command: cat, args: [/tmp/healthy]}`.
fn of_other_system(fields: &Map<String, Value>) -> Option<Value> {
    let mut keys = fields.keys();
    if !keys.all(|key| key == "command" || BESIDE.contains(&key.as_str())) {
        return None;
    }
    let mut found = action(fields.get("command")?)?;
    for key in BESIDE {
        match (fields.get(key), found.get(key)) {
            (Some(_), Some(_)) => return None,
            (Some(value), None) => found[key] = value.clone(),
            (None, _) => {}
        }
    }
    Some(found)
}
