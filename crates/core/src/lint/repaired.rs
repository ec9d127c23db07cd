//! Checks a file that is not well-formed, or not as it was meant: repairs its problems in memory, as long as their causes are
//! known, and moves the findings about the repaired text to their places in the file.

use super::finding::Finding;
use super::fix::Fix;
use super::resolve::{configured, in_order};
use super::settings::Settings;
use super::{Found, Level, check_document, malformed};
use crate::template::{Edit, Loaded, Problem, Source, Syntax, load};
use std::ops::Range;

/// Bounds on the times that one file is repaired and read again: small files may have more mistakes.
const MIN_ROUNDS: usize = 16;
const MAX_ROUNDS: usize = 100;

/// Bytes that may be read again beyond that.
const MAX_BYTES: usize = 1 << 18;

/// Returns the findings about the file `source`, which `problems` keep from being read as it was meant.
pub(super) fn check(
    source: &Source,
    mut problems: Vec<Problem>,
    syntax: Syntax,
    settings: &Settings,
) -> Found {
    let mut repaired = Repaired::default();
    let mut found = Found::default();
    let mut rounds = (MAX_BYTES / source.text().len().max(1)).clamp(MIN_ROUNDS, MAX_ROUNDS);
    loop {
        let unread = problems.first().map(|problem| repaired.unread(problem));
        if rounds == 0 {
            found.findings.extend(malformed(Vec::from_iter(unread)));
            break;
        }
        rounds -= 1;
        let are_explained = problems.iter().all(|problem| problem.repair.is_some());
        let repairs = problems.iter().map(|problem| problem.repair.as_ref());
        let repairs: Option<Vec<_>> = repairs.collect();
        let edits = repairs.map(|repairs| {
            repairs
                .iter()
                .flat_map(|repair| repair.edits.clone())
                .collect::<Vec<_>>()
        });
        let next = edits.and_then(|edits| repaired.with(&edits));
        found
            .findings
            .extend(repaired.moved_all(malformed(problems)));
        let Some(next) = next else {
            // Of a repair within another one, it cannot be said where it belongs.
            let unread = unread.filter(|_| are_explained);
            found.findings.extend(malformed(Vec::from_iter(unread)));
            break;
        };
        repaired = next;
        let text = Edit::apply(&repaired.edits, source.text());
        problems = match load(text.as_bytes(), syntax, u64::MAX) {
            Loaded::Malformed(_, problems) => problems,
            Loaded::NoMapping(_) => break,
            Loaded::Document(document) => match check_document(&document, settings) {
                Some(Err(problems)) => problems,
                Some(Ok(mut rest)) => {
                    // Advice can wait until the file can be read.
                    rest.findings.retain(|finding| finding.level > Level::Info);
                    let moved = repaired.moved_all(rest.findings).into_iter();
                    let of_file =
                        moved.filter(|finding| !repaired.has_changed(finding, source.text()));
                    found.findings.extend(of_file);
                    found.suppressed = rest.suppressed;
                    break;
                }
                None => break,
            },
        };
    }
    found.findings = in_order(configured(found.findings, settings));
    found
}

/// The repairs of a text, as edits of the text before any of them.
#[derive(Debug, Default)]
struct Repaired {
    edits: Vec<Edit>,
    /// The place of each edit in the repaired text.
    starts: Vec<usize>,
}

impl Repaired {
    /// Adds `edits` of the repaired text; `None` if they overlap earlier ones.
    fn with(&self, edits: &[Edit]) -> Option<Self> {
        let mut all = self.edits.clone();
        for edit in edits {
            all.push(self.moved_edit(edit)?);
        }
        all.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let is_apart = all
            .windows(2)
            .all(|pair| pair[0].span.end <= pair[1].span.start);
        let (mut grown, mut shrunk) = (0, 0);
        let start = |edit: &Edit| {
            let start = edit.span.start + grown - shrunk;
            grown += edit.text.len();
            shrunk += edit.span.len();
            start
        };
        let starts = all.iter().map(start).collect();
        is_apart.then_some(Self { edits: all, starts })
    }

