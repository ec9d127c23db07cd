//! The pretty report: Unicode drawings by miette.

use super::Style;
use super::diagnostic::Diagnostic;
use super::excerpt::Excerpt;
use crate::lint::Level;
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};
use std::fmt;
use std::io::{self, Write};

/// Where long messages wrap, in columns.
const WIDTH: usize = 100;

pub(super) fn write<'r>(
    shown: impl Iterator<Item = Diagnostic<'r>>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let theme = if style.color {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(WIDTH)
        .with_links(style.links)
        .with_link_display_text("");
    for diagnostic in shown {
        let mut drawn = String::new();
        let pretty = Pretty {
            excerpt: Excerpt::new(diagnostic),
            links: style.links,
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

/// A diagnostic as miette asks for it.
struct Pretty<'r> {
    excerpt: Excerpt<'r>,
    links: bool,
}

impl miette::Diagnostic for Pretty<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let rule = self.excerpt.diagnostic.rule?;
        Some(Box::new(rule.id))
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let rule = self.excerpt.diagnostic.rule.filter(|_| self.links)?;
        Some(Box::new(rule.uri()))
    }

    fn severity(&self) -> Option<Severity> {
        Some(match self.excerpt.diagnostic.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info => Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let elsewhere = self.excerpt.elsewhere.iter().map(String::as_str);
        let lines = elsewhere.chain(self.excerpt.diagnostic.help);
        let help = lines.collect::<Vec<_>>().join("\n");
        (!help.is_empty()).then(|| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt
            .primary
            .as_ref()
            .map(|_| self as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let primary = LabeledSpan::new_primary_with_span(None, self.excerpt.primary.clone()?);
        let related = self.excerpt.related.iter().map(|(span, message)| {
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
        let inner = self
            .excerpt
            .text
            .read_span(span, lines_before, lines_after)?;
        // With no lines before it, the contents start at the span, not at its line.
        let column = match lines_before {
            0 => self.excerpt.position(span.offset()).column - 1,
            _ => inner.column(),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.excerpt.diagnostic.path.to_owned(),
            inner.data(),
            *inner.span(),
            inner.line() + self.excerpt.position(0).line - 1,
            column,
            inner.line_count(),
        )))
    }
}

impl fmt::Display for Pretty<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.excerpt.message())
    }
}

impl fmt::Debug for Pretty<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Pretty<'_> {}
