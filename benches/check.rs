//! Time of `check` beside that of `openjd-model` loading and decoding the same template, in turn.
//!
//! Prints the medians and their ratio, for each template of `templates/`.
//! With the path of a folder, it does so for all files in it together.

#![allow(clippy::print_stdout, reason = "it is for people")]

use openjd_model::template::parse::{DocumentType, document_string_to_object};
use openjd_model::{
    CallerLimits, ModelExtension, decode_environment_template, decode_job_template,
};
use openjd_monitor_core::lint;
use openjd_monitor_core::template::Syntax;
use std::hint::black_box;
use std::path::Path;

mod measure;

/// Number of pairs of measurements.
const PAIRS: usize = 101;

const TEMPLATES: [(&str, &str); 5] = [
    ("plain", include_str!("templates/plain.yaml")),
    ("parameters", include_str!("templates/parameters.yaml")),
    ("scripts", include_str!("templates/scripts.yaml")),
    ("expressions", include_str!("templates/expressions.yaml")),
    ("monitor", include_str!("templates/monitor.yaml")),
];

fn main() {
    measure::heading("openjd-model", "check");
    let folders = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'));
    let folders: Vec<_> = folders.collect();
    for folder in &folders {
        let texts = texts_in(Path::new(folder));
        let pairs: Vec<_> = texts
            .iter()
            .map(|text| (text.as_str(), without_monitor(text)))
            .collect();
        compare(&format!("{} files", pairs.len()), 11, &pairs);
    }
    if folders.is_empty() {
        for (name, text) in TEMPLATES {
            compare(name, PAIRS, &[(text, without_monitor(text))]);
        }
    }
}

/// Returns the texts of the templates in `folder`.
fn texts_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("a text"))
        .collect()
}

/// Prints how long both take for all `texts`, each with the text that `openjd-model` reads.
fn compare(name: &str, pairs: usize, texts: &[(&str, String)]) {
    let settings = lint::Settings::default();
    let decode_all = || texts.iter().for_each(|(_, base)| decode(base));
    let check_all = || {
        for (text, _) in texts {
            black_box(lint::check(text.as_bytes(), Syntax::Yaml, &settings));
        }
    };
    measure::compare(name, pairs, decode_all, check_all);
}

/// Loads and decodes a template as the official command line does.
fn decode(text: &str) {
    let known: Vec<_> = ModelExtension::ALL
        .iter()
        .map(|extension| extension.as_str())
        .collect();
    let limits = CallerLimits::default();
    let value = document_string_to_object(text, DocumentType::Yaml, &limits).expect("YAML");
    match text.starts_with("specificationVersion: environment") {
        true => drop(black_box(
            decode_environment_template(value, Some(&known)).expect("a template"),
        )),
        false => drop(black_box(
            decode_job_template(value, Some(&known), &limits).expect("a template"),
        )),
    }
}

/// Returns `text` without its monitors and MONITOR, which `openjd-model` does not know.
fn without_monitor(text: &str) -> String {
    let mut kept = String::new();
    let mut indent_of_monitor = None;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        if indent_of_monitor.is_some_and(|start| indent > start || line.trim().is_empty()) {
            continue;
        }
        indent_of_monitor = line
            .trim_start()
            .starts_with("onMonitor:")
            .then_some(indent);
        let is_extensions = line.starts_with("extensions:");
        match indent_of_monitor {
            Some(_) => {}
            None if is_extensions => {
                let line = line.replace(", MONITOR", "").replace("MONITOR, ", "");
                if !line.contains("MONITOR") {
                    kept.push_str(&line);
                    kept.push('\n');
                }
            }
            None => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    kept
}
