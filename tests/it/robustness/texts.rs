//! Templates that nobody would write.

use super::{Hostile, contents};
use std::fs;
use std::path::Path;

pub(super) const HEAD: &str = "specificationVersion: environment-2023-09\n";
pub(super) const GOOD: &str = "environment: {name: A, variables: {A: b}}\n";
const CHECK: &str = "check --no-config --format concise a.yaml";
const CHECK_JSON: &str = "check --no-config --format concise a.json";

pub(super) const MANY: usize = 100_000;
const LONG: usize = 10_000_000;

/// A template in YAML, made when it is needed, that `check` refuses with this message.
pub(super) fn yaml(name: &'static str, text: fn() -> String, says: &'static str) -> Hostile {
    bytes(name, move || text().into_bytes(), says)
}

/// A template in YAML in any encoding.
pub(super) fn bytes(
    name: &'static str,
    bytes: impl Fn() -> Vec<u8> + Sync + 'static,
    says: &'static str,
) -> Hostile {
    let make =
        move |folder: &std::path::Path| fs::write(folder.join("a.yaml"), bytes()).expect("a file");
    Hostile::new(name, make, CHECK, i32::from(!says.is_empty()), says)
}

pub(super) fn json(name: &'static str, text: fn() -> String, says: &'static str) -> Hostile {
    let make =
        move |folder: &std::path::Path| fs::write(folder.join("a.json"), text()).expect("a file");
    Hostile::new(name, make, CHECK_JSON, 1, says)
}

/// Anchors, each with what `held` makes of the name of the one before.
fn anchors(count: usize, first: &str, held: impl Fn(&str) -> String) -> String {
    let mut text = format!("{HEAD}a0: &a0 {first}\n");
    for index in 1..count {
        text += &format!(
            "a{index}: &a{index} {}\n",
            held(&format!("*a{}", index - 1))
        );
    }
    text + GOOD
}

fn nine(alias: &str) -> String {
    [alias; 9].join(", ")
}

fn nested(open: &str, close: &str) -> String {
    let (open, close) = (open.repeat(MANY), close.repeat(MANY));
    format!("{HEAD}environment: {open}{close}\n")
}

pub(super) fn numbered(line: impl Fn(usize) -> String) -> String {
    (0..MANY).map(line).collect()
}

pub(super) fn named(name: &str) -> String {
    format!("{HEAD}environment: {{name: \"{name}\", variables: {{A: b}}}}\n")
}

pub(super) fn json_named(name: &str) -> String {
    format!(
        r#"{{"specificationVersion": "environment-2023-09", "environment": {{"name": "{name}", "variables": {{"A": "b"}}}}}}"#
    )
}

pub(super) fn expression(expression: &str) -> String {
    format!(
        "{HEAD}extensions: [EXPR]\nenvironment: {{name: A, variables: {{A: \"{{{{ {expression} }}}}\"}}}}\n"
    )
}

pub(super) fn all() -> Vec<Hostile> {
    let all = [aliases(), depths(), lengths(), contents::all()];
    all.into_iter().flatten().collect()
}

fn aliases() -> Vec<Hostile> {
    vec![
        yaml(
            "nine aliases of a list of nine aliases, and so on",
            || anchors(20, "[x, x]", |alias| format!("[{}]", nine(alias))),
            "with what its aliases stand for, this has more than 250000 keys and values",
        ),
        yaml(
            "the same with merge keys",
            || anchors(20, "{k: v}", |alias| format!("{{<<: [{}]}}", nine(alias))),
            "with what its aliases stand for, this has more than 250000 keys and values",
        ),
        yaml(
            "3,000 aliases of a list of 3,000 items",
            || {
                let (items, aliases) = (["x"; 3000].join(", "), ["*a"; 3000].join(", "));
                format!("{HEAD}a: &a [{items}]\nenvironment: {{name: A, x: [{aliases}]}}\n")
            },
            "with what its aliases stand for, this has more than 250000 keys and values",
        ),
        yaml(
            "1,000 lists, each with an alias of the one before",
            || anchors(1000, "[x]", |alias| format!("[{alias}]")),
            "with what its aliases stand for, this is nested more than 128 levels deep",
        ),
        yaml(
            "an alias in what it stands for",
            || format!("{HEAD}environment: &a {{name: A, variables: *a}}\n"),
            "this alias is a part of what it stands for",
        ),
        yaml(
            "100,000 anchors",
            || {
                let variables = numbered(|index| format!("    K{index}: &a{index} v\n"));
                format!("{HEAD}environment:\n  name: A\n  variables:\n{variables}")
            },
            "50001 anchors are too many",
        ),
        yaml(
            "escape sequences in an alias",
            || format!("{HEAD}environment: {{name: A, script: *x\u{1b}]0;x\u{7}\u{202e}}}\n"),
            "refers to an anchor, and nothing above it has its name",
        ),
    ]
}

