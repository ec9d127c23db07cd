//! Tests of the options of `run`, which are those of `openjd run`.

use super::{job, run, start};
use crate::support::program;
use std::path::Path;

/// Three steps, the last of which depends on the first. Each task prints its own name.
const STEPS: &str = "specificationVersion: jobtemplate-2023-09
name: Job
parameterDefinitions:
- { name: Text, type: STRING, default: none }
- { name: File, type: PATH, default: scene.txt }
steps:
- name: One
  parameterSpace: &frames
    taskParameterDefinitions:
    - { name: Frame, type: INT, range: 1-3 }
    - { name: Side, type: STRING, range: [left] }
  script: &script
    actions:
      onRun:
        command: sh
        args: [-c, 'echo \"{{Task.Param.Frame}} {{Task.Param.Side}} {{Param.Text}} {{Param.File}}\"']
- name: Two
  script:
    actions:
      onRun: { command: echo, args: [two] }
- name: Three
  dependencies: [{ dependsOn: One }]
  parameterSpace: *frames
  script: *script
";

/// The first line of output of each task: the line of the log after each `Output:`.
fn task_outputs(arguments: &[&str]) -> Vec<String> {
    let ended = run(STEPS, arguments);
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    let log = ended.log();
    let outputs = log.windows(2).filter(|pair| pair[0] == "Output:");
    outputs
        .map(|pair| {
            pair[1]
                .rsplit_once(' ')
                .map_or(pair[1], |(output, _)| output)
                .to_owned()
        })
        .collect()
}

#[test]
fn steps_and_tasks_are_chosen() {
    let all = ["1 left none", "2 left none", "3 left none"];
    assert_eq!(task_outputs(&["--step", "One"]), all);
    assert_eq!(task_outputs(&["--step", "Three"]), all);
    assert_eq!(task_outputs(&[]).len(), 7);
    assert_eq!(
        task_outputs(&["--step", "Three", "--run-dependencies"]),
        [all, all].concat()
    );
    assert_eq!(
        task_outputs(&["--maximum-tasks", "1"]),
        ["1 left none", "two", "1 left none"]
    );
    assert_eq!(
        task_outputs(&["--maximum-tasks", "-1", "--step", "Two"]),
        ["two"]
    );
    let one = [
        "--step",
        "One",
        "-t",
        "Frame=2",
        "--task-param",
        "Side=left",
    ];
    assert_eq!(task_outputs(&one), ["2 left none"]);
    let tasks = r#"[{"Frame": 3, "Side": "left"}, {"Frame": "1", "Side": "left"}]"#;
    assert_eq!(
        task_outputs(&["--step", "One", "--tasks", tasks]),
        ["3 left none", "1 left none"]
    );
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tasks.yaml");
    std::fs::write(&path, "- { Frame: 2, Side: left }\n").expect("a file");
    let tasks = format!("file://{}", path.display());
    assert_eq!(
        task_outputs(&["--step", "One", "--tasks", &tasks]),
        ["2 left none"]
    );
    let dependent = [
        "--step",
        "Three",
        "--run-dependencies",
        "-t",
        "Frame=2",
        "-t",
        "Side=left",
    ];
    assert_eq!(
        task_outputs(&dependent),
        [&all[..], &["2 left none"]].concat()
    );
}

#[test]
fn tasks_that_do_not_exist_are_refused() {
    let refused = |arguments: &[&str], message: &str| {
        let ended = run(STEPS, arguments);
        assert_eq!(ended.status, 2, "{}", ended.out);
        assert!(ended.err.contains(message), "{arguments:?}: {}", ended.err);
        assert_eq!(ended.out, "");
    };
    refused(&["--step", "Four"], "there is no step 'Four'");
    refused(
        &["-t", "Frame=1"],
        "the job has several steps, so say whose tasks have these parameters: 'One', 'Two', 'Three'",
    );
    refused(&["--step", "One", "-t", "Frame=1"], "'Side'");
    refused(&["--step", "One", "-t", "Frame=9", "-t", "Side=left"], "9");
    refused(
        &["--step", "One", "-t", "Frame=1", "-t", "Frame=2"],
        "--task-param gives 'Frame' twice",
    );
    let two = r#"[{"Frame": 1, "Side": "left"}, {"Frame": 9, "Side": "left"}]"#;
    refused(&["--step", "One", "--tasks", two], "task 2: ");
    refused(&["--step", "One", "-t", "Frame"], "write NAME=VALUE");
    refused(&["--step", "One", "--tasks", "{}"], "a list of mappings");
    refused(
        &["--step", "One", "--tasks", "[{\"Frame\": null}]"],
        "neither a string nor a number",
    );
    refused(
        &["--step", "One", "--tasks", "file:///no/such/file"],
        "cannot read `/no/such/file`",
    );
    refused(&["--tasks", "[{}]", "-t", "Frame=1"], "cannot be used with");
    refused(&["--run-dependencies"], "--step");
}

