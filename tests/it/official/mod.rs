//! Random Sessions without monitors or cancelation, compared with the official runtimes: the same actions must run in
//! the same order, with the same arguments, variables and files, and end alike (SES-7). The official runtimes use real
//! processes, this project's core simulated ones.
//!
//! The environment variables `SEED` and `SESSIONS` set the seed and the number of Sessions.

pub mod generate;
mod ours;
mod python;
pub mod session;
mod texts;
mod theirs;

use crate::run::skip;
use crate::support::variable;
use generate::Generator;
use session::{LISTED, Run, Session};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const SEED: usize = 2023;
const SESSIONS: usize = 40;
/// Number of Sessions compared with the Python runtime, which takes a second to start.
const COMPARED: usize = 10;

/// Removes from a hook's arguments what `WrappedAction.Environment` lists. RFC 0008 requires every variable that an
/// earlier action of the Session has set; the official runtime, as of 0.6.0, lists those in effect.
fn take_listed(run: &mut Run) -> Vec<String> {
    let [start, end] = LISTED.map(|mark| run.args.iter().position(|arg| arg == mark));
    match (start, end) {
        (Some(start), Some(end)) => run.args.drain(start..=end).collect(),
        _ => Vec::new(),
    }
}

/// Path of the program that every action runs; it appends to the file `log` beside it.
fn recorder(folder: &Path) -> String {
    let recorder = folder.join("record.sh");
    std::fs::write(
        &recorder,
        concat!(include_str!("record.sh"), include_str!("act.sh")),
    )
    .expect("a script");
    std::fs::set_permissions(&recorder, PermissionsExt::from_mode(0o700)).expect("a mode");
    recorder.to_string_lossy().into_owned()
}

#[test]
fn the_official_runtime_runs_the_same_actions() {
    let folder = tempfile::tempdir().expect("a folder");
    let recorder = recorder(folder.path());
    let seed = variable("SEED", SEED);
    let mut runs = 0;
    for number in seed..seed + variable("SESSIONS", SESSIONS) {
        let plan = Generator::new(number as u64, &recorder).plan();
        let mut ours = ours::run(&plan);
        let mut theirs = theirs::run(&plan, folder.path());
        runs += ours.runs.len();
        for (ours, theirs) in ours.runs.iter_mut().zip(&mut theirs.runs) {
            let (listed, by_them) = (take_listed(ours), take_listed(theirs));
            let missing: Vec<_> = by_them.iter().filter(|of| !listed.contains(of)).collect();
            assert!(
                missing.is_empty(),
                "{missing:?} of {by_them:?}, SEED={number}"
            );
            assert_eq!(ours, theirs, "ours, theirs, SEED={number}");
        }
        assert_eq!(ours, theirs, "ours, theirs, SEED={number}");
    }
    assert!(runs > 0, "nothing ran");
}

/// Differences between two runs of the same action, named as under SES-7. A difference that SES-7 does not list is an
/// empty string.
fn points(rust: &Run, python: &Run) -> Vec<&'static str> {
    let mut points = Vec::new();
    let has_failed = rust.args.iter().any(|arg| arg.contains("openjd_fail: "));
    if (rust.end.as_str(), python.end.as_str()) == ("failed", "success") && has_failed {
        points.push("fail-text-with-exit-0");
    } else if (&rust.end, &rust.fail_message) != (&python.end, &python.fail_message) {
        points.push("");
    }
    let same = (&rust.command, &rust.args, &rust.variables, &rust.status)
        == (
            &python.command,
            &python.args,
            &python.variables,
            &python.status,
        );
    if !same || rust.files != python.files {
        points.push("");
    }
    points
}

/// The Session without what traces do not show and the variables that hooks see, because Python converts the line ends
/// of embedded files and writes a whole FLOAT as an integer.
fn plain(mut session: Session) -> Session {
    for run in &mut session.runs {
        drop(take_listed(run));
        for (_, data, _) in &mut run.files {
            *data = data.replace("\r\n", "\n").replace("2.0", "2");
        }
        for text in run.args.iter_mut().chain(run.variables.values_mut()) {
            *text = text.replace("2.0", "2");
        }
    }
    session
}

#[test]
fn the_official_runtimes_differ_only_as_the_specification_says() {
    let test = "the_official_runtimes_differ_only_as_the_specification_says";
    let Some(interpreter) = python::interpreter() else {
        return skip(
            test,
            "there is no Python with openjd-sessions 0.13.0 (`OPENJD_PYTHON`)",
        );
    };
    let folder = tempfile::tempdir().expect("a folder");
    let recorder = recorder(folder.path());
    let seed = variable("SEED", SEED);
    for number in seed..seed + variable("SESSIONS", COMPARED) {
        let plan = Generator::new(number as u64, &recorder).plan();
        let rust = plain(theirs::run(&plan, folder.path()));
        let python = plain(python::run(&interpreter, &plan, folder.path()));
        // From the first point on, the Sessions are different ones.
        let pairs = rust.runs.iter().zip(&python.runs);
        let first = pairs.clone().find(|(rust, python)| rust != python);
        match first {
            Some((rust, python)) => {
                let points = points(rust, python);
                let is_said = !points.contains(&"");
                assert!(
                    is_said,
                    "SEED={number}\nRust:   {rust:#?}\nPython: {python:#?}"
                );
            }
            None => assert_eq!(rust, python, "Rust, Python, SEED={number}"),
        }
    }
}
