//! What templates are compiled to, and what is refused.

use crate::support::{Ended, files, folder, program};
use serde_json::Value;

/// The script of the supervisor.
const SCRIPT: &str = include_str!("../../../crates/core/src/polyfill/supervisor.py");

/// A template in `fixtures/polyfill`, and the options with which it is compiled.
const FIXTURES: [(&str, &[&str]); 6] = [
    ("aliases.yaml", &["--not-wrapped"]),
    ("block-style.yaml", &["--not-wrapped"]),
    ("draft-names.yaml", &[]),
    ("json.json", &["--not-wrapped"]),
    (
        "no-arguments.yaml",
        &["--not-wrapped", "--supervisor=native"],
    ),
    ("without-monitor.yaml", &[]),
];

fn compile(arguments: &[&str]) -> Ended {
    program([&["polyfill"], arguments].concat()).run()
}

/// Returns `text` with a short line in place of the script of the supervisor.
fn without_script(text: &str) -> String {
    let mut short = String::new();
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        short.push_str(line);
        let indent = line.len() - line.trim_start().len() + 2;
        if line.trim() == "data: |" && lines.peek().is_some_and(|next| next.trim() == first_line())
        {
            let is_inside =
                |line: &&str| line.trim().is_empty() || line.starts_with(&" ".repeat(indent));
            let script: String = std::iter::from_fn(|| lines.next_if(is_inside))
                .map(|line| line.get(indent..).unwrap_or("\n"))
                .collect();
            assert_eq!(script.trim_end(), SCRIPT.trim_end());
            short.push_str(&format!("{}SCRIPT\n", " ".repeat(indent)));
        }
    }
    let written = Value::from(SCRIPT).to_string();
    let short = short.replace(&written, "\"SCRIPT\"");
    let hash = regex::Regex::new("onMonitor-[0-9a-f]{12}").expect("a pattern");
    hash.replace_all(&short, "onMonitor-HASH")
        .replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

fn first_line() -> &'static str {
    SCRIPT.lines().next().unwrap_or_default()
}

#[test]
fn each_fixture_is_compiled_to_the_one_beside_it() {
    for (name, options) in FIXTURES {
        let path = format!("fixtures/polyfill/{name}");
        let ended = compile(&[&[path.as_str()], options].concat());
        assert_eq!(ended.status, 0, "{name}: {}", ended.err);
        let beside = path
            .replace(".yaml", ".compiled.yaml")
            .replace(".json", ".compiled.json");
        crate::support::generated(&beside, &without_script(&ended.out));
    }
}

#[test]
fn what_is_compiled_has_no_monitor_is_valid_and_stays_the_same() {
    for (name, options) in FIXTURES {
        let path = format!("fixtures/polyfill/{name}");
        let text = compile(&[&[path.as_str()], options].concat()).out;
        let folder = folder(&[(name, &text)]);
        let file = folder.path().join(name);
        let file = file.to_str().expect("UTF-8");
        let checked = program(["check", "--min-level", "error", file]).run();
        assert_eq!(checked.status, 0, "{name}: {}", checked.out);
        for word in ["MONITOR", "onMonitor:"] {
            assert!(!without_script(&text).contains(word), "{name}: {word}");
        }
        let again = compile(&[&[file], options].concat());
        assert_eq!(
            (again.status, again.out.as_str()),
            (0, text.as_str()),
            "{name}"
        );
    }
}

#[test]
fn each_fixture_is_listed() {
    let sources = files("fixtures/polyfill", "");
    let sources = sources.iter().filter_map(|path| path.file_name()?.to_str());
    let mut sources: Vec<_> = sources
        .filter(|name| !name.contains(".compiled."))
        .collect();
    sources.sort_unstable();
    assert_eq!(sources, FIXTURES.map(|(name, _)| name));
}
