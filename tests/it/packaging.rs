//! What stands in two places of the packaging is the same.

use crate::support::read;

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn the_action_and_the_pages_install_this_version() {
    assert!(read("action.yml").contains(&format!("--spec openjd-monitor=={VERSION} ")));
    let hooks = read("docs/pre-commit.md");
    assert!(hooks.contains(&format!("[openjd-monitor=={VERSION}]")));
    assert!(hooks.contains(&format!("rev: v{VERSION}\n")));
    assert!(read("docs/github.md").contains(&format!("openjd-monitor@v{VERSION}\n")));
}
