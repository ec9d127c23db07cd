//! Expressions, alone and in every place of a template: the limits of libFuzzer on time and memory hold for each input.

use super::super::places;
use openjd_monitor_core::template::Syntax;
use serde_json::json;

/// Checks a template with the expression `bytes`.
pub fn expressions(bytes: &[u8]) {
    let expression = String::from_utf8_lossy(bytes);
    let interpolation = format!("a {{{{ {expression} }}}}");
    let template = json!({
        "specificationVersion": "environment-2023-09",
        "extensions": ["EXPR", "MONITOR"],
        "parameterDefinitions": [
            { "name": "A", "type": "STRING", "default": interpolation },
            { "name": "N", "type": "INT", "default": 30 },
        ],
        "environment": {
            "name": "E",
            "variables": { "V": interpolation },
            "script": {
                "let": [format!("x = {expression}"), "y = x"],
                "actions": {
                    "onEnter": { "command": interpolation, "args": ["{{ y }}"] },
                    "onMonitor": {
                        "command": { "command": "check", "args": [interpolation, "{{ x }}"] },
                        "period": format!("{{{{ {expression} }}}}"),
                        "failureThreshold": "{{ y }}",
                        "onFailure": "warn",
                    },
                },
            },
        },
    });
    let text = template.to_string();
    places::checked(text.as_bytes(), Syntax::Json);
}
