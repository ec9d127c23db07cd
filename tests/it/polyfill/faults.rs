//! Supervisors that are broken on purpose, and the cases that notice it: the script by the faults in
//! `fixtures/supervisor/faults.toml`, the program by those in `native-faults.toml`.
//!
//! Each fault is tried with the case that the file names. With the environment variable `FAULTS=all`, every fault of the
//! script is tried with every case, and the numbers of cases that notice each are printed. Those of the program need a
//! build each, and are tried only on request; `FAULTS` may have a part of the names or files of those to try.

use super::runtime::{SCRIPT, processes};
use crate::support::{each, generated, python, read, root};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

const FAULTS_OF_SCRIPT: &str = "fixtures/supervisor/faults.toml";
const FAULTS_OF_PROGRAM: &str = "fixtures/supervisor/native-faults.toml";

/// Copy of the sources that is broken, with its own build.
const COPY: &str = "target/faults";

/// Seconds for what a case waits for, in vain if the fault is that it never happens.
const PATIENCE: &str = "15";

#[derive(Deserialize)]
struct Faults {
    fault: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    id: String,
    #[serde(default = "script")]
    file: String,
    from: String,
    to: String,
    noticed: String,
}

fn script() -> String {
    SCRIPT.to_owned()
}

fn faults(path: &str) -> Vec<Fault> {
    let file: Faults = toml::from_str(&read(path)).expect("faults");
    file.fault
}

impl Fault {
    /// Text of its file in these sources, with the fault.
    fn text(&self, sources: &Path) -> String {
        let text = fs::read_to_string(sources.join(&self.file)).expect("a file");
        let is_once = text.matches(&self.from).count() == 1;
        assert!(is_once, "`{}`: `from` must occur once", self.id);
        text.replace(&self.from, &self.to)
    }

    /// Returns true if this test fails with the broken script.
    fn is_noticed_by(&self, test: &str) -> bool {
        let folder = tempfile::tempdir().expect("a folder");
        let script = folder.path().join("supervisor.py");
        fs::write(&script, self.text(root())).expect("a file");
        !passes(test, "SUPERVISOR", &script)
    }
}

/// Returns true if this test passes with a supervisor that an environment variable names.
fn passes(test: &str, variable: &str, supervisor: &Path) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let status = Command::new(std::env::current_exe().expect("a path"))
        .args(["--exact", &format!("polyfill::{test}")])
        .env(variable, supervisor)
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
    status.success()
}

/// The tests whose names start with one of these.
fn tests(starts: &[&str]) -> Vec<String> {
    let list = Command::new(std::env::current_exe().expect("a path"))
        .args(["--list", "--format", "terse", "polyfill::"])
        .output()
        .expect("it starts");
    let list = String::from_utf8(list.stdout).expect("UTF-8");
    let names = list.lines().filter_map(|line| line.strip_suffix(": test"));
    let names = names.filter_map(|name| name.strip_prefix("polyfill::"));
    let is_one = |name: &&str| starts.iter().any(|start| name.starts_with(start));
    names.filter(is_one).map(str::to_owned).collect()
}

/// The tests that may notice a fault of the script.
fn tests_of_script() -> Vec<String> {
    tests(&["supervisor::case::", "scenarios::"])
}

