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
use std::os::unix::fs::PermissionsExt;

const SEED: usize = 2023;
const SESSIONS: usize = 40;

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
        let ours = ours::run(&plan);
        let theirs = theirs::run(&plan, folder.path());
        runs += ours.runs.len();
        for (ours, theirs) in ours.runs.iter().zip(&theirs.runs) {
            assert_eq!(ours, theirs, "ours, theirs, SEED={number}");
        }
        assert_eq!(ours, theirs, "ours, theirs, SEED={number}");
    }
    assert!(runs > 0, "nothing ran");
}
