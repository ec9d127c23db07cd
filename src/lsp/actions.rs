//! Code actions: the fixes of findings, and comments that ignore them.

use super::diagnostics;
use super::edits;
use super::snapshot::Snapshot;
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse, Uri,
};
use openjd_monitor_core::lint::{Finding, Fix, Ignoring, Safety};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashSet;
use std::ops::Range;

/// All safe fixes of a file. Editors that ask for `source.fixAll` get it, too.
const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.openjd-monitor");

/// Document of an action whose edit is computed when it is chosen.
#[derive(Debug, Serialize, Deserialize)]
struct Data {
    uri: Uri,
    rule: Option<String>,
}

/// Returns the kinds of the actions.
pub(super) fn kinds() -> Vec<CodeActionKind> {
    vec![CodeActionKind::QUICKFIX, FIX_ALL]
}

/// Answers a request for the actions at a place.
pub(super) fn answer(snapshot: &Snapshot, params: &CodeActionParams) -> Option<CodeActionResponse> {
    let span = snapshot
        .client
        .encoding
        .span(&snapshot.source, params.range);
    let only = params.context.only.as_deref();
    let is_wanted = |kind: &CodeActionKind| {
        only.is_none_or(|only| only.iter().any(|wanted| is_kind_of(kind, wanted)))
    };
    let mut actions = Vec::new();
    if is_wanted(&CodeActionKind::QUICKFIX) {
        actions.extend(quick_fixes(snapshot, &span));
    }
    if is_wanted(&FIX_ALL) {
        actions.extend(fix_all(snapshot));
    }
    Some(
        actions
            .into_iter()
            .map(CodeActionOrCommand::CodeAction)
            .collect(),
    )
}

/// Returns the document of an action that is to be resolved.
pub(super) fn document_of(action: &CodeAction) -> Option<Uri> {
    data_of(action).map(|data| data.uri)
}

/// Adds the edit of an action that has none yet.
pub(super) fn resolve(snapshot: Option<&Snapshot>, action: CodeAction) -> CodeAction {
    match (snapshot, data_of(&action)) {
        (Some(snapshot), Some(data)) => CodeAction {
            edit: edit_of_all(snapshot, data.rule.as_deref()),
            ..action
        },
        _ => action,
    }
}

fn data_of(action: &CodeAction) -> Option<Data> {
    serde_json::from_value(action.data.clone()?).ok()
}

/// Returns true if `kind` is `wanted` or below it.
fn is_kind_of(kind: &CodeActionKind, wanted: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(wanted.as_str());
    wanted == &CodeActionKind::EMPTY
        || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Returns the fixes of the findings at `span`, then what applies them to the whole file, then what ignores them.
fn quick_fixes(snapshot: &Snapshot, span: &Range<usize>) -> Vec<CodeAction> {
    let is_here = |finding: &&Finding| {
        let own = finding.span.clone().unwrap_or_default();
        own.start <= span.end && span.start <= own.end
    };
    let here: Vec<_> = snapshot.findings().iter().filter(is_here).collect();
    let fixes = here.iter().filter_map(|finding| fix(snapshot, finding));
    let mut actions: Vec<_> = fixes.collect();
    let mut seen = HashSet::new();
    let rules = here.iter().map(|finding| finding.rule.id);
    let rules: Vec<_> = rules.filter(|rule| seen.insert(*rule)).collect();
    actions.extend(rules.iter().filter_map(|rule| fix_rule(snapshot, rule)));
    if let Some(ignoring) = snapshot.whole_document().and_then(Ignoring::of) {
        let ignored = rules.iter();
        actions.extend(ignored.filter_map(|rule| ignore_rule(snapshot, &ignoring, rule, &here)));
    }
    actions
}

fn fix(snapshot: &Snapshot, finding: &Finding) -> Option<CodeAction> {
    let fix = finding.fix.as_ref()?;
    Some(CodeAction {
        title: title(fix),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![diagnostics::of_finding(snapshot, finding)]),
        edit: Some(edits::workspace(snapshot, &fix.edits)),
        is_preferred: Some(fix.safety == Safety::Safe),
        ..CodeAction::default()
    })
}

