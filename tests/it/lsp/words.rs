//! Hover texts and completion.

use super::client::{Client, able, position_at};
use serde_json::{Value, json};

const JOB: &str = "\
specificationVersion: jobtemplate-2023-09
extensions: [EXPR, MONITOR, WRAP_ACTIONS, FEATURE_BUNDLE_1]
name: Job
parameterDefinitions:
- name: Frames
  type: INT
  default: 3
  description: Number of frames.
- { name: Scene, type: PATH }
jobEnvironments:
- name: Service
  script:
    let: [\"port = 4 + Param.Frames\"]
    embeddedFiles:
    - { name: Enter, type: TEXT, data: \"start {{Param.Scene}}\" }
    actions:
      onEnter: { command: \"{{Env.File.Enter}}\", timeout: 60 }
      onWrapEnvEnter: { command: \"{{WrappedAction.Command}}\", args: [\"{{Param.Frames}}\"] }
      onWrapTaskRun: { command: \"{{WrappedAction.Command}}\" }
      onWrapEnvExit: { command: \"{{WrappedAction.Command}}\" }
      onMonitor:
        command:
          command: check
          args: [\"{{Param.Scene}}\"]
        period: 20
        failureThreshold: 2
        onFailure: terminate
        scope: [onWrapTaskRun]
steps:
- name: Render
  parameterSpace:
    taskParameterDefinitions:
    - { name: Frame, type: INT, range: \"1-3\" }
  script:
    actions:
      onRun:
        command: render
        args: [\"{{Task.Param.Frame}}\", \"{{len(Param.Scene.name)}}\"]
- name: Encode
  dependencies: [{ dependsOn: Render }]
  script:
    actions:
      onRun: { command: encode }
";

/// The text that is shown at the `index`-th occurrence of `mark`, a character into it.
fn hover(client: &mut Client, mark: &str, index: usize) -> String {
    let (at, _) = JOB.match_indices(mark).nth(index).expect("the mark");
    hover_at(client, JOB, at + 1)
}

/// The text that is shown at a byte of the open `a.yaml`.
fn hover_at(client: &mut Client, text: &str, byte: usize) -> String {
    let params = json!({
        "textDocument": {"uri": client.uri("a.yaml")},
        "position": position_at(text, byte),
    });
    let hover = client.request("textDocument/hover", params);
    hover["contents"]["value"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_hover_explains_keys_slots_variables_and_functions() {
    let mut client = Client::new(able());
    client.open("a.yaml", JOB);
    for (mark, index, expected) in [
        ("period:", 0, "**`period`**: Seconds from"),
        ("dependsOn", 0, "**`dependsOn`**: "),
        (
            "terminate",
            0,
            "**`onFailure`**: What an unhealthy check does",
        ),
        ("jobtemplate", 0, "**`specificationVersion`**: "),
        (
            "Param.Frames}}",
            0,
            "**`Param.Frames`**: `int` — job parameter of type INT, by default `3`. Number of frames.",
        ),
        (
            "Param.Frames}}",
            0,
            "In scope in `onEnter`, `onWrapEnvEnter`, `onWrapTaskRun`, `onWrapEnvExit`.",
        ),
        (
            "WrappedAction.Command}}",
            0,
            "In scope in `onWrapEnvEnter`, `onWrapTaskRun`, `onWrapEnvExit`; not in `onEnter`.",
        ),
        (
            "Env.File.Enter",
            0,
            "**`Env.File.Enter`**: `path` — Path of the embedded file.",
        ),
        (
            "Task.Param.Frame}}",
            0,
            "**`Task.Param.Frame`**: `int` — task parameter of type INT.",
        ),
        ("Param.Frames\"]", 0, "**`Param.Frames`**"),
        ("len(", 0, "len(string) -> int"),
        (
            "onWrapTaskRun: {",
            0,
            "Monitored in `onWrapTaskRun`: the first check after 20 s, then every 20 s. What happens: 2 failures in a row end the action, 20 s to 59 s after what is watched has failed.",
        ),
        ("onWrapTaskRun]", 0, "Monitored in `onWrapTaskRun`"),
        ("onMonitor:", 0, "Monitored in `onWrapTaskRun`"),
    ] {
        let text = hover(&mut client, mark, index);
        assert!(text.contains(expected), "{mark}: {text}");
    }
    assert!(!hover(&mut client, "onEnter: {", 0).contains("Monitored"));
    assert_eq!(hover(&mut client, "Service", 0).matches("**").count(), 2);
    let extension = hover(&mut client, "EXPR", 0);
    assert!(extension.starts_with("**`extensions`**: "), "{extension}");
    let only = hover(&mut client, "jobtemplate", 0);
    assert!(!only.contains("One of"), "{only}");
}

#[test]
fn a_hover_explains_the_rules_of_comments() {
    let mut client = Client::new(able());
    let text = JOB.replace(
        "  default: 3",
        "  default: 3 # openjd-monitor: ignore[unused-let, unused-parameter]",
    );
    client.open("a.yaml", &text);
    for (mark, expected) in [
        ("unused-let", "**`unused-let`**: "),
        ("unused-parameter", "/rules/unused-parameter.md)"),
    ] {
        let at = text.find(mark).expect("the mark");
        let shown = hover_at(&mut client, &text, at + 1);
        assert!(shown.contains(expected), "{mark}: {shown}");
    }
}

#[test]
fn a_hover_has_no_markup_from_the_template() {
    let text = "\
specificationVersion: jobtemplate-2023-09
name: Job
parameterDefinitions:
- name: Note
  type: STRING
  default: \"a`![](http://a.example/b)\"
  description: \"![x](http://a.example/b) <img src=c>\"
steps:
- { name: Step, script: { actions: { onRun: { command: \"{{Param.Note}}\" } } } }
";
    let mut client = Client::new(able());
    client.open("a.yaml", text);
    let at = text.find("Param.Note").expect("the reference");
    let shown = hover_at(&mut client, text, at);
    // Editors fetch the images of what they show.
    let expected =
        "by default ``a`![](http://a.example/b)``. \\!\\[x\\](http://a.example/b) \\<img src=c\\>";
    assert!(shown.ends_with(expected), "{shown}");
}

/// The text with the part from `from` to the end of its line replaced by `new`, in which `|` is the cursor; and the
/// cursor's byte.
pub fn typed(from: &str, new: &str) -> (String, usize) {
    let at = JOB.find(from).expect("the mark");
    let end = at + JOB[at..].find('\n').expect("a line");
    let cursor = at + new.find('|').expect("a cursor");
    let text = format!("{}{}{}", &JOB[..at], new.replacen('|', "", 1), &JOB[end..]);
    (text, cursor)
}

/// The completions at a cursor.
pub fn complete(client: &mut Client, name: &str, text: &str, cursor: usize) -> Vec<Value> {
    client.open(name, text);
    let params = json!({
        "textDocument": {"uri": client.uri(name)},
        "position": position_at(text, cursor),
    });
    let items = client.request("textDocument/completion", params);
    items.as_array().cloned().unwrap_or_default()
}

pub fn labels(items: &[Value]) -> Vec<String> {
    let mut items: Vec<_> = items.iter().collect();
    items.sort_by_key(|item| item["sortText"].as_str());
    let labels = items
        .iter()
        .map(|item| item["label"].as_str().expect("a label"));
    labels.map(str::to_owned).collect()
}

#[test]
fn keys_and_words_are_completed_in_what_is_half_typed() {
    let mut client = Client::new(able());
    for (from, new, expected) in [
        (
            "        failureThreshold: 2",
            "        fail|",
            "failureThreshold initialDelay overrides",
        ),
        (
            "        failureThreshold: 2",
            "        |",
            "failureThreshold initialDelay overrides",
        ),
        ("      onRun: { command: encode }", "      |", "onRun"),
        (
            "      onRun: { command: encode }",
            "      onRun: { command: encode, | }",
            "args cancelation timeout",
        ),
        (
            "      onRun: { command: encode }",
            "      onRun: { command: encode, ar|",
            "args cancelation timeout",
        ),
        (
            "        onFailure: terminate",
            "        onFailure: |",
            "log warn terminate",
        ),
        (
            "        onFailure: terminate",
            "        onFailure: ter|",
            "log warn terminate",
        ),
        (
            "        scope: [onWrapTaskRun]",
            "        scope: [onWrapTaskRun, |]",
            "onEnter onWrapEnvEnter onWrapEnvExit",
        ),
        (
            "        scope: [onWrapTaskRun]",
            "        scope:\n        - on|",
            "onEnter onWrapEnvEnter onWrapTaskRun onWrapEnvExit",
        ),
        (
            "        scope: [onWrapTaskRun]",
            "        overrides:\n          |",
            "onEnter onWrapEnvEnter onWrapEnvExit onWrapTaskRun",
        ),
        (
            "extensions: [",
            "extensions: [EXPR, MO|",
            "FEATURE_BUNDLE_1 MONITOR REDACTED_ENV_VARS TASK_CHUNKING WRAP_ACTIONS",
        ),
        (
            "  dependencies: [",
            "  dependencies: [{ dependsOn: |",
            "Render",
        ),
        ("- { name: Scene", "- { name: Scene, | }", "type"),
        (
            "- { name: Scene",
            "- { name: Scene, type: IN|",
            "STRING PATH INT FLOAT BOOL RANGE_EXPR LIST[STRING] LIST[PATH] LIST[INT] LIST[FLOAT] LIST[BOOL] LIST[LIST[INT]]",
        ),
        (
            "  default: 3",
            "  default: 3 # openjd-monitor: ig|",
            "ignore ignore-file",
        ),
    ] {
        let (text, cursor) = typed(from, new);
        let found = labels(&complete(&mut client, "a.yaml", &text, cursor));
        assert_eq!(found.join(" "), expected, "{new}");
    }
    let (text, cursor) = typed(
        "  default: 3",
        "  default: 3 # openjd-monitor: ignore[unused-let, unused-|",
    );
    let found = labels(&complete(&mut client, "a.yaml", &text, cursor));
    assert!(found.contains(&"unused-parameter".to_owned()), "{found:?}");
    assert!(!found.contains(&"unused-let".to_owned()), "{found:?}");
    assert!(!found.contains(&"syntax".to_owned()), "{found:?}");
}

#[test]
fn a_new_file_begins_with_its_version() {
    let mut client = Client::new(able());
    for (text, expected) in [
        ("", "specificationVersion"),
        ("spec", "specificationVersion"),
        (
            "specificationVersion: ",
            "jobtemplate-2023-09 environment-2023-09",
        ),
        (
            "specificationVersion: environment-2023-09\n",
            "environment extensions parameterDefinitions $schema",
        ),
        ("on: [push]\n", ""),
    ] {
        let found = labels(&complete(&mut client, "a.yaml", text, text.len()));
        let found: Vec<_> = found.iter().map(String::as_str).collect();
        let mut expected: Vec<_> = expected.split_whitespace().collect();
        expected.retain(|word| *word != "$schema");
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn a_completion_replaces_the_word_at_the_cursor() {
    let mut client = Client::new(able());
    let (text, cursor) = typed("        failureThreshold: 2", "        fail|");
    let items = complete(&mut client, "a.yaml", &text, cursor);
    let item = items
        .iter()
        .find(|item| item["label"] == "failureThreshold")
        .expect("an item");
    assert_eq!(item["textEdit"]["newText"], "failureThreshold: ");
    assert_eq!(item["filterText"], "failureThreshold");
    let range = &item["textEdit"]["range"];
    assert_eq!(range["start"], position_at(&text, cursor - 4));
    assert_eq!(range["end"], position_at(&text, cursor));
    let json = "{\"specificationVersion\": \"jobtemplate-2023-09\", \"ste\": [] }";
    let cursor = json.find("ste\"").expect("a key") + 3;
    let items = complete(&mut client, "a.json", json, cursor);
    let item = items
        .iter()
        .find(|item| item["label"] == "steps")
        .expect("an item");
    assert_eq!(item["textEdit"]["newText"], "steps");
}

#[test]
fn the_configuration_is_completed_and_explained_too() {
    let mut client = Client::new(able());
    let name = "openjd-monitor.toml";
    for (text, expected) in [
        ("period-floor = 10\nex", "exclude max-template-size"),
        ("[", "rules per-file-ignores"),
        ("[rules]\nunused-let = ", "error warning info off"),
    ] {
        let found = labels(&complete(&mut client, name, text, text.len()));
        assert_eq!(found.join(" "), expected, "{text}");
    }
    let text = "[rules]\nunused-let = \"off\"\nunused-";
    let found = labels(&complete(&mut client, name, text, text.len()));
    assert!(found.contains(&"unused-parameter".to_owned()), "{found:?}");
    assert!(!found.contains(&"unused-let".to_owned()), "{found:?}");
    let text = "[per-file-ignores]\n\"a.yaml\" = [\"unused-let\", ";
    let items = complete(&mut client, name, text, text.len());
    let item = items
        .iter()
        .find(|item| item["label"] == "unused-let")
        .expect("an item");
    assert_eq!(item["textEdit"]["newText"], "\"unused-let\"");
    assert!(items.iter().all(|item| item["label"] != "syntax"));
    let params = json!({
        "textDocument": {"uri": client.uri(name)},
        "position": position_at(text, text.find("let").expect("it")),
    });
    let hover = client.request("textDocument/hover", params);
    let hover = hover["contents"]["value"].as_str().expect("a text");
    assert!(hover.contains("/rules/unused-let.md"), "{hover}");
}
