//! Definitions, references, renaming, and the parts of a document.

use super::client::{Client, able, edited, position_at};
use crate::support::read;
use serde_json::{Value, json};

const JOB: &str = "\
specificationVersion: jobtemplate-2023-09
extensions: [EXPR, FEATURE_BUNDLE_1]
name: Job
parameterDefinitions:
- name: Scene
  type: PATH
jobEnvironments:
- name: Base
  variables: { LICENSE: \"{{Param.Scene}}\" }
  script:
    let: [\"scene = Param.Scene\", \"other = scene.name\"]
    embeddedFiles:
    - name: Enter
      type: TEXT
      data: |
        echo $LICENSE ${LICENSE} {{RawParam.Scene}} {{scene}} $LICENSES
    actions:
      onEnter: { command: \"{{Env.File.Enter}}\", args: [\"{{other}}\", '{{ Param . Scene }}'] }
steps:
- name: Render it
  parameterSpace:
    taskParameterDefinitions:
    - { name: Frame, type: INT, range: \"1-3\" }
    - { name: Tile, type: INT, range: \"1-3\" }
    combination: (Frame, Tile)
  script:
    embeddedFiles:
    - { name: Enter, type: TEXT, data: \"{{Task.Param.Frame}} {{Task.RawParam.Frame}}\" }
    actions:
      onRun: { command: \"{{Task.File.Enter}}\", args: [\"$LICENSE\", \"{{Param.Scene.name}}\"] }
- name: Encode
  dependencies: [{ dependsOn: Render it }]
  script:
    actions:
      onRun: { command: encode }
";

fn place(client: &Client, text: &str, mark: &str) -> Value {
    let at = text.find(mark).unwrap_or_else(|| panic!("no {mark}"));
    json!({
        "textDocument": {"uri": client.uri("a.yaml")},
        "position": position_at(text, at + mark.len()),
        "context": {"includeDeclaration": true},
    })
}

/// The lines, from 1, of locations.
fn lines(locations: &Value) -> Vec<u64> {
    let lines = locations.as_array().expect("a list").iter();
    let line = |location: &Value| location["range"]["start"]["line"].as_u64().expect("a line") + 1;
    let mut lines: Vec<_> = lines.map(line).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn a_name_leads_to_its_definition_and_all_uses() {
    let mut client = Client::new(able());
    client.open("a.yaml", JOB);
    for (mark, definition, uses) in [
        ("{{Param.Scene", vec![5], vec![5, 9, 11, 16, 18, 30]),
        ("{{scene", vec![11], vec![11, 11, 16]),
        ("{{other", vec![11], vec![11, 18]),
        ("Env.File.Enter", vec![13], vec![13, 18]),
        ("Task.File.Enter", vec![28], vec![28, 30]),
        ("combination: (Frame", vec![23], vec![23, 25, 28, 28]),
        ("dependsOn: Render", vec![20], vec![20, 32]),
        ("[\"$LICENSE", vec![9], vec![9, 16, 16, 30]),
    ] {
        let at = place(&client, JOB, mark);
        let found = client.request("textDocument/definition", at.clone());
        assert_eq!(lines(&found), definition, "{mark}");
        let found = client.request("textDocument/references", at);
        assert_eq!(lines(&found), uses, "{mark}");
    }
    let at = place(&client, JOB, "type: PATH");
    assert_eq!(
        client.request("textDocument/definition", at.clone()),
        Value::Null
    );
    assert_eq!(
        client.request("textDocument/prepareRename", at),
        Value::Null
    );
}

#[test]
fn a_new_name_is_written_wherever_the_old_one_stands() {
    let mut client = Client::new(able());
    client.open("a.yaml", JOB);
    let mut rename = |mark: &str, name: &str| {
        let mut at = place(&client, JOB, mark);
        at["newName"] = name.into();
        edited(JOB, &client.request("textDocument/rename", at))
    };
    for (mark, old, new) in [
        ("- name: Scene", "Scene", "Shot"),
        ("(Frame", "Frame", "Picture"),
        ("dependsOn: Render it", "Render it", "Draw"),
        ("{{other", "other", "base"),
    ] {
        assert_eq!(rename(mark, new), JOB.replace(old, new), "{mark}");
    }
    let found = rename("Env.File.Enter", "Begin");
    let expected = JOB.replacen("- name: Enter", "- name: Begin", 1);
    assert_eq!(found, expected.replace("Env.File.Enter", "Env.File.Begin"));
    let found = rename("{{scene", "shot");
    let expected = JOB
        .replace("scene = ", "shot = ")
        .replace("= scene.", "= shot.");
    assert_eq!(found, expected.replace("{{scene}}", "{{shot}}"));
    let found = rename("variables: { LICENSE", "SERVER");
    let expected = JOB
        .replace("LICENSE", "SERVER")
        .replace("$SERVERS", "$LICENSES");
    assert_eq!(found, expected);
}

#[test]
fn an_environment_variable_is_renamed_in_scripts_of_every_language() {
    let text = "\
specificationVersion: environment-2023-09
environment:
  name: E
  variables: { HOST: farm }
  script:
    embeddedFiles:
    - name: Python
      type: TEXT
      data: |
        print(os.environ[\"HOST\"], os.environ.get('HOST', 1), os.getenv(\"HOST\"), HOSTS)
    - name: PowerShell
      type: TEXT
      data: 'Write-Output $env:HOST ${Env:HOST}'
    actions:
      onEnter: { command: sh, args: [-c, 'echo ${HOST:-none}'] }
";
    let mut client = Client::new(able());
    client.open("a.yaml", text);
    let mut at = place(&client, text, "{ HOST");
    at["newName"] = "SERVER".into();
    let edit = client.request("textDocument/rename", at);
    let expected = text.replace("HOST", "SERVER").replace("SERVERS", "HOSTS");
    assert_eq!(edited(text, &edit), expected);
}

#[test]
fn a_name_that_would_change_the_meaning_is_refused() {
    let text = JOB.replace(
        "      onRun: { command: encode }",
        "      onRun:\n        command: encode\n        args:\n        - &shared \"{{Param.Scene}}\"\n        - *shared",
    );
    let long = "x".repeat(513);
    let mut client = Client::new(able());
    client.open("a.yaml", &text);
    for (mark, name, reason) in [
        ("- name: Scene", "1st", "`1st` is no name"),
        ("- name: Scene", "a b", "`a b` is no name"),
        ("(Frame", "Tile", "there is another `Tile`"),
        ("{{other", "Upper", "`Upper` is no name"),
        ("dependsOn: Render it", "a: b", "`a: b` is no name"),
        ("dependsOn: Render it", "17", "`17` is no name"),
        ("type: PATH", "x", "there is no name here"),
        ("{{other", "not", "the new name would cause an error: "),
        (
            "(Frame",
            &long,
            "the new name would cause an error: `name` must have 512",
        ),
    ] {
        let mut at = place(&client, &text, mark);
        at["newName"] = name.into();
        let id = client.ask("textDocument/rename", at);
        let error = client.response(id).response_result.expect_err("an error");
        assert!(
            error.message.starts_with(reason),
            "{mark}: {}",
            error.message
        );
    }
    // Also where the error hides another that was there before.
    let wrong = "\
specificationVersion: jobtemplate-2023-09
extensions: [EXPR]
name: Job
steps:
- name: One
  let: [\"x = 1 + 1\", \"y = [A for A in [x]]\"]
  script:
    actions:
      onRun: { command: \"{{Task.File.R}}\", args: [\"{{x}} {{y}} {{ [q+x for q in [1]] }}\"] }
    embeddedFiles:
    - { name: R, type: TEXT, runnable: true, data: \"{{x}}\" }
  parameterSpace:
    taskParameterDefinitions:
    - { name: Frame, type: INT, range: \"1-{{x}}\" }
";
    client.change("a.yaml", 2, json!([{"text": wrong}]));
    let mut at = place(&client, wrong, "{{x");
    at["newName"] = "not".into();
    client.refusal("textDocument/rename", at);
    client.change("a.yaml", 3, json!([{"text": text}]));
    let mut at = place(&client, &text, "- name: Scene");
    at["newName"] = "Shot".into();
    let edit = client.request("textDocument/rename", at);
    assert_eq!(edited(&text, &edit), text.replace("Scene", "Shot"));
}

fn names(symbols: &Value) -> Vec<String> {
    let symbols = symbols.as_array().expect("a list").iter();
    let name = |symbol: &Value| {
        let own = symbol["name"].as_str().expect("a name").to_owned();
        match names(&symbol["children"]).as_slice() {
            [] => own,
            inner => format!("{own}({})", inner.join(" ")),
        }
    };
    symbols.map(name).collect()
}

#[test]
fn the_parts_of_a_template_are_its_symbols() {
    let mut client = Client::new(able());
    client.open("a.yaml", JOB);
    let params = json!({"textDocument": {"uri": client.uri("a.yaml")}});
    let symbols = client.request("textDocument/documentSymbol", params.clone());
    assert_eq!(
        names(&symbols),
        [
            "Scene",
            "Base(LICENSE Enter onEnter)",
            "Render it(Frame Tile Enter onRun)",
            "Encode(onRun)",
        ]
    );
    let folds = client.request("textDocument/foldingRange", params);
    let folds: Vec<_> = folds
        .as_array()
        .expect("a list")
        .iter()
        .map(|fold| {
            (
                fold["startLine"].as_u64().unwrap_or_default() + 1,
                fold["endLine"].as_u64().unwrap_or_default() + 1,
            )
        })
        .collect();
    assert!(folds.contains(&(7, 18)), "{folds:?}");
    assert!(folds.contains(&(15, 16)), "{folds:?}");
    client.open("b.yaml", "on: [push]\njobs:\n  a: b\n");
    let params = json!({"textDocument": {"uri": client.uri("b.yaml")}});
    assert_eq!(
        client.request("textDocument/foldingRange", params.clone()),
        Value::Null
    );
    assert_eq!(
        client.request("textDocument/documentSymbol", params),
        json!([])
    );
}

#[test]
fn a_rule_in_a_comment_links_to_its_page() {
    let text = format!("# openjd-monitor: ignore-file[unused-let, unused-parameter] why\n{JOB}");
    let mut client = Client::new(able());
    client.open("a.yaml", &text);
    let params = json!({"textDocument": {"uri": client.uri("a.yaml")}});
    let links = client.request("textDocument/documentLink", params);
    let links = links.as_array().expect("a list");
    let targets: Vec<_> = links
        .iter()
        .map(|link| link["target"].as_str().expect("a link"))
        .collect();
    assert_eq!(targets.len(), 2);
    assert!(
        targets[1].ends_with("/rules/unused-parameter.md"),
        "{targets:?}"
    );
    assert_eq!(
        links[1]["range"]["start"],
        position_at(&text, text.find("unused-parameter").expect("it"))
    );
}

#[test]
fn defaults_that_apply_are_shown_beside_the_monitor() {
    let text = read("docs/examples/docker.yaml");
    let hints = |text: &str| {
        let mut client = Client::new(able());
        client.open("a.yaml", text);
        let end = json!({"line": 1000, "character": 0});
        let params = json!({
            "textDocument": {"uri": client.uri("a.yaml")},
            "range": {"start": {"line": 0, "character": 0}, "end": end},
        });
        let hints = client.request("textDocument/inlayHint", params);
        let hints = hints.as_array().expect("a list").iter();
        let line = |hint: &Value| hint["position"]["line"].as_u64().expect("a line") as usize;
        hints
            .map(|hint| {
                let line = text.lines().nth(line(hint)).expect("a line").trim();
                let line = line.split(" #").next().expect("a part").trim_end();
                format!("{line} -> {}", hint["label"].as_str().expect("a label"))
            })
            .collect::<Vec<_>>()
    };
    let found = hints(&text);
    assert!(
        found
            .iter()
            .any(|hint| hint.contains("-> first check after 30 s")),
        "{found:?}"
    );
    let bare = "specificationVersion: environment-2023-09
extensions: [MONITOR]
environment:
  name: Gpu
  script:
    actions:
      onEnter: { command: start }
      onMonitor:
        command: { command: check }
        period: 60
        onFailure: terminate
        overrides: { onEnter: { initialDelay: 90, period: 10 } }
";
    assert_eq!(
        hints(bare),
        [
            "command: { command: check } -> timeout: 9 s",
            "onFailure: terminate -> failureThreshold: 1"
        ]
    );
    let of_base = bare.replace(
        "        overrides: { onEnter: { initialDelay: 90, period: 10 } }\n",
        "",
    );
    assert_eq!(
        hints(&of_base),
        [
            "command: { command: check } -> timeout: 30 s",
            "period: 60 -> first check after 60 s",
            "onFailure: terminate -> failureThreshold: 1",
        ]
    );
}
