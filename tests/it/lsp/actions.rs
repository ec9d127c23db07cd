//! Code actions: the fixes of `--fix`, and comments that ignore findings.

use super::client::{Client, able, edited, position_at};
use crate::support::{files, program, read, root};
use openjd_monitor_core::lint::{self, Settings};
use openjd_monitor_core::template::Syntax;
use serde_json::{Value, json};

fn titles(actions: &[Value]) -> Vec<&str> {
    let titles = actions.iter().map(|action| action["title"].as_str());
    titles.map(|title| title.expect("a title")).collect()
}

fn titled<'a>(actions: &'a [Value], start: &str) -> &'a Value {
    let mut all = actions.iter();
    let found = all.find(|action| {
        let title = action["title"].as_str().expect("a title");
        title.starts_with(start)
    });
    found.unwrap_or_else(|| panic!("no {start:?} among {:?}", titles(actions)))
}

#[test]
fn a_fix_a_comment_and_all_fixes_are_offered_where_a_finding_is() {
    let text = read("docs/examples/docker-broken.yaml");
    let mut client = Client::new(able());
    client.open("a.yaml", &text);
    let actions = client.actions("a.yaml", &text, "failureTreshold", None);
    assert_eq!(
        titles(&actions),
        [
            "Rename `failureTreshold` to `failureThreshold`",
            "Ignore `unknown-field` here, with a comment",
            "Apply all safe fixes of openjd-monitor",
        ]
    );
    let fix = &actions[0];
    assert_eq!(fix["kind"], "quickfix");
    assert_eq!(fix["isPreferred"], true);
    assert_eq!(fix["diagnostics"][0]["code"], "unknown-field");
    let identifier = &fix["edit"]["documentChanges"][0]["textDocument"];
    assert_eq!(
        *identifier,
        json!({"uri": client.uri("a.yaml"), "version": 1})
    );
    let fixed = edited(&text, &fix["edit"]);
    assert_eq!(fixed, text.replace("failureTreshold", "failureThreshold"));
    let unsafe_fix = client.actions("a.yaml", &text, "3\n        failure", Some("quickfix"));
    let unsafe_fix = titled(&unsafe_fix, "Raise `period` to 5 (unsafe)");
    assert_eq!(unsafe_fix["isPreferred"], false);
    assert_eq!(
        client.actions("a.yaml", &text, "", Some("refactor")),
        [] as [Value; 0]
    );
}

#[test]
fn all_safe_fixes_are_those_of_fix() {
    let text = read("docs/examples/docker-broken.yaml");
    let expected = program(["check", "--fix", "-"])
        .stdin(text.clone())
        .run()
        .out;
    assert_ne!(expected, text);
    for resolves in [true, false] {
        let mut capabilities = able();
        if !resolves {
            capabilities["textDocument"]["codeAction"] = Value::Null;
        }
        let mut client = Client::new(capabilities);
        client.open("a.yaml", &text);
        let mut actions = client.actions("a.yaml", &text, "", Some("source.fixAll"));
        assert_eq!(titles(&actions), ["Apply all safe fixes of openjd-monitor"]);
        let mut action = actions.remove(0);
        assert_eq!(action["kind"], "source.fixAll.openjd-monitor");
        if resolves {
            assert_eq!(action["edit"], Value::Null);
            action = client.request("codeAction/resolve", action);
        }
        assert_eq!(edited(&text, &action["edit"]), expected);
    }
}

#[test]
fn all_fixes_of_a_rule_leave_those_of_others_alone() {
    let text = "specificationVersion: jobtemplate-2023-09
name: Job
steps:
- name: 1.10
  script: { actions: { onRun: { comand: x } } }
- name: 0x1F
  script: { actions: { onRun: { command: x } } }
";
    let mut client = Client::new(able());
    client.open("a.yaml", text);
    let actions = client.actions("a.yaml", text, "1.10", Some("quickfix"));
    let action = titled(&actions, "Fix all ").clone();
    let action = client.request("codeAction/resolve", action);
    let expected = text.replace("1.10", "\"1.10\"").replace("0x1F", "\"0x1F\"");
    assert_eq!(edited(text, &action["edit"]), expected);
}