fn depths() -> Vec<Hostile> {
    let deep = "nested more than 128 levels deep";
    vec![
        yaml("100,000 lists in each other", || nested("[", "]"), deep),
        yaml(
            "60,000 lists, each within 100 others",
            || {
                let (open, close) = ("[".repeat(100), "]".repeat(100));
                let lists = "[],".repeat(60_000);
                format!(
                    "{HEAD}{GOOD}parameterDefinitions: [{{name: A, type: INT}}]\nx: {open}{lists}{close}\n"
                )
            },
            "`x` is not a field of the template",
        ),
        yaml(
            "100,000 mappings in each other",
            || nested("{a: ", "}"),
            deep,
        ),
        yaml(
            "100,000 brackets that are not closed",
            || nested("[", ""),
            deep,
        ),
        yaml(
            "100,000 dashes",
            || format!("{HEAD}environment:\n{}x\n", "- ".repeat(MANY)),
            deep,
        ),
        yaml(
            "100,000 question marks",
            || format!("{HEAD}environment:\n{}x\n", "? ".repeat(MANY)),
            deep,
        ),
        yaml(
            "2,000 keys, each indented by one more space",
            || {
                let lines: String = (1..2000).map(|level| " ".repeat(level) + "a:\n").collect();
                format!("{HEAD}environment:\n{lines}")
            },
            deep,
        ),
        json(
            "100,000 lists in each other, in JSON",
            || json_named("A").replace("\"A\"", &("[".repeat(MANY) + &"]".repeat(MANY))),
            deep,
        ),
        yaml(
            "100,000 parentheses in an expression",
            || expression(&("(".repeat(MANY) + "1" + &")".repeat(MANY))),
            "an expression is nested more than 500 levels deep",
        ),
    ]
}

fn lengths() -> Vec<Hostile> {
    vec![
        yaml(
            "a line of 10 MB",
            || {
                named("A").replace(
                    "name: \"A\"",
                    &format!("name: A, description: {}", "x".repeat(LONG)),
                )
            },
            "`description` must have 2048 characters or fewer",
        ),
        yaml(
            "a key of 10 MB",
            || named("A").replace("{A: b}", &format!("{{{}: b}}", "k".repeat(LONG))),
            "this key has 10000000 characters, and a key of YAML 1024 at the most",
        ),
        yaml(
            "a key of 10 MB on a line of its own",
            || format!("{HEAD}environment:\n  {}: b\n", "k".repeat(LONG)),
            "this key has 10000000 characters, and a key of YAML 1024 at the most",
        ),
        json(
            "a key of 10 MB, in JSON",
            || {
                json_named("A").replace(
                    "\"name\"",
                    &format!("\"{}\": 1, \"name\"", "k".repeat(LONG)),
                )
            },
            "error[unknown-field] `kkkkkkkk",
        )
        .within(60),
        yaml(
            "a comment of 10 MB",
            || format!("{HEAD}{GOOD}# {}\n", "x".repeat(LONG)),
            "",
        ),
        yaml(
            "10 million empty lines",
            || format!("{HEAD}{GOOD}{}", "\n".repeat(LONG)),
            "",
        ),
        yaml(
            "more than 16 MiB",
            || format!("{HEAD}{GOOD}# {}\n", "x".repeat(2 * LONG)),
            "the template is larger than 16777216 bytes",
        ),
        slips(),
    ]
}

/// Files, each with one slip again and again on one line.
fn slips() -> Hostile {
    const SLIPS: [(&str, &str, &str); 10] = [
        ("[@, ", "[", ""),
        ("[@, ", "[{", ""),
        ("[@, ", "&,", "]"),
        ("{a: @, ", "b:c,", "}"),
        ("{", "name b, ", "}"),
        ("\"a\"", " name: b", ""),
        ("\"a\"", ", name: \"b\"", ""),
        ("{a: b, ", "\u{a0}b: c, ", "}"),
        ("[", "\"a\"\t", "]"),
        ("name: ", "name: ", ""),
    ];
    let make = |folder: &Path| {
        for (index, (start, mark, end)) in SLIPS.into_iter().enumerate() {
            let line = format!("{start}{}{end}", mark.repeat(400_000 / mark.len()));
            let text = format!("{HEAD}environment:\n  name: A\n  variables: {line}\n");
            fs::write(folder.join(format!("{index}.yaml")), text).expect("a file");
        }
    };
    let name = "ten lines of 400 kB, each with one slip all along";
    let command = "check --no-config --format concise .";
    Hostile::new(name, make, command, 1, "error[syntax]").within(60)
}
