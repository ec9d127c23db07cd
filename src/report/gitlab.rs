//! The code quality report of GitLab: a list of issues.

use super::fingerprint::Fingerprints;
use super::{Report, Template};
use openjd_monitor_core::lint::{Finding, Level};
use serde_json::{Value, json};
use std::io::{self, Write};

pub(super) fn write<'r>(
    report: &'r Report,
    shown: impl Iterator<Item = (&'r Template, &'r Finding)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut fingerprints = Fingerprints::new(report);
    let issues: Vec<Value> = shown
        .map(|(template, finding)| {
            let span = finding.span.clone().unwrap_or_default();
            let [begin, end] =
                [span.start, span.end].map(|offset| template.source.position(offset).line);
            json!({
                "description": finding.with_help(),
                "check_name": finding.rule.id,
                "fingerprint": fingerprints.next(template, finding),
                "severity": match finding.level {
                    Level::Error => "major",
                    Level::Warning => "minor",
                    Level::Info => "info",
                },
                "location": {
                    "path": report.relative_path(template),
                    "lines": {"begin": begin, "end": end},
                },
            })
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}
