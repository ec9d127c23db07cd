//! The plain report: ASCII drawings by codespan-reporting.

use super::Template;
use super::excerpt::Excerpt;
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
        let file = File(Excerpt::new(template, finding));
        let diagnostic = diagnostic(&file.0);
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

fn diagnostic(excerpt: &Excerpt<'_>) -> Diagnostic<()> {
    let finding = excerpt.finding;
    let severity = match finding.level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Info => Severity::Note,
    };
    let primary = excerpt
        .primary
        .iter()
        .map(|span| Label::primary((), span.clone()));
    let related = excerpt
        .related
        .iter()
        .map(|(span, message)| Label::secondary((), span.clone()).with_message(message));
    let help = finding.help.iter().map(|help| format!("help: {help}"));
    Diagnostic::new(severity)
        .with_code(finding.rule.id)
        .with_message(excerpt.message())
        .with_labels(primary.chain(related).collect())
        .with_notes(excerpt.elsewhere.iter().cloned().chain(help).collect())
}

/// A text as codespan asks for it, with the project's own lines and columns.
struct File<'r>(Excerpt<'r>);

impl<'f> Files<'f> for File<'_> {
    type FileId = ();
    type Name = &'f str;
    type Source = &'f str;

    fn name(&'f self, (): ()) -> Result<Self::Name, Error> {
        Ok(&self.0.template.path)
    }

    fn source(&'f self, (): ()) -> Result<Self::Source, Error> {
        Ok(&self.0.text)
    }

    fn line_index(&'f self, (): (), byte_index: usize) -> Result<usize, Error> {
        Ok(self.0.line_index(byte_index))
    }

    fn line_number(&'f self, (): (), line_index: usize) -> Result<usize, Error> {
        Ok(self.0.position(0).line + line_index)
    }

    fn column_number(&'f self, (): (), _line: usize, byte_index: usize) -> Result<usize, Error> {
        Ok(self.0.position(byte_index).column)
    }

    fn line_range(&'f self, (): (), line_index: usize) -> Result<Range<usize>, Error> {
        let max = self.0.line_index(self.0.text.len());
        self.0.line_range(line_index).ok_or(Error::LineTooLarge {
            given: line_index,
            max,
        })
    }
}
