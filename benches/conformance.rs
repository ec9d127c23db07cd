//! Time of all cases of the conformance suite in one process, beside that of `openjd-model` parsing the same texts.

#![allow(clippy::print_stdout, reason = "it is for people")]

use mimalloc::MiMalloc;
use openjd_model::CallerLimits;
use openjd_model::template::parse::{DocumentType, document_string_to_object};
use openjd_monitor::conformance::{all, templates};
use openjd_monitor_core::lint;
use openjd_monitor_core::template::Syntax;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

/// That of the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

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
    println!("{:<22} {:>12} {:>12} {:>6}", "", "parsing", "all", "ratio");
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
    let mut times: [Vec<Duration>; 2] = Default::default();
    for _ in 0..PAIRS {
        times[0].push(time(parse));
        times[1].push(time(&run));
    }
    let [parsing, all] = times.map(|mut times| {
        times.sort_unstable();
        times[PAIRS / 2]
    });
    let ratio = all.as_secs_f64() / parsing.as_secs_f64();
    let name = format!("{} {name}", texts.len());
    println!("{name:<22} {parsing:>12.1?} {all:>12.1?} {ratio:>6.2}");
}

fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}
