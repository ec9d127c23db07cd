//! The concise report: a line for each finding, as compilers write them.

use super::{Style, Template, link};
use crate::lint::Finding;
use crate::template::Position;
use std::io::{self, Write};

pub(super) fn write<'r>(
    shown: impl Iterator<Item = (&'r Template, &'r Finding)>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (template, finding) in shown {
        let Position { line, column, .. } = template.start(finding);
        let path = in_a_line(&template.path);
        let rule = link::rule_id(finding.rule, style.links);
        let message = in_a_line(&finding.message);
        let level = finding.level;
        writeln!(out, "{path}:{line}:{column}: {level}[{rule}] {message}")?;
    }
    Ok(())
}

/// `text` with its control characters escaped, line breaks among them.
fn in_a_line(text: &str) -> String {
    let mut line = String::new();
    for character in text.chars() {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}
