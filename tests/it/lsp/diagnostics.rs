//! Diagnostics: pushed and pulled, with all that they carry, and the configuration.

use super::client::{Client, able, short};
use crate::support::read;
use serde_json::{Value, json};

const NONE: [&str; 0] = [];

#[test]
fn a_diagnostic_has_the_rule_its_page_and_related_places() {
    let mut client = Client::new(able());
    client.open("a.yaml", &read("docs/examples/docker-broken.yaml"));
    let found = client.diagnostics("a.yaml", 1);
    let expected = [
        "missing-extension 23:6-23:15",
        "variable-out-of-scope 31:74-31:95",
        "period-below-floor 32:16-32:17",
        "unknown-field 33:8-33:23",
    ];
    let errors: Vec<_> = found
        .iter()
        .filter(|own| own["severity"] == 1)
        .cloned()
        .collect();
    assert_eq!(short(&errors), expected);
    let first = &errors[0];
    assert_eq!(first["source"], "openjd-monitor");
    let page = first["codeDescription"]["href"].as_str().expect("a link");
    assert!(page.ends_with("/docs/rules/missing-extension.md"), "{page}");
    let message = first["message"].as_str().expect("a message");
    assert!(message.contains("\nhelp: write `MONITOR`"), "{message}");
    let related = &first["relatedInformation"][0];
    assert_eq!(
        related["location"]["range"]["start"],
        json!({"line": 2, "character": 33})
    );
    assert_eq!(related["message"], "`MONITORS` is not `MONITOR`");
}

const UNUSED: &str = "specificationVersion: environment-2023-09
extensions: [MONITOR]
environment:
  name: Cache
  variables: { CACHE: /cache }
";

#[test]
fn what_is_unused_is_tagged_for_clients_that_show_it() {
    let mut client = Client::new(able());
    client.open("a.yaml", UNUSED);
    let found = client.diagnostics("a.yaml", 1);
    assert_eq!(short(&found), ["unused-extension 1:13-1:20"]);
    assert_eq!(found[0]["tags"], json!([1]));
    let mut client = Client::new(json!({}));
    client.open("a.yaml", UNUSED);
    let found = client.diagnostics("a.yaml", 1);
    assert_eq!(found[0]["tags"], Value::Null);
}

#[test]
fn a_document_that_is_no_template_is_left_alone() {
    let mut client = Client::new(able());
    for (name, text) in [
        ("a.yaml", "on: [push]\njobs: {}\n"),
        ("b.yaml", "a: [\n"),
        ("c.json", "[]"),
    ] {
        client.open(name, text);
        assert_eq!(client.diagnostics(name, 1), [] as [Value; 0]);
        assert_eq!(client.actions(name, text, "", None), [] as [Value; 0]);
    }
}

#[test]
fn a_template_that_cannot_be_read_has_the_findings_of_check() {
    let mut client = Client::new(able());
    client.open(
        "a.yaml",
        "specificationVersion: environment-2023-09\nenvironment: [\n",
    );
    let found = client.diagnostics("a.yaml", 1);
    assert_eq!(short(&found), ["wrong-type 1:0-1:11", "syntax 1:13-1:14"]);
}

#[test]
fn a_client_that_pulls_is_sent_nothing_unasked() {
    let mut capabilities = able();
    capabilities["textDocument"]["diagnostic"] = json!({});
    capabilities["workspace"]["diagnostics"] = json!({"refreshSupport": true});
    let mut client = Client::new(capabilities);
    client.open("a.yaml", UNUSED);
    let pull = |client: &mut Client, previous: Value| {
        let params =
            json!({"textDocument": {"uri": client.uri("a.yaml")}, "previousResultId": previous});
        client.request("textDocument/diagnostic", params)
    };
    let report = pull(&mut client, Value::Null);
    assert_eq!(report["kind"], "full");
    let items = report["items"].as_array().expect("a list");
    assert_eq!(short(items), ["unused-extension 1:13-1:20"]);
    let report = pull(&mut client, report["resultId"].clone());
    assert_eq!(report["kind"], "unchanged");
    client.change("a.yaml", 2, json!([{"text": "a: b\n"}]));
    let report = pull(&mut client, report["resultId"].clone());
    assert_eq!(report["items"], json!([]));
    client.change("a.yaml", 3, json!([{"text": UNUSED}]));
    client.write(
        "openjd-monitor.toml",
        "[rules]\nunused-extension = \"off\"\n",
    );
    changed(&mut client);
    client.wait("workspace/diagnostic/refresh", |_| true);
    let report = pull(&mut client, report["resultId"].clone());
    assert_eq!(report["items"], json!([]));
    // Of a document that is not open, nothing is known.
    let params = json!({"textDocument": {"uri": client.uri("b.yaml")}});
    assert_eq!(
        client.request("textDocument/diagnostic", params)["items"],
        json!([])
    );
    assert!(!client.was_sent("textDocument/publishDiagnostics"));
}

