//! The pretty report: Unicode drawings by miette.

use super::Template;
use crate::lint::{Finding, Level};
use crate::template::Source;
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, Severity, SourceCode, SourceSpan, SpanContents,
};
use std::fmt;
use std::io::{self, Write};
use std::ops::Range;

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
        let pretty = Pretty {
            finding,
            text: Text(template),
        };
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
struct Pretty<'r> {
    finding: &'r Finding,
    text: Text<'r>,
}

impl Diagnostic for Pretty<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.finding.rule.id))
    }

    fn severity(&self) -> Option<Severity> {
        Some(match self.finding.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info => Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.finding.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.finding
            .span
            .as_ref()
            .map(|_| &self.text as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let line = |span: &Range<usize>| SourceSpan::from(self.text.source().first_line_of(span));
        let primary = LabeledSpan::new_primary_with_span(None, line(self.finding.span.as_ref()?));
        let related = self.finding.related.iter().filter_map(move |other| {
            Some(LabeledSpan::new_with_span(
                Some(other.message.clone()),
                line(other.span.as_ref()?),
            ))
        });
        Some(Box::new(std::iter::once(primary).chain(related)))
    }
}

impl fmt::Display for Pretty<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.finding.span.is_none() {
            write!(f, "{}: ", self.text.0.path)?;
        }
        f.write_str(&self.finding.message)
    }
}

impl fmt::Debug for Pretty<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Pretty<'_> {}

/// A template's text under its name. miette counts columns in bytes: here they are characters.
struct Text<'r>(&'r Template);

impl Text<'_> {
    fn source(&self) -> &Source {
        &self.0.source
    }
}

impl SourceCode for Text<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self
            .source()
            .text()
            .read_span(span, lines_before, lines_after)?;
        // With no lines before it, the contents start at the span, not at its line.
        let column = if lines_before == 0 {
            self.source().position(span.offset()).column - 1
        } else {
            inner.column()
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.0.path.clone(),
            inner.data(),
            *inner.span(),
            inner.line(),
            column,
            inner.line_count(),
        )))
    }
}
