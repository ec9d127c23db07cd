//! Tests that the documentation is true.

use crate::support::{files, findings, findings_from, generated, program, read, root};
use openjd_monitor_core::lint::{Level, RULES};

/// The first fenced block in `language` after `heading`.
pub fn block<'t>(text: &'t str, heading: &str, language: &str) -> &'t str {
    let after = text
        .split_once(heading)
        .unwrap_or_else(|| panic!("no {heading}"))
        .1;
    let fence = format!("```{language}\n");
    let block = after
        .split_once(&fence)
        .unwrap_or_else(|| panic!("no {language} after {heading}"))
        .1;
    block.split_once("```").expect("the end of the block").0
}

#[test]
fn the_bad_template_of_each_page_breaks_its_rule_only_and_the_good_one_none() {
    for rule in RULES {
        let page = rule.page();
        assert!(
            page.starts_with(&format!("# `{}`\n", rule.id)),
            "{}",
            rule.id
        );
        let level = rule.level.min(Level::Warning);
        let found = findings_from(level, block(&page, "## Bad", "yaml"));
        assert!(!found.is_empty(), "{}: no finding", rule.id);
        for finding in found {
            let id = finding.split(' ').next();
            assert_eq!(id, Some(rule.id), "{finding}");
        }
        let good = block(&page, "## Good", "yaml");
        assert!(good.contains("specificationVersion"), "{}", rule.id);
        assert_eq!(findings_from(level, good), [] as [&str; 0], "{}", rule.id);
    }
}

#[test]
fn each_page_names_the_level_and_the_clauses_of_its_rule() {
    for rule in RULES {
        let page = rule.page();
        let line = page.split("\n\n").nth(1).unwrap_or_default();
        assert!(
            line.starts_with(&format!("*{}*", rule.level)),
            "{}: {line}",
            rule.id
        );
        for clause in rule.clauses {
            let link = format!("[{clause}](../specification.md#{})", clause.to_lowercase());
            assert!(line.contains(&link), "{}: {link}", rule.id);
        }
        assert_eq!(
            line.matches("](../specification.md#").count(),
            rule.clauses.len(),
            "{}",
            rule.id
        );
    }
}

#[test]
fn each_page_says_how_sure_its_rule_is_and_how_to_configure_it() {
    for rule in RULES {
        let page = rule.page();
        assert!(page.contains("\n## How sure the rule is\n"), "{}", rule.id);
        let (_, configure) = page
            .split_once("\n## Configure\n")
            .unwrap_or_else(|| panic!("{}", rule.id));
        let comment = format!("# openjd-monitor: ignore[{}] ", rule.id);
        let setting = format!("[rules]\n{} = \"", rule.id);
        let is_fixed = rule.id == "syntax";
        assert!(is_fixed || configure.contains(&comment), "{}", rule.id);
        assert!(is_fixed || configure.contains(&setting), "{}", rule.id);
    }
}

#[test]
fn each_rule_has_a_page_and_each_page_a_rule() {
    let pages = files("docs/rules", ".md");
    let mut pages: Vec<_> = pages
        .iter()
        .filter_map(|page| page.file_stem()?.to_str())
        .filter(|name| *name != "README")
        .collect();
    let mut ids = RULES.map(|rule| rule.id);
    ids.sort_unstable();
    pages.sort_unstable();
    assert_eq!(pages, ids);
}

/// The text of `docs/rules/README.md`, generated from the table of rules.
fn index() -> String {
    let rows = RULES.map(|rule| {
        let clauses = rule.clauses.iter();
        let clauses: Vec<_> = clauses
            .map(|clause| format!("[{clause}](../specification.md#{})", clause.to_lowercase()))
            .collect();
        let (id, level, summary) = (rule.id, rule.level, rule.summary);
        format!(
            "| [`{id}`]({id}.md) | {level} | {summary} | {} |\n",
            clauses.join(", ")
        )
    });
    INDEX.to_owned() + &rows.concat()
}

const INDEX: &str = "# Rules

These are the rules of `openjd-monitor check`, in the order in which they run. `openjd-monitor explain RULE` prints the
page of a rule. To change a rule's level, edit [`openjd-monitor.toml`](../usage.md#configuration). To suppress findings,
use [comments](../usage.md#suppressions).

| rule | level | what it finds | clauses |
| --- | --- | --- | --- |
";

#[test]
fn the_index_of_the_rules_is_that_of_the_table() {
    generated("docs/rules/README.md", &index());
}

#[test]
fn every_link_of_the_documentation_leads_somewhere() {
    let pages = files("docs", ".md")
        .into_iter()
        .chain(["README", "CONTRIBUTING"].map(|name| root().join(name).with_extension("md")));
    for page in pages {
        let text = read(&page);
        let links = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.starts_with("http")) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => page.clone(),
                path => page.parent().expect("a folder").join(path),
            };
            let from = page.display();
            assert!(target.exists(), "{from}: {link}");
            if !anchor.is_empty() && target.extension().is_some_and(|ending| ending == "md") {
                assert!(
                    anchors(&read(&target)).contains(&anchor.to_owned()),
                    "{from}: {link}"
                );
            }
        }
    }
}

