//! Missing and mistaken signs: colons, commas, dashes, line breaks and anchors. Each is one finding at its place, and its
//! fix leaves a template without findings.

use crate::mistakes::{JOB, action, environment, fixed, found, job};
use openjd_monitor_core::lint::{self, Safety, Settings};
use openjd_monitor_core::template::Syntax;

/// Asserts that `text` has this one finding, and that its fix makes `mended` of it, which has none.
#[track_caller]
fn one(text: &str, finding: &str, mended: &str) {
    all(text, &[finding], mended);
}

#[track_caller]
fn all(text: &str, findings: &[&str], mended: &str) {
    assert_eq!(found(text, Syntax::Yaml), findings, "{text}");
    assert_eq!(fixed(text, Syntax::Yaml), mended, "{text}");
    assert_eq!(found(mended, Syntax::Yaml), [""; 0], "{mended}");
}

/// Asserts that `written` in `text`, where it stands once, is one finding whose fix writes `meant`.
#[track_caller]
fn replaced(text: &str, written: &str, finding: &str, meant: &str) {
    assert_eq!(text.matches(written).count(), 1, "{written}");
    one(text, finding, &text.replace(written, meant));
}

fn step(action: &str) -> String {
    job(&format!(
        "steps:\n  - name: S\n    script:\n      actions:\n        {action}"
    ))
}

#[test]
fn a_colon_without_a_space_is_named_in_braces_and_in_lines() {
    let space = |at: &str, name: &str| {
        format!("{at} syntax: a space is missing after the colon of the key `{name}`")
    };
    let cases = [
        (
            "onRun: {command:bash, args:[a], timeout:5}",
            "onRun: {command: bash, args: [a], timeout: 5}",
            "7:24",
        ),
        // YAML reads these as keys without values.
        ("onRun: {command:bash}", "onRun: {command: bash}", "7:24"),
        (
            "onRun: {command:bash, timeout:5}",
            "onRun: {command: bash, timeout: 5}",
            "7:24",
        ),
        (
            "onRun: {command:'bash'}",
            "onRun: {command: 'bash'}",
            "7:24",
        ),
        // A text in two words or on its own line.
        (
            "onRun:\n          command:bash",
            "onRun:\n          command: bash",
            "8:18",
        ),
    ];
    for (written, meant, at) in cases {
        one(&step(written), &space(at, "command"), &step(meant));
    }
    all(
        &step("onRun:\n          command:bash\n          args:[a]"),
        &[&space("8:18", "command"), &space("9:15", "args")],
        &step("onRun:\n          command: bash\n          args: [a]"),
    );
    let head = "specificationVersion: environment-2023-09\nenvironment:\n  name: E\n";
    one(
        &format!("{head}  variables: {{A:a, B:b}}\n"),
        &space("4:16", "A"),
        &format!("{head}  variables: {{A: a, B: b}}\n"),
    );
}

#[test]
fn a_missing_colon_is_named() {
    let colon = |at: &str, name: &str| format!("{at} syntax: a colon is missing after `{name}`");
    let text = step("onRun:\n          command: bash\n          args: [a]\n          timeout: 5");
    let cases = [
        (
            "specificationVersion: j",
            "specificationVersion j",
            "1:1",
            "specificationVersion",
        ),
        ("name: Job", "name Job", "2:1", "name"),
        ("steps:", "steps", "3:1", "steps"),
        ("actions:", "actions", "6:7", "actions"),
        ("onRun:", "onRun", "7:9", "onRun"),
        ("command: bash", "command bash", "8:11", "command"),
        ("args: [a]", "args [a]", "9:11", "args"),
        ("timeout: 5", "timeout 5", "10:11", "timeout"),
    ];
    for (meant, written, at, name) in cases {
        let text = text.replace(meant, written);
        replaced(&text, written, &colon(at, name), meant);
    }
    let cases = [
        (
            "onRun: {command bash, args: [a]}",
            "onRun: {command: bash, args: [a]}",
            "7:17",
        ),
        ("onRun: {command bash}", "onRun: {command: bash}", "7:17"),
        (
            "onRun:\n          command bash",
            "onRun:\n          command: bash",
            "8:11",
        ),
    ];
    for (written, meant, at) in cases {
        one(&step(written), &colon(at, "command"), &step(meant));
    }
    let monitor = "onEnter: {command: a}\nonMonitor:\n  command {command: b}\n  period: 30\n  onFailure: terminate";
    let text = environment(monitor);
    replaced(&text, "command {", &colon("9:9", "command"), "command: {");
    let said = found(&JOB.replace("steps:", "foo bar\nsteps:"), Syntax::Yaml);
    let expected = "5:1 syntax: this line is neither a key with a value nor a list item";
    assert_eq!(said, [expected]);
}

