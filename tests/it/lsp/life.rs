//! Life cycle, synchronization, and what is no message.

use super::client::{Client, able, short};
use serde_json::{Value, json};

const TEMPLATE: &str = "specificationVersion: environment-2023-09
extensions: [MONITOR]
environment:
  name: Gpu
  script:
    actions:
      onEnter: { command: start }
      onMonitor: { command: { command: check }, period: 3, onFailure: terminate }
";

#[test]
fn a_conversation_ends_as_the_protocol_has_it() {
    let client = Client::new(able());
    assert_eq!(client.offers["serverInfo"]["name"], "openjd-monitor");
    assert_eq!(client.shut_down(), 0);
    let mut client = Client::new(able());
    client.notify("exit", Value::Null);
    assert_eq!(client.status(), 1);
    assert_eq!(Client::new(able()).status(), 1, "the client is gone");
}

#[test]
fn a_request_out_of_turn_is_refused() {
    let mut client = Client::not_initialized();
    assert_eq!(client.refusal("textDocument/hover", json!({})), -32002);
    assert_eq!(client.refusal("initialize", json!({})), -32602);
    client.request("initialize", json!({"capabilities": {}}));
    assert_eq!(
        client.refusal("initialize", json!({"capabilities": {}})),
        -32600
    );
    assert_eq!(client.refusal("textDocument/nothing", json!({})), -32601);
    assert_eq!(client.refusal("textDocument/codeAction", json!({})), -32602);
    client.request("shutdown", Value::Null);
    assert_eq!(client.refusal("textDocument/hover", json!({})), -32600);
}

#[test]
fn an_ability_declared_in_another_way_is_none() {
    let mut capabilities = able();
    capabilities["workspace"] = json!([]);
    capabilities["general"] = json!({"positionEncodings": "utf-8", "staleRequestSupport": 1});
    capabilities["textDocument"]["publishDiagnostics"]["tagSupport"] =
        json!({"valueSet": ["new", 1]});
    capabilities["textDocument"]["diagnostic"] = json!(false);
    let mut client = Client::not_initialized();
    let begun = client.request("initialize", json!({"capabilities": capabilities}));
    assert_eq!(begun["capabilities"]["positionEncoding"], "utf-16");
    client.notify("initialized", json!({}));
    client.open("a.yaml", TEMPLATE);
    // It does not ask for diagnostics, and so is sent them.
    client.wait("textDocument/publishDiagnostics", |_| true);
    assert_eq!(client.shut_down(), 0);
}

#[test]
fn what_is_no_message_is_passed_over() {
    let mut client = Client::new(able());
    client.send_raw(b"Content-Length: 4\r\n\r\n{]}x");
    let log = client.wait("window/logMessage", |_| true);
    let message = log["message"].as_str().expect("a message");
    assert!(message.starts_with("cannot read a message: "), "{message}");
    client.notify("textDocument/didChange", json!({"textDocument": 3}));
    client.notify("$/unknown", json!({}));
    assert_eq!(client.shut_down(), 0);
}

