//! Values from the command line (chunks, numbers, tasks), and scripts without `#!`.

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
    for text in ["4-5", "20-20", "1-2", "1-7", "01-03", "3-1:-1"] {
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
        (
            "1-99999999999999999999",
            "99999999999999999999 does not fit in 64 bits",
        ),
        ("1,1", "overlapping ranges: 1 and 1"),
        ("3-1", "Descending range 3-1 requires a negative step"),
        ("1-3:0", "Step must not be zero"),
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

#[test]
fn a_chunk_of_a_billion_values_is_checked_at_once() {
    let job = CHUNKS.replace(
        "1-7,20,30-33",
        "1-1000000000,1000000002-2000000001,3000000000-3000000010:5",
    );
    for text in ["1-1000000000", "5-999999999"] {
        let ended = run(&job, &["-t", &format!("F={text}")]);
        assert!(
            ended.out.contains(&format!("[{text}]")),
            "{}{}",
            ended.out,
            ended.err
        );
    }
    let job = job.replace("CONTIGUOUS", "NONCONTIGUOUS");
    for (text, outside) in [
        ("1-1500000000", "1000000001 is not"),
        ("2-1000000000:2,3000000000-3000000010:10", ""),
        ("3000000000-3000000010", "3000000001 is not"),
    ] {
        let ended = run(&job, &["-t", &format!("F={text}")]);
        match outside {
            "" => assert!(
                ended.out.contains(&format!("[{text}]")),
                "{}{}",
                ended.out,
                ended.err
            ),
            outside => assert!(ended.err.contains(outside), "{}", ended.err),
        }
    }
}

const PARAMETERS: &str = "specificationVersion: jobtemplate-2023-09
name: Job
parameterDefinitions:
- { name: S, type: STRING, default: s }
- { name: F, type: FLOAT, default: 0 }
- { name: I, type: INT, default: 0 }
steps:
- name: Step
  parameterSpace:
    taskParameterDefinitions:
    - { name: T, type: STRING, range: ['18446744073709551616', '1.10', '5'] }
  script:
    actions: { onRun: { command: echo, args: ['[{{Param.S}}|{{Param.F}}|{{Param.I}}|{{Task.Param.T}}]'] } }
";

#[test]
fn numbers_are_taken_with_the_digits_that_are_written() {
    let directory = tempfile::tempdir().expect("a folder");
    let yaml = directory.path().join("p.yaml");
    std::fs::write(&yaml, "S: 1.10\nF: 1e-3\nI: 0x10\n").expect("a file");
    let from_yaml = format!("file://{}", yaml.display());
    let tasks = directory.path().join("t.yaml");
    std::fs::write(&tasks, "- T: 1.10\n- {T: 18446744073709551616}\n").expect("a file");
    let of_yaml = format!("file://{}", tasks.display());
    let of_json = r#"[{"T": 18446744073709551616}, {"T": 1.10}]"#;
    for (parameters, tasks, shown) in [
        (
            r#"{"S": 18446744073709551616}"#,
            of_json,
            "[18446744073709551616|0|0|1.10]",
        ),
        (
            r#"{"S": 0.12345678901234567890123, "I": -5}"#,
            of_json,
            "[0.12345678901234567890123|0|-5|18446744073709551616]",
        ),
        (&from_yaml, &of_yaml, "[1.10|1e-3|16|1.10]"),
    ] {
        let ended = run(PARAMETERS, &["-p", parameters, "--tasks", tasks]);
        assert!(
            ended.out.contains(shown),
            "{shown}: {}{}",
            ended.out,
            ended.err
        );
    }
    for number in ["18446744073709551616", "12345678901234567890"] {
        let ended = run(PARAMETERS, &["-p", &format!(r#"{{"I": {number}}}"#)]);
        assert_eq!(ended.status, 2, "{}{}", ended.out, ended.err);
        assert!(ended.err.contains(number), "{}", ended.err);
    }
}

#[test]
fn integers_in_another_notation_are_read_in_files_of_tasks() {
    let directory = tempfile::tempdir().expect("a folder");
    let tasks = directory.path().join("t.yaml");
    let template = PARAMETERS.replace(
        "'18446744073709551616', '1.10', '5'",
        "'16', '1000', '0x10'",
    );
    for (text, shown) in [
        ("0x10", "[s|0|0|16]"),
        ("1_000", "[s|0|0|1000]"),
        ("'0x10'", "[s|0|0|0x10]"),
    ] {
        std::fs::write(&tasks, format!("- T: {text}\n")).expect("a file");
        let ended = run(
            &template,
            &["--tasks", &format!("file://{}", tasks.display())],
        );
        assert!(
            ended.out.contains(shown),
            "{text}: {}{}",
            ended.out,
            ended.err
        );
    }
}

#[test]
fn an_integer_beyond_64_bits_in_a_list_is_refused_as_written() {
    let template = PARAMETERS
        .replace("name: Job", "name: Job\nextensions: [EXPR]")
        .replace("type: INT, default: 0", "type: 'LIST[INT]', default: [0]");
    for number in [
        "18446744073709551616",
        "9223372036854775808",
        "-9223372036854775809",
    ] {
        for given in [
            format!("I=[1, {number}]"),
            format!(r#"{{"I": [{number}]}}"#),
        ] {
            let ended = run(&template, &["-p", &given]);
            assert_eq!(ended.status, 2, "{given}: {}{}", ended.out, ended.err);
            let named = format!("Value '{number}'");
            assert!(ended.err.contains(&named), "{given}: {}", ended.err);
        }
    }
    let text = "S=[18446744073709551616]";
    let ended = run(&template, &["-p", text, "-p", "I=[-9223372036854775808]"]);
    let shown = "[[18446744073709551616]|0|[-9223372036854775808]|";
    assert!(ended.out.contains(shown), "{}{}", ended.out, ended.err);
}

#[test]
fn scenarios_take_numbers_with_the_digits_that_are_written() {
    let scenario = format!(
        "id: numbers\ntitle: Numbers\nclauses: [SES-1]\njob:\n  parameters: {{ I: 18446744073709551616 }}\n  template:\n{}",
        PARAMETERS
            .lines()
            .map(|line| format!("    {line}\n"))
            .collect::<String>()
    );
    let ended = crate::support::program(["simulate", "-"])
        .stdin(scenario)
        .run();
    assert_eq!(ended.status, 2, "{}{}", ended.out, ended.err);
    assert!(
        ended.err.contains("'18446744073709551616'"),
        "{}",
        ended.err
    );
}

#[test]
fn a_number_behind_an_alias_is_named_as_written() {
    let job = "specificationVersion: jobtemplate-2023-09
name: Job
steps:
- name: Step
  script: { actions: { onRun: { command: echo, args: [&big 18446744073709551616], timeout: *big } } }
";
    let ended = crate::support::program(["check", "-"]).stdin(job).run();
    let message = "64-bit integer, and 18446744073709551616 does not fit";
    assert!(ended.out.contains(message), "{}{}", ended.out, ended.err);
}
