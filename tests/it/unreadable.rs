//! Files that are almost templates: none is passed over in silence.

use crate::support::{Ended, folder, program};
use std::fs;
use std::path::Path;

const YAML: &str = "specificationVersion: environment-2023-09
environment: {name: A, variables: {A: b}}
";
const JSON: &str = r#"{"specificationVersion": "environment-2023-09", "environment": {"name": "A", "variables": {"A": "b"}}}"#;

fn check(folder: &Path, arguments: &[&str]) -> Ended {
    let format = match arguments.contains(&"--format") {
        true => &[][..],
        false => &["--format", "concise"],
    };
    let all = ["check", "--no-config"].iter().chain(format);
    program(all.chain(arguments)).within(folder).run()
}

/// Asserts that a file has one finding, named beside a good template or found in the folder.
fn assert_found(name: &str, bytes: &[u8], finding: &str) {
    let folder = folder(&[("good.yaml", YAML)]);
    fs::write(folder.path().join(name), bytes).expect("a file");
    for arguments in [
        &["good.yaml", name][..],
        &["."],
        &["--format", "json", name],
    ] {
        let ended = check(folder.path(), arguments);
        assert_eq!(ended.status, 1, "{name} {arguments:?}: {}", ended.err);
        assert!(!ended.out.contains('\0'), "{name}: {}", ended.out);
        if arguments.len() < 3 {
            assert_eq!(ended.out, format!("{name}:{finding}\n"), "{arguments:?}");
        }
    }
}

#[test]
fn a_file_in_another_encoding_is_to_be_saved_as_utf_8() {
    for (name, text) in [("a.yaml", YAML), ("a.json", JSON)] {
        for mark in ["", "\u{feff}"] {
            let text = format!("{mark}{text}");
            let words = |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
                text.encode_utf16().flat_map(to_bytes).collect()
            };
            let longs = |to_bytes: fn(u32) -> [u8; 4]| -> Vec<u8> {
                text.chars().map(u32::from).flat_map(to_bytes).collect()
            };
            let finding = |name: &str| {
                format!("1:1: error[syntax] the file is in {name}, and a template in UTF-8")
            };
            for bytes in [words(u16::to_le_bytes), words(u16::to_be_bytes)] {
                assert_found(name, &bytes, &finding("UTF-16"));
                assert_found(name, &bytes[..bytes.len() - 1], &finding("UTF-16"));
            }
            for bytes in [longs(u32::to_le_bytes), longs(u32::to_be_bytes)] {
                assert_found(name, &bytes, &finding("UTF-32"));
            }
        }
    }
    let latin: Vec<u8> = YAML
        .replace("name: A", "name: \u{c9}")
        .chars()
        .map(|c| c as u8)
        .collect();
    assert_found("a.yaml", &latin, "2:21: error[syntax] not valid UTF-8");
}

#[test]
fn a_file_that_is_no_text_is_not_passed_over() {
    let folder = folder(&[("good.yaml", YAML)]);
    // `specificationVersion: environment-` in EBCDIC.
    let text = b"\xa2\x97\x85\x83\x89\x86\x89\x83\x81\xa3\x89\x96\x95\xe5\x85\x99\xa2\x89\x96\x95\x7a\x40\x85\x95\xa5\x89\x99\x96\x95\x94\x85\x95\xa3\x60\x25";
    fs::write(folder.path().join("a.yaml"), text).expect("a file");
    let said = "`a.yaml` is not checked: it is no text in UTF-8";
    let named = check(folder.path(), &["a.yaml", "good.yaml"]);
    assert_eq!(named.status, 3, "{}", named.err);
    assert!(
        named.err.contains(&format!("error: {said}")),
        "{}",
        named.err
    );
    // Hooks name every file of a commit; those in a folder are not all meant to be templates.
    for arguments in [&["a.yaml", "good.yaml", "--allow-empty"][..], &["."]] {
        let found = check(folder.path(), arguments);
        assert_eq!(found.status, 0, "{}", found.err);
        assert!(
            found.err.contains(&format!("note: {said}")),
            "{}",
            found.err
        );
    }
}

