//! Application of fixes to a text, round by round.

use super::rules::can_be_ignored;
use super::{Checked, Finding, Fix, Found};
use crate::template::{Edit, Source};

/// Upper bound on rounds of fixes; one fix may enable another.
const MAX_ROUNDS: usize = 100;

/// A text with fixes applied.
#[derive(Debug)]
pub struct Fixed {
    /// The text.
    pub source: Source,
    /// The findings that are left in it.
    pub found: Found,
    /// Number of fixes that were applied.
    pub count: usize,
}

/// Applies the fixes of the findings for which `is_wanted` returns true until none is left. Returns `None` if there are
/// none. `check` checks each new text.
pub fn fixed(
    text: &str,
    findings: &[Finding],
    is_wanted: &dyn Fn(&Finding, &Fix) -> bool,
    check: &dyn Fn(&[u8]) -> Checked,
) -> Option<Fixed> {
    let mut fixed: Option<Fixed> = None;
    for _ in 0..MAX_ROUNDS {
        let (text, findings, count) = match &fixed {
            Some(fixed) => (fixed.source.text(), &*fixed.found.findings, fixed.count),
            None => (text, findings, 0),
        };
        let fixes = apart(findings, is_wanted);
        if fixes.is_empty() {
            break;
        }
        let mut edits: Vec<_> = fixes.iter().flat_map(|fix| &fix.edits).collect();
        edits.sort_by_key(|edit| edit.span.start);
        let next = check(Edit::apply(edits, text).as_bytes());
        // What can be read now may turn out to be no template.
        let found = next.found.unwrap_or_default();
        // Drops a round whose edits leave more that cannot be read, which would be a bug.
        if unreadable(&found.findings) > unreadable(findings) {
            break;
        }
        fixed = Some(Fixed {
            count: count + fixes.len(),
            source: next.source,
            found,
        });
    }
    fixed
}

/// Returns the wanted fixes that do not touch each other, the first of those that do.
fn apart<'f>(findings: &'f [Finding], is_wanted: &dyn Fn(&Finding, &Fix) -> bool) -> Vec<&'f Fix> {
    let mut chosen: Vec<&Fix> = Vec::new();
    for finding in findings {
        let fix = finding.fix.as_ref();
        let Some(fix) = fix.filter(|fix| is_wanted(finding, fix)) else {
            continue;
        };
        let is_apart = |other: &&Fix| {
            fix.within.end < other.within.start || other.within.end < fix.within.start
        };
        if chosen.iter().all(is_apart) {
            chosen.push(fix);
        }
    }
    chosen
}

/// Number of findings that keep a text from being read.
fn unreadable(findings: &[Finding]) -> usize {
    let findings = findings.iter();
    findings
        .filter(|finding| !can_be_ignored(finding.rule))
        .count()
}
