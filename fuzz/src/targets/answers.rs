//! Answers of an adapter: each case gets a verdict, and a report in each format.

use super::super::fit;
use super::super::input::answers;
use arbitrary::{Result, Unstructured};
use openjd_monitor::conformance::report::{self, Format, Report};
use openjd_monitor::conformance::{self, Case, KnownFailures, Runtime};
use std::fs;
use std::sync::LazyLock;
use std::time::Duration;

static CASES: LazyLock<Vec<Case>> = LazyLock::new(conformance::all);

/// Stays until it is told to end, as an adapter does.
const ADAPTER: &str =
    r#"cat "$0"; while read -r line; do case $line in *'"op":"stop"'*) exit;; esac; done"#;

/// Judges a runtime by the answers that `bytes` stand for.
pub fn answers(bytes: &[u8]) {
    // Input that ends too early is no input.
    let _ = judge(&mut Unstructured::new(bytes));
}

fn judge(u: &mut Unstructured<'_>) -> Result<()> {
    let case = u.choose(&CASES)?;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("answers");
    fs::write(&file, answers::any(u, case)?).expect("a file");
    let command = ["/bin/sh", "-c", ADAPTER, &file.to_string_lossy()].map(str::to_owned);
    let mut runtime = Runtime::new(command.to_vec(), Duration::from_secs(2));
    let hello = match runtime.hello() {
        Ok(hello) => hello,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return Ok(());
        }
    };
    let outcome = runtime.run(case.scenario().expect("a scenario"), &hello);
    let report = Report {
        adapter: vec!["adapter".to_owned()],
        hello,
        outcomes: vec![outcome],
        known: KnownFailures::default(),
    };
    for format in [Format::Text, Format::Json, Format::Junit, Format::Html] {
        let mut out = Vec::new();
        report::write(&report, format, None, &mut out).expect("memory");
        let out = String::from_utf8(out).expect("UTF-8");
        match format {
            Format::Junit => fit::xml(&out),
            _ => fit::text(&out, false),
        }
        if format == Format::Json {
            serde_json::from_str::<serde_json::Value>(&out).expect("JSON");
        }
    }
    Ok(())
}
