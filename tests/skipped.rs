//! Says at the end of `cargo test` which tests of `tests/it` were skipped, because a program is missing on this machine:
//! their harness counts them as passed.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let report = report(&skipped(folder));
    // `.ci/run` shows it again at its end.
    fs::write(folder.join("skipped"), &report)?;
    io::stdout().write_all(report.as_bytes())
}

/// Returns the lines that the tests of the same `cargo test` have written: a test and why it was skipped.
fn skipped(folder: &Path) -> String {
    #[cfg(unix)]
    let list = format!("skipped-{}", std::os::unix::process::parent_id());
    #[cfg(not(unix))]
    let list = "skipped-0";
    let list = folder.join(list);
    let lines = fs::read_to_string(&list).unwrap_or_default();
    // There is none if nothing was skipped.
    let _ = fs::remove_file(list);
    lines
}

fn report(lines: &str) -> String {
    let lines: BTreeSet<_> = lines.lines().collect();
    let tests: BTreeSet<_> = lines
        .iter()
        .filter_map(|line| line.split_once(": ").map(|(test, _)| test))
        .collect();
    let mut report = match tests.len() {
        0 => "\nno test was skipped\n".to_owned(),
        1 => "\n1 test was skipped or ran in part, and is counted as passed above:\n".to_owned(),
        count => format!(
            "\n{count} tests were skipped or ran in part, and are counted as passed above:\n"
        ),
    };
    for line in lines {
        report += &format!("  {line}\n");
    }
    report
}