#[test]
fn a_rule_is_ignored_once_for_all_of_a_selection() {
    let text = "\
specificationVersion: environment-2023-09
environment:
  name: E
  variables: { A: b }
  a: 1
  description: 1
  b: { c: 1 }
d: 1
e: 1
";
    let mut client = Client::new(able());
    client.open("a.yaml", text);
    let params = json!({
        "textDocument": {"uri": client.uri("a.yaml")},
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}},
        "context": {"diagnostics": []},
    });
    let actions = client.request("textDocument/codeAction", params);
    let actions = actions.as_array().expect("a list");
    let ignoring = titled(actions, "Ignore `unknown-field` here");
    assert_eq!(ignoring["diagnostics"].as_array().map(Vec::len), Some(4));
    let titles = titles(actions);
    let mut unique = titles.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), titles.len(), "{titles:?}");
    let text = edited(text, &ignoring["edit"]);
    client.open("b.yaml", &text);
    let left = client.diagnostics("b.yaml", 1);
    assert!(
        left.iter().all(|own| own["code"] != "unknown-field"),
        "{left:?}"
    );
}

#[test]
fn a_client_without_versions_of_edits_gets_changes() {
    let text = read("docs/examples/docker-broken.yaml");
    let mut client = Client::new(json!({}));
    client.open("a.yaml", &text);
    let actions = client.actions("a.yaml", &text, "failureTreshold", None);
    let changes = &actions[0]["edit"]["changes"];
    let edits = &changes[client.uri("a.yaml").as_str()];
    assert_eq!(edits[0]["newText"], "failureThreshold");
}

#[test]
fn a_comment_hides_what_it_is_to_ignore_in_every_fixture() {
    let mut client = Client::new(able());
    let mut count = 0;
    for path in files("fixtures/lint", "bad.yaml") {
        let text = read(&path);
        let check = |text: &str| {
            let checked = lint::check(text.as_bytes(), Syntax::Yaml, &Settings::default());
            checked.found.map_or_else(Vec::new, |found| found.findings)
        };
        let findings = check(&text);
        let name = path.strip_prefix(root()).expect("a file of the project");
        let name = name.to_string_lossy().replace('/', "-");
        client.open(&name, &text);
        for finding in &findings {
            let Some(span) = &finding.span else { continue };
            let at = position_at(&text, span.start);
            let params = json!({
                "textDocument": {"uri": client.uri(&name)},
                "range": {"start": at, "end": at},
                "context": {"diagnostics": [], "only": ["quickfix"]},
            });
            let actions = client.request("textDocument/codeAction", params);
            let title = format!("Ignore `{}` here", finding.rule.id);
            let actions = actions.as_array().expect("a list").iter();
            let mut actions = actions.filter(|action| {
                action["title"]
                    .as_str()
                    .is_some_and(|own| own.starts_with(&title))
            });
            let Some(action) = actions.next() else {
                continue;
            };
            count += 1;
            let after = edited(&text, &action["edit"]);
            let left = check(&after);
            let id = finding.rule.id;
            let moved = after.len() - text.len();
            let is_at = |own: &lint::Finding, start: usize| {
                own.span.as_ref().is_some_and(|span| span.start == start)
            };
            let remains = left.iter().find(|own| {
                own.rule.id == id
                    && is_at(own, span.start + moved)
                    && own.message == finding.message
            });
            assert!(remains.is_none(), "{name}: {id}\n{after}");
            let unused = |findings: &[lint::Finding]| {
                let findings = findings.iter();
                findings
                    .filter(|own| own.rule.id == "unused-suppression")
                    .count()
            };
            assert!(unused(&left) <= unused(&findings), "{name}: {id}\n{after}");
        }
    }
    assert!(count > 40, "{count}");
}
