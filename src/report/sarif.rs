//! The SARIF 2.1.0 report. Section numbers are those of its specification.

use super::fingerprint::Fingerprints;
use super::{Report, Template};
use openjd_monitor_core::lint::{Finding, Fix, Level, RULES, Rule};
use openjd_monitor_core::template::Source;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::ops::Range;

/// Characters percent-encoded in a segment of a URI: all but the unreserved ones of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

pub(super) fn write<'r>(
    report: &'r Report,
    shown: impl Iterator<Item = (&'r Template, &'r Finding)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut fingerprints = Fingerprints::new(report);
    let results: Vec<Value> = shown
        .map(|(template, finding)| {
            let fingerprint = fingerprints.next(template, finding);
            result(report, template, finding, &fingerprint)
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": RULES.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "newlineSequences": ["\r\n", "\n", "\r"],
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": rule.page(), "markdown": rule.page_for_anywhere()},
        "helpUri": rule.uri(),
        "defaultConfiguration": {"level": level(rule.level)},
        "properties": {"tags": rule.clauses},
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

fn result(report: &Report, template: &Template, finding: &Finding, fingerprint: &str) -> Value {
    let uri = uri(&report.relative_path(template));
    let location = |span: &Option<Range<usize>>| {
        let span = span.clone().unwrap_or_default();
        json!({
            "artifactLocation": {"uri": uri},
            "region": region(&template.source, &span),
        })
    };
    let related = finding.related.iter().enumerate().map(|(id, other)| {
        json!({
            "id": id,
            "message": message(&other.message),
            "physicalLocation": location(&other.span),
        })
    });
    json!({
        "ruleId": finding.rule.id,
        "ruleIndex": RULES.iter().position(|rule| rule.id == finding.rule.id),
        "level": level(finding.level),
        "message": message(&finding.with_help()),
        "locations": [{
            "physicalLocation": location(&finding.span),
            "logicalLocations": [{"fullyQualifiedName": finding.pointer}],
        }],
        "relatedLocations": related.collect::<Vec<_>>(),
        "fixes": finding.fix.iter().map(|fix| change(&template.source, &uri, fix)).collect::<Vec<_>>(),
        "partialFingerprints": {"openjdMonitor/v1": fingerprint},
    })
}

/// A change that would mend it (§3.55).
fn change(source: &Source, uri: &str, fix: &Fix) -> Value {
    let replacements = fix.edits.iter().map(|edit| {
        json!({
            "deletedRegion": region(source, &edit.span),
            "insertedContent": {"text": edit.text},
        })
    });
    json!({
        "description": message(&fix.title),
        "artifactChanges": [{
            "artifactLocation": {"uri": uri},
            "replacements": replacements.collect::<Vec<_>>(),
        }],
    })
}

/// Braces would be placeholders (§3.11.5).
fn message(text: &str) -> Value {
    json!({"text": text.replace('{', "{{").replace('}', "}}")})
}

fn region(source: &Source, span: &Range<usize>) -> Value {
    let start = source.position(span.start);
    let end = source.position(span.end);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// Returns a reference relative to the folder of the templates; an absolute one for an absolute path.
fn uri(path: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| utf8_percent_encode(part, ENCODED).to_string());
    let encoded = parts.collect::<Vec<_>>().join("/");
    match std::path::Path::new(path).is_absolute() {
        true => format!("file:///{}", encoded.trim_start_matches('/')),
        false => encoded,
    }
}
