//! Common beginners' mistakes: each is reported with its cause and place, and with a fix that mends it.

use openjd_monitor_core::lint::{self, Settings};
use openjd_monitor_core::template::{Edit, Syntax};

/// Warnings and errors for `text`, as `line:column rule: message`.
pub(crate) fn found(text: &str, syntax: Syntax) -> Vec<String> {
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
pub(crate) fn fixed(text: &str, syntax: Syntax) -> String {
    let checked = lint::check(text.as_bytes(), syntax, &Settings::default());
    let findings = checked.found.expect("a template").findings;
    let fixes = findings.into_iter().filter_map(|finding| finding.fix);
    let mut edits: Vec<_> = fixes.flat_map(|fix| fix.edits).collect();
    edits.sort_by_key(|edit| edit.span.start);
    Edit::apply(&edits, text)
}

pub(crate) const JOB: &str = "\
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
pub(crate) fn action(lines: &str, finding: &str, mended: &str) {
    let text = format!("{JOB}{lines}");
    assert_eq!(found(&text, Syntax::Yaml), [finding], "{lines}");
    let fixed = fixed(&text, Syntax::Yaml);
    assert_eq!(fixed, format!("{JOB}{mended}"), "{lines}");
    assert_eq!(found(&fixed, Syntax::Yaml), [""; 0], "{lines}");
}

const BRACES: &str =
    "syntax: a value with `{{…}}` must be quoted here: YAML reads the brace as a mapping";

#[test]
fn what_is_left_unread_after_many_mistakes_is_said() {
    let template = |count: usize| {
        let items: Vec<_> = (0..count)
            .map(|item| format!("          - @a{item}\n"))
            .collect();
        format!("{JOB}          args:\n{}", items.concat())
    };
    let all = |count: usize| found(&template(count), Syntax::Yaml);
    assert_eq!(all(40).len(), 40);
    let last = |count: usize| all(count).pop().unwrap_or_default();
    assert!(last(40).contains("cannot start with `@`"), "{}", last(40));
    let unread = "syntax: there is at least one more mistake, from here on";
    for count in [300, 3000] {
        assert!(last(count).ends_with(unread), "{}", last(count));
        assert!(all(count).len() >= 16);
    }
}

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
fn a_bracket_that_another_one_closes_over_is_named() {
    let text = "specificationVersion: environment-2023-09
environment: {name: E, script: {actions: {onEnter: {command: a, args: [b, c}}}}
";
    let expected = ["2:71 syntax: the `[` that starts here is not closed"];
    assert_eq!(found(text, Syntax::Yaml), expected);
    let mended = text.replace("c}", "c]}");
    assert_eq!(fixed(text, Syntax::Yaml), mended);
    assert_eq!(found(&mended, Syntax::Yaml), [""; 0]);
}

#[test]
fn an_unreadable_line_does_not_hide_the_findings_of_the_rest() {
    let text = format!(
        "{JOB}          args: [-c, {{{{Param.X}}}}, {{{{Param.No}}}}]\n\t  timeout: 5\n          foo: 6\n"
    );
    let expected = [
        format!("11:22 {BRACES}"),
        "11:37 invalid-expression: there is no variable `Param.No` here".to_owned(),
        "12:1 syntax: this line is indented by a tab, but YAML allows only spaces".to_owned(),
        "13:11 unknown-field: `foo` is not a field of `onRun`".to_owned(),
    ];
    assert_eq!(found(&text, Syntax::Yaml), expected);
}

#[test]
fn a_key_that_a_repair_makes_is_no_finding() {
    let text = "specificationVersion: jobtemplate-2023-09
name: Job
parameterDefinitions:
  - {name: A, type: STRING, default: a
d}nsteps:
  - name: S
    script: {actions: {onRun: {command: x}}}
";
    assert_eq!(
        found(text, Syntax::Yaml),
        [
            "4:5 syntax: the `{` that starts here is not closed",
            "5:2 syntax: this `}` closes nothing",
        ]
    );
}

#[test]
fn an_invisible_character_behind_a_space_of_several_bytes_is_named() {
    let text = JOB.replace("bash", r#""a\Nb\u200Bc""#);
    let message =
        "10:25 invisible-character: a U+200B ZERO WIDTH SPACE stands here, which does not show";
    assert_eq!(found(&text, Syntax::Yaml), [message]);
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
pub(crate) fn environment(lines: &str) -> String {
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

/// A job with these lines of the template.
pub(crate) fn job(lines: &str) -> String {
    format!("specificationVersion: jobtemplate-2023-09\nname: Job\n{lines}\n")
}

#[test]
fn too_many_interpolations_are_one_finding() {
    let many = "{{Param.X}}".repeat(1001);
    let finding = "Format string contains too many interpolation segments (1001); maximum is 1000";
    for (field, column) in [("args: [", 19), ("timeout: ", 21)] {
        let close = if field.ends_with('[') { "]" } else { "" };
        let text = format!("{JOB}          {field}'{many}'{close}\n");
        let said = format!("11:{column} invalid-expression: {finding}");
        assert_eq!(found(&text, Syntax::Yaml), [said], "{field}");
    }
    // What else is wrong with it is said, too.
    let many = "{{Param.X}}".repeat(1000);
    let text = format!("{JOB}          args: ['{many}{{{{a +}}}}']\n");
    let both = found(&text, Syntax::Yaml);
    assert_eq!(both.len(), 2, "{both:?}");
    assert!(both[0].contains(finding), "{both:?}");
    assert!(both[1].starts_with("11:11019 "), "{both:?}");
}

#[test]
fn a_broken_number_is_one_finding() {
    let text = format!("{JOB}          timeout: '{{{{a +}}}}'\n");
    let all = found(&text, Syntax::Yaml);
    assert_eq!(all.len(), 1, "{all:?}");
}

#[test]
fn format_strings_are_proposed_only_where_they_are_taken() {
    let text = job("extensions: [FEATURE_BUNDLE_1]
parameterDefinitions:
- {name: A, type: INT, default: 5.5}
steps:
- name: S
  parameterSpace: {taskParameterDefinitions: [{name: T, type: INT, range: [0.5]}]}
  script: {actions: {onRun: {command: x, timeout: 1.5}}}");
    assert_eq!(
        found(&text, Syntax::Yaml),
        [
            "5:33 wrong-type: `default` must be an integer or a string, not a number",
            "8:76 wrong-type: item 1 of `range` must be an integer or a format string, not a number",
            "9:51 wrong-type: `timeout` must be an integer or a format string, not a number",
        ]
    );
}

#[test]
fn an_integer_that_does_not_fit_is_told_from_a_text_that_begins_with_one() {
    let default = |value: &str| {
        let list = format!("parameterDefinitions:\n- {{name: A, type: INT, default: {value}}}");
        let steps = "steps: [{name: S, script: {actions: {onRun: {command: x}}}}]";
        found(&job(&format!("{list}\n{steps}")), Syntax::Yaml)
    };
    let digits = "99999999999999999999";
    let said = default(digits);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].ends_with(&format!("{digits} does not fit")),
        "{said:?}"
    );
    for text in [
        format!("'{digits} x'"),
        format!("{digits}_frames"),
        format!("{digits}x"),
    ] {
        let said = default(&text);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(!said[0].contains("does not fit"), "{said:?}");
    }
    let timeout = format!("          timeout: '{digits}{{{{Param.X}}}}'\n");
    let said = found(&format!("{JOB}{timeout}"), Syntax::Yaml);
    assert!(
        said.iter().any(|said| said.contains("does not fit")),
        "{said:?}"
    );
}

#[test]
fn each_undefined_reference_of_a_string_is_reported_at_its_place() {
    let text = job(
        "extensions: [EXPR]\nsteps:\n  - name: S\n    script: {actions: {onRun: {command: a, args: [\n      \"Param.A {{Param.A}} {{ 1 + 'a' }} {{ Param.B + Param.A }} {{Param.\", \"{{Param.C}}\"]}}}",
    );
    let expected = [
        "7:18 invalid-expression: there is no variable `Param.A` here",
        "7:28 invalid-expression: Cannot use '+' operator with int and string",
        "7:45 invalid-expression: there is no variable `Param.B` here",
        "7:55 invalid-expression: there is no variable `Param.A` here",
        "7:66 invalid-expression: the `{{` that starts here has no `}}` behind it",
        "7:80 invalid-expression: there is no variable `Param.C` here",
    ];
    assert_eq!(found(&text, Syntax::Yaml), expected);
}

#[test]
fn each_circle_of_steps_is_reported_with_its_steps_in_order() {
    let step = |name: &str, needed: &str| {
        format!(
            "  - {{name: {name}, dependencies: [{{dependsOn: {needed}}}], script: {{actions: {{onRun: {{command: a}}}}}}}}\n"
        )
    };
    let steps = [
        ("X", "B"),
        ("A", "A"),
        ("B", "D"),
        ("C", "B"),
        ("D", "C"),
        ("E", "F"),
        ("F", "E"),
    ];
    let steps: String = steps.map(|(name, needed)| step(name, needed)).concat();
    let expected = [
        "5:42 openjd: `dependsOn`: a step cannot depend on itself",
        "6:42 openjd: steps depend on each other in a circle: `B` → `D` → `C` → `B`",
        "9:42 openjd: steps depend on each other in a circle: `E` → `F` → `E`",
    ];
    assert_eq!(
        found(&job(&format!("steps:\n{steps}")), Syntax::Yaml),
        expected
    );
}

#[test]
fn a_mistake_behind_an_anchor_is_reported_once_with_its_uses() {
    let text = environment(
        "onWrapEnvEnter: &a {command: a, tmeout: 5}\nonWrapTaskRun: *a\nonWrapEnvExit:\n  <<: *a\nonEnter: &t text\nonExit: *t",
    );
    let text = text.replace("[MONITOR]", "[WRAP_ACTIONS, EXPR]");
    let checked = lint::check(text.as_bytes(), Syntax::Yaml, &Settings::default());
    let findings = checked.found.expect("a template").findings;
    let shown: Vec<_> = findings
        .iter()
        .map(|finding| {
            let line = |span: &Option<std::ops::Range<usize>>| {
                checked
                    .source
                    .position(span.as_ref().expect("a place").start)
                    .line
            };
            let uses: Vec<_> = finding
                .related
                .iter()
                .map(|related| line(&related.span))
                .collect();
            (finding.rule.id, line(&finding.span), uses)
        })
        .collect();
    let expected = [
        ("unknown-field", 7, vec![8, 10]),
        ("wrong-type", 11, vec![12]),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn names_of_earlier_drafts_and_other_places_are_replaced_by_the_fix() {
    let names = [
        ("onWrapTaskRun", "Task.Timeout", "WrappedAction.Timeout"),
        (
            "onWrapTaskRun",
            "Task.Environment",
            "WrappedAction.Environment",
        ),
        ("onWrapEnvEnter", "Env.Wrapped.Name", "WrappedEnv.Name"),
        (
            "onWrapEnvExit",
            "Env.Action.Command",
            "WrappedAction.Command",
        ),
        ("onEnter", "parameters.tool", "Param.Tool"),
        ("onEnter", "Task.File.Run", "Env.File.Run"),
        ("onEnter", "Session.WorkingDir", "Session.WorkingDirectory"),
    ];
    let hooks = [
        "onWrapEnvEnter",
        "onWrapTaskRun",
        "onWrapEnvExit",
        "onEnter",
    ];
    for (place, written, meant) in names {
        let text = |name: &str| {
            let actions: String = hooks
                .map(|hook| {
                    let argument = if hook == place {
                        format!("{{{{{name}}}}}")
                    } else {
                        "x".to_owned()
                    };
                    format!("      {hook}: {{command: a, args: [\"{argument}\"]}}\n")
                })
                .concat();
            format!(
                "specificationVersion: environment-2023-09\nextensions: [EXPR, WRAP_ACTIONS]\nparameterDefinitions: [{{name: Tool, type: INT}}]\nenvironment:\n  name: E\n  script:\n    embeddedFiles: [{{name: Run, type: TEXT, data: x}}]\n    actions:\n{actions}"
            )
        };
        assert_eq!(
            fixed(&text(written), Syntax::Yaml),
            text(meant),
            "{written}"
        );
        let left = found(&text(meant), Syntax::Yaml);
        // The file is there for one of the cases only.
        let is_other = |finding: &String| !finding.contains("unused-embedded-file");
        assert!(!left.iter().any(is_other), "{meant}: {left:?}");
    }
    // The contents of a hook by its older name are looked at as well.
    let text = environment("onEnter: {command: a}\nonWrapEnter: {command: a, args: [\"{{Env.Wrapped.Name}}\"]}\nonWrapTaskRun: {command: a}\nonWrapEnvExit: {command: a}")
        .replace("[MONITOR]", "[WRAP_ACTIONS, EXPR]");
    let expected = [
        "8:7 unknown-field: `onWrapEnter` is not a field of `actions`",
        "8:43 invalid-expression: there is no variable `Env.Wrapped.Name` here",
    ];
    assert_eq!(found(&text, Syntax::Yaml), expected);
}

#[test]
fn an_expression_in_another_language_is_explained() {
    let cases = [
        (
            "{{ Param.X | upper }}",
            "there are no filters here: `| upper` is one of Jinja",
        ),
        (
            "{{Param.X|default('a')}}",
            "there are no filters here: `| default('a')` is one of Jinja",
        ),
        ("{{ Param.X && true }}", "`&&` is not an operator here"),
        (
            "{{ Param.X ? 1 : 2 }}",
            "`?` and `:` are not operators here",
        ),
        (
            "{{{Param.X}}}",
            "a reference has two braces on each side, not three",
        ),
        (
            "{{- Param.X -}}",
            "`-` at a brace trims white space in other languages, and is no part of an expression",
        ),
        ("{{}}", "nothing stands between the braces"),
        ("{{Param.}}", "a name is missing behind the last `.`"),
        ("{{ uper(Param.X) }}", "there is no function `uper`"),
    ];
    for (written, message) in cases {
        let text = format!("{JOB}          args: [\"{written}\"]\n")
            .replace("name: Shot", "name: Shot\nextensions: [EXPR]");
        let shown = found(&text, Syntax::Yaml);
        assert_eq!(shown.len(), 1, "{written}: {shown:?}");
        assert!(
            shown[0].ends_with(&format!("invalid-expression: {message}")),
            "{written}: {shown:?}"
        );
    }
}

#[test]
fn an_expression_needs_its_extension_wherever_it_stands() {
    let text = "specificationVersion: jobtemplate-2023-09\nname: \"{{ len(range(3)) }}\"\nsteps:\n  - {name: S, script: {actions: {onRun: {command: a}}}}\n";
    let expected =
        ["2:8 missing-extension: this needs the EXPR extension, which the template does not list"];
    assert_eq!(found(text, Syntax::Yaml), expected);
}

#[test]
fn a_timeout_beside_the_command_of_a_check_moves_into_it() {
    let rest = "  period: 10\n  onFailure: terminate";
    let text = |command: &str, beside: &str| {
        environment(&format!(
            "onEnter: {{command: a}}\nonMonitor:\n{command}{beside}{rest}"
        ))
    };
    let cases = [
        (
            "  command: {command: b}\n",
            "  command: {command: b, timeout: 5}\n",
        ),
        (
            "  command:\n    command: b\n",
            "  command:\n    command: b\n    timeout: 5\n",
        ),
    ];
    for (before, after) in cases {
        let wrong = text(before, "  timeoutSeconds: 5\n");
        assert_eq!(fixed(&wrong, Syntax::Yaml), text(after, ""), "{before}");
        assert_eq!(found(&text(after, ""), Syntax::Yaml), [""; 0]);
    }
}

#[test]
fn a_short_form_of_another_system_is_written_out_by_the_fix() {
    for (written, finding, mended) in [
        (
            "cancelation: TERMINATE",
            "11:24 wrong-type: `cancelation` must be a mapping, not a string",
            "cancelation: {mode: TERMINATE}",
        ),
        (
            "args: a -b {{Param.X}}",
            "11:17 wrong-type: `args` must be a list, not a string",
            "args: [a, \"-b\", \"{{Param.X}}\"]",
        ),
    ] {
        let lines = |text: &str| format!("          {text}\n          timeout: 5\n");
        action(&lines(written), finding, &lines(mended));
    }
    let steps = |dependencies: &str, space: &str| {
        format!(
            "specificationVersion: jobtemplate-2023-09\nname: Job\nsteps:\n  - {{name: A, script: {{actions: {{onRun: {{command: a}}}}}}}}\n  - name: B\n    dependencies: {dependencies}\n    parameterSpace: {{{space}}}\n    script: {{actions: {{onRun: {{command: a, args: [\"{{{{Task.Param.Frame}}}}\"]}}}}}}\n"
        )
    };
    let sound = (
        "[{dependsOn: A}]",
        "taskParameterDefinitions: [{name: Frame, range: \"1-10\", type: INT}]",
    );
    let cases = [
        ("[A]", sound.1),
        ("A", sound.1),
        ("[{dependsOn: a}]", sound.1),
        (sound.0, "Frame: 1-10"),
    ];
    for (dependencies, space) in cases {
        let text = steps(dependencies, space);
        assert_eq!(found(&text, Syntax::Yaml).len(), 1, "{text}");
        assert_eq!(fixed(&text, Syntax::Yaml), steps(sound.0, sound.1));
    }
    assert_eq!(found(&steps(sound.0, sound.1), Syntax::Yaml), [""; 0]);
}

#[test]
fn what_other_programs_leave_in_a_file_is_named() {
    let text = format!("```yaml\n{JOB}```\n");
    let expected =
        ["1:1 syntax: this line is the fence of a code block, and no part of a template"];
    assert_eq!(found(&text, Syntax::Yaml), expected);
    assert_eq!(fixed(&text, Syntax::Yaml), JOB);
    let text = format!(
        "{JOB}<<<<<<< HEAD\n          timeout: 5\n=======\n          timeout: 6\n>>>>>>> main\n"
    );
    let expected = [
        "11:1 syntax: a merge of two versions of this file is not finished: this line marks a conflict",
    ];
    assert_eq!(found(&text, Syntax::Yaml), expected);
    action(
        "          timeout:\u{a0}5\n",
        "11:19 syntax: this space is a U+00A0 NO-BREAK SPACE, which is no space to YAML",
        "          timeout: 5\n",
    );
}

/// Findings for `text` with their help, as `line:column message: help`.
pub(crate) fn helped(text: &str) -> Vec<String> {
    let checked = lint::check(text.as_bytes(), Syntax::Yaml, &Settings::default());
    let findings = checked.found.expect("a template").findings;
    let shown = findings.iter().map(|finding| {
        let start = finding.span.as_ref().expect("a place").start;
        let at = checked.source.position(start);
        let help = finding.help.as_deref().unwrap_or_default();
        format!("{}:{} {}: {help}", at.line, at.column, finding.message)
    });
    shown.collect()
}

#[test]
fn a_capability_in_the_scope_of_the_specification_is_said_to_need_another_name() {
    let requirements = "    hostRequirements:
      amounts:
        - {name: amount.worker.gpus, min: 8}
      attributes:
        - {anyOf: [x], name: attr.worker.my.attr}
";
    let text = format!("{JOB}          args: [x]\n{requirements}");
    let found: Vec<_> = helped(&text)
        .into_iter()
        .filter(|line| line.contains("capability"))
        .collect();
    let [first, second] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert!(
        first.starts_with("14:18 ") && first.ends_with(": did you mean `amount.worker.gpu`?"),
        "{first}"
    );
    let advice = "write `attr.my.attr` for a capability of your own; those of the specification are \
                  `attr.worker.os.family` and `attr.worker.cpu.arch`";
    assert!(
        second.starts_with("16:30 ") && second.ends_with(advice),
        "{second}"
    );
}

#[test]
fn an_expression_that_fails_without_a_message_has_one() {
    for (reason, message) in [
        ("''", "this expression calls `fail` without a message"),
        ("' \\n.'", "this expression calls `fail` without a message"),
        ("'\\nno licence.'", "no licence"),
    ] {
        let text = format!(
            "specificationVersion: environment-2023-09\nextensions: [EXPR]\nenvironment:\n  name: E\n  \
             variables: {{V: \"{{{{ fail({}) }}}}\"}}\n",
            reason.replace('\\', "\\\\")
        );
        let expected = format!("5:19 invalid-expression: {message}");
        assert_eq!(found(&text, Syntax::Yaml), [expected], "{text}");
    }
}

#[test]
fn a_list_for_a_text_is_one_in_json() {
    let text = r#"{"specificationVersion": "environment-2023-09", "environment": {"name": "E", "script": {"actions":
{"onEnter": {"command": "a", "args": [["b"]], "timeout": 5}}}}}"#;
    let expected = "2:39 wrong-type: item 1 of `args` must be a string, not a list";
    assert_eq!(found(text, Syntax::Json), [expected]);
    assert_eq!(fixed(text, Syntax::Json), text);
}

#[test]
fn closing_braces_of_another_language_are_named_with_what_to_write() {
    let unopened = |column: usize| {
        format!("11:{column} invalid-expression: this `}}}}` has no `{{{{` before it")
    };
    let cases = [
        (r#"{"a": {"b": 1}}"#, unopened(32), r#"{"a": {"b": 1} }"#),
        ("{{Param.X}}}}", unopened(30), "{{Param.X}}} }"),
        (
            "{Param.X}}",
            "11:19 invalid-expression: `{Param.X}}` lacks a brace: a reference has two on each side"
                .to_owned(),
            "{{Param.X}}",
        ),
    ];
    for (written, finding, mended) in cases {
        let lines = |text: &str| format!("          args: ['{text}']\n");
        action(&lines(written), &finding, &lines(mended));
    }
}

#[test]
fn one_cause_is_one_finding_whose_remedy_leads_to_no_other() {
    let lines = |lines: &str| format!("{JOB}          {lines}\n");
    let braces = "is no reference, which has two braces on each side";
    assert_eq!(
        found(&lines("timeout: \"{Param.X}\""), Syntax::Yaml),
        [format!("11:20 invalid-value: `{{Param.X}}` {braces}")]
    );
    let monitor = |lines: &str| {
        environment(&format!(
            "onEnter: {{command: a}}\nonMonitor:\n  command: {{command: b, timeout: 5}}\n{lines}"
        ))
    };
    assert_eq!(
        found(
            &monitor("  period: \"{Param.X}\"\n  onFailure: log"),
            Syntax::Yaml
        ),
        [format!("10:17 invalid-value: `{{Param.X}}` {braces}")]
    );
    assert_eq!(
        found(&monitor("  period: 30\n  onFailure: false"), Syntax::Yaml),
        ["11:20 invalid-value: `onFailure` must be `log`, `warn` or `terminate`, not `false`"]
    );
    let every = monitor("  period: 30\n  onFailure: log\n  scope: all");
    assert_eq!(
        found(&every, Syntax::Yaml),
        ["12:16 wrong-type: `scope` must be a list, not a string"]
    );
    assert_eq!(fixed(&every, Syntax::Yaml), every);
    let probe = environment("onEnter: {command: a}\nlivenessProbe:\n  exec: {command: [b]}");
    assert_eq!(
        found(&probe, Syntax::Yaml),
        ["8:7 unknown-field: `livenessProbe` is not a field of `actions`"]
    );
    let beside = environment(
        "onEnter: {command: a}\nonMonitor:\n  command:\n    command: b\n  args: [c]\n  timeout: 5\n  period: 30\n  onFailure: log",
    );
    assert_eq!(
        found(&beside, Syntax::Yaml),
        ["11:9 unknown-field: `args` is not a field of `onMonitor`"]
    );
    let mended = beside.replace(
        "  command: b\n        args: [c]\n        timeout: 5\n",
        "  command: b\n          args: [c]\n          timeout: 5\n",
    );
    assert_eq!(fixed(&beside, Syntax::Yaml), mended);
    let file = "specificationVersion: environment-2023-09\nenvironment:\n  name: E\n  script:\n    embeddedFiles:\n      - {name: F, type: TEXT, runnable: yes, data: \"#!/bin/sh\"}\n    actions: {onEnter: {command: \"{{Env.File.F}}\"}}\n";
    assert_eq!(
        found(file, Syntax::Yaml),
        ["6:41 wrong-type: `runnable` must be a boolean, not a string"]
    );
    assert_eq!(fixed(file, Syntax::Yaml), file.replace("yes", "true"));
    let job = "specificationVersion: jobtemplate-2023-09\nname: J\nenvironment: # one\n  name: E\n  variables: {A: \"1\"}\nsteps:\n  - name: S\n    script: {actions: {onRun: {command: a}}}\n";
    assert_eq!(
        found(job, Syntax::Yaml),
        ["3:1 unknown-field: `environment` is not a field of the template"]
    );
    let mended = job.replace(
        "environment: # one\n  name: E\n  variables",
        "jobEnvironments: # one\n  - name: E\n    variables",
    );
    assert_eq!(fixed(job, Syntax::Yaml), mended);
}

#[test]
fn a_reference_in_the_name_of_a_file_is_reported() {
    let text = |name: &str| {
        format!(
            "specificationVersion: jobtemplate-2023-09\nname: J\nparameterDefinitions: [{{name: X, type: STRING}}]\nsteps:\n  - name: S\n    script:\n      embeddedFiles: [{{name: F, type: TEXT, filename: \"{name}\", data: \"{{{{Param.X}}}}\"}}]\n      actions: {{onRun: {{command: sh, args: [\"{{{{Task.File.F}}}}\"]}}}}\n"
        )
    };
    assert_eq!(
        found(&text("a-{{Param.X}}.sh"), Syntax::Yaml),
        [
            "7:58 unreplaced-reference: `{{Param.X}}` stays in the name of the file as it is: `filename` takes no references"
        ]
    );
    assert_eq!(found(&text("a-{x}.sh"), Syntax::Yaml), [""; 0]);
}
