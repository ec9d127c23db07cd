//! A limit on the findings of one rule that a report shows for one file.

use super::finding::Finding;
use super::rule::Level;
use std::borrow::Cow;
use std::collections::HashMap;

/// Maximum number of findings of one rule that are shown for one file.
const MAX_SHOWN: usize = 100;

/// Returns the findings of one file to show. In place of those beyond [`MAX_SHOWN`] of a rule, one says how many they are,
/// with the place of the first and the level of the worst.
pub fn without_excess<'f>(
    findings: impl IntoIterator<Item = &'f Finding>,
) -> Vec<Cow<'f, Finding>> {
    let mut shown = Vec::new();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    // The index of the finding that stands for the excess of a rule, and the worst level in it.
    let mut excess: HashMap<&str, (usize, Level)> = HashMap::new();
    for finding in findings {
        let rule = finding.rule.id;
        let count = counts.entry(rule).or_default();
        *count += 1;
        if *count <= MAX_SHOWN + 1 {
            shown.push(Cow::Borrowed(finding));
        }
        if *count > MAX_SHOWN {
            let (_, worst) = excess
                .entry(rule)
                .or_insert((shown.len() - 1, finding.level));
            *worst = finding.level.max(*worst);
        }
    }
    for (rule, (index, level)) in excess {
        let first = &shown[index];
        let count = counts[rule] - MAX_SHOWN;
        let findings = if count == 1 { "finding" } else { "findings" };
        let message = format!("{count} more {findings} of this rule in this file");
        let stand_in = Finding {
            rule: first.rule,
            level,
            message,
            pointer: first.pointer.clone(),
            span: first.span.clone(),
            related: Vec::new(),
            help: Some(format!(
                "at most {MAX_SHOWN} findings of one rule are shown for a file"
            )),
            fix: None,
        };
        shown[index] = Cow::Owned(stand_in);
    }
    shown
}