/// Tells the server that the configuration has changed.
fn changed(client: &mut Client) {
    let uri = client.uri("openjd-monitor.toml");
    let params = json!({"changes": [{"uri": uri, "type": 2}]});
    client.notify("workspace/didChangeWatchedFiles", params);
}

#[test]
fn a_change_of_the_configuration_has_documents_checked_again() {
    let mut client = Client::new(able());
    let asked = client.wait("client/registerCapability", |_| true);
    let watchers = &asked["registrations"][0]["registerOptions"]["watchers"];
    assert_eq!(watchers[0]["globPattern"], "**/openjd-monitor.toml");
    client.open("a.yaml", UNUSED);
    assert_eq!(client.diagnostics("a.yaml", 1).len(), 1);
    client.write(
        "openjd-monitor.toml",
        "[rules]\nunused-extension = \"error\"\n",
    );
    changed(&mut client);
    assert_eq!(client.diagnostics("a.yaml", 1)[0]["severity"], 1);
    client.write("openjd-monitor.toml", "exclude = [\"a.yaml\"]\n");
    changed(&mut client);
    assert_eq!(short(&client.diagnostics("a.yaml", 1)), NONE);
    // A client that watches no files saves.
    client.write("openjd-monitor.toml", "");
    let params = json!({"textDocument": {"uri": client.uri("a.yaml")}});
    client.notify("textDocument/didSave", params);
    assert_eq!(client.diagnostics("a.yaml", 1).len(), 1);
}

#[test]
fn a_mistake_in_the_configuration_is_reported_there() {
    let mut client = Client::new(able());
    client.write("openjd-monitor.toml", "period-flor = 3\n");
    client.open("a.yaml", UNUSED);
    let uri = client.uri("openjd-monitor.toml");
    let is_meant = |params: &Value| params["uri"] == uri.as_str();
    let found = client.wait("textDocument/publishDiagnostics", is_meant);
    let message = found["diagnostics"][0]["message"]
        .as_str()
        .expect("a message");
    assert!(
        message.contains("did you mean `period-floor`?"),
        "{message}"
    );
    assert_eq!(
        client.diagnostics("a.yaml", 1).len(),
        1,
        "the defaults apply"
    );
    client.write("openjd-monitor.toml", "period-floor = 30\n");
    changed(&mut client);
    let found = client.wait("textDocument/publishDiagnostics", is_meant);
    assert_eq!(found["diagnostics"], json!([]));
    // What is typed there counts for its own diagnostics.
    client.open("openjd-monitor.toml", "exclude = 3\n");
    let found = client.diagnostics("openjd-monitor.toml", 1);
    assert_eq!(
        found[0]["range"]["start"],
        json!({"line": 0, "character": 10})
    );
    client.change("openjd-monitor.toml", 2, json!([{"text": ""}]));
    assert_eq!(short(&client.diagnostics("openjd-monitor.toml", 2)), NONE);
    // When it is closed, what is saved counts again.
    client.write("openjd-monitor.toml", "period-flor = 3\n");
    client.notify(
        "textDocument/didClose",
        json!({"textDocument": {"uri": uri}}),
    );
    client.wait("textDocument/publishDiagnostics", |params| {
        is_meant(params) && params["diagnostics"] != json!([])
    });
}

#[test]
fn the_diagnostics_of_a_closed_document_are_withdrawn() {
    let mut client = Client::new(able());
    client.open("a.yaml", UNUSED);
    assert_eq!(client.diagnostics("a.yaml", 1).len(), 1);
    let params = json!({"textDocument": {"uri": client.uri("a.yaml")}});
    client.notify("textDocument/didClose", params);
    let found = client.wait("textDocument/publishDiagnostics", |_| true);
    assert_eq!(found["diagnostics"], json!([]));
}

#[test]
fn a_document_that_is_not_saved_yet_is_checked_too() {
    let mut client = Client::new(able());
    client.open_uri("untitled:Untitled-1", UNUSED);
    let found = client.wait("textDocument/publishDiagnostics", |_| true);
    assert_eq!(found["uri"], "untitled:Untitled-1");
    assert_eq!(found["diagnostics"].as_array().map(Vec::len), Some(1));
}
