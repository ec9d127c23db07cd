//! The packed script of the supervisor.

use super::runtime::SCRIPT;
use crate::support::{python, root};
use std::process::Command;

const PACKED: &str = "crates/core/src/polyfill/packed_supervisor.py";

#[test]
fn the_packed_script_is_the_readable_one() {
    let Some(python) = python("the_packed_script_is_the_readable_one") else {
        return;
    };
    let mut command = Command::new(python);
    command.args(["tests/it/polyfill/pack.py", SCRIPT, PACKED]);
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        command.arg("--write");
    }
    let output = command.current_dir(root()).output().expect("Python starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
