//! Tests of which files the program overwrites, and of the error for those that it must not.

use crate::support::{Ended, folder, program};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const UNUSED: &str = "specificationVersion: environment-2023-09
extensions: [MONITOR]
environment: {name: E, variables: {A: b}}
";

fn run(folder: &Path, arguments: &str) -> Ended {
    let arguments = shlex::split(arguments).expect("arguments");
    program(arguments).within(folder).run()
}

/// Asserts that the files of the folder are as they were.
fn assert_kept(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let found = fs::read_to_string(folder.join(name)).expect("a file");
        assert_eq!(found, *text, "{name}");
    }
}

#[test]
fn a_fix_that_cannot_be_written_leaves_the_finding_and_fails() {
    let folder = folder(&[("a.yaml", UNUSED), ("b.yaml", UNUSED)]);
    fs::hard_link(folder.path().join("a.yaml"), folder.path().join("a.old")).expect("a link");
    let ended = run(folder.path(), "check --fix --format concise");
    assert_eq!(ended.status, 3);
    assert!(
        ended
            .out
            .starts_with("a.yaml:2:14: warning[unused-extension]"),
        "{}",
        ended.out
    );
    assert_eq!(
        ended.out.lines().count(),
        1,
        "that of b.yaml is mended: {}",
        ended.out
    );
    assert!(
        ended
            .err
            .starts_with("error: cannot fix `a.yaml`: it has other names")
    );
    assert_kept(folder.path(), &[("a.yaml", UNUSED)]);
    let ended = run(folder.path(), "check --fix a.yaml");
    assert!(
        ended
            .out
            .contains("1 warning in 1 template; 1 fixable with --fix"),
        "{}",
        ended.out
    );
}

#[test]
fn a_baseline_that_cannot_be_written_hides_nothing() {
    let folder = folder(&[("a.yaml", UNUSED)]);
    let ended = run(folder.path(), "check --write-baseline no/such/file");
    assert_eq!(ended.status, 3);
    assert!(
        ended.out.contains("1 warning in 1 template"),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("in the baseline"), "{}", ended.out);
}

#[test]
fn a_comment_goes_with_an_unsafe_fix_only() {
    let cases = [
        "extensions: [MONITOR] # why",
        "extensions:\n  # why\n  - MONITOR",
        "extensions: # why\n  - MONITOR",
        "extensions: [ # why\n  MONITOR]",
        "extensions: [EXPR,\n  # why\n  MONITOR]",
        "extensions: [EXPR,\n  MONITOR, # why\n  ]",
        "extensions:\n- EXPR\n- MONITOR # why",
    ];
    for case in cases {
        let text = UNUSED.replace("extensions: [MONITOR]", case);
        let fix = |options: &[&str]| {
            let arguments = ["check", "-", "--fix", "--no-config"];
            program(arguments.iter().chain(options))
                .stdin(&*text)
                .run()
                .out
        };
        assert!(fix(&[]).contains("# why"), "{case}");
        let fixed = fix(&["--unsafe-fixes"]);
        assert!(!fixed.contains("MONITOR"), "{case}: {fixed}");
    }
    // A number sign is no comment.
    let text = UNUSED.replace("name: E", "name: 'a #b'");
    let arguments = ["check", "-", "--fix", "--no-config"];
    let ended = program(arguments).stdin(text).run();
    assert!(!ended.out.contains("MONITOR") && ended.out.contains("'a #b'"));
}