#[test]
fn every_path_in_the_table_of_contributing_exists() {
    let page = read("CONTRIBUTING.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| "));
    let mut count = 0;
    for row in rows {
        let cell = row.split_once(" | ").expect("two columns").1;
        let mut folder = root().to_path_buf();
        for name in cell.split('`').skip(1).step_by(2) {
            // `<id>` stands for any name.
            let path = name.split('<').next().unwrap_or(name);
            let is_path = path.contains(['/', '.']) && !path.contains([' ', ':']);
            if !is_path {
                continue;
            }
            let place = root().join(path);
            if place.is_dir() {
                folder = place;
            } else if place.exists() {
                folder = place.parent().expect("a folder").to_path_buf();
            } else {
                // A short name is relative to the folder before it.
                assert!(folder.join(path).exists(), "{name} in: {row}");
            }
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
}

/// Anchors of a page: one for each heading and each id.
fn anchors(page: &str) -> Vec<String> {
    let headings = page.lines().filter_map(|line| line.strip_prefix('#'));
    let of_headings = headings.map(|heading| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        kept.collect::<String>().replace(' ', "-")
    });
    let ids = page
        .split("id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    of_headings.chain(ids.map(str::to_owned)).collect()
}

#[test]
fn the_docker_example_passes() {
    let ended = program(["check", "docs/examples/docker.yaml"]).run();
    // That the monitor only logs beside `onWrapEnvExit` is as the specification explains.
    assert_eq!(
        (ended.status, ended.out.as_str()),
        (
            0,
            "1 hidden info in 1 template; --min-level info shows what is hidden\n"
        )
    );
}

#[test]
fn the_readme_shows_the_output_of_its_simulation() {
    let readme = read("README.md");
    let ended = program(simulation(&readme)).run();
    assert_eq!(ended.status, 0, "{}", ended.err);
    assert_eq!(
        block(&readme, "## When would it notice?", "text"),
        ended.out
    );
}

/// The arguments of the simulation in the README.
fn simulation(readme: &str) -> impl Iterator<Item = &str> {
    let command = block(readme, "## When would it notice?", "sh");
    command.trim().split(' ').skip(1)
}

#[test]
fn the_picture_in_the_readme_is_that_of_its_simulation() {
    let readme = read("README.md");
    let path = "docs/examples/docker.svg";
    assert!(readme.contains(&format!("]({path})")));
    let folder = tempfile::tempdir().expect("a folder");
    let picture = folder.path().join("docker.svg");
    let option = ["--timeline", picture.to_str().expect("UTF-8")];
    let ended = program(simulation(&readme).chain(option)).run();
    assert_eq!(ended.status, 0, "{}", ended.err);
    generated(path, &read(&picture));
}

#[test]
fn the_documented_scenario_gives_its_expected_trace() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = read("docs/scenarios.md");
    let scenario = block(&text, "# Scenarios and traces", "yaml");
    std::fs::write(folder.path().join("a.yaml"), scenario).expect("a file");
    let ended = program(["simulate", "a.yaml"]).within(folder.path()).run();
    assert_eq!((ended.status, ended.err.as_str()), (0, ""));
    assert_eq!(ended.out, "terminate-on-the-third-failure: as expected\n");
}

#[test]
fn the_scenarios_that_the_documentation_names_exist() {
    let text = read("docs/executor.md");
    let names = text.split('`').skip(1).step_by(2);
    let mut count = 0;
    for name in names.filter(|name| name.matches('-').count() > 2 && !name.contains('/')) {
        let path = crate::support::root().join(format!("fixtures/conformance/trace/{name}.yaml"));
        assert!(path.exists(), "{name}");
        count += 1;
    }
    assert!(count > 4, "{count}");
}

#[test]
fn the_templates_of_the_benchmark_pass() {
    for name in ["plain", "parameters", "scripts", "expressions", "monitor"] {
        let text = read(format!("benches/templates/{name}.yaml"));
        assert_eq!(findings(&text), [] as [&str; 0], "{name}");
    }
}

#[test]
fn the_readme_shows_the_output_of_the_program() {
    let readme = read("README.md");
    let ended = program([
        "check",
        "docs/examples/docker.yaml",
        "docs/examples/docker-broken.yaml",
    ])
    .run();
    assert_eq!(ended.status, 1);
    assert_eq!(block(&readme, "## Try it", "text"), ended.out);
    assert!(
        readme.contains(
            "cargo run -- check docs/examples/docker.yaml docs/examples/docker-broken.yaml"
        )
    );
    assert!(readme.contains("cargo test"));
}