#[test]
fn parameters_come_from_words_json_and_files() {
    let one = |arguments: &[&str]| {
        task_outputs(&[&["--step", "One", "--maximum-tasks", "1"], arguments].concat())
    };
    assert_eq!(one(&["-p", "Text=a b=c"]), ["1 left a b=c"]);
    assert_eq!(
        one(&["--job-param", r#"{"Text": "json"}"#]),
        ["1 left json"]
    );
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("p.yaml", "Text: on\n"),
        ("p.json", r#"{"Text": "from a file"}"#),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        let argument = format!("file://{}", path.display());
        let expected = if name == "p.yaml" {
            "on"
        } else {
            "from a file"
        };
        assert_eq!(one(&["-p", &argument]), [format!("1 left {expected}")]);
        assert_eq!(
            one(&["-p", &argument, "--parameter", "Text=last"]),
            ["1 left last"]
        );
    }
    std::fs::write(folder.path().join("bad.yaml"), "Text: [").expect("a file");
    let argument = format!("file://{}/bad.yaml", folder.path().display());
    let ended = program(["run", "docs/examples/render.yaml", "-p", &argument]).run();
    assert_eq!(ended.status, 2);
    assert!(ended.err.contains("1:"), "{}", ended.err);
}

#[test]
fn what_is_wrong_with_a_file_in_an_argument_is_said_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    for (option, name, text, message) in [
        (
            "--tasks",
            "tasks.json",
            r#"[{"T\n::error::x": null}]"#,
            r"'T\n::error::x' is neither a string nor a number",
        ),
        (
            "--tasks",
            "tasks.yaml",
            "- { Frame: [1] }\n",
            "expected string scalar at line 1, column 12",
        ),
        (
            "--path-mapping-rules",
            "rules.json",
            r#"{"version": "a\nb", "path_mapping_rules": []}"#,
            r"`version` is `a\nb`",
        ),
        (
            "--path-mapping-rules",
            "rules.json",
            r#"{"version": "pathmapping-1.0", "path_mapping_rules": [{"source_path_format": "a\nb"}]}"#,
            r"`a\nb`",
        ),
        (
            "--job-param",
            "parameters.yaml",
            "? [\"a\\nb\"]\n: 1\n",
            "1:3: ",
        ),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        let argument = format!("file://{}", path.display());
        let ended = run(STEPS, &["--step", "One", option, &argument]);
        assert_eq!(ended.status, 2, "{}", ended.out);
        let first = ended.err.lines().next().expect("a line");
        assert!(first.contains(message), "{}", ended.err);
        assert!(first.contains(name), "{}", ended.err);
        // The advice to try `--help` follows.
        assert_eq!(ended.err.lines().count(), 3, "{}", ended.err);
    }
}

#[test]
fn paths_are_mapped() {
    let rules = r#"{"version": "pathmapping-1.0", "path_mapping_rules": [
        {"source_path_format": "POSIX", "source_path": "/mnt", "destination_path": "/local"},
        {"source_path_format": "POSIX", "source_path": "/mnt/shared", "destination_path": "/here"},
        {"source_path_format": "WINDOWS", "source_path": "P:\\", "destination_path": "/p"}]}"#;
    let template = "specificationVersion: jobtemplate-2023-09
name: Job
parameterDefinitions:
- { name: File, type: PATH }
steps:
- name: Step
  parameterSpace:
    taskParameterDefinitions:
    - { name: In, type: PATH, range: ['P:\\a\\b', /mnt/c] }
  script:
    actions:
      onRun:
        command: sh
        args:
        - -c
        - 'echo {{Param.File}} {{RawParam.File}} {{Task.Param.In}} {{Session.HasPathMappingRules}}; cat {{Session.PathMappingRulesFile}}'