fn title(fix: &Fix) -> String {
    let mut characters = fix.title.chars();
    let first = characters.next().map(char::to_uppercase);
    let title: String = first.into_iter().flatten().chain(characters).collect();
    match fix.safety {
        Safety::Safe => title,
        Safety::Unsafe => format!("{title} (unsafe)"),
    }
}

/// Returns the action that applies the safe fixes of a rule, if it has several.
fn fix_rule(snapshot: &Snapshot, rule: &str) -> Option<CodeAction> {
    let findings = snapshot.findings().iter();
    let fixes = findings.filter(|finding| finding.rule.id == rule);
    let fixes = fixes.filter_map(|finding| finding.fix.as_ref());
    let count = fixes.filter(|fix| fix.safety == Safety::Safe).count();
    let title = format!("Fix all {count} of `{rule}` in this file");
    (count > 1).then(|| of_many(snapshot, title, CodeActionKind::QUICKFIX, Some(rule)))
}

fn fix_all(snapshot: &Snapshot) -> Option<CodeAction> {
    let mut fixes = snapshot
        .findings()
        .iter()
        .filter_map(|finding| finding.fix.as_ref());
    let has_safe = fixes.any(|fix| fix.safety == Safety::Safe);
    let title = "Apply all safe fixes of openjd-monitor".to_owned();
    has_safe.then(|| of_many(snapshot, title, FIX_ALL, None))
}

/// Returns the action that applies the safe fixes of `rule`, or of all rules, until none is left. Its edit takes further
/// checks, and is left for later if the client asks for it then.
fn of_many(
    snapshot: &Snapshot,
    title: String,
    kind: CodeActionKind,
    rule: Option<&str>,
) -> CodeAction {
    let is_later = snapshot.client.resolves_edits;
    let data = || Data {
        uri: snapshot.uri.clone(),
        rule: rule.map(str::to_owned),
    };
    CodeAction {
        title,
        kind: Some(kind),
        edit: match is_later {
            true => None,
            false => edit_of_all(snapshot, rule),
        },
        data: is_later.then(|| serde_json::to_value(data()).unwrap_or(Value::Null)),
        ..CodeAction::default()
    }
}

fn edit_of_all(snapshot: &Snapshot, rule: Option<&str>) -> Option<lsp_types::WorkspaceEdit> {
    let of_rule;
    let fixed = match rule {
        None => snapshot.fixed()?,
        Some(rule) => {
            let is_wanted = |finding: &Finding, fix: &Fix| {
                finding.rule.id == rule && fix.safety == Safety::Safe
            };
            of_rule = snapshot.fixed_where(&is_wanted)?;
            &of_rule
        }
    };
    let edits = edits::between(snapshot.source.text(), fixed.source.text());
    Some(edits::workspace(snapshot, &edits))
}

/// Returns the action that adds the comments by which those of `findings` that are of a rule are ignored.
fn ignore_rule(
    snapshot: &Snapshot,
    ignoring: &Ignoring<'_>,
    rule: &str,
    findings: &[&Finding],
) -> Option<CodeAction> {
    let own = findings.iter().filter(|finding| finding.rule.id == rule);
    let own = own.filter_map(|finding| Some((*finding, ignoring.edit(finding)?)));
    let (ignored, mut edits): (Vec<_>, Vec<_>) = own.unzip();
    // Findings on one line share a comment.
    edits.dedup();
    let diagnostics = ignored
        .into_iter()
        .map(|finding| diagnostics::of_finding(snapshot, finding));
    (!edits.is_empty()).then(|| CodeAction {
        title: format!("Ignore `{rule}` here, with a comment"),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(diagnostics.collect()),
        edit: Some(edits::workspace(snapshot, &edits)),
        is_preferred: Some(false),
        ..CodeAction::default()
    })
}
