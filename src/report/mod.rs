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
mod sarif;

pub use link::rule_id;

use crate::screen::{Allowed, Screen};
use annotate_snippets::renderer::DecorStyle;
use diagnostic::Diagnostic;
use openjd_monitor_core::lint::{Finding, Level, Safety};
use openjd_monitor_core::shown::Shown;
use openjd_monitor_core::template::{Position, Problem, Source};
use std::io::{self, Write};
use std::path::PathBuf;

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

/// A template and what was found in it.
#[derive(Debug)]
pub struct Template {
    /// The path by which the user knows it.
    pub path: String,
    /// Its text.
    pub source: Source,
    /// The findings, in order of position, fit to be shown.
    findings: Vec<Finding>,
    /// Number of suppressed findings.
    pub suppressed: usize,
    /// Number of findings in the baseline.
    pub baselined: usize,
    /// Number of fixes applied.
    pub fixed: usize,
}

impl Template {
    /// Creates a template of which nothing is suppressed, known or fixed yet. Makes what its findings say fit to be
    /// shown, since names and texts of the template are in it.
    pub fn new(path: String, source: Source, mut findings: Vec<Finding>) -> Self {
        let fit = |text: &mut String| *text = Shown::line(text.as_str()).to_string();
        for finding in &mut findings {
            fit(&mut finding.message);
            finding.help.iter_mut().for_each(fit);
            let related = finding.related.iter_mut();
            related.for_each(|other| fit(&mut other.message));
            if let Some(fix) = &mut finding.fix {
                fit(&mut fix.title);
            }
        }
        Self {
            path,
            source,
            findings,
            suppressed: 0,
            baselined: 0,
            fixed: 0,
        }
    }

    /// Drops the text of a template without findings, which no report shows: a run over many large files keeps
    /// only those that it reports.
    #[must_use]
    pub fn without_needless_text(mut self) -> Self {
        if self.findings.is_empty() {
            self.source = Source::new(String::new());
        }
        self
    }

    /// Returns the findings, in order of position.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Passes over the findings that `is_known` knows.
    pub fn pass_over(&mut self, mut is_known: impl FnMut(&Self, &Finding) -> bool) {
        for finding in std::mem::take(&mut self.findings) {
            match is_known(self, &finding) {
                true => self.baselined += 1,
                false => self.findings.push(finding),
            }
        }
    }

    /// Returns the start of `finding`; one without a place concerns the whole template.
    fn start(&self, finding: &Finding) -> Position {
        let start = finding.span.as_ref().map_or(0, |span| span.start);
        self.source.position(start)
    }

    /// The text that `finding` stands on; empty for what has no place.
    pub fn text_of(&self, finding: &Finding) -> &str {
        let span = finding.span.clone().unwrap_or_default();
        self.source.text().get(span).unwrap_or_default()
    }
}

/// The outcome of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// The current folder, which programs take the paths of templates to be relative to.
    pub folder: PathBuf,
    /// The templates that were checked, in order of path.
    pub templates: Vec<Template>,
    /// Number of files read that are not templates.
    pub skipped: usize,
}

impl Report {
    /// Returns the number of findings of `level`, shown or not.
    pub fn count(&self, level: Level) -> usize {
        self.findings()
            .filter(|(_, finding)| finding.level == level)
            .count()
    }

    /// The worst finding's level.
    pub fn worst(&self) -> Option<Level> {
        self.findings().map(|(_, finding)| finding.level).max()
    }

    /// Returns the number of suppressed findings.
    pub fn suppressed(&self) -> usize {
        self.templates
            .iter()
            .map(|template| template.suppressed)
            .sum()
    }

    /// Returns the number of findings in the baseline.
    pub fn baselined(&self) -> usize {
        let templates = self.templates.iter();
        templates.map(|template| template.baselined).sum()
    }

    /// Returns the number of fixes applied.
    pub fn fixed(&self) -> usize {
        self.templates.iter().map(|template| template.fixed).sum()
    }

    /// Returns the number of findings that have a fix of this safety.
    fn fixable(&self, safety: Safety) -> usize {
        let fixes = self
            .findings()
            .filter_map(|(_, finding)| finding.fix.as_ref());
        fixes.filter(|fix| fix.safety == safety).count()
    }

    /// Returns advice on how to apply the available fixes.
    fn offer(&self) -> String {
        match [Safety::Safe, Safety::Unsafe].map(|safety| self.fixable(safety)) {
            [0, 0] => String::new(),
            [safe, 0] => format!("; {safe} fixable with --fix"),
            [0, more] => format!("; {more} fixable with --fix --unsafe-fixes"),
            [safe, more] => format!("; {safe} fixable with --fix, {more} more with --unsafe-fixes"),
        }
    }

    fn findings(&self) -> impl Iterator<Item = (&Template, &Finding)> {
        self.templates.iter().flat_map(|template| {
            template
                .findings
                .iter()
                .map(move |finding| (template, finding))
        })
    }

    /// The counts in a sentence for people.
    fn summary(&self) -> String {
        let counts = [Level::Error, Level::Warning, Level::Info]
            .map(|level| (self.count(level), level.name()));
        let found: Vec<_> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| plural(*count, name))
            .collect();
        let found = if found.is_empty() {
            "no findings".to_owned()
        } else {
            found.join(", ")
        };
        let beside = [
            (self.fixed(), format!("{} fixed", self.fixed())),
            (
                self.suppressed(),
                format!("{} suppressed", self.suppressed()),
            ),
            (
                self.baselined(),
                format!("{} in the baseline", self.baselined()),
            ),
            (
                self.skipped,
                format!("{} skipped", plural(self.skipped, "other file")),
            ),
        ];
        let beside: Vec<_> = beside
            .into_iter()
            .filter_map(|(count, text)| (count > 0).then_some(text))
            .collect();
        let beside = match beside.is_empty() {
            true => String::new(),
            false => format!(" ({})", beside.join(", ")),
        };
        format!(
            "{found} in {}{beside}{}",
            plural(self.templates.len(), "template"),
            self.offer()
        )
    }
}

fn plural(count: usize, name: &str) -> String {
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
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
    /// A screen that lets pass what this style has beside text.
    fn screen<'w>(&self, out: &'w mut dyn Write) -> Screen<'w> {
        let allowed = Allowed {
            styles: self.color || self.links,
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
    let shown = || {
        report
            .findings()
            .filter(|(_, finding)| finding.level >= style.min_level)
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
        writeln!(out, "{}", report.summary())?;
    }
    Ok(())
}

/// Draws what is wrong with a file that is no template, as findings are drawn.
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
