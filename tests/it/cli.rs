//! Tests of the command line, on the built program.

use crate::support::{findings, folder, program};
use serde_json::Value;
use std::path::Path;

const GOOD: &str = "specificationVersion: environment-2023-09
environment: {name: E, variables: {A: b}}
";
const WARNING: &str = "specificationVersion: environment-2023-09
extensions: [MONITOR]
environment: {name: E, variables: {A: b}}
";
const BAD: &str = "specificationVersion: environment-2023-09
environment: {name: E}
";
const NO_TEMPLATE: &str = "services: {}\n";

/// Runs `check` in `folder`; returns its status, the paths of its findings, and its JSON report.
fn check(folder: &Path, arguments: &[&str]) -> (i32, Vec<String>, Value) {
    let all = ["check", "--format", "json"].iter().chain(arguments);
    let ended = program(all).within(folder).run();
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    let findings = report["findings"].as_array().expect("a list");
    let paths = findings
        .iter()
        .map(|finding| finding["path"].as_str().expect("a path").to_owned());
    (ended.status, paths.collect(), report["summary"].clone())
}

#[test]
fn the_exit_status_depends_on_the_findings() {
    let folder = folder(&[
        ("good.yaml", GOOD),
        ("warning.yaml", WARNING),
        ("bad.yaml", BAD),
    ]);
    let status = |arguments: &[&str]| check(folder.path(), arguments).0;
    assert_eq!(status(&["good.yaml"]), 0);
    assert_eq!(status(&["warning.yaml"]), 0);
    assert_eq!(status(&["warning.yaml", "--fail-on", "warning"]), 1);
    assert_eq!(
        status(&["warning.yaml", "--fail-on", "info", "--min-level", "error"]),
        1
    );
    assert_eq!(status(&["bad.yaml"]), 1);
    assert_eq!(status(&["bad.yaml", "--fail-on", "never"]), 0);
    assert_eq!(status(&["bad.yaml", "no-such-file.yaml"]), 3);
}

#[test]
fn bad_usage_is_status_2() {
    for arguments in [
        &["check", "--format", "xml"][..],
        &["chek"],
        &[],
        &["check", "--max-template-size", "big"],
    ] {
        let ended = program(arguments).run();
        assert_eq!(ended.status, 2, "{arguments:?}");
        assert!(!ended.err.is_empty());
    }
}

#[test]
fn a_file_that_would_be_read_as_an_option_is_refused() {
    let bad = "specificationVersion: environment-2023-09\n";
    let files = [
        "-h.yaml",
        "-q.yaml",
        "--output=b.yaml",
        "--allow-empty.yaml",
    ];
    let folder = folder(&files.map(|file| (file, bad)));
    for file in files {
        let ended = program(["check", "--allow-empty", file])
            .within(folder.path())
            .run();
        let error = format!(
            "error: `{file}` is a file here, but would be read as an option; write `./{file}`, or `--` before the files\n"
        );
        assert_eq!((ended.status, ended.err), (2, error));
        for arguments in [
            vec!["check", "--", file],
            vec!["check", &format!("./{file}")],
        ] {
            let ended = program(arguments).within(folder.path()).run();
            assert_eq!(ended.status, 1, "{file}: {}", ended.err);
        }
    }
}

#[test]
fn an_unreadable_file_does_not_hide_the_findings_of_the_others() {
    let folder = folder(&[("bad.yaml", BAD)]);
    let ended = program(["check", "gone.yaml", "bad.yaml"])
        .within(folder.path())
        .run();
    assert_eq!(ended.status, 3);
    assert!(ended.out.contains("--> bad.yaml:2:"), "{}", ended.out);
    assert!(
        ended.err.starts_with("error: cannot read `gone.yaml`: "),
        "{}",
        ended.err
    );
}

#[test]
fn checking_no_template_fails_without_allow_empty() {
    let folder = folder(&[
        ("compose.yaml", NO_TEMPLATE),
        ("list.yml", "- 1\n"),
        ("broken.yaml", "a: [\n"),
    ]);
    let ended = program(["check"]).within(folder.path()).run();
    assert_eq!(ended.status, 3);
    assert!(
        ended.err.contains("no template among the 3 files"),
        "{}",
        ended.err
    );
    let (status, _, summary) = check(folder.path(), &["--allow-empty"]);
    assert_eq!(
        (status, &summary["files"], &summary["skipped"]),
        (0, &3.into(), &3.into())
    );
}

#[test]
fn a_folder_is_walked_as_git_walks_it() {
    let folder = folder(&[
        ("a.yaml", BAD),
        ("b/c.yml", BAD),
        ("b/d.template", BAD),
        (
            "b/e.json",
            r#"{"specificationVersion": "environment-2023-09", "environment": {"name": "E"}}"#,
        ),
        ("b/f.txt", BAD),
        (".hidden/g.yaml", BAD),
        (".git/h.yaml", BAD),
        ("build/i.yaml", BAD),
        ("j.yaml", BAD),
        (".gitignore", "build/\nj.yaml\n"),
        ("b/.gitignore", "*.yml\n!c.yml\n"),
    ]);
    let (status, paths, summary) = check(folder.path(), &[]);
    assert_eq!(status, 1);
    assert_eq!(
        paths,
        [
            ".hidden/g.yaml",
            "a.yaml",
            "b/c.yml",
            "b/d.template",
            "b/e.json"
        ]
    );
    assert_eq!(summary["files"], 5);
    // What is named is checked, whatever git thinks of it, and once.
    let (_, paths, _) = check(
        folder.path(),
        &["j.yaml", "b/f.txt", "j.yaml", "./j.yaml", "b", "b/c.yml"],
    );
    assert_eq!(
        paths,
        ["b/c.yml", "b/d.template", "b/e.json", "b/f.txt", "j.yaml"]
    );
}

