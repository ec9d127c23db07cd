//! The files that `polyfill` writes and compares.

use crate::support::{Ended, folder, program, read};
use std::fs;
use std::path::Path;

const PLAIN: &str = "specificationVersion: jobtemplate-2023-09
name: Job
steps:
  - name: Step
    script: { actions: { onRun: { command: a } } }
";

fn run(folder: &Path, arguments: &[&str]) -> Ended {
    let arguments = [&["polyfill"], arguments].concat();
    program(arguments).within(folder).run()
}

#[test]
fn a_stack_goes_to_a_folder_by_the_names_of_its_files() {
    let worker = read("docs/examples/worker.yaml");
    let folder = folder(&[("in/worker.yaml", &worker), ("in/job.yaml", PLAIN)]);
    let path = folder.path();
    let stack = [
        "in/job.yaml",
        "--environment",
        "in/worker.yaml",
        "-o",
        "out",
    ];
    let all = [&stack[..], &["--check"]].concat();

    let ended = run(path, &all);
    assert_eq!(ended.status, 1, "{}", ended.err);
    assert!(
        ended
            .err
            .contains("error: `out/worker.yaml` is missing: it is made from `in/worker.yaml`")
    );
    assert!(!path.join("out").exists(), "--check writes nothing");

    assert_eq!(run(path, &stack).status, 0);
    let written = fs::read_to_string(path.join("out/worker.yaml")).expect("a file");
    assert!(written.starts_with("# Made by openjd-monitor polyfill "));
    assert_eq!(
        fs::read_to_string(path.join("out/job.yaml")).expect("a file"),
        PLAIN
    );
    assert_eq!(run(path, &all).status, 0);

    fs::write(path.join("out/job.yaml"), format!("{PLAIN}\n")).expect("a file");
    let ended = run(path, &all);
    assert_eq!(ended.status, 1);
    assert!(
        ended
            .err
            .contains("error: `out/job.yaml` is out of date: it is made from `in/job.yaml`")
    );
    assert!(!ended.err.contains("out/worker.yaml"), "{}", ended.err);
    assert_eq!(run(path, &stack).status, 0);
    assert_eq!(
        fs::read_to_string(path.join("out/job.yaml")).expect("a file"),
        PLAIN
    );
}

#[test]
fn one_template_goes_to_a_file_a_folder_or_standard_output() {
    let folder = folder(&[("job.yaml", PLAIN), ("there/other", "")]);
    let path = folder.path();
    assert_eq!(run(path, &["job.yaml"]).out, PLAIN);
    for (output, file) in [
        ("new.yaml", "new.yaml"),
        ("there", "there/job.yaml"),
        ("new/", "new/job.yaml"),
    ] {
        assert_eq!(run(path, &["job.yaml", "-o", output]).status, 0, "{output}");
        assert_eq!(fs::read_to_string(path.join(file)).expect("a file"), PLAIN);
    }
    let ended = program(["polyfill", "-", "-o", "in.yaml"])
        .within(path)
        .stdin(PLAIN)
        .run();
    assert_eq!(ended.status, 0, "{}", ended.err);
    assert_eq!(
        fs::read_to_string(path.join("in.yaml")).expect("a file"),
        PLAIN
    );
}

#[test]
fn no_template_is_overwritten_and_no_file_written_twice() {
    let worker = read("docs/examples/worker.yaml");
    let folder = folder(&[
        ("worker.yaml", &worker),
        ("job.yaml", PLAIN),
        ("in/job.yaml", PLAIN),
        ("file", ""),
    ]);
    let path = folder.path();
    for arguments in [
        &["worker.yaml", "-o", "worker.yaml"][..],
        &["worker.yaml", "-o", "."],
        &["job.yaml", "--environment", "worker.yaml", "-o", "."],
        &["job.yaml", "--environment", "worker.yaml", "-o", "file"],
        &["job.yaml", "--environment", "worker.yaml"],
        &[
            "in/worker.yaml",
            "--environment",
            "worker.yaml",
            "-o",
            "new",
        ],
        &["-", "-o", "."],
        &["in", "-o", "new"],
        &["worker.yaml", "--check"],
    ] {
        fs::write(path.join("in/worker.yaml"), &worker).expect("a file");
        let ended = run(path, arguments);
        assert_eq!(ended.status, 2, "{arguments:?}: {}", ended.err);
    }
    assert_eq!(
        fs::read_to_string(path.join("worker.yaml")).expect("a file"),
        worker
    );
    assert!(!path.join("new").exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_in_the_folder() {
    let folder = folder(&[("job.yaml", PLAIN), ("precious", "kept"), ("out/a", "")]);
    let path = folder.path();
    std::os::unix::fs::symlink("../precious", path.join("out/job.yaml")).expect("a link");
    for arguments in [
        &["job.yaml", "-o", "out"][..],
        &["job.yaml", "-o", "out", "--check"],
    ] {
        let ended = run(path, arguments);
        let error = "error: `out/job.yaml` is no regular file: nothing is written through what is in the folder\n";
        assert_eq!((ended.status, ended.err.as_str()), (2, error));
    }
    let kept = fs::read_to_string(path.join("precious")).expect("a file");
    assert_eq!(kept, "kept");
    // A link that the user names is followed.
    let ended = run(path, &["job.yaml", "-o", "out/job.yaml"]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    let written = fs::read_to_string(path.join("precious")).expect("a file");
    assert_eq!(written, PLAIN);
    let ended = run(path, &["job.yaml", "-o", "/dev/stdout"]);
    assert_eq!((ended.status, ended.out.as_str()), (0, PLAIN));
}