#[test]
fn a_nul_character_is_named_and_not_printed() {
    let nul = "error[syntax] a NUL character stands here, and no template has one";
    let texts = [
        (format!("\0{YAML}"), "1:1"),
        (YAML.replace("name", "na\0me"), "2:17"),
        (format!("{YAML}# a\0b\n"), "3:4"),
        (format!("{YAML}\0\0\0"), "3:1"),
    ];
    for (text, at) in texts {
        assert_found("a.yaml", text.as_bytes(), &format!("{at}: {nul}"));
    }
    let text = format!("{JSON}\0");
    assert_found(
        "a.json",
        text.as_bytes(),
        &format!("1:{}: {nul}", JSON.len() + 1),
    );
}

#[test]
fn a_template_in_a_list_or_a_string_is_found() {
    let indented = YAML.replace('\n', "\n  ");
    let list = "1:1: error[syntax] a template is a mapping, and this is a list";
    for text in [
        format!("- {indented}"),
        format!("- 1\n- {indented}"),
        format!("- - {}", YAML.replace('\n', "\n    ")),
    ] {
        assert_found("a.yaml", text.as_bytes(), list);
    }
    for text in [format!("[{JSON}]"), format!("[1, [{JSON}]]")] {
        assert_found("a.json", text.as_bytes(), list);
    }
    let string = "error[syntax] a template is a mapping, and this is a string";
    assert_found(
        "a.yaml",
        format!("|\n  {indented}").as_bytes(),
        &format!("2:3: {string}"),
    );
    let quoted = serde_json::to_string(JSON).expect("JSON");
    assert_found("a.json", quoted.as_bytes(), &format!("1:1: {string}"));
    // Neither is any other list, and any other string.
    let folder = folder(&[
        ("good.yaml", YAML),
        ("list.yaml", "- a: b\n"),
        ("text.yaml", "specificationVersion\n"),
    ]);
    assert_eq!(check(folder.path(), &[]).status, 0);
}

#[test]
fn a_file_over_the_size_limit_is_not_passed_over() {
    let late = format!("{{\"x\": \"{}\", {}", "x".repeat(3000), &JSON[1..]);
    let folder = folder(&[("good.yaml", YAML), ("late.json", &late)]);
    let limit = "--max-template-size=1000";
    let told = "`late.json` is not checked: it is larger than 1000 bytes";
    let named = check(folder.path(), &[limit, "good.yaml", "late.json"]);
    assert_eq!(named.status, 3, "{}", named.out);
    assert!(
        named.err.starts_with(&format!("error: {told}")),
        "{}",
        named.err
    );
    for arguments in [&[limit, "."][..], &[limit, "--allow-empty", "late.json"]] {
        let found = check(folder.path(), arguments);
        assert_eq!(found.status, 0, "{}", found.err);
        assert!(found.err.contains(told), "{}", found.err);
    }
    let early = JSON.replacen('{', &format!("{{\"a\": \"{}\", ", "x".repeat(500)), 1);
    fs::write(folder.path().join("late.json"), early + &" ".repeat(3000)).expect("a file");
    assert_eq!(
        check(folder.path(), &[limit, "good.yaml", "late.json"]).status,
        1
    );
}

/// Checks all templates of `folder` with `kibibytes` of address space.
#[cfg(target_os = "linux")]
fn check_within(folder: &Path, kibibytes: u32) -> std::process::Output {
    let program = env!("CARGO_BIN_EXE_openjd-monitor");
    let script =
        format!("ulimit -v {kibibytes}; exec '{program}' check --no-config --format concise");
    std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder)
        .output()
        .expect("a shell")
}

