//! Common beginners' mistakes: each is reported with its cause and place, and with a fix that mends it.

use openjd_monitor_core::lint::{self, Settings};
use openjd_monitor_core::template::{Edit, Syntax};

/// Warnings and errors for `text`, as `line:column rule: message`.
fn found(text: &str, syntax: Syntax) -> Vec<String> {
    let checked = lint::check(text.as_bytes(), syntax, &Settings::default());
    let findings = checked.found.expect("a template").findings;
    let shown = findings
        .iter()
        .filter(|finding| finding.level > lint::Level::Info);
    shown
        .map(|finding| {
            let start = finding.span.as_ref().expect("a place").start;
            let at = checked.source.position(start);
            let (rule, message) = (finding.rule.id, &finding.message);
            format!("{}:{} {rule}: {message}", at.line, at.column)
        })
        .collect()
}

/// `text` with all fixes applied.
fn fixed(text: &str, syntax: Syntax) -> String {
    let checked = lint::check(text.as_bytes(), syntax, &Settings::default());
    let findings = checked.found.expect("a template").findings;
    let fixes = findings.into_iter().filter_map(|finding| finding.fix);
    let mut edits: Vec<_> = fixes.flat_map(|fix| fix.edits).collect();
    edits.sort_by_key(|edit| edit.span.start);
    Edit::apply(&edits, text)
}

const JOB: &str = "\
specificationVersion: jobtemplate-2023-09
name: Shot
parameterDefinitions:
  - {name: X, type: STRING}
steps:
  - name: S
    script:
      actions:
        onRun:
          command: bash
";

/// Asserts that `lines` in the action of a job have this one finding, and that its fix turns them into these lines.
#[track_caller]
fn action(lines: &str, finding: &str, mended: &str) {
    let text = format!("{JOB}{lines}");
    assert_eq!(found(&text, Syntax::Yaml), [finding], "{lines}");
    let fixed = fixed(&text, Syntax::Yaml);
    assert_eq!(fixed, format!("{JOB}{mended}"), "{lines}");
    assert_eq!(found(&fixed, Syntax::Yaml), [""; 0], "{lines}");
}

const BRACES: &str =
    "syntax: a value with `{{…}}` must be quoted here: YAML reads the brace as a mapping";

#[test]
fn the_fix_quotes_an_unquoted_interpolation() {
    let cases = [
        (
            "args: [-c, {{Param.X}}]",
            "11:22",
            "args: [-c, \"{{Param.X}}\"]",
        ),
        (
            "args: [{{Param.X}}, {{Param.X}}/a]",
            "11:18",
            "args: [\"{{Param.X}}\", \"{{Param.X}}/a\"]",
        ),
        (
            "args: [-x, echo {{ Param.X }}]",
            "11:22",
            "args: [-x, \"echo {{ Param.X }}\"]",
        ),
        (
            "args:\n            - {{Param.X}}",
            "12:15",
            "args:\n            - \"{{Param.X}}\"",
        ),
        (
            "args:\n            - {{Param.X}}/\"a\" # b",
            "12:15",
            "args:\n            - '{{Param.X}}/\"a\"' # b",
        ),
    ];
    for (text, place, mended) in cases {
        let lines = |text: &str| format!("          {text}\n          timeout: 5\n");
        action(&lines(text), &format!("{place} {BRACES}"), &lines(mended));
    }
}

#[test]
fn the_fix_quotes_a_value_that_yaml_reads_as_another_type() {
    let starts = |c: char, why: &str| {
        format!("11:18 syntax: an unquoted value cannot start with `{c}`: {why}")
    };
    let cases = [
        ("@foo", starts('@', "YAML reserves it"), "\"@foo\""),
        ("`date`", starts('`', "YAML reserves it"), "\"`date`\""),
        ("%TEMP%", starts('%', "it starts a YAML directive"), "\"%TEMP%\""),
        ("*.exr", starts('*', "it refers to a YAML anchor"), "\"*.exr\""),
        ("| grep x", starts('|', "it starts a text on the lines below"), "\"| grep x\""),
        (
            "kill -0 ${PID}",
            "11:18 syntax: a value with braces or brackets must be quoted in a list in brackets".to_owned(),
            "\"kill -0 ${PID}\"",
        ),
        (
            "echo a: b: c",
            "11:18 syntax: an unquoted value cannot contain `: `, which YAML reads as the end of a key".to_owned(),
            "\"echo a: b: c\"",
        ),
        (
            "echo #1",
            "11:18 syntax: ` #` in an unquoted value starts a comment, and the rest of the line is lost".to_owned(),
            "\"echo #1\"",
        ),
        (
            "\"C:\\studio\\new\"",
            "11:21 syntax: `\\s` is not an escape sequence, but in double quotes a backslash starts one".to_owned(),
            "'C:\\studio\\new'",
        ),
        (
            "\"C:\\Users\\me\"",
            "11:21 syntax: `\\U` is not an escape sequence, but in double quotes a backslash starts one".to_owned(),
            "'C:\\Users\\me'",
        ),
        (
            "\"echo \"a\" b\"",
            "11:18 syntax: the quote that starts here ends before `a`".to_owned(),
            "'echo \"a\" b'",
        ),
        (
            "'it's'",
            "11:18 syntax: the quote that starts here ends before `s`".to_owned(),
            "\"it's\"",
        ),
    ];
    for (written, finding, mended) in cases {
        let lines = |text: &str| format!("          args: [{text}, b]\n          timeout: 5\n");
        action(&lines(written), &finding, &lines(mended));
    }
    action(
        "          args:\n            - [ -f x ] && y\n",
        "12:15 syntax: an unquoted value cannot start with `[`: it starts a list",
        "          args:\n            - \"[ -f x ] && y\"\n",
    );
}

