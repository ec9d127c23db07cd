//! The parts of a file that a drawing shows.

use super::diagnostic::Diagnostic;
use openjd_monitor_core::shown::Shown;
use openjd_monitor_core::template::Source;
use std::ops::Range;

/// Longest line that is shown whole, in bytes. Minified JSON is one line.
const LONG_LINE: usize = 400;

/// Context kept on each side of a place in a longer line, in bytes. More than a drawing is wide, so
/// that the renderer marks the cut.
const CONTEXT: usize = 200;

/// Places further apart than this, in bytes, are drawn apart: a drawing costs no more than what it shows.
const NEAR: usize = 4096;

/// A few lines, or a part of a long one, and the places to mark in them.
pub(super) struct Excerpt<'r> {
    /// The lines, ended by LF.
    pub text: String,
    /// The number of the first line.
    pub first_line: usize,
    pub marks: Vec<Mark<'r>>,
    /// Start of the place that the excerpt is about, in bytes of the file, if it does not begin with a line.
    pub cut_at: Option<usize>,
}

/// A place to underline.
pub(super) struct Mark<'r> {
    /// The place in [`Excerpt::text`].
    pub span: Range<usize>,
    /// The note beside it; none for the place of the diagnostic itself.
    pub label: Option<&'r str>,
}

/// A place in the file, within one line.
struct Place<'r> {
    span: Range<usize>,
    label: Option<&'r str>,
}

/// Returns the excerpts of `diagnostic`, the one with its own place first.
pub(super) fn excerpts_of<'d>(diagnostic: &'d Diagnostic<'_>) -> Vec<Excerpt<'d>> {
    let source = diagnostic.source;
    let primary = diagnostic.span.as_ref().map(|span| (span, None));
    let related = diagnostic.related.iter();
    let related = related.map(|(span, label)| (span, Some(label.as_str())));
    let mut places: Vec<_> = primary
        .into_iter()
        .chain(related)
        .map(|(span, label)| Place {
            span: source.first_line_of(span),
            label,
        })
        .collect();
    places.sort_by_key(|place| place.span.start);
    let mut excerpts: Vec<_> = places
        .chunk_by(|one, next| are_near(source, &one.span, &next.span))
        .map(|places| excerpt(source, places))
        .collect();
    let is_secondary =
        |excerpt: &Excerpt<'_>| excerpt.marks.iter().all(|mark| mark.label.is_some());
    excerpts.sort_by_key(is_secondary);
    excerpts
}

/// Tells if two places, the first before the second, are to be drawn together.
fn are_near(source: &Source, one: &Range<usize>, next: &Range<usize>) -> bool {
    let is_in_long_line = |span: &Range<usize>| line_around(source, span.start).len() > LONG_LINE;
    let limit = match is_in_long_line(one) || is_in_long_line(next) {
        true => CONTEXT,
        false => NEAR,
    };
    next.start - one.start <= limit
}

fn line_around(source: &Source, offset: usize) -> Range<usize> {
    let index = source.line_index(offset);
    source.line_range(index).unwrap_or(offset..offset)
}

fn excerpt<'r>(source: &Source, places: &[Place<'r>]) -> Excerpt<'r> {
    let start = places.first().map_or(0, |place| place.span.start);
    let end = places.last().map_or(start, |place| place.span.end);
    let mut excerpt = Excerpt {
        text: String::new(),
        first_line: source.line_index(start) + 1,
        marks: Vec::new(),
        cut_at: None,
    };
    for index in source.line_index(start)..=source.line_index(end.max(start)) {
        let line = source.line_range(index).unwrap_or(start..start);
        let shown = shown_part(source, line.clone(), places);
        if shown.start > line.start {
            let primary = places.iter().find(|place| place.label.is_none());
            excerpt.cut_at = Some(primary.map_or(start, |place| place.span.start));
        }
        let offset = excerpt.text.len();
        let here = places
            .iter()
            .filter(|place| shown.start <= place.span.start && place.span.start <= shown.end);
        // Escapes are longer than what they stand for.
        let column = |at: usize| {
            let before = &source.text()[shown.start..at.clamp(shown.start, shown.end)];
            offset + Shown::excerpt(before).as_str().len()
        };
        excerpt.marks.extend(here.map(|place| Mark {
            span: column(place.span.start)..column(place.span.end),
            label: place.label,
        }));
        let text = Shown::excerpt(&source.text()[shown.clone()]);
        excerpt.text.push_str(text.as_str());
        excerpt.text.push('\n');
    }
    excerpt
}

/// Returns the part of `line` to show, without its line break: all of it, or the surroundings of the places in it.
fn shown_part(source: &Source, line: Range<usize>, places: &[Place<'_>]) -> Range<usize> {
    let text = source.text();
    let content = text[line.clone()].trim_end_matches(['\r', '\n']);
    let line = line.start..line.start + content.len();
    if content.len() <= LONG_LINE {
        return line;
    }
    let mut here = places
        .iter()
        .filter(|place| line.start <= place.span.start && place.span.start <= line.end);
    let first = here.next();
    let start = first.map_or(line.start, |place| place.span.start);
    let end = here.next_back().or(first).map_or(start, |place| {
        place.span.end.min(place.span.start + LONG_LINE)
    });
    let from = text.floor_char_boundary(start.saturating_sub(CONTEXT));
    from.max(line.start)..text.floor_char_boundary(end + CONTEXT).min(line.end)
}
