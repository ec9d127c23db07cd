//! The plain report: ASCII drawings by codespan-reporting.

use super::Template;
use crate::lint::{Finding, Level};
use codespan_reporting::diagnostic::{Diagnostic, Label, Severity};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{self, Chars, Config};
use std::io::{self, Write};
use std::ops::Range;
use termcolor::Ansi;

pub(super) fn write<'r>(
    shown: impl Iterator<Item = (&'r Template, &'r Finding)>,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let config = Config {
        chars: Chars::ascii(),
        ..Config::default()
    };
    for (template, finding) in shown {
        let file = File(template);
        let diagnostic = diagnostic(template, finding);
        let drawn = if color {
            term::emit_to_write_style(&mut Ansi::new(&mut *out), &config, &file, &diagnostic)
        } else {
            term::emit_to_io_write(out, &config, &file, &diagnostic)
        };
        drawn.map_err(|error| match error {
            Error::Io(error) => error,
            other => io::Error::other(other),
        })?;
    }
    Ok(())
}

fn diagnostic(template: &Template, finding: &Finding) -> Diagnostic<()> {
    let severity = match finding.level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Info => Severity::Note,
    };
    let line = |span: &Range<usize>| template.source.first_line_of(span);
    let related = finding.related.iter().filter_map(|other| {
        Some(Label::secondary((), line(other.span.as_ref()?)).with_message(&other.message))
    });
    let primary = finding
        .span
        .iter()
        .map(|span| Label::primary((), line(span)));
    let message = match finding.span {
        Some(_) => finding.message.clone(),
        None => format!("{}: {}", template.path, finding.message),
    };
    Diagnostic::new(severity)
        .with_code(finding.rule.id)
        .with_message(message)
        .with_labels(primary.chain(related).collect())
        .with_notes(
            finding
                .help
                .iter()
                .map(|help| format!("help: {help}"))
                .collect(),
        )
}

/// A template as codespan asks for it, with the project's own lines and columns.
struct File<'r>(&'r Template);

impl<'f> Files<'f> for File<'_> {
    type FileId = ();
    type Name = &'f str;
    type Source = &'f str;

    fn name(&'f self, (): ()) -> Result<Self::Name, Error> {
        Ok(&self.0.path)
    }

    fn source(&'f self, (): ()) -> Result<Self::Source, Error> {
        Ok(self.0.source.text())
    }

    fn line_index(&'f self, (): (), byte_index: usize) -> Result<usize, Error> {
        Ok(self.0.source.line_index(byte_index))
    }

    fn column_number(
        &'f self,
        (): (),
        _line_index: usize,
        byte_index: usize,
    ) -> Result<usize, Error> {
        Ok(self.0.source.position(byte_index).column)
    }

    fn line_range(&'f self, (): (), line_index: usize) -> Result<Range<usize>, Error> {
        let max = self.0.source.line_index(usize::MAX);
        self.0
            .source
            .line_range(line_index)
            .ok_or(Error::LineTooLarge {
                given: line_index,
                max,
            })
    }
}
