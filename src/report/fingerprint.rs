//! Fingerprints that identify a finding even when lines move.

use super::{Report, Template};
use openjd_monitor_core::lint::Finding;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Gives each finding of a report a fingerprint of its own.
pub(super) struct Fingerprints<'r> {
    report: &'r Report,
    /// Number of times that a rule has been seen on a text of a template.
    seen: HashMap<(&'r str, &'static str, &'r str), usize>,
}

impl<'r> Fingerprints<'r> {
    pub fn new(report: &'r Report) -> Self {
        Self {
            report,
            seen: HashMap::new(),
        }
    }

    /// 32 hexadecimal digits, made from the rule, the path of the template, the text that the finding
    /// stands on, and which of those with all three equal it is.
    pub fn next(&mut self, template: &'r Template, finding: &Finding) -> String {
        let text = template.text_of(finding);
        let key = (template.path.as_str(), finding.rule.id, text);
        let count = self.seen.entry(key).or_default();
        let path = self.report.relative_path(template);
        let mut hash = Sha256::new();
        for part in [finding.rule.id, &path, text, &count.to_string()] {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        *count += 1;
        let digest = hash.finalize();
        digest[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
