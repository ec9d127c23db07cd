//! The page `docs/polyfill.md`.

use crate::docs::block;
use crate::official::python::interpreter;
use crate::run::official_cli::official;
use crate::support::read;
use crate::usage::{folder_before, timeless};
use std::collections::BTreeMap;
use std::process::Command;

#[test]
fn the_examples_print_what_they_say_and_run_as_they_say() {
    let page = read("docs/polyfill.md");
    let scratch = folder_before(&page, "## What is refused");
    let log = timeless(block(&page, "## With `openjd run`", "text"));
    let python = interpreter().map(|python| python.with_file_name("openjd"));
    let rust = official("the log of a compiled template");
    for program in [python, rust].into_iter().flatten() {
        let output = Command::new(&program)
            .args([
                "run",
                "hang.yaml",
                "--environment",
                "compiled/container.yaml",
            ])
            .current_dir(scratch.path())
            .env("LC_ALL", "C")
            .output()
            .expect("it starts");
        let name = program.display();
        let printed = [output.stdout, output.stderr].concat();
        let printed = timeless(&String::from_utf8_lossy(&printed));
        assert!(!output.status.success(), "{name}: {printed}");
        let mut lines = printed.lines();
        for line in log.lines() {
            assert!(
                lines.any(|other| other == line),
                "{name}: {line}\n{printed}"
            );
        }
    }
}

#[test]
fn the_table_has_every_clause_once() {
    let clauses = |text: &str, before: &str, after: char| {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for part in text.split(before).skip(1) {
            let id = part.split(after).next().unwrap_or_default();
            *found.entry(id.to_uppercase()).or_default() += 1;
        }
        found
    };
    let defined = clauses(&read("docs/specification.md"), "**<a id=\"", '"');
    let page = read("docs/polyfill.md");
    let (_, table) = page.split_once("## Clause by clause").expect("the table");
    assert_eq!(clauses(table, "\n| [", ']'), defined);
}
