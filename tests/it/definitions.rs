//! What `check` says of definitions: of names, types and constraints, of the fields they lack, and of what refers to them.

use openjd_monitor_core::lint::{self, Level, Settings};
use openjd_monitor_core::template::Syntax;

/// Errors and warnings of `text`, each with its help and what is related to it.
fn found(text: &str) -> Vec<String> {
    let checked = lint::check(text.as_bytes(), Syntax::Yaml, &Settings::default());
    let findings = checked.found.expect("a template").findings.into_iter();
    let shown = findings.filter(|finding| finding.level > Level::Info);
    let lines = shown.map(|finding| {
        let at = |start: usize| {
            let at = checked.source.position(start);
            format!("{}:{}", at.line, at.column)
        };
        let mut line = at(finding.span.expect("a place").start);
        line += &format!(" {}: {}", finding.rule.id, finding.message);
        if let Some(help) = finding.help {
            line += &format!(" | {help}");
        }
        for related in finding.related {
            let start = related.span.expect("a place").start;
            line += &format!(" | {} {}", at(start), related.message);
        }
        line
    });
    lines.collect()
}

/// A job with these definitions of parameters and this step.
fn job(definitions: &str, step: &str) -> String {
    format!(
        "specificationVersion: jobtemplate-2023-09\nname: J\nparameterDefinitions:\n{definitions}steps:\n{step}"
    )
}

const STEP: &str = "  - {name: S, script: {actions: {onRun: {command: x, args: ['{{Param.A}}', '{{Param.B}}']}}}}\n";

#[test]
fn a_name_that_is_none_is_the_one_finding() {
    let definitions = "  - {name: a-b, type: PATH}\n  - {name: B, type: PATH}\n";
    let name = "4:12 invalid-value: `a-b` is no name | a name has letters, digits and `_` only, and does not start with a digit";
    for reference in [
        "Param.a-b",
        "RawParam.a-b",
        "Param.aB",
        "Param.a_b",
        "Param.B",
        " Param.B ",
    ] {
        let step = STEP.replace("Param.A", reference);
        assert_eq!(found(&job(definitions, &step)), [name], "{reference}");
    }
    let step = STEP.replace("Param.A", "Param.ab_c");
    let other = "7:64 invalid-expression: there is no variable `Param.ab_c` here | there is no parameter `ab_c`: define it in `parameterDefinitions`";
    assert_eq!(found(&job(definitions, &step)), [name, other]);
}

#[test]
fn what_contradicts_itself_is_named_with_a_remedy() {
    let cases = [
        (
            "default: 11, maxValue: 10",
            "4:35 openjd: Parameter 'A': value 11 exceeds maximum 10 | make it 10 at most, or raise `maxValue`",
        ),
        (
            "default: 1, minValue: 3",
            "4:35 openjd: Parameter 'A': value 1 is less than minimum 3 | make it 3 at least, or lower `minValue`",
        ),
        (
            "minValue: 3, maxValue: 1",
            "4:36 openjd: Parameter 'A': minValue (3) > maxValue (1) | `minValue` must not be above `maxValue`: swap them, or change one",
        ),
        (
            "allowedValues: [1, 2], default: 3",
            "4:58 openjd: Parameter 'A': value 3 is not in allowed values | write one of the `allowedValues`, or add it to them",
        ),
    ];
    for (fields, finding) in cases {
        let definitions =
            format!("  - {{name: A, type: INT, {fields}}}\n  - {{name: B, type: INT}}\n");
        assert_eq!(found(&job(&definitions, STEP)), [finding], "{fields}");
    }
}

#[test]
fn a_type_is_right_by_its_case_or_with_its_extension() {
    let definitions = "  - {name: A, type: Bool}\n  - name: B\n    type: string\n";
    let extension = "4:21 missing-extension: this needs the EXPR extension, which the template does not list | add `extensions: [EXPR]` to the template";
    let case = "6:11 invalid-value: `type` must be `STRING`, not `string` | did you mean `STRING`?";
    assert_eq!(found(&job(definitions, STEP)), [extension, case]);
    let text = job(definitions, STEP).replacen("name: J", "extensions: [EXPR]\nname: J", 1);
    assert_eq!(found(&text), [""; 0]);
}

#[test]
fn a_misspelt_field_is_named_and_not_called_missing() {
    let definitions = "  - {name: A, typ: INT, default: 5}\n  - {nam: B, type: INT}\n";
    let typ = "4:15 unknown-field: `typ` is not a field of item 1 of `parameterDefinitions` | did you mean `type`?";
    let nam = "5:6 unknown-field: `nam` is not a field of item 2 of `parameterDefinitions` | did you mean `name`?";
    assert_eq!(found(&job(definitions, STEP)), [typ, nam]);
}

#[test]
fn a_mistake_behind_an_anchor_is_one_with_all_its_uses() {
    let text = "specificationVersion: environment-2023-09
extensions: [WRAP_ACTIONS, EXPR, MONITOR]
environment:
  name: E
  script:
    actions:
      onWrapEnvEnter: &h {command: a, args: ['{{Param.No}}'], timeout: 5}
      onWrapTaskRun: *h
      onWrapEnvExit: *h
      onMonitor:
        command: *h
        period: 30
        onFailure: log
";
    let finding = "7:49 invalid-expression: there is no variable `Param.No` here | there is no parameter `No`: define it in \
                   `parameterDefinitions` | 8:22 used here as well | 9:22 used here as well | 11:18 used here as well";
    assert_eq!(found(text), [finding]);
    let text = "specificationVersion: jobtemplate-2023-09
name: J
steps:
  - &s
    name: S
    script: {actions: {onRun: {command: x}}}
  - *s
";
    assert_eq!(found(text), ["7:5 openjd: duplicate step name: 'S'"]);
}
