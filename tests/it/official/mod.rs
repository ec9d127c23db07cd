//! Random Sessions without monitors, compared with the official runtimes: the same actions must run in
//! the same order, with the same arguments, variables and files, and end alike (SES-7). The official runtimes use real
//! processes, this project's core simulated ones.
//!
//! The environment variables `SEED` and `SESSIONS` set the seed and the number of Sessions.

pub mod generate;
mod ours;
pub mod python;
pub mod session;
mod texts;
pub mod theirs;
mod trouble;

use crate::support::{skip, variable};
use generate::{Generator, Plan};
use session::{LISTED, Run, Session};
use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use texts::{MALFORMED, SECRET};

const SEED: usize = 2023;
const SESSIONS: usize = 40;
/// Number of Sessions compared with the Python runtime, which takes a second to start.
const COMPARED: usize = 10;

/// A random Session; in two of three, something goes wrong.
pub fn plan(number: usize, recorder: &str) -> Plan {
    let mut generator = match number % 3 {
        0 => Generator::new(number as u64, recorder),
        _ => Generator::troubled(number as u64, recorder),
    };
    generator.plan()
}

/// Removes from a hook's arguments what `WrappedAction.Environment` lists. RFC 0008 requires every variable that an
/// earlier action of the Session has set; the official runtime, as of 0.6.0, lists those in effect.
fn take_listed(run: &mut Run) -> Vec<String> {
    let [start, end] = LISTED.map(|mark| run.args.iter().position(|arg| arg == mark));
    match (start, end) {
        (Some(start), Some(end)) => run.args.drain(start..=end).collect(),
        _ => Vec::new(),
    }
}

/// The malformed message that a process writes.
fn malformed(run: &Run) -> Option<&str> {
    let written = run.args.iter().take_while(|arg| *arg != "--");
    let mut lines = written.filter_map(|arg| arg.split_once('=').map(|(_, line)| line));
    lines.find(|line| MALFORMED.contains(line))
}

/// Removes what the official runtimes do otherwise than the specification says: Rust does not notify at a timeout, both
/// report a fail message of their own for a malformed message, and neither redacts a status.
fn forget_departures(run: &mut Run) {
    run.was_notified &= run.end != "timeout";
    if malformed(run).is_some() {
        run.fail_message = None;
    }
    run.status = run
        .status
        .take()
        .map(|text| text.replace(SECRET, "********"));
}

/// Path of the program that every action runs; it appends to the file `log` beside it.
pub fn recorder(folder: &Path) -> String {
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
    'sessions: for number in seed..seed + variable("SESSIONS", SESSIONS) {
        let plan = plan(number, &recorder);
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
            for run in [&mut *ours, &mut *theirs] {
                forget_departures(run);
            }
            let is_redacted = malformed(ours).is_some_and(|line| line.contains("redacted"));
            if is_redacted && theirs.end == "success" {
                // The official runtime only warns (SES-5); from here on, the Sessions are different ones.
                continue 'sessions;
            }
            assert_eq!(ours, theirs, "ours, theirs, SEED={number}");
        }
        assert_eq!(ours, theirs, "ours, theirs, SEED={number}");
    }
    assert!(runs > 0, "nothing ran");
}

/// The difference between two runs of the same action, named as under SES-7; `None` if SES-7 does not list it.
fn point(rust: &Run, python: &Run) -> Option<&'static str> {
    let is_of_task = ["onRun", "onWrapTaskRun"].contains(&rust.args[0].as_str());
    let has_failed = rust.args.iter().any(|arg| arg.contains("openjd_fail: "));
    let point = match malformed(rust) {
        Some(line) if line.contains('"') => "malformed-json",
        Some(_) if is_of_task => "malformed-message-of-a-task",
        None if has_failed => "fail-text-with-exit-0",
        _ => return None,
    };
    let ends = (rust.end.as_str(), python.end.as_str());
    let mut python = python.clone();
    python.end.clone_from(&rust.end);
    python.fail_message.clone_from(&rust.fail_message);
    python.was_notified = rust.was_notified;
    (ends == ("failed", "success") && *rust == python).then_some(point)
}

/// The Session without what traces do not show and the variables that hooks see, because Python converts the line ends
/// of embedded files and writes a whole FLOAT as an integer.
fn plain(mut session: Session) -> Session {
    for run in &mut session.runs {
        drop(take_listed(run));
        forget_departures(run);
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
    let mut seeds: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let mut ends: BTreeMap<_, usize> = BTreeMap::new();
    for number in seed..seed + variable("SESSIONS", COMPARED) {
        let plan = plan(number, &recorder);
        let rust = plain(theirs::run(&plan, folder.path()));
        let python = plain(python::run(&interpreter, &plan, folder.path()));
        for run in &rust.runs {
            *ends
                .entry(format!("{} {}", run.args[0], run.end))
                .or_default() += 1;
        }
        // From the first point on, the Sessions are different ones.
        let pairs = rust.runs.iter().zip(&python.runs);
        let first = pairs.clone().find(|(rust, python)| rust != python);
        match first {
            Some((rust, python)) => {
                let Some(point) = point(rust, python) else {
                    panic!("SEED={number}\nRust:   {rust:#?}\nPython: {python:#?}");
                };
                seeds.entry(point).or_default().push(number);
            }
            None => assert_eq!(rust, python, "Rust, Python, SEED={number}"),
        }
    }
    let _ = writeln!(
        std::io::stderr(),
        "ends of actions in Rust: {ends:?}\nseeds of each difference: {seeds:?}"
    );
}
