//! Random Sessions without monitors and without cancelation: the official runtime, with real processes, and this
//! project's core, with scripted ones, run the same actions, in the same order, with the same arguments, variables
//! and files, and they end alike (SES-7).
//!
//! The environment may have `SEED` and `SESSIONS`, the number of Sessions.

pub mod generate;
mod ours;
pub mod session;
mod texts;
mod theirs;

use crate::support::variable;
use generate::Generator;
use session::LISTED;
use std::os::unix::fs::PermissionsExt;

const SEED: usize = 2023;
const SESSIONS: usize = 40;

/// Takes out of a run of a hook what `WrappedAction.Environment` lists. RFC 0008 wants all that any earlier action of the
/// Session has set in it; the official runtime, as of 0.6.0, lists what is in effect.
fn take_listed(run: &mut session::Run) -> Vec<String> {
    let [start, end] = LISTED.map(|mark| run.args.iter().position(|arg| arg == mark));
    match (start, end) {
        (Some(start), Some(end)) => run.args.drain(start..=end).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_official_runtime_runs_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let recorder = folder.path().join("record.sh");
    std::fs::write(
        &recorder,
        concat!(include_str!("record.sh"), include_str!("act.sh")),
    )
    .expect("a script");
    std::fs::set_permissions(&recorder, PermissionsExt::from_mode(0o700)).expect("a mode");
    let recorder = recorder.to_string_lossy();
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
