//! Workflow commands of GitHub Actions, each an annotation of a line.

use super::{Report, Template};
use openjd_monitor_core::lint::{Finding, Level};
use std::io::{self, Write};

pub(super) fn write<'r>(
    report: &Report,
    shown: impl Iterator<Item = (&'r Template, &'r Finding)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (template, finding) in shown {
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "notice",
        };
        let span = finding.span.clone().unwrap_or_default();
        let [start, end] = [span.start, span.end].map(|offset| template.source.position(offset));
        let file = property(&report.relative_path(template));
        let title = property(finding.rule.id);
        let message = data(&finding.with_help());
        write!(
            out,
            "::{command} title={title},file={file},line={}",
            start.line
        )?;
        write!(out, ",endLine={}", end.line)?;
        // Columns are only understood within a line.
        if start.line == end.line {
            write!(out, ",col={},endColumn={}", start.column, end.column)?;
        }
        writeln!(out, "::{message}")?;
    }
    Ok(())
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
