//! The reports for people: findings drawn beside the text, in Unicode or ASCII.

use super::Style;
use super::diagnostic::Diagnostic;
use super::excerpt::{Excerpt, Mark, excerpts_of};
use super::link::rule_id;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use openjd_monitor_core::lint;
use std::io::{self, Write};

/// Longer lines of a file are cut, in columns.
const WIDTH: usize = 140;

/// Draws the diagnostics in `decor`, with an empty line behind each.
///
/// # Errors
///
/// Returns an error if writing to `out` fails.
pub(super) fn write<'r>(
    shown: impl Iterator<Item = Diagnostic<'r>>,
    style: Style,
    decor: DecorStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    let renderer = match style.color {
        true => Renderer::styled(),
        false => Renderer::plain(),
    };
    let renderer = renderer.decor_style(decor).term_width(WIDTH);
    for diagnostic in shown {
        let excerpts = excerpts_of(&diagnostic);
        let group = group(&diagnostic, &excerpts, style.links);
        writeln!(out, "{}\n", renderer.render(&[group]))?;
    }
    Ok(())
}

fn group<'d>(
    diagnostic: &'d Diagnostic<'_>,
    excerpts: &'d [Excerpt<'_>],
    links: bool,
) -> Group<'d> {
    let level = match diagnostic.level {
        lint::Level::Error => Level::ERROR,
        lint::Level::Warning => Level::WARNING,
        lint::Level::Info => Level::INFO,
    };
    let mut title = level.primary_title(diagnostic.message.as_str());
    if let Some(rule) = diagnostic.rule {
        // The renderer itself writes links only where it writes colours.
        title = title.id(rule_id(rule, links));
    }
    let mut group = Group::with_title(title);
    if excerpts.is_empty() {
        group = group.element(Origin::path(diagnostic.path.as_str()));
    }
    for excerpt in excerpts {
        let snippet = Snippet::source(&excerpt.text)
            .line_start(excerpt.first_line)
            .annotations(excerpt.marks.iter().map(annotation));
        group = match excerpt.cut_at {
            None => group.element(snippet.path(diagnostic.path.as_str())),
            // The renderer counts columns from where the excerpt begins.
            Some(start) => {
                let start = diagnostic.source.position(start);
                let origin = Origin::path(diagnostic.path.as_str())
                    .line(start.line)
                    .char_column(start.column);
                group.element(origin).element(snippet)
            }
        };
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    }
}

fn annotation<'d>(mark: &'d Mark<'_>) -> Annotation<'d> {
    let kind = match mark.label {
        Some(_) => AnnotationKind::Context,
        None => AnnotationKind::Primary,
    };
    kind.span(mark.span.clone()).label(mark.label)
}