#[test]
fn a_sign_of_another_script_is_named() {
    let colon = "syntax: this colon is a U+FF1A FULLWIDTH COLON, which is none to YAML";
    let comma = "syntax: this comma is a U+FF0C FULLWIDTH COMMA, which is none to YAML";
    let text = step("onRun:\n          command: bash\n          args: [\"a\", \"b\"]");
    let cases = [
        (
            "specificationVersion:",
            "specificationVersion：",
            format!("1:21 {colon}"),
        ),
        ("command: bash", "command：bash", format!("8:18 {colon}")),
        ("\"a\", \"b\"", "\"a\"，\"b\"", format!("9:21 {comma}")),
    ];
    for (meant, written, finding) in cases {
        let text = text.replace(meant, written);
        replaced(&text, written, &finding, meant);
    }
    let both = step("onRun: {command： bash， args: [a]}");
    one(
        &both,
        &format!("7:24 {colon}"),
        &step("onRun: {command: bash, args: [a]}"),
    );
}

#[test]
fn a_missing_comma_is_named() {
    let comma =
        |at: &str, before: &str| format!("{at} syntax: a comma is missing before `{before}`");
    let cases = [
        (
            "onRun: {command: bash args: [a], timeout: 5}",
            "onRun: {command: bash, args: [a], timeout: 5}",
            comma("7:31", "args"),
        ),
        (
            "onRun: {command: 'bash' args: [a]}",
            "onRun: {command: 'bash', args: [a]}",
            comma("7:33", "args"),
        ),
        (
            "onRun: {args: [a] command: bash}",
            "onRun: {args: [a], command: bash}",
            comma("7:27", "command"),
        ),
        (
            "onRun: {command: bash, args: [\"a\" \"b\"]}",
            "onRun: {command: bash, args: [\"a\", \"b\"]}",
            comma("7:43", "\"b\""),
        ),
        (
            "onRun: {command: bash, args: [\"a\" b, c]}",
            "onRun: {command: bash, args: [\"a\", b, c]}",
            comma("7:43", "b"),
        ),
        (
            "onRun: {command: bash, args: [\n          'a'\n          'b'\n          ]}",
            "onRun: {command: bash, args: [\n          'a',\n          'b'\n          ]}",
            comma("9:11", "'b'"),
        ),
    ];
    for (written, meant, finding) in cases {
        one(&step(written), &finding, &step(meant));
    }
    // A text of its own, and no field.
    action(
        "          args: [echo name: x]\n",
        "11:18 wrong-type: item 1 of `args` must be a string, and one that contains `: ` is a mapping without quotes",
        "          args: [\"echo name: x\"]\n",
    );
}

