//! Tests that the machine-readable formats are valid, complete and right about positions, whatever a template holds.

use crate::reports::EXAMPLE;
use crate::support::{folder, program, read, root};
use openjd_monitor_core::lint::RULES;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Template with a key that contains everything that some format must escape.
const WILD: &str = "specificationVersion: environment-2023-09
extensions: [MONITOR]
environment:
  name: Gpu
  script:
    actions:
      onEnter: {command: start}
      onMonitor: {command: {command: check}, period: 5, onFailure: log}
      \"<é>&'50%,a:b::\\n\\r\\a{0}]]>\": 1
";

/// The report in `format` on a folder with these files.
fn report_of(format: &str, files: &[(&str, &str)]) -> String {
    let folder = folder(files);
    program(["check", "--format", format])
        .within(folder.path())
        .run()
        .out
}

/// The report in `format` on all templates of the project.
fn report_of_all(format: &str) -> String {
    let arguments = [
        "check",
        "--format",
        format,
        "--min-level",
        "info",
        "fixtures",
        "docs",
    ];
    program(arguments).within(root()).run().out
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn results(sarif: &str) -> Vec<Value> {
    let log = parsed(sarif);
    log["runs"][0]["results"]
        .as_array()
        .expect("a list")
        .clone()
}

/// Violations of `schema` in `value`, each with its pointer.
fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let options = jsonschema::options().should_validate_formats(true);
    let validator = options.build(schema).expect("a schema");
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn concise() {
    insta::assert_snapshot!(report_of(
        "concise",
        &[("docker.yaml", EXAMPLE), ("wild.yaml", WILD)]
    ));
}

#[test]
fn github() {
    insta::assert_snapshot!(report_of(
        "github",
        &[("docker.yaml", EXAMPLE), ("w,i:l%d.yaml", WILD)]
    ));
}

#[test]
fn gitlab() {
    insta::assert_snapshot!(report_of("gitlab", &[("docker.yaml", EXAMPLE)]));
}

#[test]
fn junit() {
    let good = read("docs/examples/docker.yaml");
    let files = [
        ("docker.yaml", EXAMPLE),
        ("good.yaml", &good),
        ("wild.yaml", WILD),
    ];
    insta::assert_snapshot!(report_of("junit", &files));
}

#[test]
fn sarif() {
    let mut log = parsed(&report_of("sarif", &[("docker.yaml", EXAMPLE)]));
    let driver = &mut log["runs"][0]["tool"]["driver"];
    // The pages of all rules are long, and have a test of their own.
    driver["rules"] = json!([]);
    driver["semanticVersion"] = json!("…");
    insta::assert_snapshot!(serde_json::to_string_pretty(&log).expect("JSON"));
}

#[test]
fn every_sarif_report_follows_the_official_schema() {
    let mut schema = parsed(&read("tests/sarif-2.1.0.schema.json"));
    // The pattern of a property that no report has is one that ECMA-262 does not allow.
    for owner in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][owner]["properties"]["language"];
        assert_eq!(
            language["pattern"].take(),
            "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$"
        );
        *language = json!({});
    }
    let log = parsed(&report_of_all("sarif"));
    assert_eq!(violations(&schema, &log), [] as [&str; 0]);
    assert!(
        log["runs"][0]["results"]
            .as_array()
            .is_some_and(|results| results.len() > 50)
    );
    let wild = parsed(&report_of("sarif", &[("w ü#?%:.yaml", WILD)]));
    assert_eq!(violations(&schema, &wild), [] as [&str; 0]);
    let empty = program(["check", "-", "--allow-empty", "--format", "sarif"])
        .run()
        .out;
    assert_eq!(violations(&schema, &parsed(&empty)), [] as [&str; 0]);
}

#[test]
fn every_gitlab_report_follows_the_format_of_gitlab() {
    // https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
    let schema = json!({"type": "array", "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"enum": RULES.iter().map(|rule| rule.id).collect::<Vec<_>>()},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./|/)."},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    }});
    let issues = parsed(&report_of_all("gitlab"));
    assert_eq!(violations(&schema, &issues), [] as [&str; 0]);
    let issues = issues.as_array().expect("a list");
    let fingerprints: BTreeSet<_> = issues
        .iter()
        .map(|issue| issue["fingerprint"].to_string())
        .collect();
    assert!(issues.len() > 50);
    assert_eq!(fingerprints.len(), issues.len(), "each has its own");
}

