//! Lines with the wrong indentation: each mistake is reported once, and the fix changes no more than is wrong.

use crate::mistakes::{JOB, fixed, found, helped};
use openjd_monitor_core::template::Syntax;

/// Asserts that `text` has this one finding, and that its fix makes it the valid `mended`.
#[track_caller]
fn mended(text: &str, finding: &str, mended: &str) {
    assert_eq!(helped(text), [finding], "{text}");
    let fixed = fixed(text, Syntax::Yaml);
    assert_eq!(fixed, mended, "{text}");
    assert_eq!(found(&fixed, Syntax::Yaml), [""; 0], "{text}");
}

/// Asserts the same of the lines behind `JOB`.
#[track_caller]
fn action(lines: &str, finding: &str, meant: &str) {
    mended(&format!("{JOB}{lines}"), finding, &format!("{JOB}{meant}"));
}

/// An environment template with this script in a file, and lines below it.
fn script(data: &str) -> String {
    format!(
        "specificationVersion: environment-2023-09
environment:
  name: E
  script:
    embeddedFiles:
      - name: F
        type: TEXT
        data: |
{data}    actions:
      onEnter: {{command: bash, args: [\"{{{{Env.File.F}}}}\"]}}
"
    )
}

const NO_BREAK: &str = "this space is a U+00A0 NO-BREAK SPACE, which is no space to YAML";

#[test]
fn other_spaces_in_indentations_become_plain_ones() {
    let text = "specificationVersion: environment-2023-09
environment:
  name: E
··variables:
    A: \"1\"
··script:
    actions:
······onEnter: {command: a}
";
    mended(
        &text.replace('·', "\u{a0}"),
        &format!("4:1 {NO_BREAK}: write a plain space, here and in 2 other lines"),
        &text.replace('·', " "),
    );
    // The parser takes these for names and texts, or stops elsewhere.
    for (lines, place, others) in [
        ("··········args: [a]\n", "11:1", ""),
        (
            "          args:\n············- a\n············- b\n",
            "12:1",
            ", here and in another line",
        ),
        (
            "          args:\n          ··- a\n          ··- b\n",
            "12:11",
            ", here and in another line",
        ),
    ] {
        action(
            &lines.replace('·', "\u{a0}"),
            &format!("{place} {NO_BREAK}: write a plain space{others}"),
            &lines.replace('·', " "),
        );
    }
    let text = "specificationVersion: environment-2023-09
environment:
  name: E
  script:
    embeddedFiles:
      -·name: F
        type: TEXT
        data: a
    actions:
      onEnter: {command: cat, args: [\"{{Env.File.F}}\"]}
";
    mended(
        &text.replace('·', "\u{a0}"),
        &format!("6:8 {NO_BREAK}: write a plain space"),
        &text.replace('·', " "),
    );
    action(
        "\u{200b}          args: [a]\n",
        "11:1 a U+200B ZERO WIDTH SPACE stands here, which does not show: remove it",
        "          args: [a]\n",
    );
}

#[test]
fn other_spaces_in_values_are_no_indentation() {
    let of_value = "invisible-character: this space is a U+00A0 NO-BREAK SPACE, which is no space to a program";
    for (lines, place) in [
        ("          args: [a,\n··b]\n", "12:1"),
        ("          args:\n            - ·b\n", "12:15"),
    ] {
        let text = format!("{JOB}{lines}").replace('·', "\u{a0}");
        let expected = format!("{place} {of_value}");
        assert_eq!(found(&text, Syntax::Yaml), [expected], "{lines}");
    }
    let text = format!("\u{feff}{JOB}");
    assert_eq!(found(&text, Syntax::Yaml), [""; 0]);
    // In a script, a no-break space is a character of it.
    let text = script("          true\n          \u{a0}\u{a0}echo\n");
    assert_eq!(found(&text, Syntax::Yaml), [format!("10:11 {of_value}")]);
}

#[test]
fn a_mistake_in_lines_that_are_mended_already_is_said_to_hide_the_rest() {
    let text = "specificationVersion: environment-2023-09
environment:
\tname: E
\tscript:
\t\tactions:
\t\t\tonEnter:
\t\t\t\tcommand: a
\t\t\t\tonExit:
\t\t\t\t\tcommand: b
";
    let expected = [
        "3:1 syntax: this line and 6 others are indented by tabs, but YAML allows only spaces",
        "8:5 syntax: there is at least one more mistake, from here on",
        "8:5 syntax: `onExit` belongs to `actions`, but is indented like the fields of `onEnter`",
    ];
    assert_eq!(found(text, Syntax::Yaml), expected);
}

#[test]
fn tabs_are_one_finding_with_the_width_that_fits() {
    let text = "specificationVersion: environment-2023-09
environment:
→name: E
→variables:
→→FOO: \"1\"
→script:
→→embeddedFiles:
→→→- name: F
→→→  type: TEXT
→→→  data: |
→→→→if a; then
→→→→→b
→→→→fi
→→actions:
→→→onEnter: {command: bash, args: [\"{{Env.File.F}}\"]}
";
    mended(
        &text.replace('→', "\t"),
        "3:1 this line and 12 others are indented by tabs, but YAML allows only spaces: replace each tab with 4 spaces",
        &text.replace('→', "    "),
    );
    let text = "specificationVersion: jobtemplate-2023-09
name: J
steps:
→- name: S
→  script:
→    actions:
→      onRun:
→        command: bash
";
    mended(
        &text.replace('→', "\t"),
        "4:1 this line and 4 others are indented by tabs, but YAML allows only spaces: replace each tab with 2 spaces",
        &text.replace('→', "  "),
    );
    let two = |place: &str, width: usize| {
        format!(
            "{place} this line and another one are indented by tabs, but YAML allows only spaces: replace each tab with {width} spaces"
        )
    };
    action(
        "          args:\n\t    - a\n\t    - b\n",
        &two("12:1", 8),
        "          args:\n            - a\n            - b\n",
    );
    let text = "specificationVersion: environment-2023-09
environment:
  name: E
  script:
    actions:
      onEnter:
        command: bash
        args:
→→- a
→→- b
";
    mended(
        &text.replace('→', "\t"),
        &two("9:1", 4),
        &text.replace('→', "    "),
    );
    let text = "specificationVersion: environment-2023-09
environment:
  name: E
  script:
→actions:
      onEnter: {command: a}
";
    mended(
        &text.replace('→', "\t"),
        "5:1 this line is indented by a tab, but YAML allows only spaces: replace it with as many spaces as the lines around it have",
        &text.replace('→', "    "),
    );
}

#[test]
fn tabs_behind_the_indentation_of_a_text_are_its_own() {
    let text = script("          all:\n          \tgcc\n");
    assert_eq!(found(&text, Syntax::Yaml), [""; 0]);
}

#[test]
fn only_the_lines_that_are_wrong_move() {
    action(
        "          args:\n            - a\n           - b\n            - c\n",
        "13:12 `-` is indented by 11 spaces, unlike anything above it: indent it by 12 spaces",
        "          args:\n            - a\n            - b\n            - c\n",
    );
    action(
        "          args:\n            - a\n           - b\n           - c\n            - d\n",
        "13:12 `-` is indented by 11 spaces, unlike anything above it: indent it, and the next lines that are as deep, by 12 spaces",
        "          args:\n            - a\n            - b\n            - c\n            - d\n",
    );
    action(
        "         args:\n            - a\n          timeout: 5\n",
        "11:10 `args` is indented by 9 spaces, unlike anything above it: indent it by 10 spaces like `command`",
        "          args:\n            - a\n          timeout: 5\n",
    );
    action(
        "         args:\n           - a\n          timeout: 5\n",
        "11:10 `args` is indented by 9 spaces, unlike anything above it: indent it by 10 spaces like `command`",
        "          args:\n            - a\n          timeout: 5\n",
    );
    let step = |indent: &str, name: &str| {
        format!(
            "{indent}- name: {name}\n{indent}  script: {{actions: {{onRun: {{command: a}}}}}}\n"
        )
    };
    let steps = |indent: &str| {
        let head = "specificationVersion: jobtemplate-2023-09\nname: J\nsteps:\n";
        format!(
            "{head}{}{}{}",
            step("  ", "A"),
            step(indent, "B"),
            step("  ", "C")
        )
    };
    mended(
        &steps(" "),
        "6:2 `name` is indented by 1 space, unlike anything above it: indent it by 2 spaces like `name`",
        &steps("  "),
    );
}

#[test]
fn a_missing_dash_is_named() {
    for (lines, place) in [
        (
            "          args:\n            - a\n            b c\n            - d\n",
            "13:13",
        ),
        (
            "          args:\n          - a\n          # x\n          b c\n",
            "14:11",
        ),
    ] {
        action(
            lines,
            &format!(
                "{place} a `-` is missing before `b c`: write `- b c`, or indent it deeper to go on with the item above"
            ),
            &lines.replace("b c", "- b c"),
        );
    }
}

#[test]
fn a_line_of_a_script_that_ends_it_is_named() {
    let ends = |place: &str, help: &str| {
        format!(
            "{place} this line is indented less than the text of `data`, and so ends it: indent it {help}, like the first line of the text"
        )
    };
    let cases = [
        (
            "          set -e\n       echo hi\n",
            ends("10:8", "by 3 more spaces"),
            "          set -e\n          echo hi\n",
        ),
        (
            "          cat <<X\n          a\nX\n          echo b\n",
            ends("11:1", "by 10 more spaces"),
            "          cat <<X\n          a\n          X\n          echo b\n",
        ),
        (
            "          set -e\n         # why\n          echo hi\n",
            ends("10:10", "by 1 more space"),
            "          set -e\n          # why\n          echo hi\n",
        ),
        (
            "          cat x |\n            cat\n      if a; then\n        b\n      fi\n",
            ends("11:7", "and the next 2 lines by 4 more spaces"),
            "          cat x |\n            cat\n          if a; then\n            b\n          fi\n",
        ),
        (
            "          try:\n              a()\n       except:\n              b()\n",
            ends("11:8", "by 3 more spaces"),
            "          try:\n              a()\n          except:\n              b()\n",
        ),
    ];
    for (lines, finding, meant) in cases {
        mended(&script(lines), &finding, &script(meant));
    }
    // A field is none of its lines.
    let text = script("          set -e\n         runnable: true\n");
    let expected = "10:10 syntax: `runnable` is indented by 9 spaces, unlike anything above it";
    assert_eq!(found(&text, Syntax::Yaml), [expected]);
}

/// A job with these lines in its one step, below the name.
fn step(lines: &str) -> String {
    format!("specificationVersion: jobtemplate-2023-09\nname: J\nsteps:\n  - name: S\n{lines}")
}

/// An environment template with these lines in `environment`, below the name.
fn environment(lines: &str) -> String {
    let head = "specificationVersion: environment-2023-09\nextensions: [MONITOR]\nenvironment:\n";
    format!("{head}  name: E\n{lines}")
}

#[test]
fn fields_beside_their_key_are_one_finding() {
    let more = |place: &str, names: &str, owner: &str, lines: &str| {
        let are = if names.contains("and") { "are" } else { "is" };
        let belong = if are == "are" { "belong" } else { "belongs" };
        format!(
            "{place} {names} {belong} to `{owner}`, but {are} indented like it: indent {lines} by 2 more spaces"
        )
    };
    mended(
        &step(
            "    script:
      actions:
        onRun:
        # Why.
        command: bash
        args:
          - -c
          - |
            echo a
",
        ),
        &more("9:9", "`command` and `args`", "onRun", "lines 9 to 13"),
        &step(
            "    script:
      actions:
        onRun:
        # Why.
          command: bash
          args:
            - -c
            - |
              echo a
",
        ),
    );
    mended(
        &environment(
            "  script:
    actions:
      onEnter: {command: a}
      onMonitor:
      command:
        command: b
      period: 20
      onFailure: log
",
        )
        .replace("onFailure: log", "onFailure: terminate"),
        &more(
            "9:7",
            "`command`, `period` and `onFailure`",
            "onMonitor",
            "lines 9 to 12",
        ),
        &environment(
            "  script:
    actions:
      onEnter: {command: a}
      onMonitor:
        command:
          command: b
        period: 20
        onFailure: terminate
",
        ),
    );
    let text = environment("  variables:\n  FOO: \"1\"\n").replace("extensions: [MONITOR]\n", "");
    mended(
        &text,
        &more("5:3", "`FOO`", "variables", "line 5"),
        &text.replace("  FOO", "    FOO"),
    );
    let text = "specificationVersion: environment-2023-09\nenvironment:\nname: E\nvariables:\n  FOO: \"1\"\n";
    mended(
        text,
        &more(
            "3:1",
            "`name` and `variables`",
            "environment",
            "lines 3 to 5",
        ),
        "specificationVersion: environment-2023-09\nenvironment:\n  name: E\n  variables:\n    FOO: \"1\"\n",
    );
}

#[test]
fn fields_that_are_too_deep_are_one_finding() {
    let less = |place: &str, names: &str, owners: [&str; 2], lines: &str, by: usize| {
        let [owner, inner] = owners;
        let are = if names.contains("and") { "are" } else { "is" };
        let belong = if are == "are" { "belong" } else { "belongs" };
        format!(
            "{place} {names} {belong} to {owner}, but {are} indented like the fields of {inner}: indent {lines} by {by} spaces less"
        )
    };
    mended(
        &environment(
            "  script:
    actions:
      onEnter: {command: a}
      onMonitor:
        command:
          command: b
          timeout: 5
          period: 20
          onFailure: terminate
",
        ),
        &less(
            "12:11",
            "`period` and `onFailure`",
            ["`onMonitor`", "`command`"],
            "lines 12 and 13",
            2,
        ),
        &environment(
            "  script:
    actions:
      onEnter: {command: a}
      onMonitor:
        command:
          command: b
          timeout: 5
        period: 20
        onFailure: terminate
",
        ),
    );
    mended(
        &step(
            "    script:
      actions:
        onRun:
          command: a
          hostRequirements:
            # Why.
            amounts: [{name: amount.worker.vcpu, min: 1}]
",
        ),
        &less(
            "9:11",
            "`hostRequirements`",
            ["item 1 of `steps`", "`onRun`"],
            "lines 9 to 11",
            6,
        ),
        &step(
            "    script:
      actions:
        onRun:
          command: a
    hostRequirements:
      # Why.
      amounts: [{name: amount.worker.vcpu, min: 1}]
",
        ),
    );
}

#[test]
fn an_item_in_pieces_is_one_finding() {
    mended(
        &step("  - script:\n      actions: {onRun: {command: a}}\n"),
        "5:5 `script` belongs to item 1 of `steps`, but starts an item of its own: write a space in place of the `-`",
        &step("    script:\n      actions: {onRun: {command: a}}\n"),
    );
    let text = |dash: &str| {
        format!(
            "specificationVersion: environment-2023-09
parameterDefinitions:
- name: A
{dash} type: STRING
{dash} default: x
environment:
  name: E
  variables: {{V: \"{{{{Param.A}}}}\"}}
"
        )
    };
    mended(
        &text("-"),
        "4:3 `type` and `default` belong to item 1 of `parameterDefinitions`, but each starts an item of its own: write a space in place of the `-` in lines 4 and 5",
        &text(" "),
    );
}

#[test]
fn what_is_wrong_beside_the_indentation_is_reported_too() {
    let text = step(
        "    script:
      actions:
        onRun:
        command: \"{{Param.No}}\"
        argz: [a]
",
    );
    assert_eq!(
        found(&text, Syntax::Yaml),
        [
            "8:9 syntax: `command` belongs to `onRun`, but is indented like it",
            "8:21 invalid-expression: there is no variable `Param.No` here",
            "9:9 unknown-field: `argz` is not a field of `actions`",
        ]
    );
    // Of the same mistake in many places, each is reported.
    let one = "  - name: S0
    script:
      actions:
        onRun:
        command: a
";
    let steps: String = (0..40)
        .map(|step| one.replace('0', &step.to_string()))
        .collect();
    let text = format!("specificationVersion: jobtemplate-2023-09\nname: J\nsteps:\n{steps}");
    assert_eq!(found(&text, Syntax::Yaml).len(), 40);
    assert_eq!(found(&fixed(&text, Syntax::Yaml), Syntax::Yaml), [""; 0]);
}

#[test]
fn a_field_that_no_mapping_around_it_lacks_is_in_the_wrong_mapping_for_another_reason() {
    let cases = [
        // The Environment has a name, and an action has none.
        (
            "  script:\n    actions:\n      onEnter:\n        command: a\n        name: B\n",
            "8:9 unknown-field: `name` is not a field of `onEnter`",
        ),
        (
            "  script:\n    actions:\n      onEnter:\n        command: a\n        description: B\n",
            "8:9 unknown-field: `description` is not a field of `onEnter`",
        ),
        // In braces, there is no indentation.
        (
            "  script: {actions: {onEnter: {command: a, onExit: {command: b}}}}\n",
            "4:44 unknown-field: `onExit` is not a field of `onEnter`",
        ),
    ];
    for (lines, finding) in cases {
        let text = environment(lines).replace("extensions: [MONITOR]\n", "");
        assert_eq!(found(&text, Syntax::Yaml), [finding], "{lines}");
    }
    // The item in front has such a field.
    let text = step(
        "    script: {actions: {onRun: {command: a}}}\n  - script: {actions: {onRun: {command: b}}}\n",
    );
    assert_eq!(
        found(&text, Syntax::Yaml),
        ["6:5 missing-field: item 2 of `steps` lacks the required field `name`"]
    );
}

#[test]
fn an_environment_without_its_key_is_one_finding() {
    let finding = "unknown-field: `name` is not a field of the template";
    let text = "specificationVersion: environment-2023-09\nname: E\nvariables: {A: \"1\"}\n";
    assert_eq!(found(text, Syntax::Yaml), [format!("2:1 {finding}")]);
    let meant = "specificationVersion: environment-2023-09\nenvironment:\n  name: E\n  variables: {A: \"1\"}\n";
    assert_eq!(fixed(text, Syntax::Yaml), meant);
    let text =
        r#"{"specificationVersion": "environment-2023-09", "name": "E", "variables": {"A": "1"}}"#;
    assert_eq!(found(text, Syntax::Json), [format!("1:49 {finding}")]);
    let meant = r#"{"specificationVersion": "environment-2023-09", "environment": {"name": "E", "variables": {"A": "1"}}}"#;
    assert_eq!(fixed(text, Syntax::Json), meant);
    let text = "specificationVersion: environment-2023-09
environment:
  name: E
  script:
    onEnter: {command: a}
    onExit: {command: b}
";
    let finding = "5:5 unknown-field: `onEnter` is not a field of `script`";
    assert_eq!(found(text, Syntax::Yaml), [finding]);
    let mended = fixed(text, Syntax::Yaml);
    assert!(
        mended.contains("    actions:\n      onEnter: {command: a}\n      onExit:"),
        "{mended}"
    );
}
