//! `--format` and `--output`, on the built program.

use crate::support::{Ended, folder, program};
use std::fs;
use std::path::Path;

const BAD: &str = "specificationVersion: environment-2023-09
extensions: [MONITOR]
environment: {name: E, variables: {A: b}}
";

/// Arguments, start of standard output, and start of each written file.
type Case = (
    &'static [&'static str],
    &'static str,
    &'static [(&'static str, &'static str)],
);

fn check(folder: &Path, arguments: &[&str]) -> Ended {
    let all = ["check", "a.yaml", "--fail-on", "warning"].iter();
    program(all.chain(arguments)).within(folder).run()
}

#[test]
fn each_output_has_its_own_format() {
    let files = [("a.yaml", BAD)];
    let cases: [Case; 6] = [
        (&["--format", "concise"], "a.yaml:2:14: ", &[]),
        (
            &["--format", "json", "--output", "a.json"],
            "",
            &[("a.json", "{\n  \"version\": 1,")],
        ),
        (
            &["--output", "a.json", "--format", "json"],
            "",
            &[("a.json", "{\n  \"version\": 1,")],
        ),
        (
            &[
                "--format", "sarif", "--output", "a.sarif", "--format", "plain",
            ],
            "warning[unused-extension]: ",
            &[("a.sarif", "{\n  \"$schema\"")],
        ),
        (
            &[
                "--format", "plain", "--format", "sarif", "--output", "a.sarif",
            ],
            "warning[unused-extension]: ",
            &[("a.sarif", "{\n  \"$schema\"")],
        ),
        (
            &[
                "--format=junit",
                "--output=a.xml",
                "--output=b.json",
                "--format=gitlab",
                "--format=github",
            ],
            "::warning ",
            &[("a.xml", "<?xml "), ("b.json", "[\n  {")],
        ),
    ];
    for (arguments, out, written) in cases {
        let folder = folder(&files);
        let ended = check(folder.path(), arguments);
        assert_eq!((ended.status, ended.err.as_str()), (1, ""), "{arguments:?}");
        let is_as_expected = if out.is_empty() {
            ended.out.is_empty()
        } else {
            ended.out.starts_with(out)
        };
        assert!(is_as_expected, "{arguments:?}: {}", ended.out);
        for (name, start) in written {
            let text = fs::read_to_string(folder.path().join(name)).expect("a file");
            assert!(text.starts_with(start), "{arguments:?}: {text}");
        }
        let count = fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(count, 1 + written.len(), "nothing else is left behind");
    }
}

#[test]
fn an_output_without_a_format_of_its_own_is_bad_usage() {
    let folder = folder(&[("a.yaml", BAD)]);
    for (arguments, message) in [
        (
            &["--output", "a"][..],
            "--output a has no --format beside it",
        ),
        (
            &["--format", "json", "--output", "a", "--output", "b"],
            "--output b has no --format beside it",
        ),
        (
            &["--output", "a", "--output", "b", "--format", "json"],
            "--output a has no --format beside it",
        ),
        (
            &["--format", "json", "--format", "plain"],
            "several reports for standard output",
        ),
        (
            &[
                "--format", "json", "--output", "a", "--format", "sarif", "--output", "a",
            ],
            "`a` and `a` are one file, which cannot be a report and a report",
        ),
    ] {
        let ended = check(folder.path(), arguments);
        assert_eq!(ended.status, 2, "{arguments:?}");
        assert!(ended.err.contains(message), "{arguments:?}: {}", ended.err);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}

#[test]
fn a_file_that_cannot_be_written_is_a_failure() {
    let folder = folder(&[("a.yaml", BAD)]);
    let ended = check(
        folder.path(),
        &["--format", "json", "--output", "no/such/folder"],
    );
    assert_eq!(ended.status, 3);
    assert!(
        ended
            .err
            .starts_with("error: cannot write `no/such/folder`: "),
        "{}",
        ended.err
    );
}

#[cfg(unix)]
#[test]
fn a_file_is_replaced_with_its_permissions_through_links_and_devices_are_written_to() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(&[("a.yaml", BAD), ("old.json", "old"), ("new.json", "")]);
    let path = |name: &str| folder.path().join(name);
    fs::remove_file(path("new.json")).expect("a file");
    fs::set_permissions(path("old.json"), fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink("old.json", path("link.json")).expect("a link");
    check(
        folder.path(),
        &["--format", "json", "--output", "link.json"],
    );
    assert!(path("link.json").is_symlink());
    let mode = |name| {
        fs::metadata(path(name))
            .expect("a file")
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode("old.json"), 0o640);
    assert!(fs::read_to_string(path("old.json")).is_ok_and(|text| text.starts_with('{')));
    check(folder.path(), &["--format", "json", "--output", "new.json"]);
    // As a file that the program created in the common way: for all that the mask lets.
    fs::write(path("plain"), "").expect("a file");
    assert_eq!(mode("new.json"), mode("plain"));
    let ended = check(
        folder.path(),
        &["--format", "json", "--output", "/dev/null"],
    );
    assert_eq!((ended.status, ended.err.as_str()), (1, ""));
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_written_to_if_somebody_reads_it() {
    use nix::sys::stat::Mode;
    let job = "specificationVersion: jobtemplate-2023-09
name: J
steps: [{name: S, script: {actions: {onRun: {command: 'true'}}}}]
";
    let files = folder(&[("a.yaml", BAD), ("job.yaml", job)]);
    let pipe = files.path().join("pipe");
    nix::unistd::mkfifo(&pipe, Mode::S_IRWXU).expect("a named pipe");
    let cases: [(&[&str], &str); 4] = [
        (
            &["check", "a.yaml", "--format", "json", "--output", "pipe"],
            "{\n  \"version\": 1,",
        ),
        (&["simulate", "job.yaml", "--timeline", "pipe"], "<svg"),
        (&["run", "job.yaml", "--timeline", "pipe"], "<svg"),
        (&["run", "job.yaml", "--trace", "pipe"], "{\"at\":0"),
    ];
    for (arguments, start) in cases {
        let ended = program(arguments).within(files.path()).run();
        assert_eq!(ended.status, 3, "{arguments:?}: {}", ended.err);
        let told = "error: cannot write `pipe`: it is a named pipe that nobody reads; start its reader first";
        assert!(ended.err.contains(told), "{arguments:?}: {}", ended.err);
        let pipe = pipe.clone();
        let reader = std::thread::spawn(move || fs::read_to_string(pipe));
        let ended = program(arguments).within(files.path()).run();
        assert_ne!(ended.status, 3, "{arguments:?}: {}", ended.err);
        let text = reader.join().expect("a thread").expect("a text");
        assert!(text.starts_with(start), "{arguments:?}: {text}");
    }
}