#[test]
fn no_output_replaces_an_input_or_another_output_however_it_is_spelt() {
    let files = [
        ("a.yaml", UNUSED),
        ("known.json", "{\"version\": 1, \"findings\": []}\n"),
        ("openjd-monitor.toml", "period-floor = 7\n"),
        ("named.json", "{}\n"),
        ("sub/keep", ""),
    ];
    let folder = folder(&files);
    std::os::unix::fs::symlink("a.yaml", folder.path().join("link")).expect("a link");
    fs::hard_link(folder.path().join("a.yaml"), folder.path().join("hard")).expect("a link");
    let cases = [
        "a.yaml --format json --output sub/../a.yaml",
        ". --format json --output a.yaml",
        ". --format json --output link",
        ". --format json --output hard",
        "named.json --format json --output ./named.json",
        "a.yaml --format json --output openjd-monitor.toml",
        "a.yaml --baseline known.json --format json --output ./known.json",
        "a.yaml --write-baseline new --format json --output ./new",
        "a.yaml --write-baseline sub/../a.yaml",
        "a.yaml --write-baseline openjd-monitor.toml",
        "a.yaml --format=json --output=new --format=sarif --output=sub/../new",
        "a.yaml --fix --format json --output link",
    ];
    for case in cases {
        let ended = run(folder.path(), &format!("check {case}"));
        assert_eq!(ended.status, 2, "{case:?}: {}", ended.err);
        assert!(ended.err.contains('`'), "{case:?}: {}", ended.err);
        assert_kept(folder.path(), &files);
        assert!(!folder.path().join("new").exists(), "{case:?}");
    }
    // The report of the last run is no template, and is written again; what is no file can take two.
    for case in [
        ". --format json --output report.json",
        ". --format json --output report.json",
        "a.yaml --format=json --output=/dev/null --format=sarif --output=/dev/null",
    ] {
        let ended = run(folder.path(), &format!("check {case}"));
        assert_eq!(ended.status, 0, "{case:?}: {}", ended.err);
    }
}

#[test]
fn no_report_replaces_the_file_that_standard_input_comes_from() {
    let folder = folder(&[("a.yaml", UNUSED)]);
    let file = fs::File::open(folder.path().join("a.yaml")).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_openjd-monitor"))
        .args(["check", "-", "--format", "json", "--output", "a.yaml"])
        .current_dir(folder.path())
        .stdin(file)
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    assert_kept(folder.path(), &[("a.yaml", UNUSED)]);
}

#[test]
fn pictures_and_traces_replace_no_input() {
    let template = "specificationVersion: jobtemplate-2023-09
name: Job
steps: [{name: S, script: {actions: {onRun: {command: 'true'}}}}]
";
    let scenario = "id: one
title: One
clauses: [SCH-5]
job: {templateFile: job.yaml}
";
    let rules = "{\"version\": \"pathmapping-1.0\", \"path_mapping_rules\": []}";
    let files = [
        ("job.yaml", template),
        ("env.yaml", UNUSED),
        ("one.yaml", scenario),
        ("rules.json", rules),
        ("tasks.json", "[{}]"),
        ("values.yaml", "{}\n"),
        ("sub/keep", ""),
    ];
    let folder = folder(&files);
    std::os::unix::fs::symlink("job.yaml", folder.path().join("link")).expect("a link");
    fs::hard_link(folder.path().join("rules.json"), folder.path().join("hard")).expect("a link");
    for case in [
        "simulate job.yaml --timeline ./job.yaml",
        "simulate job.yaml --environment env.yaml --timeline ./env.yaml",
        "run job.yaml --timeline ./job.yaml",
        "run job.yaml --trace ./job.yaml",
        "run job.yaml --trace new --timeline ./new",
        "run job.yaml --trace link",
        "run job.yaml --environment=env.yaml --trace=sub/../env.yaml",
        "run job.yaml --path-mapping-rules=file://rules.json --trace=hard",
        "run job.yaml '--path-mapping-rules= file://hard' --timeline=rules.json",
        "run job.yaml --tasks=file://sub/../tasks.json --trace=tasks.json",
        "run job.yaml -pfile://values.yaml --trace=./values.yaml",
        "simulate job.yaml -pfile://values.yaml --timeline=./values.yaml",
        "simulate one.yaml --timeline=one.yaml",
        "simulate one.yaml --timeline=link",
    ] {
        let ended = run(folder.path(), case);
        assert_eq!(ended.status, 2, "{case:?}: {}", ended.err);
        assert!(
            ended.err.contains(" is ") || ended.err.contains(" are one file"),
            "{case:?}: {}",
            ended.err
        );
        assert_kept(folder.path(), &files);
        assert!(!folder.path().join("new").exists(), "{case:?}");
    }
    // Without a collision, the same are read and written.
    for case in [
        "simulate one.yaml --timeline=new.svg",
        "run job.yaml -pfile://values.yaml --trace=new --timeline=new.svg",
    ] {
        let ended = run(folder.path(), case);
        assert_eq!(ended.status, 0, "{case:?}: {}", ended.err);
        assert_kept(folder.path(), &files);
    }
}

