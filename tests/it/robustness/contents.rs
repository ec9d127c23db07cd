//! Templates with too much of something, in other encodings, with ranges that are endless, and with a secret that is hard
//! to find.

use super::Hostile;
use super::texts::{GOOD, HEAD, MANY, bytes, expression, json, json_named, named, numbered, yaml};
use std::fs;
use std::path::Path;

pub(super) fn all() -> Vec<Hostile> {
    [counts(), encodings(), ranges(), vec![repetitive_secret()]]
        .into_iter()
        .flatten()
        .collect()
}

fn counts() -> Vec<Hostile> {
    vec![
        yaml(
            "100,000 keys that are no fields",
            || {
                let keys = numbered(|index| format!("  k{index}: v\n"));
                format!("{HEAD}environment:\n  name: A\n{keys}")
            },
            "lacks the required field `script`",
        )
        .within(60),
        yaml(
            "one key 100,000 times",
            || format!("{HEAD}environment:\n  name: A\n{}", "  k: v\n".repeat(MANY)),
            "the key `k` is repeated in this mapping",
        ),
        yaml(
            "100,000 variables",
            || {
                let variables = numbered(|index| format!("    K{index}: v\n"));
                format!("{HEAD}environment:\n  name: A\n  variables:\n{variables}")
            },
            "",
        )
        .within(30),
        yaml(
            "300,000 items",
            || format!("{HEAD}environment: [{}]\n", "x, ".repeat(3 * MANY)),
            "more than 250000 keys and values",
        ),
        yaml(
            "100,000 documents",
            || format!("{HEAD}{GOOD}{}", "---\na: b\n".repeat(MANY)),
            "a second document starts here",
        ),
    ]
}

fn encodings() -> Vec<Hostile> {
    let half = "is half of a character, and its other half is missing";
    vec![
        bytes(
            "a NUL",
            || named("a\0b").into_bytes(),
            "a NUL character stands here",
        ),
        bytes(
            "UTF-16",
            || {
                wide(|c| {
                    u16::try_from(u32::from(c))
                        .unwrap_or_default()
                        .to_le_bytes()
                })
            },
            "the file is in UTF-16, and a template in UTF-8",
        ),
        bytes(
            "UTF-32",
            || wide(|c| u32::from(c).to_be_bytes()),
            "the file is in UTF-32, and a template in UTF-8",
        ),
        bytes(
            "Latin-1",
            || {
                named("A")
                    .replace('A', "\u{c9}")
                    .chars()
                    .map(|c| c as u8)
                    .collect()
            },
            "not valid UTF-8",
        ),
        bytes(
            "an overlong `/`",
            || [&named("").as_bytes()[..HEAD.len() + 20], b"\xc0\xaf\"}"].concat(),
            "not valid UTF-8",
        ),
        bytes(
            "a surrogate in UTF-8",
            || [&named("").as_bytes()[..HEAD.len() + 20], b"\xed\xa0\x80\"}"].concat(),
            "not valid UTF-8",
        ),
        yaml(
            "the escape sequence of a lone surrogate",
            || named("\\ud800"),
            half,
        ),
        json("the same in JSON", || json_named("\\ud800"), half),
        json(
            "a lone second half, in JSON",
            || json_named("\\\\\\ud83d\\ude00\\udc00"),
            half,
        ),
    ]
}

fn ranges() -> Vec<Hostile> {
    let overflow = "Total parameter space size overflow";
    let all = |command: &'static str| {
        let parameters: Vec<_> = (0..16)
            .map(|index| format!("{{name: P{index}, type: INT, range: \"1-1000000\"}}"))
            .collect();
        let text = job(&parameters.join(", "));
        let make = move |folder: &Path| fs::write(folder.join("a.yaml"), &text).expect("a file");
        Hostile::new(
            "sixteen parameters of a million values each",
            make,
            command,
            2,
            overflow,
        )
    };
    vec![
        yaml(
            "a range to the largest number",
            || range("1-9223372036854775807"),
            "Integer overflow",
        ),
        yaml(
            "a range beyond the largest number",
            || range("1-99999999999999999999"),
            "99999999999999999999 does not fit",
        ),
        yaml(
            "a range of a trillion values",
            || range("1-1000000000000"),
            "",
        ),
        trillion_tasks(),
        yaml(
            "a range with the step 0",
            || range("1-10:0"),
            "Step must not be zero",
        ),
        yaml(
            "a range of 100,000 parts",
            || {
                range(
                    &numbered(|index| format!("{},", 2 * index))
                        .trim_end_matches(',')
                        .replace('\n', ""),
                )
            },
            "Range expression has too many sub-ranges",
        ),
        all("run a.yaml"),
        all("simulate a.yaml"),
        yaml(
            "`range(9223372036854775807)` in an expression",
            || expression("len(range(9223372036854775807))"),
            "Expression memory usage",
        ),
        yaml(
            "`9**9**9**9` in an expression",
            || expression("9**9**9**9"),
            "Integer overflow",
        ),
    ]
}

fn wide<const UNIT: usize>(unit: fn(char) -> [u8; UNIT]) -> Vec<u8> {
    named("A").chars().flat_map(unit).collect()
}

fn job(parameters: &str) -> String {
    format!(
        "specificationVersion: jobtemplate-2023-09
name: J
steps:
- name: S
  parameterSpace: {{taskParameterDefinitions: [{parameters}]}}
  script: {{actions: {{onRun: {{command: echo}}}}}}
"
    )
}

fn trillion_tasks() -> Hostile {
    let make = |folder: &Path| {
        fs::write(folder.join("a.yaml"), range("1-1000000000000")).expect("a file");
    };
    let command = "simulate a.yaml --max-events 100000 --format json >trace.jsonl";
    let says = "given up: the session has not ended after 100000 events";
    Hostile::new("a trillion tasks", make, command, 3, says)
}

/// A job whose output repeats one byte, as its secret does: the secret may start at each byte of it.
fn repetitive_secret() -> Hostile {
    let make = |folder: &Path| {
        let template = job("").replace("  parameterSpace: {taskParameterDefinitions: []}\n", "");
        let script = r#"{command: sh, args: [-c, "
  a=$(head -c 30000 /dev/zero | tr '\\0' a); echo openjd_redacted_env: A=$a; for i in 1 2 3 4 5 6 7 8 9; do echo $a$a; done"]}"#;
        let template = template.replace("{command: echo}", script);
        fs::write(folder.join("a.yaml"), template).expect("a file");
    };
    let command = "run a.yaml | cut -f 2 | grep '^[*]'";
    let name = "a secret of 30,000 equal bytes, and lines of 60,000";
    Hostile::new(name, make, command, 0, "********")
}

fn range(range: &str) -> String {
    job(&format!("{{name: P, type: INT, range: \"{range}\"}}"))
}
