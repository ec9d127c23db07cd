//! A text that an editor has changed: the server says of it what it says of the same text just opened, each range is in the
//! text, and each edit that it offers can be made.

use super::super::editor::{Editor, Unit};
use super::super::input::{template as templates, text as texts};
use arbitrary::{Result, Unstructured};
use openjd_monitor_core::lint::{self, Finding, Fix, Safety, Settings};
use openjd_monitor_core::template::{Loaded, Syntax, limits, load};
use serde_json::{Value, json};

/// The requests about a document or a place in it, apart from its diagnostics.
pub const METHODS: [&str; 12] = [
    "hover",
    "completion",
    "definition",
    "references",
    "documentHighlight",
    "prepareRename",
    "documentSymbol",
    "foldingRange",
    "documentLink",
    "inlayHint",
    "rename",
    "codeAction",
];

/// Changes the text that `bytes` stand for, and asks all that there is to ask.
pub fn edits(bytes: &[u8]) {
    // Input that ends too early is no input.
    let _ = edited(&mut Unstructured::new(bytes));
}

fn edited(u: &mut Unstructured<'_>) -> Result<()> {
    let unit = *u.choose(&[Unit::Utf8, Unit::Utf16, Unit::Utf32])?;
    let (first, syntax) = templates::any(u)?;
    let mut text = first.clone();
    let changes: Vec<Value> = (0..u.int_in_range(0..=3)?)
        .map(|_| changes(u, &mut text, unit))
        .collect::<Result<_>>()?;
    let position = position(u, &text, unit)?;
    let end = self::position(u, &text, unit)?;
    let new_name = match u.ratio(1, 4)? {
        true => texts::any(u)?,
        false => "Name".to_owned(),
    };
    let about = |uri: &str| {
        json!({
            "textDocument": {"uri": uri},
            "position": position,
            "range": {"start": position, "end": end},
            "context": {"diagnostics": [], "includeDeclaration": true, "triggerKind": 1},
            "newName": new_name,
        })
    };

    let mut editor = Editor::new(&capabilities(unit));
    let [changed, opened] = ["changed", "opened"].map(|name| match syntax {
        Syntax::Yaml => format!("file:///nowhere/{name}.yaml"),
        Syntax::Json => format!("file:///nowhere/{name}.json"),
    });
    open(&mut editor, &changed, 0, &first);
    for (index, changes) in changes.iter().enumerate() {
        let document = json!({"uri": changed, "version": index + 1});
        let params = json!({"textDocument": document, "contentChanges": changes});
        editor.tell("textDocument/didChange", params);
    }
    open(&mut editor, &opened, changes.len(), &text);
    for method in ["diagnostic"].into_iter().chain(METHODS) {
        let mut ask = |uri| editor.ask(&format!("textDocument/{method}"), about(uri));
        let (mut answer, mut other) = (ask(&changed), ask(&opened));
        for answer in [&mut answer, &mut other].into_iter().flatten() {
            // It names the version, of which each document has its own.
            answer
                .as_object_mut()
                .map(|fields| fields.remove("resultId"));
            assert_ranges(answer, &text, unit);
        }
        let renamed = other.map(|other| other.to_string().replace(&opened, &changed));
        let answer_text = answer.as_ref().map(Value::to_string);
        assert_eq!(answer_text, renamed, "{method}: {text:?}");
        let document = Text {
            text: &text,
            syntax,
            unit,
        };
        match (method, answer) {
            ("rename", Some(edit)) if !edit.is_null() => drop(document.edited(&edit)),
            ("codeAction", Some(Value::Array(actions))) => {
                for action in actions {
                    let action = match action["edit"] {
                        Value::Null => editor.ask("codeAction/resolve", action).expect("an action"),
                        _ => action,
                    };
                    document.check(&action);
                }
            }
            _ => {}
        }
    }
    editor.shut_down();
    Ok(())
}

/// Abilities of an editor that asks for everything itself, with columns in `unit`.
fn capabilities(unit: Unit) -> Value {
    json!({
        "general": {"positionEncodings": [unit.name()]},
        "textDocument": {
            "diagnostic": {},
            "publishDiagnostics": {"relatedInformation": true, "tagSupport": {"valueSet": [1, 2]}},
            "codeAction": {"resolveSupport": {"properties": ["edit"]}, "dataSupport": true},
        },
        "workspace": {"workspaceEdit": {"documentChanges": true}},
    })
}

fn open(editor: &mut Editor, uri: &str, version: usize, text: &str) {
    let document = json!({"uri": uri, "languageId": "yaml", "version": version, "text": text});
    editor.tell("textDocument/didOpen", json!({"textDocument": document}));
}

