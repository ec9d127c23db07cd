//! Supervisors that are broken on purpose (`fixtures/supervisor/faults.toml`), and the cases that notice it.
//!
//! Each fault is tried with the case that the file names. With the environment variable `FAULTS=all`, every fault is
//! tried with every case, and the numbers of cases that notice each are printed.

use super::runtime::{SCRIPT, processes};
use crate::support::{each, generated, python, read};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// Seconds for what a case waits for, in vain if the fault is that it never happens.
const PATIENCE: &str = "15";

#[derive(Deserialize)]
struct Faults {
    fault: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    id: String,
    from: String,
    to: String,
    noticed: String,
}

fn faults() -> Vec<Fault> {
    let file: Faults = toml::from_str(&read("fixtures/supervisor/faults.toml")).expect("faults");
    file.fault
}

impl Fault {
    fn script(&self) -> String {
        let script = read(SCRIPT);
        let is_once = script.matches(&self.from).count() == 1;
        assert!(is_once, "`{}`: `from` must occur once", self.id);
        script.replace(&self.from, &self.to)
    }

    /// Returns true if this test fails with the broken supervisor.
    fn is_noticed_by(&self, test: &str) -> bool {
        let folder = tempfile::tempdir().expect("a folder");
        let script = folder.path().join("supervisor.py");
        std::fs::write(&script, self.script()).expect("a file");
        let status = Command::new(std::env::current_exe().expect("a path"))
            .args(["--exact", &format!("polyfill::{test}")])
            .env("SUPERVISOR", script)
            .env("PATIENCE", PATIENCE)
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("it starts");
        for pid in processes(folder.path()) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
        !status.success()
    }
}

/// The tests that may notice a fault.
fn tests() -> Vec<String> {
    let list = Command::new(std::env::current_exe().expect("a path"))
        .args(["--list", "--format", "terse", "polyfill::"])
        .output()
        .expect("it starts");
    let list = String::from_utf8(list.stdout).expect("UTF-8");
    let names = list.lines().filter_map(|line| line.strip_suffix(": test"));
    let names = names.filter_map(|name| name.strip_prefix("polyfill::"));
    let of_supervisor =
        |name: &&str| name.starts_with("supervisor::case::") || name.starts_with("scenarios::");
    names.filter(of_supervisor).map(str::to_owned).collect()
}

#[test]
fn each_fault_is_noticed() {
    if python("each_fault_is_noticed").is_none() {
        return;
    }
    let faults = faults();
    if std::env::var_os("FAULTS").is_none_or(|which| which != "all") {
        let noticed = each(&faults, |fault| fault.is_noticed_by(&fault.noticed));
        let missed = faults.iter().zip(noticed).filter(|(_, noticed)| !noticed);
        let missed: Vec<_> = missed.map(|(fault, _)| &fault.id).collect();
        assert!(missed.is_empty(), "not noticed: {missed:#?}");
        return;
    }
    let tests = tests();
    let pairs: Vec<_> = faults
        .iter()
        .flat_map(|fault| tests.iter().map(move |test| (fault, test)))
        .collect();
    let noticed = each(&pairs, |(fault, test)| fault.is_noticed_by(test));
    let noticed: Vec<_> = pairs
        .iter()
        .zip(noticed)
        .filter(|(_, noticed)| *noticed)
        .map(|(pair, _)| pair)
        .collect();
    let mut err = std::io::stderr();
    for fault in &faults {
        let by = noticed.iter().filter(|(of, _)| of.id == fault.id);
        let by: Vec<_> = by.map(|(_, test)| test.as_str()).collect();
        let _ = writeln!(err, "{}: {}: {}", fault.id, by.len(), by.join(", "));
        assert!(by.contains(&&*fault.noticed), "{}: {by:?}", fault.id);
    }
}

#[test]
fn the_page_of_the_faults_lists_them() {
    let faults = faults();
    let ids: BTreeSet<_> = faults.iter().map(|fault| &fault.id).collect();
    assert_eq!(ids.len(), faults.len());
    let tests = tests();
    let mut page = format!(
        "# Faults of the supervisor\n\n\
         The cases in `tests/it/polyfill` are tested in turn: {} supervisors that are broken on purpose\n\
         (`fixtures/supervisor/faults.toml`), and for each a case that fails with it.\n\n\
         | Fault | Noticed by |\n| --- | --- |\n",
        faults.len()
    );
    for fault in &faults {
        assert!(tests.contains(&fault.noticed), "{}", fault.noticed);
        let (_, name) = fault.noticed.rsplit_once("::").expect("a path");
        let _ = writeln!(page, "| {} | {} |", fault.id, name.replace('_', " "));
    }
    generated("docs/polyfill-faults.md", &page);
}
