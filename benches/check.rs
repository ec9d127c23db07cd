//! Cost of a check beside that of `openjd-model` alone: read the medians as ratios.

use divan::{Bencher, black_box};
use openjd_model::template::parse::{DocumentType, document_string_to_object};
use openjd_model::{CallerLimits, ModelExtension, decode_job_template};
use openjd_monitor_core::lint;
use openjd_monitor_core::template::{Syntax, limits, load};

/// A sound template with a monitor.
const TEMPLATE: &str = include_str!("sixty-lines.yaml");

fn main() {
    divan::main();
}

/// The template without the extension, which `openjd-model` does not know.
fn without_monitor() -> String {
    let (before, rest) = TEMPLATE
        .split_once("        onMonitor:")
        .expect("a monitor");
    let (_, after) = rest.split_once("      embeddedFiles:").expect("the files");
    format!("{before}      embeddedFiles:{after}").replace(", MONITOR]", "]")
}

#[divan::bench]
fn openjd_model(bencher: Bencher) {
    let text = without_monitor();
    let known: Vec<_> = ModelExtension::ALL
        .iter()
        .map(|extension| extension.as_str())
        .collect();
    bencher.bench(|| {
        let limits = CallerLimits::default();
        let value = document_string_to_object(&text, DocumentType::Yaml, &limits).expect("YAML");
        decode_job_template(value, Some(&known), &limits).expect("a template")
    });
}

#[divan::bench]
fn load_with_positions(bencher: Bencher) {
    bencher.bench(|| {
        load(
            black_box(TEMPLATE.as_bytes()),
            Syntax::Yaml,
            limits::DEFAULT_MAX_BYTES,
        )
    });
}

#[divan::bench]
fn check_sound(bencher: Bencher) {
    check(bencher, TEMPLATE);
}

/// With an error of the base, which brings in the complete schema.
#[divan::bench]
fn check_with_an_error(bencher: Bencher) {
    check(bencher, &TEMPLATE.replace("name: Render", "nmae: Render"));
}

fn check(bencher: Bencher, template: &str) {
    let settings = lint::Settings::default();
    bencher.bench(|| lint::check(black_box(template.as_bytes()), Syntax::Yaml, &settings));
}
