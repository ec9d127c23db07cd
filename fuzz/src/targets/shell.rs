//! Shell code of actions and checks, for each shell, as an argument and as a script.

use super::super::input::shell as code;
use super::super::places;
use arbitrary::Unstructured;
use openjd_monitor_core::template::Syntax;
use serde_json::json;

const SHELLS: [(&str, &str, &str); 4] = [
    ("bash", "-c", "#!/bin/sh"),
    ("cmd", "/c", "@echo off"),
    ("pwsh", "-Command", "#!/usr/bin/env pwsh"),
    ("env", "bash -c", ""),
];

/// Levels of code that is made.
const DEPTH: usize = 4;

/// Checks a template with the shell code `bytes`, or that which they stand for; the first byte selects the shell.
pub fn shell(bytes: &[u8]) {
    let Some((first, code)) = bytes.split_first() else {
        return;
    };
    let code = match code.split_first() {
        // No code starts with such a character.
        Some((1..=8, rest)) => code::any(&mut Unstructured::new(rest), DEPTH),
        _ => Ok(String::from_utf8_lossy(code).into_owned()),
    };
    // Input that ends too early is no input.
    let Ok(code) = code else {
        return;
    };
    let (shell, option, first_line) = SHELLS[usize::from(*first) % SHELLS.len()];
    let action = json!({ "command": shell, "args": [option, code] });
    let template = json!({
        "specificationVersion": "environment-2023-09",
        "extensions": ["EXPR", "MONITOR"],
        "parameterDefinitions": [{ "name": "A", "type": "STRING" }],
        "environment": {
            "name": "E",
            "script": {
                "embeddedFiles": [{ "name": "F", "type": "TEXT", "data": format!("{first_line}\n{code}") }],
                "actions": {
                    "onEnter": action,
                    "onExit": { "command": "{{Env.File.F}}" },
                    "onMonitor": {
                        "command": action,
                        "period": 30,
                        "onFailure": "terminate",
                        "overrides": { "onExit": { "command": { "command": "{{Env.File.F}}" } } },
                    },
                },
            },
        },
    });
    let text = template.to_string();
    places::checked(text.as_bytes(), Syntax::Json);
}
