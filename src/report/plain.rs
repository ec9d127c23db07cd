//! The plain report: ASCII drawings by codespan-reporting.

use super::Style;
use super::diagnostic::Diagnostic;
use super::excerpt::Excerpt;
use super::link;
use crate::lint::Level;
use codespan_reporting::diagnostic::{self, Label, Severity};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{self, Chars, Config};
use std::io::{self, Write};
use std::ops::Range;
use termcolor::Ansi;

pub(super) fn write<'r>(
    shown: impl Iterator<Item = Diagnostic<'r>>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let config = Config {
        chars: Chars::ascii(),
        ..Config::default()
    };
    for diagnostic in shown {
        let file = File(Excerpt::new(diagnostic));
        let diagnostic = labelled(&file.0, style.links);
        let drawn = if style.color {
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

fn labelled(excerpt: &Excerpt<'_>, links: bool) -> diagnostic::Diagnostic<()> {
    let shown = &excerpt.diagnostic;
    let severity = match shown.level {
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
    let help = shown.help.iter().map(|help| format!("help: {help}"));
    let mut labelled = diagnostic::Diagnostic::new(severity);
    labelled.code = shown.rule.map(|rule| link::rule_id(rule, links));
    labelled
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
        Ok(self.0.diagnostic.path)
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