/// Makes a few changes, each of the text after the one before it.
fn changes(u: &mut Unstructured<'_>, text: &mut String, unit: Unit) -> Result<Value> {
    let mut changes = Vec::new();
    for _ in 0..u.int_in_range(1..=4)? {
        let new = match u.int_in_range(0..=3)? {
            0 => String::new(),
            1 => (*u.choose(templates::WORDS)?).to_owned(),
            2 => texts::any(u)?,
            _ => {
                let from = text.floor_char_boundary(u.int_in_range(0..=text.len())?);
                text[from..].chars().take(u.int_in_range(1..=40)?).collect()
            }
        };
        if u.ratio(1, 20)? {
            text.clone_from(&new);
            changes.push(json!({"text": new}));
            continue;
        }
        let range = json!({"start": position(u, text, unit)?, "end": position(u, text, unit)?});
        text.replace_range(unit.span(text, &range), &new);
        changes.push(json!({"range": range, "text": new}));
    }
    Ok(changes.into())
}

/// Returns a position in the text, or one that may be outside of it.
fn position(u: &mut Unstructured<'_>, text: &str, unit: Unit) -> Result<Value> {
    Ok(match u.ratio(1, 8)? {
        true => json!({"line": u.int_in_range(0..=60)?, "character": u.int_in_range(0..=60)?}),
        false => {
            let at = text.floor_char_boundary(u.int_in_range(0..=text.len())?);
            unit.position(text, at)
        }
    })
}

/// Asserts that each range in an answer is in the text, on boundaries of characters.
fn assert_ranges(answer: &Value, text: &str, unit: Unit) {
    match answer {
        Value::Array(items) => items
            .iter()
            .for_each(|item| assert_ranges(item, text, unit)),
        Value::Object(fields) => {
            for (key, value) in fields {
                if ["start", "end"].contains(&key.as_str()) {
                    let at = unit.offset(text, value);
                    assert_eq!(unit.position(text, at), *value, "{answer} {text:?}");
                }
                assert_ranges(value, text, unit);
            }
        }
        _ => {}
    }
}

/// The text of a document.
struct Text<'t> {
    text: &'t str,
    syntax: Syntax,
    unit: Unit,
}

impl Text<'_> {
    /// Asserts that an action makes a sound edit, and does what its title says.
    fn check(&self, action: &Value) {
        assert!(!action["edit"].is_null(), "{action} {:?}", self.text);
        let edited = self.edited(&action["edit"]);
        assert_ne!(edited, self.text, "{action}");
        let title = action["title"].as_str().expect("a title");
        let before = self.findings(self.text);
        if title.starts_with("Apply all safe fixes") {
            let is_safe = |_: &Finding, fix: &Fix| fix.safety == Safety::Safe;
            let check = |bytes: &[u8]| lint::check(bytes, self.syntax, &Settings::default());
            let fixed = lint::fixed(self.text, &before, &is_safe, &check).expect("fixes");
            assert_eq!(edited, fixed.source.text(), "{action}");
        }
        if let Some(rule) = title.strip_prefix("Ignore `") {
            let rule = rule.split('`').next();
            let ignored = action["diagnostics"].as_array().map_or(0, Vec::len);
            let of_rule = |findings: &[Finding]| {
                let own = findings
                    .iter()
                    .filter(|finding| Some(finding.rule.id) == rule);
                own.count()
            };
            let left = of_rule(&self.findings(&edited));
            assert!(left + ignored <= of_rule(&before), "{action} {}", self.text);
        }
    }

    fn findings(&self, text: &str) -> Vec<Finding> {
        let checked = lint::check(text.as_bytes(), self.syntax, &Settings::default());
        checked
            .found
            .map(|found| found.findings)
            .unwrap_or_default()
    }

    /// Returns the text with a workspace edit, which must be in order, and leave a readable text readable.
    fn edited(&self, edit: &Value) -> String {
        let edits = edit["documentChanges"][0]["edits"].as_array();
        let edits = edits.unwrap_or_else(|| panic!("{edit} {:?}", self.text));
        let mut edits: Vec<_> = edits
            .iter()
            .map(|edit| (self.unit.span(self.text, &edit["range"]), &edit["newText"]))
            .collect();
        edits.sort_by_key(|(span, _)| span.start);
        let mut edited = String::new();
        let mut at = 0;
        for (span, new) in edits {
            assert!(at <= span.start, "{edit} {:?}", self.text);
            edited += &self.text[at..span.start];
            edited += new.as_str().expect("a text");
            at = span.end;
        }
        edited += &self.text[at..];
        let is_read = |text: &str| {
            let loaded = load(text.as_bytes(), self.syntax, limits::DEFAULT_MAX_BYTES);
            matches!(loaded, Loaded::Document(_))
        };
        assert!(
            !is_read(self.text) || is_read(&edited),
            "{edit} {:?}",
            self.text
        );
        edited
    }
}
