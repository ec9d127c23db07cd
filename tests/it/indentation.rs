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
    for lines in [
        "          args: [a,\n··b]\n",
        "          args:\n            - ·b\n",
    ] {
        let text = format!("{JOB}{lines}").replace('·', "\u{a0}");
        assert_eq!(found(&text, Syntax::Yaml), [""; 0], "{lines}");
    }
    let text = format!("\u{feff}{JOB}");
    assert_eq!(found(&text, Syntax::Yaml), [""; 0]);
    // In a script, a no-break space is a character of it.
    let text = script("          true\n          \u{a0}\u{a0}echo\n");
    let expected = "10:11 invisible-character: this space is a U+00A0 NO-BREAK SPACE, which is no space to a program";
    assert_eq!(found(&text, Syntax::Yaml), [expected]);
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
