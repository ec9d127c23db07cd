//! Findings to one output format a file. Knows no rule.

mod concise;
mod diagnostic;
mod drawing;
mod excerpt;
mod fingerprint;
mod github;
mod gitlab;
mod json;
mod junit;
mod link;
mod paths;
mod results;
mod sarif;

pub use link::rule_id;
pub use results::{Report, Template};

use crate::screen::{Allowed, Screen};
use annotate_snippets::renderer::DecorStyle;
use diagnostic::Diagnostic;
use openjd_monitor_core::lint::{Finding, Level, without_excess};
use openjd_monitor_core::template::{Problem, Source};
use std::io::{self, Write};

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people at a terminal: colour and Unicode.
    Pretty,
    /// For people elsewhere: ASCII.
    Plain,
    /// A line for each finding: `path:line:column: level[rule] message`.
    Concise,
    /// For programs; `openjd-monitor schema report` describes it.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands that annotate a run of GitHub Actions.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    /// JUnit XML: a test suite for each template.
    Junit,
}

/// Options for writing a report.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// The format.
    pub format: Format,
    /// Use colour in formats for people.
    pub color: bool,
    /// Link rule ids to their pages in formats for people.
    pub links: bool,
    /// Findings below this level are counted, but not shown.
    pub min_level: Level,
    /// End formats for people with the counts.
    pub has_summary: bool,
}

impl Style {
    /// Returns a screen that lets pass the escape sequences or commands of this style.
    fn screen<'w>(&self, out: &'w mut dyn Write) -> Screen<'w> {
        let is_for_people = matches!(
            self.format,
            Format::Pretty | Format::Plain | Format::Concise
        );
        let allowed = Allowed {
            styles: is_for_people && (self.color || self.links),
            commands: self.format == Format::Github,
        };
        Screen::allowing(allowed, out)
    }
}

/// Writes `report`.
///
/// # Errors
///
/// Returns an error if writing to `out` fails.
pub fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = style.screen(out);
    write_to(report, style, &mut out)?;
    out.flush()
}

fn write_to(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let is_shown = |finding: &&Finding| finding.level >= style.min_level;
    let shown = report.templates.iter().flat_map(|template| {
        let shown = without_excess(template.findings().iter().filter(is_shown));
        shown.into_iter().map(move |finding| (template, finding))
    });
    let shown: Vec<_> = shown.collect();
    let shown = || {
        shown
            .iter()
            .map(|(template, finding)| (*template, &**finding))
    };
    match style.format {
        Format::Concise => return concise::write(shown(), style, out),
        Format::Json => return json::write(report, shown(), out),
        Format::Sarif => return sarif::write(report, shown(), out),
        Format::Github => return github::write(report, shown(), out),
        Format::Gitlab => return gitlab::write(report, shown(), out),
        Format::Junit => return junit::write(report, shown(), out),
        Format::Pretty | Format::Plain => {
            let decor = decor_of(style.format);
            drawing::write(shown().map(Diagnostic::of_finding), style, decor, out)?;
        }
    }
    if style.has_summary {
        writeln!(out, "{}", report.summary(style.min_level))?;
    }
    Ok(())
}

/// Draws the problems of a file that cannot be read, in the same way as findings.
///
/// # Errors
///
/// Returns an error if writing to `out` fails.
pub fn write_problems(
    path: &str,
    source: &Source,
    problems: &[Problem],
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = problems
        .iter()
        .map(|problem| Diagnostic::of_problem(path, source, problem));
    let mut out = style.screen(out);
    drawing::write(shown, style, decor_of(style.format), &mut out)?;
    out.flush()
}

/// Returns the characters of drawings in a report of `format`: ASCII, but for `pretty`.
fn decor_of(format: Format) -> DecorStyle {
    match format {
        Format::Pretty => DecorStyle::Unicode,
        _ => DecorStyle::Ascii,
    }
}
