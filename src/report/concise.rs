//! The concise report: a line for each finding, as compilers write them.

use super::{Style, Template, link};
use openjd_monitor_core::lint::Finding;
use openjd_monitor_core::shown::Shown;
use openjd_monitor_core::template::Position;
use std::io::{self, Write};

pub(super) fn write<'r>(
    shown: impl Iterator<Item = (&'r Template, &'r Finding)>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (template, finding) in shown {
        let Position { line, column, .. } = template.start(finding);
        let path = Shown::whole(&template.path);
        let rule = link::rule_id(finding.rule, style.links);
        let message = &finding.message;
        let level = finding.level;
        writeln!(out, "{path}:{line}:{column}: {level}[{rule}] {message}")?;
    }
    Ok(())
}
