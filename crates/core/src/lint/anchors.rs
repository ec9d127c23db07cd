//! Findings behind an anchor: a mistake there shows in every place that refers to it, and is one.

use super::finding::{Finding, Place, Related};
use super::unknown_name::NO_VARIABLE;
use crate::template::Document;
use std::collections::HashMap;
use std::ops::Range;

/// Maximum number of uses of an anchor that a finding relates to.
const MAX_USES: usize = 10;

/// Way in which the place of a finding is reached through an alias or a merge key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Use {
    alias: Range<usize>,
    /// The bytes behind the anchor.
    anchored: Option<Range<usize>>,
}

/// Returns the alias through which `place` is reached, if there is one.
pub(super) fn use_of(document: &Document, place: &Place) -> Option<Use> {
    let path = place.path();
    let alias = document.alias_span(path)?;
    let is_alias =
        matches!(place, Place::Value(_)) && document.value_span(path).as_ref() == Some(&alias);
    let anchored = is_alias.then(|| document.anchored_span(path)).flatten();
    Some(Use { alias, anchored })
}

/// Merges the findings on one place behind an anchor into the first, to which the other uses are related.
pub(super) fn merged(findings: Vec<(Finding, Option<Use>)>) -> Vec<Finding> {
    if findings.iter().all(|(_, found)| found.is_none()) {
        return findings.into_iter().map(|(finding, _)| finding).collect();
    }
    let mut groups: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, (finding, found)) in findings.iter().enumerate() {
        let anchored = found.as_ref().and_then(|found| found.anchored.clone());
        let span = anchored.or_else(|| finding.span.clone());
        let key = (subject(finding), span.map(|span| (span.start, span.end)));
        groups.entry(key).or_default().push(index);
    }
    let mut into: HashMap<usize, usize> = HashMap::new();
    for group in groups.values().filter(|group| group.len() > 1) {
        // The first, second, … finding of each use is the same mistake as the first, second, … of the anchor.
        let mut by_use: HashMap<Option<&Range<usize>>, Vec<usize>> = HashMap::new();
        for index in group {
            let alias = findings[*index].1.as_ref().map(|found| &found.alias);
            by_use.entry(alias).or_default().push(*index);
        }
        let mut uses: Vec<_> = by_use.into_iter().collect();
        uses.sort_by_key(|(alias, _)| alias.map(|alias| alias.start));
        let (_, first) = &uses[0];
        for (_, others) in &uses[1..] {
            into.extend(first.iter().zip(others).map(|(own, other)| (*other, *own)));
        }
    }
    let mut related: HashMap<usize, Vec<Range<usize>>> = HashMap::new();
    for (other, own) in &into {
        let alias = findings[*other].1.as_ref().map(|found| found.alias.clone());
        related.entry(*own).or_default().extend(alias);
    }
    let kept = findings
        .into_iter()
        .enumerate()
        .filter(|(index, _)| !into.contains_key(index));
    let with_uses = kept.map(|(index, (mut finding, own))| {
        let mut uses = related.remove(&index).unwrap_or_default();
        // Where the anchor stands, it is no mistake, or has no meaning of its own.
        let own = own.filter(|own| own.anchored.is_none());
        let own = own
            .map(|own| own.alias)
            .filter(|alias| finding.span.as_ref() != Some(alias));
        uses.retain(|alias| Some(alias) != own.as_ref());
        uses.sort_by_key(|alias| alias.start);
        uses.truncate(MAX_USES);
        let related = |message: &str, alias| Related {
            message: message.to_owned(),
            span: Some(alias),
        };
        let own = own.map(|alias| related("used here", alias));
        let others = uses
            .into_iter()
            .map(|alias| related("used here as well", alias));
        finding.related.extend(own.into_iter().chain(others));
        finding
    });
    with_uses.collect()
}

/// Names what a finding is about, for the same mistake in places that different rules report.
fn subject(finding: &Finding) -> &'static str {
    match finding.rule.id {
        "invalid-expression" if !finding.message.starts_with(NO_VARIABLE) => "invalid-expression",
        "invalid-expression" | "undefined-variable" | "variable-out-of-scope" => "reference",
        other => other,
    }
}
