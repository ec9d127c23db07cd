//! Time of all cases of the conformance suite in one process, beside that of `openjd-model` parsing the same texts.

#![allow(clippy::print_stdout, reason = "it is for people")]

use openjd_model::CallerLimits;
use openjd_model::template::parse::{DocumentType, document_string_to_object};
use openjd_monitor::conformance::{all, templates};
use openjd_monitor_core::lint;
use openjd_monitor_core::template::Syntax;
use std::hint::black_box;
use std::path::Path;

mod measure;

/// Number of pairs of measurements.
const PAIRS: usize = 21;

fn main() {
    let scenarios = || {
        for case in all() {
            black_box(case.trace());
        }
    };
    let settings = lint::Settings::default();
    let checks = || {
        for case in templates::all() {
            let syntax = Syntax::of_file(Path::new(case.name));
            black_box(lint::check(case.text.as_bytes(), syntax, &settings));
        }
    };
    measure::heading("parsing", "all");
    let texts = all().into_iter().map(|case| case.text());
    compare("scenarios", texts.collect(), scenarios);
    let texts = templates::all().into_iter().map(|case| case.text);
    compare("templates", texts.collect(), checks);
}

/// Prints how long `run` takes, and parsing `texts`.
fn compare(name: &str, texts: Vec<&str>, run: impl Fn()) {
    let limits = CallerLimits::default();
    let parse = || {
        for text in &texts {
            let _ = black_box(document_string_to_object(text, DocumentType::Yaml, &limits));
        }
    };
    measure::compare(&format!("{} {name}", texts.len()), PAIRS, parse, run);
}
