//! What came of a run, in one output format a file.

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

/// What came of a run.
#[derive(Debug)]
pub struct Report {
    /// The command line of the adapter.
    pub adapter: Vec<String>,
    /// Who the runtime is.
    pub hello: Hello,
    /// What came of each case, in the order of their names.
    pub outcomes: Vec<Outcome>,
    /// What is known to fail.
    pub known: KnownFailures,
}

/// What an outcome is to the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It does not fail the run: a pass or a skip.
    Good,
    /// It would, but is known to fail.
    Known,
    /// It passes, but is said to fail: the list is to be kept true.
    UnexpectedPass,
    /// It fails the run.
    Bad,
}

impl Report {
    /// What this outcome is to the run.
    pub fn standing(&self, outcome: &Outcome) -> Standing {
        let is_known = self.known.contains(&outcome.id);
        match (&outcome.verdict, is_known) {
            (Verdict::Pass, true) => Standing::UnexpectedPass,
            (verdict, _) if verdict.is_good() => Standing::Good,
            (_, true) => Standing::Known,
            (_, false) => Standing::Bad,
        }
    }

    /// The outcomes with this standing.
    pub fn having(&self, standing: Standing) -> impl Iterator<Item = &Outcome> {
        let outcomes = self.outcomes.iter();
        outcomes.filter(move |outcome| self.standing(outcome) == standing)
    }

    /// How many outcomes have the verdict of this name.
    pub fn count(&self, verdict: &str) -> usize {
        let outcomes = self.outcomes.iter();
        let of_verdict = outcomes.filter(|outcome| outcome.verdict.name() == verdict);
        of_verdict.count()
    }

    /// Whether the run has failed: something is bad, or an unexpected pass, or nothing has passed, so that nothing
    /// is shown.
    pub fn has_failed(&self) -> bool {
        let is_wrong = |standing| self.having(standing).next().is_some();
        is_wrong(Standing::Bad) || is_wrong(Standing::UnexpectedPass) || self.shows_nothing()
    }

    /// Whether every case was skipped.
    pub fn shows_nothing(&self) -> bool {
        self.count("skip") == self.outcomes.len()
    }

    /// The features that a conforming runtime has and this one has not.
    pub fn missing(&self) -> Vec<&'static str> {
        let required = FEATURES
            .into_iter()
            .filter(|feature| !OPTIONAL.contains(feature));
        required
            .filter(|feature| !self.hello.has(feature))
            .collect()
    }

    /// The cases that the runtime itself skipped, though it has what they need.
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

    /// The readings that the runtime takes of the points that the base specification leaves open, each with the
    /// cases that show it. A runtime that takes several of one point does not do the same everywhere.
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

    /// What makes the run say less than that a runtime conforms, in a sentence, if something does.
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

    /// The runtime with its version, as it can be shown anywhere.
    pub fn runtime(&self) -> String {
        let of = &self.hello.implementation;
        let version = of.version.iter().map(|version| format!(" {version}"));
        shown(&format!("{}{}", of.name, version.collect::<String>()))
    }

    /// The counts in a sentence.
    pub fn summary(&self) -> String {
        let counts = Verdict::NAMES.map(|name| format!("{} {name}", self.count(name)));
        let known = match self.having(Standing::Known).count() {
            0 => String::new(),
            1 => " (1 known failure)".to_owned(),
            known => format!(" ({known} known failures)"),
        };
        format!("{}{known}", counts.join(", "))
    }

    /// The command that runs a case of this run again.
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

/// Why an outcome is as it is, in a line that can be shown anywhere.
fn message(outcome: &Outcome) -> String {
    shown(&outcome.verdict.message().unwrap_or_default())
}

/// What a runtime has said, without what would do harm where it is shown.
fn shown(text: &str) -> String {
    Shown::line(text).to_string()
}

/// Writes `report`; `width` is that of a terminal, in columns.
///
/// # Errors
///
/// What writing to `out` gives.
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
