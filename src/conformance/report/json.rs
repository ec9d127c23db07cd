//! JSON report, version 1. The types here are frozen: readers rely on them, however the types of outcomes change.

use super::{Report, Standing};
use crate::conformance::outcome::{Outcome, Trace, Verdict};
use crate::conformance::protocol::{Implementation, VERSION};
use crate::conformance::{SPECIFICATION, SUITE};
use openjd_monitor_core::trace::Fields;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    versions: Versions,
    implementation: &'r Implementation,
    features: &'r [String],
    missing: Vec<&'r str>,
    floor: Option<u64>,
    readings: Vec<Point<'r>>,
    summary: Summary,
    cases: Vec<Entry<'r>>,
}

#[derive(Serialize)]
struct Versions {
    protocol: u32,
    specification: &'static str,
    suite: &'static str,
    tool: &'static str,
}

#[derive(Serialize)]
struct Summary {
    failed: bool,
    partial: bool,
    known: usize,
    verdicts: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct Point<'r> {
    point: &'r str,
    taken: Vec<Reading<'r>>,
}

#[derive(Serialize)]
struct Reading<'r> {
    reading: &'r str,
    cases: Vec<&'r str>,
}

#[derive(Serialize)]
struct Entry<'r> {
    id: &'r str,
    title: &'r str,
    clauses: &'r [String],
    requires: &'r [String],
    verdict: &'static str,
    known: bool,
    message: Option<String>,
    reading: Option<&'r str>,
    expected: Option<Vec<&'r Fields>>,
    actual: Option<Vec<&'r Fields>>,
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        version: 1,
        versions: Versions {
            protocol: VERSION,
            specification: SPECIFICATION,
            suite: SUITE,
            tool: env!("CARGO_PKG_VERSION"),
        },
        implementation: &report.hello.implementation,
        features: &report.hello.features,
        missing: report.missing(),
        floor: report.hello.floor,
        readings: readings(report),
        summary: Summary {
            failed: report.has_failed(),
            partial: report.partial().is_some(),
            known: report.having(Standing::Known).count(),
            verdicts: Verdict::NAMES
                .map(|name| (name, report.count(name)))
                .into_iter()
                .collect(),
        },
        cases: report
            .outcomes
            .iter()
            .map(|outcome| entry(report, outcome))
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn readings(report: &Report) -> Vec<Point<'_>> {
    let points = report.readings().into_iter();
    let points = points.map(|(point, taken)| Point {
        point,
        taken: taken
            .into_iter()
            .map(|(reading, cases)| Reading { reading, cases })
            .collect(),
    });
    points.collect()
}

fn entry<'r>(report: &Report, outcome: &'r Outcome) -> Entry<'r> {
    let is_bad = !outcome.verdict.is_good();
    let trace = |trace: &'r Trace| is_bad.then(|| trace.iter().map(|(_, event)| event).collect());
    Entry {
        id: &outcome.id,
        title: &outcome.title,
        clauses: &outcome.clauses,
        requires: &outcome.requires,
        verdict: outcome.verdict.name(),
        known: report.known.contains(&outcome.id),
        message: outcome.verdict.message(),
        reading: outcome.reading.as_deref(),
        expected: trace(&outcome.expected),
        actual: trace(&outcome.actual),
    }
}
