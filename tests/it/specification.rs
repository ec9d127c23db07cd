//! Tests that every clause of `docs/specification.md` stands there once, and that every cited clause exists.

use crate::support::{files, read, root};
use std::collections::BTreeSet;

const FAMILIES: [(&str, usize); 7] = [
    ("SCH", 9),
    ("VAR", 6),
    ("TIM", 6),
    ("RES", 3),
    ("ACT", 9),
    ("OUT", 4),
    ("SES", 8),
];

fn clauses() -> BTreeSet<String> {
    let ids = FAMILIES.into_iter();
    ids.flat_map(|(family, count)| (1..=count).map(move |number| format!("{family}-{number}")))
        .collect()
}

/// Every `FAMILY-number` in a text.
fn cited(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (family, _) in FAMILIES {
        for (at, _) in text.match_indices(&format!("{family}-")) {
            let is_word = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '-');
            let number: String = text[at + 4..]
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            if !is_word && !number.is_empty() {
                found.insert(format!("{family}-{number}"));
            }
        }
    }
    found
}

#[test]
fn each_clause_stands_there_exactly_once() {
    let text = read("docs/specification.md");
    for id in clauses() {
        let anchor = format!("**<a id=\"{}\"></a>{id}.**", id.to_lowercase());
        assert_eq!(text.matches(&anchor).count(), 1, "{id}");
    }
    let anchors = text.matches("**<a id=").count();
    assert_eq!(anchors, clauses().len(), "a clause that is not listed here");
}

#[test]
fn each_clause_that_is_cited_exists() {
    let folders = ["src", "docs", "fixtures", "schema", "tests"];
    let mut all = folders
        .iter()
        .flat_map(|folder| files(folder, ""))
        .collect::<Vec<_>>();
    all.extend(files(".ci", ""));
    all.extend(["README.md", "CHANGELOG.md", "CONTRIBUTING.md"].map(|name| root().join(name)));
    let mut count = 0;
    for path in all {
        let bytes = std::fs::read(&path).expect("a file");
        for id in cited(&String::from_utf8_lossy(&bytes)) {
            assert!(clauses().contains(&id), "{}: {id}", path.display());
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn every_link_within_the_specification_has_a_target() {
    let text = read("docs/specification.md");
    let slug = |heading: &str| {
        let kept = heading
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    };
    let headings: BTreeSet<_> = text
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| slug(line.trim_start_matches('#').trim()))
        .collect();
    for (at, _) in text.match_indices("](#") {
        let target = text[at + 3..]
            .split(')')
            .next()
            .expect("the end of the link");
        let is_anchor = text.contains(&format!("<a id=\"{target}\">"));
        assert!(is_anchor || headings.contains(target), "#{target}");
    }
}
