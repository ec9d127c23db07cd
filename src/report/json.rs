//! The JSON report, version 1. The types here are frozen: they say what readers rely on, whatever
//! becomes of the types that findings have elsewhere.

use super::{Report, Template};
use openjd_monitor_core::lint::{Finding, Fix, Level};
use openjd_monitor_core::template::{Edit, Position, Source};
use serde::Serialize;
use std::io::{self, Write};
use std::ops::Range;

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    findings: Vec<Entry<'r>>,
    summary: Summary,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'r> {
    rule: &'r str,
    level: &'r str,
    message: &'r str,
    path: &'r str,
    pointer: &'r str,
    location: Option<Location>,
    related: Vec<Related<'r>>,
    help: Option<&'r str>,
    help_uri: String,
    fixes: Vec<Change<'r>>,
}

#[derive(Serialize)]
struct Related<'r> {
    message: &'r str,
    location: Option<Location>,
}

#[derive(Serialize)]
struct Change<'r> {
    title: &'r str,
    safety: &'r str,
    edits: Vec<Replacement<'r>>,
}

#[derive(Serialize)]
struct Replacement<'r> {
    #[serde(flatten)]
    location: Location,
    text: &'r str,
}

#[derive(Serialize)]
struct Location {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
    offset: usize,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    templates: usize,
    skipped: usize,
    suppressed: usize,
    baselined: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
}

pub(super) fn write<'r>(
    report: &'r Report,
    shown: impl Iterator<Item = (&'r Template, &'r Finding)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let document = Document {
        version: 1,
        findings: shown
            .map(|(template, finding)| entry(template, finding))
            .collect(),
        summary: Summary {
            files: report.templates.len() + report.skipped,
            templates: report.templates.len(),
            skipped: report.skipped,
            suppressed: report.suppressed(),
            baselined: report.baselined(),
            errors: report.count(Level::Error),
            warnings: report.count(Level::Warning),
            infos: report.count(Level::Info),
        },
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn entry<'r>(template: &'r Template, finding: &'r Finding) -> Entry<'r> {
    let location =
        |span: &Option<Range<usize>>| span.as_ref().map(|span| location(&template.source, span));
    let related = finding.related.iter();
    Entry {
        rule: finding.rule.id,
        level: finding.level.name(),
        message: &finding.message,
        path: &template.path,
        pointer: &finding.pointer,
        location: location(&finding.span),
        related: related
            .map(|other| Related {
                message: &other.message,
                location: location(&other.span),
            })
            .collect(),
        help: finding.help.as_deref(),
        help_uri: finding.rule.uri(),
        fixes: finding
            .fix
            .iter()
            .map(|fix| change(&template.source, fix))
            .collect(),
    }
}

fn change<'r>(source: &Source, fix: &'r Fix) -> Change<'r> {
    let replacement = |edit: &'r Edit| Replacement {
        location: location(source, &edit.span),
        text: &edit.text,
    };
    Change {
        title: &fix.title,
        safety: fix.safety.name(),
        edits: fix.edits.iter().map(replacement).collect(),
    }
}

fn location(source: &Source, span: &Range<usize>) -> Location {
    Location {
        start: source.position(span.start).into(),
        end: source.position(span.end).into(),
    }
}

impl From<Position> for Point {
    fn from(
        Position {
            line,
            column,
            offset,
        }: Position,
    ) -> Self {
        Self {
            line,
            column,
            offset,
        }
    }
}
