//! Tests that the packaging files agree with each other.

use crate::support::read;

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn the_action_and_the_examples_install_this_version() {
    assert!(read("action.yml").contains(&format!("--spec openjd-monitor=={VERSION} ")));
    let usage = read("docs/usage.md");
    for installed in [
        format!("rev: v{VERSION}\n"),
        format!("[openjd-monitor=={VERSION}]"),
        format!("openjd-monitor@v{VERSION}\n"),
    ] {
        assert!(usage.contains(&installed), "{installed}");
    }
}