#[test]
fn two_fields_on_one_line_are_parted() {
    let alone =
        |at: &str, name: &str| format!("{at} syntax: `{name}` must stand on a line of its own");
    let cases = [
        (
            "onRun:\n          command: bash args: [a] timeout: 5",
            "onRun:\n          command: bash\n          args: [a]\n          timeout: 5",
            alone("8:25", "args"),
        ),
        (
            "onRun:\n          command: \"bash\" timeout: 5 # c",
            "onRun:\n          command: \"bash\"\n          timeout: 5 # c",
            alone("8:27", "timeout"),
        ),
        (
            "onRun: command: bash\n          args: [a]",
            "onRun:\n          command: bash\n          args: [a]",
            alone("7:16", "command"),
        ),
    ];
    for (written, meant, finding) in cases {
        one(&step(written), &finding, &step(meant));
    }
    let text = JOB.replace("  - name: S\n    script:", "  - name: S script:");
    one(&text, &alone("6:13", "script"), JOB);
    // A text may have anything in it.
    let text = JOB.replace("name: Shot", "name: Shot\ndescription: What name: means");
    let expected =
        "3:14 syntax: an unquoted value cannot contain `: `, which YAML reads as the end of a key";
    replaced(&text, "What name: means", expected, "\"What name: means\"");
}

#[test]
fn a_wrong_dash_is_named() {
    let missing = "syntax: a space is missing after the `-` of a list item";
    let sign = |name: &str| format!("syntax: a list item starts with `-`, and this is {name}");
    let text = step(
        "onRun:\n          command: bash\n          args:\n            - \"a\"\n            - \"b\"",
    );
    let text_with = |sign: &str| text.replace("- name", &format!("{sign} name"));
    one(
        &text_with("–"),
        &format!("4:3 {}", sign("a U+2013 EN DASH")),
        &text,
    );
    one(&text_with("*"), &format!("4:3 {}", sign("`*`")), &text);
    let list = text.replace("- \"", "– \"");
    one(&list, &format!("10:13 {}", sign("a U+2013 EN DASH")), &text);
    let short = JOB.replace("  - name: S\n    script:", "  -name: S\n   script:");
    let mended = JOB.replace("      actions", "       actions");
    let mended = mended.replace("        onRun", "         onRun");
    let mended = mended.replace("          command", "           command");
    one(&short, &format!("6:3 {missing}"), &mended);
    let list = job(
        "parameterDefinitions:\n  -{name: A, type: INT}\nsteps:\n  - {name: S, script: {actions: {onRun: {command: a, args: [\"{{Param.A}}\"]}}}}",
    );
    replaced(&list, "-{name", &format!("4:3 {missing}"), "- {name");
    let tab = job("steps:\n  -\tname: S\n\tscript: {actions: {onRun: {command: a}}}");
    one(
        &tab,
        "4:4 syntax: a tab follows the `-` of a list item, but YAML indents its fields only by spaces",
        &tab.replace('\t', " ").replace("\n script", "\n    script"),
    );
    // What belongs to the first field stays below it.
    let script = "steps:\n  -script:\n    actions:\n      onRun: {command: a}\n";
    let mended = "steps:\n  - script:\n     actions:\n       onRun: {command: a}\n";
    assert_eq!(fixed(&job(script), Syntax::Yaml), job(mended));
    let script = script.replace("script:", "script: # what runs\n    # all of it");
    let mended = mended.replace("script:", "script: # what runs\n     # all of it");
    assert_eq!(fixed(&job(&script), Syntax::Yaml), job(&mended));
    let file = "\n      embeddedFiles:\n        - name: F\n          type: TEXT\n          data: |\n            echo a\n";
    let first = "\n      embeddedFiles:\n        -data: |\n          echo a\n";
    let mended = "\n      embeddedFiles:\n        - data: |\n           echo a\n";
    let text = JOB.replace("    script:\n", &format!("    script:{file}"));
    let (text, mended) = (text.replace(file, first), text.replace(file, mended));
    assert_eq!(fixed(&text, Syntax::Yaml), mended);
    // Items that are meant as such are not keys that are repeated.
    let items =
        step("onRun: {command: a}\n    dependencies:\n      -dependsOn: A\n      -dependsOn: B");
    let mended = items.replace("-dependsOn", "- dependsOn");
    assert_eq!(found(&items, Syntax::Yaml)[0], format!("9:7 {missing}"));
    assert_eq!(fixed(&items, Syntax::Yaml), mended);
    // Options are no items.
    let options = step("onRun:\n          command: bash\n          args: -b x");
    let expected = ["9:17 wrong-type: `args` must be a list, not a string"];
    assert_eq!(found(&options, Syntax::Yaml), expected);
}