#[test]
fn sarif_counts_lines_and_characters_from_one() {
    let sarif = report_of("sarif", &[("docker.yaml", EXAMPLE)]);
    let regions: Vec<_> = results(&sarif)
        .iter()
        .map(|result| {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            let keys = ["startLine", "startColumn", "endLine", "endColumn"];
            keys.map(|key| region[key].as_u64().expect("a number"))
        })
        .collect();
    // `        command: { command: prüfe, args: ["für → {{WrappedEnv.Name}}"], timeout: 9 }` has
    // three characters of several bytes before both of its findings.
    assert_eq!(
        regions,
        [
            [13, 52, 13, 67],
            [13, 82, 13, 83],
            [18, 66, 18, 78],
            [20, 7, 20, 15]
        ]
    );
    let marked = format!("\u{feff}{}", EXAMPLE.replace('\n', "\r\n"));
    let crlf = report_of("sarif", &[("docker.yaml", &marked)]);
    let region = |sarif: &str, result: usize| {
        results(sarif)[result]["locations"][0]["physicalLocation"]["region"].clone()
    };
    for result in 0..4 {
        assert_eq!(region(&sarif, result), region(&crlf, result));
    }
    // Past the basic plane a character is still one.
    let bars = "specificationVersion: environment-2023-09\nenvironment: {name: 🎬🎬, nmae: 1, variables: {A: b}}\n";
    let bars = report_of("sarif", &[("a.yaml", bars)]);
    assert_eq!(
        region(&bars, 0),
        json!({"startLine": 2, "startColumn": 25, "endLine": 2, "endColumn": 29})
    );
}

#[test]
fn a_fix_in_a_sarif_report_is_the_one_that_fix_makes() {
    let before = "{\"specificationVersion\": \"environment-2023-09\", \"extensions\": [\"EXPR\"],
 \"environment\": {\"name\": \"é\", \"script\": {\"actions\": {\"onEnter\": {\"command\": \"é\", \"argz\": []},
 \"onMonitor\": {\"command\": {\"command\": \"x\"}, \"period\": 30, \"onFailure\": \"terminat\"}}}}}\n";
    let mut lines: Vec<Vec<char>> = before
        .split('\n')
        .map(|line| line.chars().collect())
        .collect();
    let sarif = report_of("sarif", &[("a.json", before)]);
    let mut results = results(&sarif);
    // From the last to the first, so that none moves what is still to be replaced.
    results.reverse();
    let mut replaced = 0;
    for result in results {
        for replacement in result["fixes"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|fix| {
                fix["artifactChanges"][0]["replacements"]
                    .as_array()
                    .cloned()
                    .unwrap_or_default()
            })
        {
            let at = |name: &str| {
                let number = replacement["deletedRegion"][name]
                    .as_u64()
                    .expect("a number");
                usize::try_from(number).expect("a number") - 1
            };
            assert_eq!(at("startLine"), at("endLine"));
            let text = replacement["insertedContent"]["text"]
                .as_str()
                .expect("a text");
            lines[at("startLine")].splice(at("startColumn")..at("endColumn"), text.chars());
            replaced += 1;
        }
    }
    let actual: Vec<String> = lines.iter().map(|line| line.iter().collect()).collect();
    let fixed = program(["check", "--fix", "-", "--stdin-filename", "a.json"])
        .stdin(before)
        .run();
    assert_eq!(actual.join("\n"), fixed.out);
    assert_eq!(replaced, 3);
}

#[test]
fn sarif_and_json_name_the_same_findings() {
    let json = parsed(&report_of_all("json"));
    let sarif = results(&report_of_all("sarif"));
    let findings = json["findings"].as_array().expect("a list");
    assert_eq!(findings.len(), sarif.len());
    for (finding, result) in findings.iter().zip(&sarif) {
        assert_eq!(finding["rule"], result["ruleId"]);
        let index = result["ruleIndex"]
            .as_u64()
            .and_then(|index| usize::try_from(index).ok());
        assert_eq!(finding["rule"], RULES[index.expect("an index")].id);
        let physical = &result["locations"][0]["physicalLocation"];
        assert_eq!(finding["path"], physical["artifactLocation"]["uri"]);
        let (start, region) = (&finding["location"]["start"], &physical["region"]);
        assert_eq!(start["line"], region["startLine"], "{finding}");
        assert_eq!(start["column"], region["startColumn"], "{finding}");
    }
}

