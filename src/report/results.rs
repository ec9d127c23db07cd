//! Result of a run of `check`: the templates with their findings, and the counts.

use openjd_monitor_core::lint::{Finding, Found, Level, Safety};
use openjd_monitor_core::shown::Shown;
use openjd_monitor_core::template::{Position, Source};
use std::path::PathBuf;

/// A template and what was found in it.
#[derive(Debug)]
pub struct Template {
    /// The path by which the user knows it.
    pub path: String,
    /// Its text.
    pub source: Source,
    /// The findings, in order of position, escaped.
    findings: Vec<Finding>,
    /// Number of suppressed findings.
    pub suppressed: usize,
    /// Number of findings in the baseline.
    pub baselined: usize,
    /// Number of fixes applied.
    pub fixed: usize,
}

impl Template {
    /// Creates a template without suppressed, known or fixed findings. Escapes the messages of its findings, which quote
    /// names and texts of the template.
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

    /// Creates a template with what a check has found in it.
    pub fn of(path: String, source: Source, found: Found) -> Self {
        Self {
            suppressed: found.suppressed,
            ..Self::new(path, source, found.findings)
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
    pub(super) fn start(&self, finding: &Finding) -> Position {
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

    pub(super) fn findings(&self) -> impl Iterator<Item = (&Template, &Finding)> {
        self.templates.iter().flat_map(|template| {
            template
                .findings
                .iter()
                .map(move |finding| (template, finding))
        })
    }

    /// Returns advice on how to see the findings below `min_level`.
    fn hint(&self, min_level: Level) -> String {
        let hidden = Level::ALL.into_iter().filter(|level| *level < min_level);
        let lowest = hidden.filter(|level| self.count(*level) > 0).min();
        lowest.map_or_else(String::new, |level| {
            format!("; --min-level {level} shows what is hidden")
        })
    }

    /// The counts in a sentence for people, when findings below `min_level` are not shown.
    pub(super) fn summary(&self, min_level: Level) -> String {
        let count_of = |level: Level| match self.count(level) {
            0 => None,
            count if level < min_level => Some(plural(count, &format!("hidden {level}"))),
            count => Some(plural(count, level.name())),
        };
        let levels = Level::ALL.into_iter().rev();
        let found: Vec<_> = levels.filter_map(count_of).collect();
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
            "{found} in {}{beside}{}{}",
            plural(self.templates.len(), "template"),
            self.offer(),
            self.hint(min_level)
        )
    }
}

fn plural(count: usize, name: &str) -> String {
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}