#[cfg(target_os = "linux")]
#[test]
fn an_expression_that_takes_all_memory_costs_its_file_a_finding() {
    let costly = [
        "len(range(9000000))",
        "len(('a,' * 2000000).split(','))",
        "len(path('a/' * 2000000).parts)",
        "[range(3000000) for x in [1, 2, 3]]",
    ];
    for expression in costly {
        let text = format!(
            "specificationVersion: environment-2023-09
extensions: [EXPR]
environment: {{name: A, script: {{let: [\"x = {expression}\"], actions: {{onEnter: {{command: \"{{{{{expression}}}}}\"}}}}}}}}
"
        );
        let folder = folder(&[
            ("a.yaml", &text),
            ("b.yaml", &YAML.replace("name: A", "nam: A")),
        ]);
        // Less than the largest of these would take.
        let output = check_within(folder.path(), 700_000);
        let out = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{expression}: {output:?}");
        let is_meant = |line: &&str| {
            line.starts_with("a.yaml:3:") && line.contains("error[invalid-expression]")
        };
        let findings = out.lines().filter(is_meant);
        assert_eq!(findings.count(), 2, "{expression}: {out}");
        assert!(out.contains("b.yaml:2:"), "{out}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn large_values_of_many_bindings_cost_their_file_a_finding() {
    let bindings: Vec<_> = (0..20)
        .map(|index| format!("\"a{index} = 'x' * 90000000\""))
        .collect();
    let text = format!(
        "specificationVersion: environment-2023-09
extensions: [EXPR]
environment:
  name: A
  script:
    let: [{}]
    actions: {{onEnter: {{command: a}}}}
",
        bindings.join(", ")
    );
    let folder = folder(&[("a.yaml", &text)]);
    // Less than half of the values.
    let output = check_within(folder.path(), 900_000);
    let out = String::from_utf8_lossy(&output.stdout);
    let finding = "a.yaml:6:57: warning[invalid-expression] this expression and those of 17 more strings are not evaluated";
    assert!(out.contains(finding), "{output:?}");
}

#[cfg(unix)]
#[test]
fn a_gitignore_that_is_a_link_is_not_read() {
    let folder = folder(&[
        ("good.yaml", YAML),
        ("sub/a.yaml", YAML),
        ("sub/in/b.yaml", YAML),
    ]);
    let link = folder.path().join("sub/.gitignore");
    std::os::unix::fs::symlink("/dev/zero", link).expect("a link");
    for (path, templates) in [(".", 1), ("sub", 0), ("sub/in", 0)] {
        let ended = check(folder.path(), &[path, "--format", "json"]);
        assert_eq!(ended.status, 3, "{path}: {}", ended.err);
        assert!(
            ended.err.contains("sub/.gitignore` must be a file"),
            "{path}: {}",
            ended.err
        );
        let summary = format!("\"templates\": {templates},");
        assert!(ended.out.contains(&summary), "{path}: {}", ended.out);
    }
}

#[cfg(unix)]
#[test]
fn what_leads_to_the_excluded_files_of_a_repository_must_be_files() {
    let folder = folder(&[
        ("good.yaml", YAML),
        ("whole/.git/HEAD", ""),
        ("linked/.git", "gitdir: elsewhere\n"),
        ("elsewhere/commondir", ".\n"),
        ("long/.git", &" ".repeat(1024 * 1024 + 1)),
    ]);
    let pipes = ["whole/.git/info/exclude", "elsewhere/info/exclude"];
    for pipe in pipes.map(|pipe| folder.path().join(pipe)) {
        std::fs::create_dir_all(pipe.parent().expect("a folder")).expect("a folder");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).expect("a named pipe");
    }
    let ended = check(folder.path(), &[".", "--format", "json"]);
    assert_eq!(ended.status, 3, "{}", ended.err);
    for file in [
        "whole/.git/info/exclude",
        "long/.git",
        "elsewhere/./info/exclude",
    ] {
        let error = format!("{file}` must be a file");
        assert!(ended.err.contains(&error), "{}", ended.err);
    }
    assert!(ended.out.contains("\"templates\": 1,"), "{}", ended.out);
}

#[test]
fn a_value_that_is_a_space_of_another_kind_is_read_over() {
    for line in ["x: [\u{2028}, b", "x: {a: \u{a0}, b: [", "- \u{2028}"] {
        let text = format!(
            "specificationVersion: environment-2023-09\nenvironment:\n  name: A\n  {line}\n"
        );
        let folder = folder(&[("a.yaml", &text)]);
        let ended = check(folder.path(), &["a.yaml"]);
        assert_eq!(ended.status, 1, "{line:?}: {}", ended.err);
        assert!(
            ended.out.contains("error[syntax]"),
            "{line:?}: {}",
            ended.out
        );
    }
}

#[test]
fn a_dash_behind_a_space_of_another_kind_is_read_over() {
    let text = "specificationVersion: environment-2023-09\nenvironment:\n\u{2028}- name\n  b: c\n";
    let folder = folder(&[("a.yaml", text)]);
    let ended = check(folder.path(), &["a.yaml"]);
    assert_eq!(ended.status, 1, "{}", ended.err);
}