/// On Windows, the user's folder is not that of a variable which a test may set.
#[cfg(unix)]
#[test]
fn what_the_user_ignores_everywhere_is_not_checked() {
    let folder = folder(&[
        ("templates/a.yaml", BAD),
        ("templates/b.yaml", BAD),
        ("home/.gitconfig", "[core]\n    excludesFile = ~/patterns\n"),
        ("home/patterns", "b.yaml\n"),
    ]);
    let home = folder.path().join("home");
    let ended = program(["check", "--format", "json"])
        .env("HOME", home.to_str().expect("UTF-8"))
        .within(&folder.path().join("templates"))
        .run();
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(report["summary"]["files"], 1, "{}", ended.err);
}

#[test]
fn standard_input_has_the_name_it_is_given() {
    let report = |arguments: &[&str], text: &str| {
        let ended = program(["check", "-"].iter().chain(arguments))
            .stdin(text)
            .run();
        (ended.status, ended.out)
    };
    let (status, out) = report(&[], BAD);
    assert!(status == 1 && out.contains("--> <stdin>:2:"), "{out}");
    let (status, out) = report(&["--stdin-filename", "jobs/a.yaml"], BAD);
    assert!(status == 1 && out.contains("--> jobs/a.yaml:2:"), "{out}");
    let json = r#"{"specificationVersion": "environment-2023-09",}"#;
    let (status, out) = report(&["--stdin-filename", "a.json"], json);
    assert!(
        status == 1 && out.contains("error[syntax]") && out.contains("--> a.json:1:"),
        "{out}"
    );
}

#[test]
fn only_findings_of_at_least_the_minimum_level_are_shown() {
    let ended = |level| {
        program(["check", "-", "--min-level", level])
            .stdin(WARNING)
            .run()
            .out
    };
    assert!(ended("warning").contains("warning[unused-extension]"));
    assert_eq!(
        ended("error"),
        "1 hidden warning in 1 template; 1 fixable with --fix; --min-level warning shows what is hidden\n"
    );
}

#[test]
fn a_quiet_run_shows_findings_only() {
    let quiet = |text| program(["check", "-", "-q"]).stdin(text).run();
    assert_eq!(quiet(GOOD).out, "");
    let ended = quiet(BAD);
    assert_eq!((ended.status, ended.err.as_str()), (1, ""));
    assert!(
        ended.out.starts_with("error[missing-field]"),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("1 error"), "{}", ended.out);
}

#[test]
fn colour_follows_the_conventions() {
    let is_coloured = |arguments: &[&str], env: &[(&str, &str)]| {
        let run = program(["check", "-"].iter().chain(arguments)).stdin(BAD);
        let ended = env
            .iter()
            .fold(run, |run, (name, value)| run.env(name, value))
            .run();
        ended.out.contains('\u{1b}')
    };
    for format in ["plain", "pretty"] {
        let with = |color| ["--format", format, "--color", color];
        assert!(!is_coloured(&with("auto"), &[]), "a pipe is no terminal");
        assert!(is_coloured(&with("auto"), &[("CLICOLOR_FORCE", "1")]));
        assert!(!is_coloured(
            &with("auto"),
            &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]
        ));
        assert!(is_coloured(&with("always"), &[("NO_COLOR", "1")]));
        assert!(!is_coloured(&with("never"), &[("CLICOLOR_FORCE", "1")]));
    }
}

#[test]
fn a_template_has_a_size_limit() {
    let check = |limit: &str| {
        let ended = program([
            "check",
            "-",
            "--format",
            "json",
            "--max-template-size",
            limit,
        ])
        .stdin(GOOD)
        .run();
        (ended.status, ended.findings())
    };
    assert_eq!(check(&GOOD.len().to_string()), (0, vec![]));
    // The offending byte is the first one beyond the limit.
    assert_eq!(
        check(&(GOOD.len() - 1).to_string()),
        (1, vec!["syntax 2:42".to_owned()])
    );
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_openjd-monitor"))
        .args(["explain", "syntax"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn an_expression_that_is_nested_too_deep_is_refused() {
    let template = |before: &str, after: &str| {
        format!(
            "specificationVersion: jobtemplate-2023-09\nextensions: [EXPR]\nname: \"{{{{ {before}1{after} }}}}\"\n\
             steps:\n  - name: S\n    let: [\"x = {before}1{after}\"]\n    script: {{actions: {{onRun: {{command: x}}}}}}\n"
        )
    };
    // Some thousands overflow the stack of the parser of the expression language.
    for (sign, end) in [("(", ")"), ("[", "]"), ("-", "")] {
        for count in [501, 10_000] {
            let text = template(&sign.repeat(count), &end.repeat(count));
            assert_eq!(
                findings(&text),
                ["syntax 3:7", "syntax 6:11"],
                "{count} {sign}"
            );
        }
        let text = template(&sign.repeat(90), &end.repeat(90));
        let found = findings(&text);
        assert!(
            !found.iter().any(|finding| finding.starts_with("syntax")),
            "{found:?}"
        );
    }
}
