//! The pretty report: Unicode drawings by miette.

use super::Template;
use super::excerpt::Excerpt;
use crate::lint::{Finding, Level};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, Severity, SourceCode, SourceSpan, SpanContents,
};
use std::fmt;
use std::io::{self, Write};

/// Where long messages wrap, in columns.
const WIDTH: usize = 100;

pub(super) fn write<'r>(
    shown: impl Iterator<Item = (&'r Template, &'r Finding)>,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let theme = if color {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(WIDTH)
        .with_links(false);
    for (template, finding) in shown {
        let mut drawn = String::new();
        let pretty = Pretty(Excerpt::new(template, finding));
        handler
            .render_report(&mut drawn, &pretty)
            .map_err(io::Error::other)?;
        // What has no place has no drawing to end its last line.
        writeln!(out, "{}", drawn.trim_end())?;
        writeln!(out)?;
    }
    Ok(())
}

/// A finding as miette asks for it.
struct Pretty<'r>(Excerpt<'r>);

impl Diagnostic for Pretty<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.0.finding.rule.id))
    }

    fn severity(&self) -> Option<Severity> {
        Some(match self.0.finding.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info => Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let lines = self.0.elsewhere.iter().chain(&self.0.finding.help);
        let help = lines.map(String::as_str).collect::<Vec<_>>().join("\n");
        (!help.is_empty()).then(|| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.0.primary.as_ref().map(|_| self as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let primary = LabeledSpan::new_primary_with_span(None, self.0.primary.clone()?);
        let related = self.0.related.iter().map(|(span, message)| {
            LabeledSpan::new_with_span(Some((*message).to_owned()), span.clone())
        });
        Some(Box::new(std::iter::once(primary).chain(related)))
    }
}

/// miette counts columns in bytes, and lines from the start of the text: here they are characters,
/// and those of the template.
impl SourceCode for Pretty<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.0.text.read_span(span, lines_before, lines_after)?;
        // With no lines before it, the contents start at the span, not at its line.
        let column = match lines_before {
            0 => self.0.position(span.offset()).column - 1,
            _ => inner.column(),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.0.template.path.clone(),
            inner.data(),
            *inner.span(),
            inner.line() + self.0.position(0).line - 1,
            column,
            inner.line_count(),
        )))
    }
}

impl fmt::Display for Pretty<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message())
    }
}

impl fmt::Debug for Pretty<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Pretty<'_> {}