#[test]
fn sarif_knows_every_rule_and_its_page() {
    let log = parsed(&report_of("sarif", &[("docker.yaml", EXAMPLE)]));
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .expect("a list")
        .clone();
    assert_eq!(rules.len(), RULES.len());
    for (descriptor, rule) in rules.iter().zip(RULES) {
        assert_eq!(descriptor["id"], rule.id);
        assert_eq!(descriptor["help"]["text"], rule.page());
        let page = descriptor["help"]["markdown"].as_str().expect("a text");
        for link in page.split("](").skip(1) {
            assert!(link.starts_with("https://"), "{}: {link:.60}", rule.id);
        }
    }
}

#[test]
fn sarif_doubles_the_braces_of_messages() {
    let text = results(&report_of("sarif", &[("wild.yaml", WILD)]))[0]["message"]["text"].clone();
    assert!(
        text.as_str().is_some_and(|text| text.contains("{{0}}")),
        "{text}"
    );
}

#[test]
fn paths_are_relative_to_the_current_folder_and_encoded_in_uris() {
    let folder = folder(&[
        ("a b/ü#?%:.yaml", WILD),
        ("x.yaml", WILD),
        ("sub/y.txt", ""),
    ]);
    let absolute = folder.path().canonicalize().expect("a path").join("x.yaml");
    let absolute = absolute.to_str().expect("UTF-8");
    let within = |start: &str, arguments: &[&str]| {
        let all = ["check", "--format", "sarif"].iter().chain(arguments);
        let out = program(all).within(&folder.path().join(start)).run().out;
        results(&out)
            .iter()
            .map(|result| {
                let physical = &result["locations"][0]["physicalLocation"];
                physical["artifactLocation"]["uri"]
                    .as_str()
                    .expect("a URI")
                    .to_owned()
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        within("", &["."]),
        ["a%20b/%C3%BC%23%3F%25%3A.yaml", "x.yaml"]
    );
    assert_eq!(within("", &["./x.yaml"]), ["x.yaml"]);
    assert_eq!(within("", &[absolute]), ["x.yaml"]);
    assert_eq!(within("", &["sub/../x.yaml"]), ["x.yaml"]);
    assert_eq!(within("sub", &["../x.yaml"]), ["../x.yaml"]);
    assert_eq!(within("sub", &[absolute]), [format!("file://{absolute}")]);
}

#[test]
fn a_fingerprint_stays_when_lines_move_and_differs_between_findings() {
    let fingerprints = |text: &str| {
        let sarif = report_of("sarif", &[("a.yaml", text)]);
        results(&sarif)
            .iter()
            .map(|result| result["partialFingerprints"]["openjdMonitor/v1"].to_string())
            .collect::<Vec<_>>()
    };
    let twice = EXAMPLE
        .replace("period: 10", "period: 3")
        .replace("period: 8", "period: 3");
    let before = fingerprints(&twice);
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), before.len());
    let moved = format!(
        "# a comment\n\n{}",
        twice.replace("        period: 3", "\n        period: 3")
    );
    assert_eq!(fingerprints(&moved), before);
    let renamed = twice.replace("onMonitr", "onMonitir");
    let changed = fingerprints(&renamed);
    let differing = changed.iter().filter(|one| !before.contains(one)).count();
    assert_eq!(differing, 1);
}

#[test]
fn each_finding_is_a_line_of_the_concise_and_the_github_report() {
    for format in ["concise", "github"] {
        let report = report_of(format, &[("wild.yaml", WILD)]);
        assert_eq!(report.lines().count(), 1, "{report}");
        assert!(!report.contains('\r') && !report.contains('\u{7}') || format == "github");
    }
}

#[test]
fn a_junit_report_reads_back_unchanged() {
    let good = read("docs/examples/docker.yaml");
    let xml = report_of("junit", &[("good.yaml", &good), ("wild.yaml", WILD)]);
    let report = quick_junit::Report::deserialize_from_str(&xml).expect("JUnit XML");
    assert_eq!((report.tests, report.failures, report.errors), (2, 1, 0));
    let names: Vec<_> = report
        .test_suites
        .iter()
        .map(|suite| suite.name.as_str())
        .collect();
    assert_eq!(names, ["good.yaml", "wild.yaml"]);
    let quick_junit::TestCaseStatus::NonSuccess { message, ty, .. } =
        &report.test_suites[1].test_cases[0].status
    else {
        panic!("{xml}");
    };
    // Characters that XML cannot hold are left out.
    let message = message.as_ref().expect("a message").as_str();
    assert!(message.starts_with("`<é>&'50%,a:b::"), "{message}");
    assert!(message.contains("{0}]]>`"), "{message}");
    assert_eq!(ty.as_ref().map(|level| level.as_str()), Some("error"));
}