#[test]
fn an_alias_without_its_anchor_is_not_quoted() {
    let text = |actions: &str| {
        let head = "specificationVersion: environment-2023-09\nenvironment:\n  name: E\n  script:\n    actions:\n";
        format!("{head}{actions}")
    };
    let cases = [
        (
            "      onEnter: &enter {command: a}\n      onExit: *entr\n",
            "7:15 syntax: `*entr` refers to an anchor, and nothing above it has its name",
            "write `*enter`, or quote this one if it is a text",
        ),
        (
            "      onEnter: *hook\n      onExit: &hook {command: a}\n",
            "6:16 syntax: `*hook` refers to the anchor `&hook`, which is further down",
            "write the value with `&hook` here, and `*hook` further down",
        ),
        (
            "      onEnter: &a {command: a, args: *b}\n      onExit: {command: b, args: &b [x]}\n",
            "6:38 syntax: `*b` refers to the anchor `&b`, which is further down",
            "write the value with `&b` here, and `*b` further down",
        ),
        (
            "      onEnter: {command: a, args: [*b]}\n",
            "6:36 syntax: `*b` refers to an anchor, and nothing above it has its name",
            "write `&b` before the value that is meant, or quote this one if it is a text",
        ),
    ];
    for (actions, finding, help) in cases {
        let text = text(actions);
        assert_eq!(found(&text, Syntax::Yaml), [finding]);
        let checked = lint::check(text.as_bytes(), Syntax::Yaml, &Settings::default());
        let findings = checked.found.expect("a template").findings;
        assert_eq!(findings[0].help.as_deref(), Some(help));
        assert_eq!(findings[0].fix, None);
    }
    // A pattern is quoted, and an alias beside a mistake stays one.
    action(
        "          args: [*.exr, **/x]\n",
        "11:18 syntax: an unquoted value cannot start with `*`: it refers to a YAML anchor",
        "          args: [\"*.exr\", \"**/x\"]\n",
    );
    let text = text("      onEnter: {command: &c a, args: [{{Session.WorkingDirectory}}, *c]}\n");
    let mended = text.replace("{{S", "\"{{S").replace("y}}", "y}}\"");
    let expected =
        "6:39 syntax: a value with `{{…}}` must be quoted here: YAML reads the brace as a mapping";
    one(&text, expected, &mended);
}

#[test]
fn quotes_in_quotes_do_not_end_them() {
    let cases = [
        (
            "['it's', b]",
            "[\"it's\", b]",
            "11:18 syntax: the quote that starts here ends before `s`",
        ),
        (
            "['it's', \"say \"hi\"\", 'a'b]",
            "[\"it's\", 'say \"hi\"', \"'a'b\"]",
            "11:18 syntax: the quote that starts here ends before `s`",
        ),
        (
            "[\"echo \"a\" b\", \"c\"]",
            "['echo \"a\" b', \"c\"]",
            "11:18 syntax: the quote that starts here ends before `a`",
        ),
    ];
    for (written, meant, finding) in cases {
        let lines = |args: &str| format!("          args: {args}\n");
        action(&lines(written), finding, &lines(meant));
    }
}

