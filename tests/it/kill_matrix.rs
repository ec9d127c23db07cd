//! Tests of the suite itself: every faulty runtime fails the case named for its fault, and every legal runtime passes.
//! `docs/kill-matrix.md` lists them.

use crate::support::{each, python, read, root, skip};
use openjd_monitor::conformance::{Case, Runtime, Verdict, all};
use serde::Deserialize;
use std::time::Duration;

const MATRIX: &str = "docs/kill-matrix.md";
const ADAPTER: &str = "fixtures/adapters/python/adapter.py";

#[derive(Debug, Clone, Deserialize)]
struct Variant {
    id: String,
    clause: String,
    description: String,
    legal: bool,
}

/// The Python runtime with these arguments, without its log.
fn runtime(python: &str, arguments: &[&str]) -> Runtime {
    let quiet = ["sh", "-c", "exec \"$0\" \"$@\" 2>/dev/null"];
    let adapter = root().join(ADAPTER).to_string_lossy().into_owned();
    let command = quiet.into_iter().chain([python, adapter.as_str()]);
    let command = command.chain(arguments.iter().copied());
    Runtime::new(
        command.map(str::to_owned).collect(),
        Duration::from_secs(60),
    )
}

fn variants(python: &str) -> Vec<Variant> {
    let listed = std::process::Command::new(python)
        .args([ADAPTER, "--list-faults"])
        .current_dir(root())
        .output()
        .expect("a list");
    serde_json::from_slice(&listed.stdout).expect("a list of variants")
}

/// Those of `cases` that a variant of the runtime neither passes nor skips.
fn failed(python: &str, variant: &Variant, cases: &[Case]) -> Vec<&'static str> {
    let option = match variant.legal {
        true => "--variant",
        false => "--fault",
    };
    let mut runtime = runtime(python, &[option, &variant.id]);
    let hello = runtime.hello().expect("a runtime");
    let mut failed = Vec::new();
    for case in cases {
        let scenario = case.scenario().expect("a sound case");
        let outcome = runtime.run(scenario, &hello);
        if !matches!(outcome.verdict, Verdict::Pass | Verdict::Skip(_)) {
            failed.push(case.id);
        }
    }
    failed
}

fn line(variant: &Variant, failed: &[&str]) -> String {
    let shown = failed.iter().take(3).map(|id| format!("`{id}`"));
    let mut shown = shown.collect::<Vec<_>>().join(", ");
    match failed.len() {
        0 => shown.push_str("**none**"),
        1..=3 => {}
        more => shown.push_str(&format!(" and {} more", more - 3)),
    }
    let clause = &variant.clause;
    let link = format!("[{clause}](specification.md#{})", clause.to_lowercase());
    format!(
        "| {link} | `{}` | {} | {shown} |",
        variant.id, variant.description
    )
}

fn matrix(python: &str, variants: &[Variant]) -> String {
    let cases = all();
    let faults: Vec<_> = variants
        .iter()
        .filter(|variant| !variant.legal)
        .cloned()
        .collect();
    let failed = each(&faults, |fault| failed(python, fault, &cases));
    let lines = faults
        .iter()
        .zip(&failed)
        .map(|(fault, failed)| line(fault, failed) + "\n");
    let legal = variants.iter().filter(|variant| variant.legal);
    let legal = legal.map(|variant| format!("| `{}` | {} |\n", variant.id, variant.description));
    format!(
        "# The kill matrix\n\n\
         This page shows which trace cases of the conformance suite fail for each faulty runtime. Each row is the runtime in\n\
         `fixtures/adapters/python` with one fault of its `faults.py`, `slot_faults.py`, `hasty_faults.py` or `run_faults.py`. The tests run only the first case of each\n\
         row. `UPDATE_GENERATED=1 cargo test kill_matrix` runs all cases and writes this page.\n\n\
         | clause | fault | what is wrong | cases that fail |\n| --- | --- | --- | --- |\n{}\n\
         ## What passes\n\n\
         These runtimes differ only in what the specification leaves open. They pass every case, or skip the cases that need a\n\
         feature that they lack.\n\n| variant | what is different |\n| --- | --- |\n{}",
        lines.collect::<String>(),
        legal.collect::<String>()
    )
}

#[test]
fn no_faulty_runtime_survives() {
    let Some(python) = python("no_faulty_runtime_survives") else {
        return;
    };
    let variants = variants(&python);
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        let matrix = matrix(&python, &variants);
        std::fs::write(root().join(MATRIX), matrix).expect("a page");
    }
    let page = read(MATRIX);
    assert!(!page.contains("**none**"), "a fault that no case notices");
    let faults: Vec<_> = variants
        .into_iter()
        .filter(|variant| !variant.legal)
        .collect();
    assert!(faults.len() > 230, "{}", faults.len());
    let cases = all();
    let survivors = each(&faults, |fault| {
        let start = format!("| `{}` | {} | `", fault.id, fault.description);
        let row = page.split_once(&start);
        let id = row
            .and_then(|(_, rest)| rest.split('`').next())
            .unwrap_or_default();
        let named: Vec<_> = cases.iter().filter(|case| case.id == id).copied().collect();
        let is_caught = !named.is_empty() && !failed(&python, fault, &named).is_empty();
        (!is_caught).then(|| fault.id.clone())
    });
    let survivors: Vec<_> = survivors.into_iter().flatten().collect();
    assert_eq!(survivors, [] as [&str; 0], "see {MATRIX}");
}

#[test]
fn runtimes_that_are_legal_but_different_pass() {
    let Some(python) = python("runtimes_that_are_legal_but_different_pass") else {
        return;
    };
    let legal: Vec<_> = variants(&python)
        .into_iter()
        .filter(|variant| variant.legal)
        .collect();
    assert!(legal.len() >= 5, "{}", legal.len());
    let cases = all();
    for (variant, failed) in legal
        .iter()
        .zip(each(&legal, |variant| failed(&python, variant, &cases)))
    {
        assert_eq!(failed, [] as [&str; 0], "{}", variant.id);
    }
}

#[test]
fn runtimes_that_share_no_code_pass() {
    let adapters = [
        ("python3", "python/adapter.py"),
        ("node", "node/adapter.mjs"),
    ];
    for (program, adapter) in adapters {
        let is_there = std::process::Command::new(program)
            .arg("--version")
            .output()
            .is_ok();
        if !is_there {
            skip(
                "runtimes_that_share_no_code_pass",
                &format!("there is no {program} for {adapter}"),
            );
            continue;
        }
        let quiet = ["sh", "-c", "exec \"$0\" \"$1\" 2>/dev/null", program];
        let path = root().join("fixtures/adapters").join(adapter);
        let command = quiet
            .map(str::to_owned)
            .into_iter()
            .chain([path.to_string_lossy().into_owned()]);
        let mut runtime = Runtime::new(command.collect(), Duration::from_secs(60));
        let hello = runtime.hello().expect("a runtime");
        for case in all() {
            let outcome = runtime.run(case.scenario().expect("a sound case"), &hello);
            assert_eq!(outcome.verdict, Verdict::Pass, "{adapter}: {}", case.id);
        }
    }
}
