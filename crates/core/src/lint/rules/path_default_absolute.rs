//! `path-default-absolute`: a default with which no job can be created.

use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::template::{Path, items_of};
use serde_json::Value;

pub(super) static RULE: Rule = rule!(
    "path-default-absolute",
    Warning,
    "the default of a PATH parameter that is absolute, or leads out of the template's folder",
    []
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let list = Path::root().key("parameterDefinitions");
    let definitions = list.get(pass.context.document.value());
    let mut drafts = Vec::new();
    for (index, definition) in items_of(definitions).iter().enumerate() {
        let kind = definition.get("type").and_then(Value::as_str);
        if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("PATH")) {
            continue;
        }
        let default = definition.get("default").and_then(Value::as_str);
        let fault = default.and_then(fault);
        drafts.extend(fault.map(|fault| {
            let place = Place::Value(list.index(index).key("default"));
            let message = format!("this default {fault}: without another value, the official tools create no job");
            Draft::new(&RULE, place, message)
                .help("write a path relative to the template's folder, or leave the default out, so that a value must be given")
        }));
    }
    drafts
}

/// Returns the reason that a path is not below the template's folder.
fn fault(path: &str) -> Option<&'static str> {
    let mut letters = path.chars();
    let is_drive = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.next() == Some(':')
        && matches!(letters.next(), Some('/' | '\\'));
    if path.starts_with('/') || path.starts_with("\\\\") || is_drive {
        return Some("is an absolute path");
    }
    let mut depth = 0_i64;
    let mut lowest = 0;
    for part in path.split('/') {
        depth += match part {
            "" | "." => 0,
            ".." => -1,
            _ => 1,
        };
        lowest = lowest.min(depth);
    }
    (lowest < 0 && !path.contains("://")).then_some("leads out of the template's folder")
}