#[test]
fn a_reference_on_two_lines_is_quoted_with_both() {
    let braces =
        "syntax: a value with `{{…}}` must be quoted here: YAML reads the brace as a mapping";
    let cases = [
        (
            "args:\n            - {{\n              Param.X }}\n            - b",
            "12:15",
        ),
        ("args: [a, {{\n            Param.X }}, b]", "11:21"),
    ];
    for (written, at) in cases {
        let mended = written.replace("{{", "\"{{").replace("}}", "}}\"");
        action(
            &format!("          {written}\n"),
            &format!("{at} {braces}"),
            &format!("          {mended}\n"),
        );
    }
}

#[test]
fn text_behind_quotes_that_close_below_their_line_is_named() {
    for value in [
        "{{Param.X\n              }}",
        "{{\n              Param.X }}",
    ] {
        action(
            &format!("          args:\n            - \"{value}\" b\n"),
            "12:15 syntax: the quote that starts here ends before `b`",
            &format!("          args:\n            - '\"{value}\" b'\n"),
        );
    }
}

#[test]
fn a_statement_of_another_language_is_quoted_and_said_to_stay() {
    for (args, at) in [
        ("\n            - {% if x %}y{% endif %}", "12:15"),
        (" [a, {% if x %}]", "11:21"),
    ] {
        let mut said = found(&format!("{JOB}          args:{args}\n"), Syntax::Yaml);
        said.sort();
        let expected = [
            format!("{at} syntax: an unquoted value cannot start with `{{`: it starts a mapping"),
            format!(
                "{at} unreplaced-reference: Open Job Description has no statements: this stays in the text as it is"
            ),
        ];
        assert_eq!(said, expected, "{args}");
    }
}

#[test]
fn a_command_of_a_shell_before_the_template_is_removed() {
    let finding = "1:1 syntax: this line is a command of a shell, and no part of a template";
    for (before, behind) in [
        ("$ cat job.yaml\n", ""),
        ("$ cat x\n", "$ \n"),
        ("$ cat > x <<'EOF'\n", "EOF\n"),
    ] {
        one(&format!("{before}{JOB}{behind}"), finding, JOB);
    }
}

#[test]
fn what_may_mean_something_else_is_no_safe_fix() {
    let is_safe = |text: &str| {
        let checked = lint::check(text.as_bytes(), Syntax::Yaml, &Settings::default());
        let findings = checked.found.expect("a template").findings;
        let fix = findings.into_iter().find_map(|finding| finding.fix);
        fix.expect("a fix").safety == Safety::Safe
    };
    assert!(is_safe(&step("onRun: {command:bash}")));
    assert!(is_safe(&JOB.replace("- name", "– name")));
    assert!(!is_safe(&step("onRun: {command bash}")));
    assert!(!is_safe(&step("onRun: {command: bash args: [a]}")));
    assert!(!is_safe(&step("onRun: command: bash")));
}

#[test]
fn texts_that_look_like_slips_are_none() {
    let text = job(
        "description: name of the job, with -a dash\nparameterDefinitions:\n  - {name: A, type: STRING, default: command:bash}\nsteps:\n  - name: timeout 5\n    script:\n      actions:\n        onRun:\n          command: bash\n          args: [command:x, -name, – a, \"{command:x}\", \"{{Param.A}}\", name, type -a]",
    );
    assert_eq!(found(&text, Syntax::Yaml), [""; 0]);
    // A file that is no template.
    let other = "steps:\n  a: {command:bash}\n  -name: x\n";
    assert!(
        lint::check(other.as_bytes(), Syntax::Yaml, &Settings::default())
            .found
            .is_none()
    );
}

#[test]
fn a_key_that_cannot_be_a_list_item_is_none() {
    // The column of a text counts from its key.
    for line in ["-1: a", "-a: |2\n    b"] {
        let text = format!("{JOB}{line}\n");
        let (name, _) = line.split_once(':').expect("a key");
        let expected = format!("11:1 unknown-field: `{name}` is not a field of the template");
        assert_eq!(found(&text, Syntax::Yaml), [expected]);
    }
}
