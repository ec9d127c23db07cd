//! Expressions, alone and in every place of a template: the limits of libFuzzer on time and memory hold for each input.

use super::super::input::expression;
use super::super::places;
use arbitrary::Unstructured;
use openjd_monitor_core::template::Syntax;
use serde_json::json;

/// Levels of an expression that is made.
const DEPTH: usize = 4;

/// Checks a template with the expression `bytes`, or the one that they stand for.
pub fn expressions(bytes: &[u8]) {
    let expression = match bytes.split_first() {
        // No expression starts with such a character.
        Some((1..=8, rest)) => expression::any(&mut Unstructured::new(rest), DEPTH),
        _ => Ok(String::from_utf8_lossy(bytes).into_owned()),
    };
    // Input that ends too early is no input.
    let Ok(expression) = expression else {
        return;
    };
    let interpolation = format!("a {{{{ {expression} }}}}");
    let template = json!({
        "specificationVersion": "environment-2023-09",
        "extensions": ["EXPR", "FEATURE_BUNDLE_1", "MONITOR"],
        "parameterDefinitions": [
            { "name": "A", "type": "STRING", "default": interpolation },
            { "name": "N", "type": "INT", "default": 30 },
            { "name": "L", "type": "LIST[INT]", "default": [1, 20, 300] },
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