";
    let ended = run(
        template,
        &["-p", "File=/mnt/shared/x", "--path-mapping-rules", rules],
    );
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    ended.assert_logged(&[
        "/here/x /mnt/shared/x /p/a/b true",
        "/here/x /mnt/shared/x /local/c true",
    ]);
    let file = ended
        .log()
        .into_iter()
        .find(|line| line.starts_with("{\"path_mapping_rules\""));
    let file: serde_json::Value = serde_json::from_str(file.expect("a file")).expect("JSON");
    assert_eq!(file["version"], "pathmapping-1.0");
    assert_eq!(file["path_mapping_rules"].as_array().map(Vec::len), Some(3));
    for (rules, message) in [
        ("[", "are expected as JSON"),
        (
            r#"{"version": "2", "path_mapping_rules": []}"#,
            "`version` is `2`",
        ),
    ] {
        let ended = program([
            "run",
            "docs/examples/render.yaml",
            "--path-mapping-rules",
            rules,
        ])
        .run();
        assert_eq!(ended.status, 2);
        assert!(ended.err.contains(message), "{}", ended.err);
    }
}

#[test]
fn relative_paths_are_those_of_the_template_and_of_the_user() {
    let template = STEPS.replace("{{Param.File}}", "{{Param.File}}.");
    let running = start(&template, &["--step", "One", "--maximum-tasks", "1"]);
    let folder = running
        .temporary()
        .parent()
        .expect("a folder")
        .canonicalize()
        .expect("a path");
    let ended = running.end();
    ended.assert_logged(&[&format!("1 left none {}/scene.txt.", folder.display())]);
    let ended = run(
        &template,
        &["--step", "One", "--maximum-tasks", "1", "-p", "File=x/y"],
    );
    let current = crate::support::root().canonicalize().expect("a path");
    ended.assert_logged(&[&format!("1 left none {}/x/y.", current.display())]);
}

#[test]
fn the_working_directory_can_be_kept() {
    let running = start(&job("", "echo kept > result.txt"), &["--preserve"]);
    let temporary = running.temporary();
    let (ended, _folder) = running.end_anyhow();
    let (_, rest) = ended
        .out
        .split_once("\nWorking directory preserved at: ")
        .expect("a path");
    let path = std::path::Path::new(rest.lines().next().expect("a line"));
    assert!(
        path.starts_with(temporary.canonicalize().expect("a path")),
        "{path:?}"
    );
    assert_eq!(
        std::fs::read_to_string(path.join("result.txt")).expect("a file"),
        "kept\n"
    );
}

#[test]
fn times_can_be_those_of_the_clock() {
    let template = job("", "exit 0");
    let first = |arguments: &[&str]| {
        let ended = run(&template, arguments);
        ended.out.split('\t').next().expect("a time").to_owned()
    };
    assert_eq!(first(&[]), "0:00:00.000");
    let utc = first(&["--timestamp-format", "utc"]);
    let now = chrono::Utc::now();
    let time = chrono::DateTime::parse_from_rfc3339(&utc).expect("a time");
    assert!((now - time.to_utc()).num_seconds().abs() < 60, "{utc}");
    let local = first(&["--timestamp-format", "local"]);
    assert_eq!(local.len(), utc.len() - 1, "{local}");
}

#[test]
fn actions_know_the_working_directory_of_their_session() {
    let says = "echo \"[$OPENJD_SESSION_WORKING_DIR] [$PWD] [{{Session.WorkingDirectory}}]\"";
    let ended = run(&job("", says), &[]);
    let log = ended.log();
    let said = log.iter().find_map(|line| line.strip_prefix('['));
    let places: Vec<_> = said
        .expect("a line")
        .trim_end_matches(']')
        .split("] [")
        .collect();
    assert_eq!(places, [places[0]; 3]);
    assert!(Path::new(places[0]).is_absolute(), "{places:?}");
}

#[test]
fn relative_paths_are_joined_with_the_current_directory_and_normalized() {
    for given in ["./b.exr", "sub/../b.exr", "sub/.././/b.exr"] {
        let file = format!("File={given}");
        let ended = run(
            STEPS,
            &["--step", "One", "--maximum-tasks", "1", "-p", &file],
        );
        let log = ended.log();
        let said = log
            .iter()
            .find_map(|line| line.strip_prefix("1 left none "));
        let path = said.expect("the task's line");
        assert!(Path::new(path).is_absolute(), "{path}");
        assert!(
            path.ends_with("/b.exr") && !path.contains("/.") && !path.contains("//"),
            "{path}"
        );
        assert!(!path.contains("/sub/"), "{path}");
    }
}