#[test]
fn the_fix_moves_a_misplaced_line() {
    let cases = [
        (
            "\t  timeout: 5\n          args: [a]\n",
            "11:1 syntax: this line is indented by a tab, but YAML allows only spaces",
            "          timeout: 5\n          args: [a]\n",
        ),
        (
            "         timeout: 5\n",
            "11:10 syntax: `timeout` is indented by 9 spaces, unlike anything above it",
            "          timeout: 5\n",
        ),
        (
            "           timeout: 5\n",
            "11:12 syntax: `timeout` is indented by 11 spaces, unlike anything above it",
            "          timeout: 5\n",
        ),
        (
            "          timeout:5\n",
            "11:18 syntax: a space is missing after the colon of the key `timeout`",
            "          timeout: 5\n",
        ),
        (
            "          args: [-c, foo\n          timeout: 5\n",
            "11:17 syntax: the `[` that starts here is not closed",
            "          args: [-c, foo]\n          timeout: 5\n",
        ),
        (
            "          args: [-c, \"foo]\n          timeout: 5\n",
            "11:22 syntax: the quote that starts here is not closed",
            "          args: [-c, \"foo\"]\n          timeout: 5\n",
        ),
        (
            "          args: [-c, foo]]\n          timeout: 5\n",
            "11:26 syntax: this `]` closes nothing",
            "          args: [-c, foo]\n          timeout: 5\n",
        ),
        (
            "          args: - a\n",
            "11:17 syntax: a list item cannot be on the same line as its key `args`",
            "          args: [a]\n",
        ),
        (
            "          args:\n            - |\n            echo a\n          timeout: 5\n",
            "13:13 syntax: the text of the `-` must be indented deeper than the `-`",
            "          args:\n            - |\n              echo a\n          timeout: 5\n",
        ),
    ];
    for (lines, finding, mended) in cases {
        action(lines, finding, mended);
    }
}

#[test]
fn an_unreadable_line_does_not_hide_the_findings_of_the_rest() {
    let text = format!(
        "{JOB}          args: [-c, {{{{Param.X}}}}, {{{{Param.No}}}}]\n\t  timeout: 5\n          foo: 6\n"
    );
    let expected = [
        format!("11:22 {BRACES}"),
        "11:35 invalid-expression: Undefined variable: 'Param.No'. Did you mean: Param.X"
            .to_owned(),
        "12:1 syntax: this line is indented by a tab, but YAML allows only spaces".to_owned(),
        "13:11 unknown-field: `foo` is not a field of `onRun`".to_owned(),
    ];
    assert_eq!(found(&text, Syntax::Yaml), expected);
}

#[test]
fn syntax_that_json_lacks_is_named() {
    let json = r#"{"specificationVersion": "environment-2023-09", "environment": {"name": "E", "variables": {"A": "b"}}}"#;
    let commented = json.replacen(", ", ", // why\n", 1);
    assert_eq!(
        found(&commented, Syntax::Json),
        ["1:49 syntax: JSON has no comments"]
    );
    let comma = json.replace("\"b\"", "\"b\",");
    let expected = ["1:100 syntax: JSON allows no comma after the last item"];
    assert_eq!(found(&comma, Syntax::Json), expected);
    assert_eq!(fixed(&comma, Syntax::Json), json);
    let expected = ["1:1 syntax: this is YAML in a file whose name ends in `.json`"];
    assert_eq!(
        found(&format!("{JOB}          args: []\n"), Syntax::Json),
        expected
    );
}

/// An environment template with these lines in its `actions`.
fn environment(lines: &str) -> String {
    let head = "specificationVersion: environment-2023-09\nextensions: [MONITOR]\nenvironment:\n  name: E\n  script:\n    actions:\n";
    let lines = lines.lines().map(|line| format!("      {line}\n"));
    format!("{head}{}", lines.collect::<String>())
}