#[test]
fn a_change_counts_in_the_units_that_were_agreed_on() {
    let text = TEMPLATE.replace("command: check", "command: 😀éx");
    for (encoding, column) in [("utf-8", 58), ("utf-16", 55), ("utf-32", 54)] {
        let mut capabilities = able();
        capabilities["general"]["positionEncodings"] = json!([encoding]);
        let mut client = Client::new(capabilities);
        let offered = &client.offers["capabilities"]["positionEncoding"];
        assert_eq!(offered, encoding);
        client.open("a.yaml", &text);
        let range = |from, to| {
            let at = |column| json!({"line": 7, "character": column});
            json!({"start": at(from), "end": at(to)})
        };
        let found = client.diagnostics("a.yaml", 1);
        assert_eq!(found[0]["range"], range(column, column + 1), "{encoding}");
        // Each change of a notification counts in the text after the one before it.
        let insert = json!({"range": range(column, column), "text": "- "});
        let replace = json!({"range": range(column + 2, column + 3), "text": "4"});
        let back = json!({"range": range(column, column + 2), "text": ""});
        client.change("a.yaml", 2, json!([insert, replace]));
        client.diagnostics("a.yaml", 2);
        client.change("a.yaml", 3, json!([back]));
        let found = client.diagnostics("a.yaml", 3);
        assert_eq!(found[0]["range"], range(column, column + 1), "{encoding}");
        let message = found[0]["message"].as_str().expect("a message");
        assert!(message.contains("`period` is 4"), "{message}");
    }
    let mut capabilities = able();
    capabilities["general"] = Value::Null;
    let client = Client::new(capabilities);
    assert_eq!(client.offers["capabilities"]["positionEncoding"], "utf-16");
}

#[test]
fn a_change_replaces_all_of_the_text_or_a_part_of_it() {
    let mut client = Client::new(able());
    client.open("a.yaml", "a: b\n");
    assert_eq!(client.diagnostics("a.yaml", 1), [] as [Value; 0]);
    client.change("a.yaml", 2, json!([{"text": TEMPLATE}]));
    let found = client.diagnostics("a.yaml", 2);
    assert_eq!(short(&found), ["period-below-floor 7:56-7:57"]);
    let range = json!({"start": {"line": 7, "character": 56}, "end": {"line": 7, "character": 57}});
    client.change("a.yaml", 3, json!([{"range": range, "text": "30"}]));
    let found = short(&client.diagnostics("a.yaml", 3));
    assert!(
        !found.contains(&"period-below-floor 7:56-7:57".to_owned()),
        "{found:?}"
    );
}

#[test]
fn every_line_can_change_at_once() {
    let mut client = Client::new(able());
    let text = super::random::large(300_000).replace("name: Large", "nam: Large");
    client.open("a.yaml", &text);
    let before = client.diagnostics("a.yaml", 1);
    assert!(!before.is_empty());
    // As editors do it that comment a selection out: from its last line to its first.
    let each_line = |width: u32, new: &str| {
        let change = |line: usize| {
            let at = |character: u32| json!({"line": line, "character": character});
            json!({"range": {"start": at(0), "end": at(width)}, "text": new})
        };
        (0..text.lines().count())
            .rev()
            .map(change)
            .collect::<Value>()
    };
    client.change("a.yaml", 2, each_line(0, "# "));
    assert_eq!(client.diagnostics("a.yaml", 2), [] as [Value; 0]);
    client.change("a.yaml", 3, each_line(2, ""));
    assert_eq!(client.diagnostics("a.yaml", 3), before);
}

#[test]
fn a_range_that_ends_before_it_starts_is_meant_the_other_way_round() {
    let mut client = Client::new(able());
    client.open("a.yaml", TEMPLATE);
    client.diagnostics("a.yaml", 1);
    let range = json!({"start": {"line": 7, "character": 57}, "end": {"line": 7, "character": 56}});
    client.change("a.yaml", 2, json!([{"range": range, "text": "4"}]));
    let message = &client.diagnostics("a.yaml", 2)[0]["message"];
    let message = message.as_str().expect("a message");
    assert!(message.contains("`period` is 4"), "{message}");
}

#[test]
fn a_canceled_request_is_answered_as_such() {
    let mut client = Client::new(able());
    let text = super::random::large(300_000);
    client.open("a.yaml", &text);
    let params = json!({
        "textDocument": {"uri": client.uri("a.yaml")},
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
        "context": {"diagnostics": []},
    });
    let id = client.ask("textDocument/codeAction", params);
    client.notify("$/cancelRequest", json!({"id": id}));
    let error = client.response(id).response_result.expect_err("an error");
    assert_eq!(error.code, -32800);
    assert_eq!(client.shut_down(), 0);
}
