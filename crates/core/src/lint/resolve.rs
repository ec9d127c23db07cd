//! Drafts to findings: spans, fixes, levels and order.

use super::anchors;
use super::context::Context;
use super::finding::{Draft, Finding};
use super::fix::Fix;
use super::rules::ALL;
use super::settings::Settings;
use crate::template::{Document, Edit, Edits, Path};
use std::collections::{HashMap, HashSet};

/// Returns the findings of `drafts`, in order of position.
pub(super) fn resolved(context: &Context<'_>, drafts: Vec<Draft>) -> Vec<Finding> {
    let fixes = fixes(&drafts, context.document);
    let drafts = drafts.into_iter().zip(fixes);
    let findings = drafts.map(|(draft, fix)| {
        let use_of = anchors::use_of(context.document, &draft.place);
        let finding = Finding {
            fix,
            ..draft.resolve(context.document)
        };
        (finding, use_of)
    });
    let findings = anchors::merged(findings.collect());
    configured(in_order(findings), context.settings)
}

/// Sorts findings by position and drops duplicates.
pub(super) fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    let start = |finding: &Finding| finding.span.as_ref().map(|span| (span.start, span.end));
    let order = |finding: &Finding| ALL.iter().position(|rule| rule.id == finding.rule.id);
    findings
        .sort_by(|a, b| (start(a), order(a), &a.message).cmp(&(start(b), order(b), &b.message)));
    // A value that is wrong in two ways is one mistake; two fields that an object lacks are two.
    findings.dedup_by(|a, b| {
        let is_same_place = a.rule.id == b.rule.id && a.span == b.span;
        is_same_place && (a.message == b.message || a.rule.is_once_per_value)
    });
    findings
}

/// Sets the levels that the user gave the rules, and drops findings of rules that are off.
pub(super) fn configured(mut findings: Vec<Finding>, settings: &Settings) -> Vec<Finding> {
    findings.retain_mut(|finding| {
        let level = settings.level(finding.rule, finding.level);
        finding.level = level.unwrap_or(finding.level);
        level.is_some()
    });
    findings
}

/// Returns the fix of each draft, if it proposes one that can be made.
///
/// A change behind an anchor changes each alias, too: it is made only if findings at all of these places propose it.
fn fixes(drafts: &[Draft], document: &Document) -> Vec<Option<Fix>> {
    let edits_of = |draft: &Draft| document.edits(draft.fix.as_ref()?.change());
    let edits: Vec<_> = drafts.iter().map(edits_of).collect();
    let mut proposers: HashMap<&[Edit], HashSet<&Path>> = HashMap::new();
    for (draft, edits) in drafts.iter().zip(&edits) {
        if let Some(edits) = edits {
            let paths = proposers.entry(&edits.list).or_default();
            paths.insert(draft.place.path());
        }
    }
    let is_right = |own: &Edits| own.places == 1 || own.places == proposers[&*own.list].len();
    let fix_of = |(draft, edits): (&Draft, &Option<Edits>)| {
        let edits = edits.as_ref().filter(|edits| is_right(edits))?;
        Some(draft.fix.as_ref()?.fix(edits))
    };
    drafts.iter().zip(&edits).map(fix_of).collect()
}
