//! Findings as diagnostics.

use super::positions::Encoding;
use super::snapshot::Snapshot;
use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, Location, NumberOrString, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
};
use openjd_monitor_core::lint::{Finding, Level, Rule, Tag, without_excess};
use openjd_monitor_core::shown::Shown;
use openjd_monitor_core::template::{Problem, Source};

/// Name beside each diagnostic.
const SOURCE: &str = env!("CARGO_PKG_NAME");

/// Returns the diagnostics of a document.
pub(super) fn of(snapshot: &Snapshot) -> Vec<Diagnostic> {
    let findings = without_excess(snapshot.findings()).into_iter();
    let mut all: Vec<_> = findings.map(|found| of_finding(snapshot, &found)).collect();
    let problems = snapshot.problems();
    let encoding = snapshot.client.encoding;
    all.extend(of_problems(encoding, &snapshot.source, &problems));
    all
}

/// Answers a request for the diagnostics of a document; with none, if it is not open.
pub(super) fn answer(
    snapshot: Option<&Snapshot>,
    params: &DocumentDiagnosticParams,
) -> DocumentDiagnosticReportResult {
    let id = snapshot.map(|snapshot| snapshot.serial.to_string());
    let report = match id {
        Some(id) if params.previous_result_id.as_ref() == Some(&id) => {
            DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                    result_id: id,
                },
            })
        }
        id => DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport {
                result_id: id,
                items: snapshot.map(of).unwrap_or_default(),
            },
        }),
    };
    DocumentDiagnosticReportResult::Report(report)
}

/// Returns the diagnostic of a finding.
pub(super) fn of_finding(snapshot: &Snapshot, finding: &Finding) -> Diagnostic {
    let client = &snapshot.client;
    let range = |span: &Option<_>| {
        let span = span.clone().unwrap_or_default();
        client.encoding.range(&snapshot.source, &span)
    };
    let related = finding.related.iter().filter(|_| client.shows_related);
    let related: Vec<_> = related
        .map(|other| DiagnosticRelatedInformation {
            location: Location::new(snapshot.uri.clone(), range(&other.span)),
            message: Shown::line(&other.message).to_string(),
        })
        .collect();
    let tag = tag(finding.rule).filter(|tag| client.tags.contains(tag));
    Diagnostic {
        range: range(&finding.span),
        severity: Some(severity(finding.level)),
        code: Some(NumberOrString::String(finding.rule.id.to_owned())),
        code_description: finding
            .rule
            .uri()
            .parse()
            .ok()
            .map(|href| CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message: message(&finding.message, finding.help.as_deref()),
        related_information: (!related.is_empty()).then_some(related),
        tags: tag.map(|tag| vec![tag]),
        data: None,
    }
}

/// Returns the diagnostics of a configuration with this text.
pub(super) fn of_problems(
    encoding: Encoding,
    source: &Source,
    problems: &[Problem],
) -> Vec<Diagnostic> {
    let diagnostic = |problem: &Problem| Diagnostic {
        range: encoding.range(source, &problem.span),
        severity: Some(DiagnosticSeverity::ERROR),
        source: Some(SOURCE.to_owned()),
        message: message(&problem.message, problem.help.as_deref()),
        ..Diagnostic::default()
    };
    problems.iter().map(diagnostic).collect()
}

/// Returns a message and, on a line of its own, the help.
fn message(message: &str, help: Option<&str>) -> String {
    let message = Shown::line(message).to_string();
    match help {
        Some(help) => format!("{message}\nhelp: {}", Shown::line(help)),
        None => message,
    }
}

fn severity(level: Level) -> DiagnosticSeverity {
    match level {
        Level::Error => DiagnosticSeverity::ERROR,
        Level::Warning => DiagnosticSeverity::WARNING,
        Level::Info => DiagnosticSeverity::INFORMATION,
    }
}

/// Returns the tag by which editors gray out or strike through what the rule finds.
fn tag(rule: &Rule) -> Option<DiagnosticTag> {
    Some(match rule.tag? {
        Tag::Unnecessary => DiagnosticTag::UNNECESSARY,
        Tag::Deprecated => DiagnosticTag::DEPRECATED,
    })
}