#[test]
fn usage_lists_every_rule_that_proposes_fixes() {
    let page = read("docs/usage.md");
    for folder in std::fs::read_dir(root().join("fixtures/fixes")).expect("a folder") {
        let id = folder.expect("a folder").file_name();
        let row = format!("| `{}` |", id.to_string_lossy());
        assert!(page.contains(&row), "{row}");
    }
}

#[test]
fn the_example_of_the_specification_is_the_docker_example() {
    let specification = read("docs/specification.md");
    assert_eq!(
        block(&specification, "Example: a Docker environment", "yaml"),
        read("docs/examples/docker.yaml")
    );
}

#[test]
fn the_template_with_a_modeline_passes() {
    let text = read("docs/editors.md");
    assert_eq!(findings(block(&text, "# Editors", "yaml")), [] as [&str; 0]);
    for name in ["job-template", "environment-template"] {
        assert!(text.contains(&format!(
            "openjd-monitor schema {name} > {name}.schema.json"
        )));
        assert_eq!(
            program(["schema", name]).run().out,
            read(format!("schema/{name}.schema.json"))
        );
    }
    let ended = program(["schema"]).run();
    assert_eq!(
        ended.out,
        "job-template\nenvironment-template\nmonitor\nscenario\nprocess-test\nreport\ndescription\nconfig\nadapter-protocol\nconformance-report\n"
    );
}

#[test]
fn the_documented_transcript_is_that_of_the_reference() {
    let text = read("docs/conformance.md");
    let transcript = block(&text, "### A complete case", "text");
    let of = |mark: &str| {
        let lines = transcript
            .lines()
            .filter_map(|line| line.strip_prefix(mark));
        lines.collect::<Vec<_>>()
    };
    let requests = of("> ").join("\n") + "\n";
    let ended = program(["conformance", "serve"]).stdin(requests).run();
    let message = |line: &str| -> serde_json::Value {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
    };
    let said: Vec<_> = ended.out.lines().map(message).collect();
    let documented: Vec<_> = of("< ").into_iter().map(message).collect();
    assert_eq!((ended.status, said), (0, documented));
}

#[test]
fn the_versions_of_the_suite_are_documented() {
    use openjd_monitor::conformance::{SPECIFICATION, SUITE, protocol::VERSION};
    let text = read("docs/conformance.md");
    for version in [
        format!("| protocol, {VERSION} |"),
        format!("| specification, {SPECIFICATION} |"),
        format!("| suite, {SUITE} |"),
    ] {
        assert!(text.contains(&version), "{version}");
    }
    let specification = read("docs/specification.md");
    assert!(specification.contains(&format!("* Status: Revision {SPECIFICATION};")));
}

#[test]
fn each_direct_dependency_has_its_reason_and_no_other_crate_has_one() {
    let mut wanted = Vec::new();
    for manifest in ["Cargo.toml", "crates/core/Cargo.toml"] {
        let manifest: toml::Table = read(manifest).parse().expect("TOML");
        let targets = manifest.get("target").and_then(toml::Value::as_table);
        let targets = targets.into_iter().flatten().map(|(_, target)| target);
        let tables = targets.filter_map(toml::Value::as_table).chain([&manifest]);
        for table in tables {
            for key in ["dependencies", "build-dependencies", "dev-dependencies"] {
                let crates = table.get(key).and_then(toml::Value::as_table);
                wanted.extend(crates.into_iter().flatten().map(|(name, _)| name.clone()));
            }
        }
    }
    wanted.retain(|name| name != "openjd-monitor-core");
    wanted.sort_unstable();
    wanted.dedup();
    let page = read("docs/dependencies.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.filter_map(|row| row.split_once(" | "));
    let mut named: Vec<_> = cells
        .flat_map(|(names, _)| names.split(", "))
        .map(|name| name.trim_matches('`').to_owned())
        .collect();
    named.sort_unstable();
    assert_eq!(named, wanted);
}

#[test]
fn every_test_that_the_security_page_names_exists() {
    assert_tests_exist(&read("SECURITY.md"));
}

/// Asserts that every test that a page names exists.
pub fn assert_tests_exist(page: &str) {
    let words = page.split('`').skip(1).step_by(2);
    let tests: Vec<_> = words.filter(|word| word.contains("::")).collect();
    assert!(tests.len() > 5, "{tests:?}");
    let sources: Vec<_> = ["tests/it", "src", "crates/core/src"]
        .iter()
        .flat_map(|folder| files(folder, ".rs"))
        .map(read)
        .collect();
    for test in tests {
        let name = test.rsplit("::").next().unwrap_or_default();
        let function = format!("fn {name}(");
        assert!(
            sources.iter().any(|source| source.contains(&function)),
            "{test}"
        );
    }
}
