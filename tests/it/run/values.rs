//! Values given by hand: chunks, numbers, tasks; and scripts without `#!`.

use super::run;

const CHUNKS: &str = "specificationVersion: jobtemplate-2023-09
extensions: [TASK_CHUNKING]
name: Job
steps:
- name: Step
  parameterSpace:
    taskParameterDefinitions:
    - name: F
      type: CHUNK[INT]
      range: 1-7,20,30-33
      chunks: { defaultTaskCount: 3, rangeConstraint: CONTIGUOUS }
  script: { actions: { onRun: { command: echo, args: ['[{{Task.Param.F}}]'] } } }
";

#[test]
fn a_chunk_is_any_part_of_the_range_and_is_shown_as_written() {
    for text in ["4-5", "20-20", "1-2", "1-7"] {
        let ended = run(CHUNKS, &["-t", &format!("F={text}")]);
        assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
        assert!(ended.out.contains(&format!("[{text}]")), "{}", ended.out);
        let ended = run(CHUNKS, &["--tasks", &format!(r#"[{{"F": "{text}"}}]"#)]);
        assert!(ended.out.contains(&format!("[{text}]")), "{}", ended.out);
    }
    let noncontiguous = CHUNKS.replace("CONTIGUOUS", "NONCONTIGUOUS");
    for text in ["1,3", "1-2,5,30-31", "4"] {
        let ended = run(&noncontiguous, &["-t", &format!("F={text}")]);
        assert!(
            ended.out.contains(&format!("[{text}]")),
            "{}{}",
            ended.out,
            ended.err
        );
    }
}

#[test]
fn expressions_see_a_chunk_as_a_range() {
    let job = CHUNKS
        .replace("[TASK_CHUNKING]", "[TASK_CHUNKING, EXPR]")
        .replace("CONTIGUOUS", "NONCONTIGUOUS")
        .replace("[{{Task.Param.F}}]", "[{{ len(Task.Param.F) }}]");
    for (text, length) in [("1,2,3", 3), ("1-2,5,30-31", 5), ("4", 1)] {
        let ended = run(&job, &["-t", &format!("F={text}")]);
        let shown = format!("[{length}]");
        assert!(ended.out.contains(&shown), "{}{}", ended.out, ended.err);
    }
}

#[test]
fn a_chunk_that_is_refused_is_named_as_written() {
    for (text, reason) in [
        ("1,3", "a contiguous chunk is one interval"),
        ("4", "a contiguous chunk is one interval"),
        ("7-8", "8 is not in the range"),
        ("x", "write integers and ranges"),
        ("1-99999999999999999999", "write integers and ranges"),
    ] {
        let ended = run(CHUNKS, &["-t", &format!("F={text}")]);
        assert_eq!(ended.status, 2, "{}{}", ended.out, ended.err);
        assert!(ended.err.contains(&format!("'{text}'")), "{}", ended.err);
        assert!(ended.err.contains(reason), "{}", ended.err);
    }
}

#[test]
fn no_tasks_are_refused() {
    for arguments in [["--tasks", "[]"], ["--maximum-tasks", "0"]] {
        let ended = run(CHUNKS, &arguments);
        assert_eq!(ended.status, 2, "{}", ended.err);
        assert!(ended.err.contains("to run"), "{}", ended.err);
    }
}

#[test]
fn a_script_without_a_shebang_is_the_shells() {
    let job = r#"specificationVersion: jobtemplate-2023-09
name: Job
steps:
- name: Step
  script:
    embeddedFiles: [{ name: F, filename: go.sh, type: TEXT, runnable: true, data: "echo \"[$1]\"\n" }]
    actions: { onRun: { command: "{{Task.File.F}}", args: [a b] } }
"#;
    let ended = run(job, &[]);
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    assert!(ended.out.contains("[a b]"), "{}", ended.out);
}
