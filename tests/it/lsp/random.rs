//! Random edits: the diagnostics are those of `check`, every request has an answer, and nothing ends the server.
//!
//! The environment variables `SEED` and `EDITS` set which edits, and how many.

use super::client::{Client, able};
use crate::fuzz::targets::METHODS;
use crate::support::{Random, files, program, read, variable};
use serde_json::{Value, json};
use std::path::Path;

const SEED: usize = 2023;
const EDITS: usize = 200;

/// Edits between two comparisons.
const BATCH: usize = 12;

/// Texts that edits insert.
const INSERTED: [&str; 24] = [
    "{{",
    "}}",
    "{{Param.X}}",
    "\n",
    "\r\n",
    "\r",
    "  ",
    "\t",
    ":",
    "- ",
    "#",
    "'",
    "\"",
    "|\n",
    "&a ",
    "*a",
    "[",
    "]",
    "{",
    "é😀",
    "\u{2028}",
    "onMonitor:",
    "# openjd-monitor: ignore[unused-let]",
    "\0",
];

/// A job template of about so many bytes.
pub fn large(bytes: usize) -> String {
    let mut text = "specificationVersion: jobtemplate-2023-09\nname: Large\nsteps:\n".to_owned();
    let mut count = 0;
    while text.len() < bytes {
        count += 1;
        text += &format!(
            "- name: Step{count}\n  script:\n    actions:\n      onRun:\n        command: render\n        \
             args: [\"--frame\", \"{count}\", \"{{{{Session.WorkingDirectory}}}}\"]\n"
        );
    }
    text
}

/// The position of a byte, in UTF-16, with the line ends that the protocol has.
fn position(text: &str, at: usize) -> Value {
    let (mut line, mut start) = (0, 0);
    for (index, byte) in text.bytes().enumerate().take(at) {
        let is_end =
            byte == b'\n' || byte == b'\r' && text.as_bytes().get(index + 1) != Some(&b'\n');
        if is_end {
            (line, start) = (line + 1, index + 1);
        }
    }
    json!({"line": line, "character": text[start..at].encode_utf16().count()})
}

/// A random byte between two characters that the protocol can name: none between CR and LF.
fn place(text: &str, random: &mut Random) -> usize {
    let mut at = random.below(text.len() + 1);
    while !text.is_char_boundary(at) || text[..at].ends_with('\r') && text[at..].starts_with('\n') {
        at -= 1;
    }
    at
}

/// Edits the text at random; returns the change.
fn edit(text: &mut String, random: &mut Random) -> Value {
    let start = place(text, random);
    let mut end = match random.below(3) {
        0 => start,
        1 => (start + 1).min(text.len()),
        _ => (start + random.below(40)).min(text.len()),
    };
    while !text.is_char_boundary(end)
        || text[..end].ends_with('\r') && text[end..].starts_with('\n')
    {
        end += 1;
    }
    let new = match random.below(3) {
        0 => String::new(),
        1 => random.pick(&INSERTED).to_owned(),
        _ => {
            let from = place(text, random);
            text[from..].chars().take(random.below(30)).collect()
        }
    };
    let range = json!({"start": position(text, start), "end": position(text, end)});
    text.replace_range(start..end, &new);
    json!({"range": range, "text": new})
}

/// What `check` says about a text, in the form of diagnostics.
fn checked(text: &str, folder: &Path) -> Vec<Value> {
    let arguments = [
        "check",
        "--format",
        "json",
        "--min-level",
        "info",
        "--allow-empty",
        "-",
    ];
    let ended = program(arguments).within(folder).stdin(text).run();
    let report: Value = serde_json::from_str(&ended.out).expect("a report");
    let findings = report["findings"].as_array().expect("a list").iter();
    let level = |name: &Value| match name.as_str() {
        Some("error") => 1,
        Some("warning") => 2,
        _ => 3,
    };
    let diagnostic = |finding: &Value| {
        let offset = |end: &str| {
            finding["location"][end]["offset"]
                .as_u64()
                .unwrap_or_default()
        };
        let message = finding["message"].as_str().expect("a message");
        let message = match finding["help"].as_str() {
            Some(help) => format!("{message}\nhelp: {help}"),
            None => message.to_owned(),
        };
        json!({
            "code": finding["rule"],
            "severity": level(&finding["level"]),
            "message": message,
            "range": {
                "start": position(text, offset("start") as usize),
                "end": position(text, offset("end") as usize),
            },
        })
    };
    findings.map(diagnostic).collect()
}

/// The parts of a diagnostic that `check` has as well.
fn common(diagnostic: &Value) -> Value {
    let keys = ["code", "severity", "message", "range"];
    let common = keys.map(|key| (key.to_owned(), diagnostic[key].clone()));
    Value::Object(common.into_iter().collect())
}

/// Asks for all that the server has to say about a random place.
fn ask_everything(client: &mut Client, name: &str, text: &str, random: &mut Random) {
    let at = position(text, place(text, random));
    let params = json!({
        "textDocument": {"uri": client.uri(name)},
        "position": at,
        "range": {"start": at, "end": at},
        "context": {"diagnostics": [], "includeDeclaration": true, "triggerKind": 1},
        "newName": "name",
    });
    for method in METHODS {
        let id = client.ask(&format!("textDocument/{method}"), params.clone());
        if let Err(error) = client.response(id).response_result {
            // A name that cannot be changed is no failure.
            assert_eq!(
                error.code, -32803,
                "{method} at {at}: {}\n{text:?}",
                error.message
            );
        }
    }
}

#[test]
fn after_random_edits_the_diagnostics_are_those_of_check() {
    let mut random = Random::new(variable("SEED", SEED) as u64);
    let mut templates = files("fixtures/lint", ".yaml");
    // An editor has texts only.
    templates.retain(|path| std::fs::read_to_string(path).is_ok());
    let folder = tempfile::tempdir().expect("a folder");
    let mut capabilities = able();
    capabilities["general"]["positionEncodings"] = json!(["utf-16"]);
    let mut client = Client::new(capabilities);
    let (mut edits, mut document) = (0, 0);
    while edits < variable("EDITS", EDITS) {
        document += 1;
        let name = format!("{document}.yaml");
        let mut text = read(random.pick(&templates));
        client.open(&name, &text);
        client.diagnostics(&name, 1);
        for version in 2..5 {
            let changes: Vec<_> = (0..1 + random.below(BATCH))
                .map(|_| edit(&mut text, &mut random))
                .collect();
            edits += changes.len();
            client.change(&name, version, json!(changes));
            let diagnostics = client.diagnostics(&name, version);
            let found: Vec<_> = diagnostics.iter().map(common).collect();
            assert_eq!(found, checked(&text, folder.path()), "{text:?}");
        }
        ask_everything(&mut client, &name, &text, &mut random);
        let params = json!({"textDocument": {"uri": client.uri(&name)}});
        client.notify("textDocument/didClose", params);
    }
    assert_eq!(client.shut_down(), 0);
}