    /// Says, where `problem` of the repaired text is in the original text, that the rest is not checked.
    fn unread(&self, problem: &Problem) -> Problem {
        let start = problem.span.start;
        let offset = self.original(start, false).unwrap_or_else(|| {
            let next = self.starts.partition_point(|at| *at <= start);
            self.edits[..next].last().map_or(0, |edit| edit.span.start)
        });
        Problem::new(offset, "there is at least one more mistake, from here on")
            .help("mend the others first: then the rest of the file is checked")
    }

    /// Maps an offset in the repaired text to the original text; `None` inside a repair.
    fn original(&self, offset: usize, is_end: bool) -> Option<usize> {
        let is_before = |start: &usize| *start < offset || *start == offset && !is_end;
        let Some(index) = self.starts.partition_point(is_before).checked_sub(1) else {
            return Some(offset);
        };
        let (start, Edit { span, text }) = (self.starts[index], &self.edits[index]);
        let end = start + text.len();
        if offset < end || offset == end && is_end && !text.is_empty() {
            let is_whole = offset == start || offset == end;
            return is_whole.then_some(if offset == start {
                span.start
            } else {
                span.end
            });
        }
        Some(offset - end + span.end)
    }

    fn moved(&self, span: &Range<usize>) -> Option<Range<usize>> {
        let start = self.original(span.start, false)?;
        let end = match span.is_empty() {
            true => start,
            false => self.original(span.end, true)?,
        };
        Some(start..end.max(start))
    }

    fn moved_edit(&self, edit: &Edit) -> Option<Edit> {
        Some(Edit {
            span: self.moved(&edit.span)?,
            text: edit.text.clone(),
        })
    }

    /// Moves findings to the original text. Drops those with a place inside a repair.
    fn moved_all(&self, findings: Vec<Finding>) -> Vec<Finding> {
        findings
            .into_iter()
            .filter_map(|finding| self.moved_finding(finding))
            .collect()
    }

    /// Returns true if a repair changed the text that `finding` is about: the file does not have that text.
    fn has_changed(&self, finding: &Finding, text: &str) -> bool {
        let span = finding.span.clone().unwrap_or_default();
        let next = self
            .edits
            .partition_point(|repair| repair.span.start <= span.start);
        let is_inside = |repair: &Edit| repair.span.end < span.end;
        let is_quoted = |text: &str| text.starts_with(['"', '\'']);
        // A number or a word in the place of another, or a string in that of one.
        let is_other_value = |repair: &Edit| {
            let is_whole = repair.span == span && !span.is_empty();
            is_whole && !(is_quoted(&repair.text) && is_quoted(&text[span.clone()]))
        };
        self.edits.get(next).is_some_and(is_inside)
            || self.edits[..next].last().is_some_and(is_other_value)
    }

    fn moved_finding(&self, mut finding: Finding) -> Option<Finding> {
        finding.span = Some(self.moved(finding.span.as_ref()?)?);
        for related in &mut finding.related {
            related.span = related.span.as_ref().and_then(|span| self.moved(span));
        }
        finding.fix = finding.fix.and_then(|fix| self.moved_fix(fix));
        Some(finding)
    }

    /// Moves a fix to the original text; `None` if it would change part of a repair.
    fn moved_fix(&self, fix: Fix) -> Option<Fix> {
        let edits: Option<Vec<_>> = fix.edits.iter().map(|edit| self.moved_edit(edit)).collect();
        let (edits, within) = (edits?, self.moved(&fix.within)?);
        let is_apart = |edit: &Edit| {
            let next = self
                .edits
                .partition_point(|repair| repair.span.end < edit.span.start);
            let next = self.edits.get(next);
            next.is_none_or(|repair| edit.span.end < repair.span.start)
        };
        edits.iter().all(is_apart).then_some(Fix {
            edits,
            within,
            ..fix
        })
    }
}