#[test]
fn the_trace_of_the_last_run_stays_if_the_job_is_refused() {
    let template = "specificationVersion: jobtemplate-2023-09
name: Job
parameterDefinitions: [{name: P, type: INT}]
steps: [{name: S, script: {actions: {onRun: {command: 'true'}}}}]
";
    let files = [("job.yaml", template), ("trace", "old")];
    let folder = folder(&files);
    let ended = run(folder.path(), "run job.yaml --trace trace");
    assert_eq!(ended.status, 2, "{}", ended.err);
    assert_kept(folder.path(), &files);
}

#[test]
fn no_report_replaces_the_adapter() {
    let files = [("adapter.sh", "exit 1\n"), ("sub/keep", "")];
    let folder = folder(&files);
    for output in [
        "--format=json --output=sub/../adapter.sh",
        "--badge=./adapter.sh",
    ] {
        let start = "conformance run --adapter 'sh adapter.sh'";
        let ended = run(folder.path(), &format!("{start} {output}"));
        assert_eq!(ended.status, 2, "{output:?}: {}", ended.err);
        assert!(ended.err.contains("part of the adapter's command"));
        assert_kept(folder.path(), &files);
    }
}

/// A run may be killed when the new file has its name already, and the old one has not been removed.
#[cfg(unix)]
#[test]
fn what_a_killed_fix_has_left_is_removed_from_beside_a_fixed_file() {
    let left = ".openjd-monitor-a42a65b8fa9d19fb.tmp";
    let folder = folder(&[("a.yaml", UNUSED)]);
    assert_eq!(run(folder.path(), "check --fix a.yaml").status, 0);
    fs::write(folder.path().join(left), UNUSED).expect("a file");
    assert_eq!(run(folder.path(), "check a.yaml").status, 0);
    assert!(folder.path().join(left).exists());
    assert_eq!(run(folder.path(), "check --fix a.yaml").status, 0);
    assert!(!folder.path().join(left).exists());
}

#[test]
fn a_fix_that_is_killed_leaves_each_file_old_or_new() {
    const KILLS: u32 = 30;
    let names: Vec<_> = (0..24).map(|number| format!("{number}.yaml")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), UNUSED)).collect();
    let folder = folder(&files);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
    let begin = Instant::now();
    let ended = run(folder.path(), "check --fix");
    let whole = begin.elapsed();
    assert_eq!(ended.status, 0, "{}", ended.err);
    let new = read(files[0].0);
    assert_ne!(new, UNUSED);
    for kill in 0..KILLS {
        for (name, text) in &files {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_openjd-monitor"))
            .args(["check", "--fix"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(whole * kill / KILLS);
        // It may have ended.
        let _ = child.kill();
        child.wait().expect("it ends");
        for (name, _) in &files {
            let text = read(name);
            assert!(text == UNUSED || text == new, "{kill} {name}: {text}");
        }
        let ended = run(folder.path(), "check --fix");
        assert_eq!(ended.status, 0, "{kill}: {}", ended.err);
        let found = fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(found, files.len(), "{kill}: another file is left");
        assert!(files.iter().all(|(name, _)| read(name) == new), "{kill}");
    }
}