#[test]
fn a_word_of_another_system_is_one_finding_with_the_word_here() {
    let words = [
        ("periodSeconds: 10", "period", "onFailure: terminate"),
        ("interval: 10", "period", "onFailure: terminate"),
        (
            "healthIntervalSeconds: 10",
            "period",
            "onFailure: terminate",
        ),
        ("restartPolicy: terminate", "onFailure", "period: 10"),
    ];
    for (line, meant, other) in words {
        let lines = format!(
            "onEnter: {{command: a}}\nonMonitor:\n  command: {{command: b}}\n  {line}\n  {other}"
        );
        let text = environment(&lines);
        let key = line.split(':').next().expect("a key");
        let expected = format!("10:9 unknown-field: `{key}` is not a field of `onMonitor`");
        assert_eq!(found(&text, Syntax::Yaml), [expected]);
        let mended = text.replace(key, meant);
        assert_eq!(fixed(&text, Syntax::Yaml), mended);
        assert_eq!(found(&mended, Syntax::Yaml), [""; 0]);
    }
    let text = environment(
        "onWrapEnter: {command: a}\nonWrapTaskRun: {command: a}\nonWrapEnvExit: {command: a}",
    );
    let text = text.replace("[MONITOR]", "[WRAP_ACTIONS, EXPR]");
    let expected = ["7:7 unknown-field: `onWrapEnter` is not a field of `actions`"];
    assert_eq!(found(&text, Syntax::Yaml), expected);
}

#[test]
fn a_value_of_another_shape_is_one_finding_with_what_to_write() {
    let rest = "\n  period: 10\n  onFailure: terminate";
    let cases = [
        (
            "  command: b\n  args: [c]\n  timeout: 5",
            "9:18 wrong-type: `command` must be a mapping that holds `args` and `timeout` too, not a string",
            "  command:\n    command: b\n    args: [c]\n    timeout: 5",
        ),
        (
            "  command: kill -0 $PID",
            "9:18 wrong-type: `command` must be a mapping, not a string",
            "  command: {command: sh, args: [\"-c\", \"kill -0 $PID\"]}",
        ),
        (
            "  command: [b, c]",
            "9:18 wrong-type: `command` must be a mapping, not a list",
            "  command: {command: b, args: [c]}",
        ),
        (
            "  exec:\n    command: [b, c]",
            "9:9 unknown-field: `exec` is not a field of `onMonitor`",
            "  command: {command: b, args: [c]}",
        ),
        (
            "  test: [CMD-SHELL, b || c]",
            "9:9 unknown-field: `test` is not a field of `onMonitor`",
            "  command: {command: sh, args: [\"-c\", \"b || c\"]}",
        ),
    ];
    for (lines, finding, mended) in cases {
        let text = |lines: &str| {
            environment(&format!(
                "onEnter: {{command: a}}\nonMonitor:\n{lines}{rest}"
            ))
        };
        assert_eq!(found(&text(lines), Syntax::Yaml), [finding], "{lines}");
        assert_eq!(fixed(&text(lines), Syntax::Yaml), text(mended), "{lines}");
    }
    let text = environment("onEnter: echo hi").replace("extensions: [MONITOR]\n", "");
    let expected = ["6:16 wrong-type: `onEnter` must be a mapping, not a string"];
    assert_eq!(found(&text, Syntax::Yaml), expected);
    action(
        "          args: [-c, echo a: b]\n",
        "11:22 wrong-type: item 2 of `args` must be a string, and one that contains `: ` is a mapping without quotes",
        "          args: [-c, \"echo a: b\"]\n",
    );
}

#[test]
fn what_follows_from_a_wrong_value_is_not_said_and_each_bad_name_is() {
    let text = environment(
        "onEnter: {command: a}\nonMonitor: {command: {command: b, timeout: 5}, period: 0, onFailure: terminate}",
    );
    let expected =
        ["8:62 period-below-floor: `period` is 0, which is below the floor of 5 seconds"];
    assert_eq!(found(&text, Syntax::Yaml), expected);
    let head = "specificationVersion: environment-2023-09\nenvironment:\n  name: E\n";
    let text = format!("{head}  variables: {{GOOD: \"1\", bad-dash: \"1\", bad.dot: \"1\"}}\n");
    let expected = [
        "4:26 invalid-value: `bad-dash` is no name of a variable",
        "4:41 invalid-value: `bad.dot` is no name of a variable",
    ];
    assert_eq!(found(&text, Syntax::Yaml), expected);
    let text = format!("{head}  variabls: {{A: \"1\"}}\n");
    let expected = ["4:3 unknown-field: `variabls` is not a field of `environment`"];
    assert_eq!(found(&text, Syntax::Yaml), expected);
}
