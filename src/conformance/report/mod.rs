//! Reports of a conformance run, one output format a file.

mod badge;
mod html;
mod json;
mod junit;
mod sides;
mod text;

use super::known::KnownFailures;
use super::outcome::{Outcome, Verdict};
use super::protocol::{FEATURES, Hello, OPTIONAL};
use crate::screen::Screen;
use openjd_monitor_core::shown::Shown;
use std::collections::BTreeMap;
use std::io::{self, Write};

pub use badge::badge;

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// For programs; `schema/conformance-report.schema.json` describes it.
    Json,
    /// For CI systems.
    Junit,
    /// For people elsewhere: one page that stands for itself.
    Html,
}

/// Outcomes of a run.
#[derive(Debug)]
pub struct Report {
    /// Command line of the adapter.
    pub adapter: Vec<String>,
    /// Name and features of the runtime.
    pub hello: Hello,
    /// Outcomes of the cases, ordered by name.
    pub outcomes: Vec<Outcome>,
    /// Cases that are known to fail.
    pub known: KnownFailures,
}

/// Effect of an outcome on the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A pass or a skip; does not fail the run.
    Good,
    /// A known failure; does not fail the run.
    Known,
    /// A pass of a case in the list of known failures; fails the run, so that the list is kept up to date.
    UnexpectedPass,
    /// Any other outcome; fails the run.
    Bad,
}

impl Report {
    /// Returns the effect of this outcome on the run.
    pub fn standing(&self, outcome: &Outcome) -> Standing {
        let is_known = self.known.contains(&outcome.id);
        match (&outcome.verdict, is_known) {
            (Verdict::Pass, true) => Standing::UnexpectedPass,
            (verdict, _) if verdict.is_good() => Standing::Good,
            (_, true) => Standing::Known,
            (_, false) => Standing::Bad,
        }
    }

    /// Returns the outcomes with this standing.
    pub fn having(&self, standing: Standing) -> impl Iterator<Item = &Outcome> {
        let outcomes = self.outcomes.iter();
        outcomes.filter(move |outcome| self.standing(outcome) == standing)
    }

    /// Returns the number of outcomes with the verdict of this name.
    pub fn count(&self, verdict: &str) -> usize {
        let outcomes = self.outcomes.iter();
        let of_verdict = outcomes.filter(|outcome| outcome.verdict.name() == verdict);
        of_verdict.count()
    }

    /// Returns true if an outcome is bad or an unexpected pass, or if every case was skipped.
    pub fn has_failed(&self) -> bool {
        let is_wrong = |standing| self.having(standing).next().is_some();
        is_wrong(Standing::Bad) || is_wrong(Standing::UnexpectedPass) || self.shows_nothing()
    }

    /// Returns true if every case was skipped.
    pub fn shows_nothing(&self) -> bool {
        self.count("skip") == self.outcomes.len()
    }

    /// Returns the required features that the runtime lacks.
    pub fn missing(&self) -> Vec<&'static str> {
        let required = FEATURES
            .into_iter()
            .filter(|feature| !OPTIONAL.contains(feature));
        required
            .filter(|feature| !self.hello.has(feature))
            .collect()
    }

    /// Returns the cases that the runtime itself skipped, though it has the features that they need.
    pub fn declined(&self) -> Vec<&str> {
        let outcomes = self.outcomes.iter();
        let declined = outcomes.filter(|outcome| {
            matches!(outcome.verdict, Verdict::Skip(_))
                && !outcome.is_below_floor
                && outcome
                    .requires
                    .iter()
                    .all(|feature| self.hello.has(feature))
        });
        declined.map(|outcome| outcome.id.as_str()).collect()
    }

    /// Returns the runtime's readings of open points of the base specification: by point and reading, the cases that
    /// show it. A runtime with several readings of one point is not consistent.
    pub fn readings(&self) -> BTreeMap<&str, BTreeMap<&str, Vec<&str>>> {
        let mut points: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
        for outcome in &self.outcomes {
            if let (Some(point), Some(reading)) = (&outcome.point, &outcome.reading) {
                let taken = points.entry(point).or_default();
                taken.entry(reading).or_default().push(&outcome.id);
            }
        }
        points
    }

    /// Describes missing features and declined cases, which make a passing run only a partial proof of conformance.
    pub fn partial(&self) -> Option<String> {
        let missing = self.missing();
        let declined = self.declined();
        let mut parts = Vec::new();
        if !missing.is_empty() {
            let missing = missing.iter().map(|feature| format!("`{feature}`"));
            let missing = missing.collect::<Vec<_>>().join(", ");
            parts.push(format!("the runtime lacks {missing}"));
        }
        if !declined.is_empty() {
            parts.push(format!("it skips {}", declined.join(", ")));
        }
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// Returns name and version of the runtime, escaped for display.
    pub fn runtime(&self) -> String {
        let of = &self.hello.implementation;
        let version = of.version.iter().map(|version| format!(" {version}"));
        shown(&format!("{}{}", of.name, version.collect::<String>()))
    }

    /// Returns the counts in a sentence.
    pub fn summary(&self) -> String {
        let counts = Verdict::NAMES.map(|name| format!("{} {name}", self.count(name)));
        let known = match self.having(Standing::Known).count() {
            0 => String::new(),
            1 => " (1 known failure)".to_owned(),
            known => format!(" ({known} known failures)"),
        };
        format!("{}{known}", counts.join(", "))
    }

    /// Returns the command that runs a case of this run again.
    pub fn reproduce(&self, id: &str) -> String {
        // A command line that cannot be quoted has a NUL, and could not be started.
        let quote = |words: &[&str]| shlex::try_join(words.iter().copied()).unwrap_or_default();
        let adapter: Vec<_> = self.adapter.iter().map(String::as_str).collect();
        let adapter = quote(&adapter);
        format!(
            "openjd-monitor conformance run --adapter {} {id}",
            quote(&[&adapter])
        )
    }
}

/// Returns the reason for a verdict in one line, escaped for display.
fn message(outcome: &Outcome) -> String {
    shown(&outcome.verdict.message().unwrap_or_default())
}

/// Escapes text of a runtime for display.
fn shown(text: &str) -> String {
    Shown::line(text).to_string()
}

/// Writes `report`. `width` is that of the terminal, in columns.
///
/// # Errors
///
/// Fails if writing to `out` fails.
pub fn write(
    report: &Report,
    format: Format,
    width: Option<usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = Screen::new(out);
    match format {
        Format::Text => text::write(report, width, &mut out),
        Format::Json => json::write(report, &mut out),
        Format::Junit => junit::write(report, &mut out),
        Format::Html => html::write(report, &mut out),
    }?;
    out.flush()
}