#[test]
fn each_fault_is_noticed() {
    if python("each_fault_is_noticed").is_none() {
        return;
    }
    let faults = faults(FAULTS_OF_SCRIPT);
    if std::env::var_os("FAULTS").is_none_or(|which| which != "all") {
        // Some show only if two things happen at once.
        let is_noticed = |fault: &Fault| (0..8).any(|_| fault.is_noticed_by(&fault.noticed));
        let noticed = each(&faults, is_noticed);
        let missed = faults.iter().zip(noticed).filter(|(_, noticed)| !noticed);
        let missed: Vec<_> = missed.map(|(fault, _)| &fault.id).collect();
        assert!(missed.is_empty(), "not noticed: {missed:#?}");
        return;
    }
    let tests = tests_of_script();
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

/// Makes a file of the copy have this text. One that has it already keeps its time, and needs no build.
fn put(copy: &Path, file: &str, text: &[u8]) {
    let path = copy.join(file);
    if fs::read(&path).is_ok_and(|known| known == text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(&path, text).expect("a file");
}

/// Makes the copy equal to the sources.
fn copy_sources(copy: &Path) {
    let listed = |program: &str, arguments: &[&str], folder: &Path| {
        let mut command = Command::new(program);
        let listed = command.args(arguments).current_dir(folder).output();
        let listed = String::from_utf8(listed.expect("a list").stdout).expect("UTF-8");
        let files = listed.split_terminator('\0');
        files.map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let files = listed("git", &["ls-files", "-z"], root());
    for file in &files {
        let from = root().join(file);
        match fs::read_link(&from) {
            Ok(target) => drop(std::os::unix::fs::symlink(target, copy.join(file))),
            Err(_) => put(copy, file, &fs::read(&from).expect("a file")),
        }
    }
    let all = [
        ".", "-path", "./target", "-prune", "-o", "-type", "f", "-printf", "%P\\0",
    ];
    for file in listed("find", &all, copy).difference(&files) {
        fs::remove_file(copy.join(file)).expect("a file");
    }
}

/// Builds the program in the copy, and copies it to a scratch folder.
fn build(copy: &Path, folder: &Path) {
    let built = Command::new(std::env::var_os("CARGO").expect("cargo"))
        .args(["build", "--quiet", "--bin", "openjd-monitor"])
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", copy.join("target"))
        .status()
        .expect("it starts");
    assert!(built.success(), "it does not build");
    // A file that this process writes cannot be run while another thread starts a process, which inherits it.
    let copied = Command::new("cp")
        .arg(copy.join("target/debug/openjd-monitor"))
        .arg(folder)
        .status();
    assert!(copied.is_ok_and(|status| status.success()));
}

#[test]
#[ignore = "builds the program once for each fault"]
fn each_fault_of_the_program_is_noticed() {
    let mut faults = faults(FAULTS_OF_PROGRAM);
    if let Ok(part) = std::env::var("FAULTS") {
        faults.retain(|fault| fault.id.contains(&part) || fault.file.contains(&part));
    }
    let copy = root().join(COPY);
    copy_sources(&copy);
    let genuine = tempfile::tempdir().expect("a folder");
    build(&copy, genuine.path());
    let try_out = |case: &str, folder: &Path| {
        let program = folder.join("openjd-monitor");
        passes(case, "NATIVE_SUPERVISOR", &program)
    };
    let cases: BTreeSet<_> = faults.iter().map(|fault| &fault.noticed).collect();
    let cases: Vec<_> = cases.into_iter().collect();
    let failed = each(&cases, |case| !try_out(case, genuine.path()));
    assert!(
        !failed.contains(&true),
        "{cases:#?} fail without a fault: {failed:?}"
    );
    let missed = std::thread::scope(|scope| {
        // A case does little but wait, so that the next fault can be built meanwhile.
        let tried: Vec<_> = faults
            .iter()
            .map(|fault| {
                let file = fs::read(copy.join(&fault.file)).expect("a file");
                put(&copy, &fault.file, fault.text(&copy).as_bytes());
                let folder = tempfile::tempdir().expect("a folder");
                build(&copy, folder.path());
                put(&copy, &fault.file, &file);
                scope.spawn(move || {
                    let passed = try_out(&fault.noticed, folder.path());
                    let result = if passed { "missed" } else { "noticed" };
                    let _ = writeln!(std::io::stderr(), "{result}: {}", fault.id);
                    passed.then_some(&fault.id)
                })
            })
            .collect();
        let missed = tried.into_iter();
        let missed = missed.filter_map(|missed| missed.join().expect("it ends"));
        missed.collect::<Vec<_>>()
    });
    assert!(missed.is_empty(), "not noticed: {missed:#?}");
}

#[test]
fn the_page_of_the_faults_lists_them() {
    let of_script = faults(FAULTS_OF_SCRIPT);
    let of_program = faults(FAULTS_OF_PROGRAM);
    let mut page = format!(
        "# Faults of the supervisors\n\n\
         The cases in `tests/it/polyfill` are tested in turn: {} scripts and {} programs that are broken on purpose\n\
         (`{FAULTS_OF_SCRIPT}`, `{FAULTS_OF_PROGRAM}`), and for each a case that fails with it.\n\n\
         ## The script\n\n",
        of_script.len(),
        of_program.len()
    );
    list(&mut page, &of_script, &tests_of_script());
    page += "\n## The program\n\n";
    list(&mut page, &of_program, &tests(&["supervisor::native::"]));
    generated("docs/polyfill-faults.md", &page);
}

/// Lists faults, each of which must have a name and a case of its own among `tests`.
fn list(page: &mut String, faults: &[Fault], tests: &[String]) {
    let ids: BTreeSet<_> = faults.iter().map(|fault| &fault.id).collect();
    assert_eq!(ids.len(), faults.len());
    page.push_str("| Fault | Noticed by |\n| --- | --- |\n");
    for fault in faults {
        // It can be made.
        fault.text(root());
        assert!(tests.contains(&fault.noticed), "{}", fault.noticed);
        let (_, name) = fault.noticed.rsplit_once("::").expect("a path");
        let _ = writeln!(page, "| {} | {} |", fault.id, name.replace('_', " "));
    }
}
