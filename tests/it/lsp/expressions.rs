//! Expressions: what is in scope in them, and its types.

use super::client::{Client, able, position_at};
use super::words::{complete, labels, typed};
use serde_json::{Value, json};

#[test]
fn an_expression_has_the_variables_in_scope_and_only_those() {
    let mut client = Client::new(able());
    let parameters = "Param.Frames RawParam.Frames Param.Scene RawParam.Scene";
    let session =
        "Session.WorkingDirectory Session.HasPathMappingRules Session.PathMappingRulesFile";
    let wrapped = "WrappedAction.Command WrappedAction.Args WrappedAction.Environment WrappedAction.Timeout \
                   WrappedAction.Cancelation.Mode WrappedAction.Cancelation.NotifyPeriodInSeconds";
    for (from, new, expected) in [
        (
            "        args: [\"{{Task",
            "        args: [\"{{Ta|",
            format!(
                "Job.Name Step.Name {session} {parameters} Task.Param.Frame Task.RawParam.Frame"
            ),
        ),
        (
            "        command: render",
            "        command: {{|",
            format!(
                "Job.Name Step.Name {session} {parameters} Task.Param.Frame Task.RawParam.Frame"
            ),
        ),
        (
            "      onEnter: {",
            "      onEnter: { command: \"{{|}}\" }",
            format!("Job.Name {session} {parameters} port Env.File.Enter"),
        ),
        (
            "          args: [\"{{Param.Scene}}\"]",
            "          args: [\"{{|}}\"]",
            format!(
                "Job.Name {session} {wrapped} WrappedStep.Name {parameters} port Env.File.Enter"
            ),
        ),
        (
            "name: Job\n",
            "name: \"{{|}}\"",
            "Param.Frames RawParam.Frames RawParam.Scene".to_owned(),
        ),
    ] {
        let (text, cursor) = typed(from, new);
        let items = complete(&mut client, "a.yaml", &text, cursor);
        let variables: Vec<_> = items.into_iter().filter(|item| item["kind"] == 6).collect();
        assert_eq!(labels(&variables).join(" "), expected, "{new}");
    }
    let (text, cursor) = typed("    let: [", "    let: [\"port = 4\", \"host = Param.|\"]");
    let found = labels(&complete(&mut client, "a.yaml", &text, cursor)).join(" ");
    assert!(
        found.contains("Param.Frames") && found.contains("port"),
        "{found}"
    );
    assert!(
        !found.contains("host") && !found.contains("WrappedAction"),
        "{found}"
    );
}

#[test]
fn a_template_that_lacks_an_extension_has_scopes_all_the_same() {
    let mut client = Client::new(able());
    let (text, cursor) = typed("      onEnter: {", "      onEnter: { command: \"{{|}}\" }");
    let (text, cursor) = (text.replace("EXPR, ", ""), cursor - "EXPR, ".len());
    let found = labels(&complete(&mut client, "a.yaml", &text, cursor)).join(" ");
    assert!(found.contains("Session.WorkingDirectory"), "{found}");
    assert!(!found.contains("WrappedAction"), "{found}");
}

#[test]
fn functions_and_methods_need_their_extension() {
    let mut client = Client::new(able());
    let (text, cursor) = typed(
        "      onRun: { command: encode }",
        "      onRun: { command: \"{{|}}\" }",
    );
    let found = labels(&complete(&mut client, "a.yaml", &text, cursor)).join(" ");
    assert!(found.contains(" len "), "{found}");
    assert!(found.contains("apply_path_mapping"), "{found}");
    let (text, cursor) = typed(
        "      onRun: { command: encode }",
        "      onRun: { command: \"{{Param.Scene.|}}\" }",
    );
    let items = complete(&mut client, "a.yaml", &text, cursor);
    let found = labels(&items).join(" ");
    assert!(
        found.contains("Param.Scene.name ") && found.contains("Param.Scene.parent "),
        "{found}"
    );
    assert!(!found.contains("Frames"), "{found}");
    let after = |expression: &str| {
        typed(
            "      onRun: { command: encode }",
            &format!("      onRun: {{ command: \"{{{{{expression}|}}}}\" }}"),
        )
    };
    let (chain, cursor) = after("Param.Scene.parent.");
    let found = labels(&complete(&mut client, "a.yaml", &chain, cursor)).join(" ");
    assert!(found.starts_with("Param.Scene.parent.name "), "{found}");
    for unknown in ["Param.Scene.parts[0].", "'a'.", "len('a')."] {
        let (text, cursor) = after(unknown);
        let items = complete(&mut client, "a.yaml", &text, cursor);
        assert_eq!(labels(&items), [] as [&str; 0], "{unknown}");
    }
    let text = text.replace("EXPR, ", "");
    let cursor = text.find("Param.Scene.}}").expect("the mark") + "Param.Scene.".len();
    let found = labels(&complete(&mut client, "a.yaml", &text, cursor)).join(" ");
    assert!(
        !found.contains("len") && !found.contains("Param.Scene.name"),
        "{found}"
    );
}

/// The completions of a kind, each with its label and its description.
fn described(items: &[Value], kind: u32) -> Vec<(String, String)> {
    let items = items.iter().filter(|item| item["kind"] == kind);
    let texts = items.map(|item| {
        let about = item["documentation"]["value"].as_str();
        let label = item["label"].as_str().expect("a label");
        (label.to_owned(), about.unwrap_or_default().to_owned())
    });
    texts.collect()
}

#[test]
fn a_string_with_a_maximum_length_has_all_variables_of_its_scope() {
    let mut client = Client::new(able());
    let count = 100;
    let parameters: Vec<_> = (0..count)
        .map(|index| format!("- {{ name: Parameter{index}, type: INT }}\n"))
        .collect();
    let (text, cursor) = typed("name: Job\n", "name: \"{{|}}\"");
    let text = text.replacen(
        "- name: Frames",
        &format!("{}- name: Frames", parameters.concat()),
        1,
    );
    for extensions in [", FEATURE_BUNDLE_1]", "]"] {
        let shorter = ", FEATURE_BUNDLE_1]".len() - extensions.len();
        let text = text.replacen(", FEATURE_BUNDLE_1]", extensions, 1);
        let items = complete(&mut client, "a.yaml", &text, cursor - shorter);
        let found = described(&items, 6).into_iter().map(|(label, _)| label);
        let found: Vec<_> = found.collect();
        let own = found
            .iter()
            .filter(|label| label.starts_with("Param.Parameter"));
        assert_eq!(own.count(), count, "{found:?}");
        assert!(found.contains(&"RawParam.Scene".to_owned()), "{found:?}");
        assert!(!found.contains(&"Param.Scene".to_owned()), "{found:?}");
        assert!(
            !found.contains(&"Session.WorkingDirectory".to_owned()),
            "{found:?}"
        );
    }
}

#[test]
fn a_string_without_expressions_has_no_variables_and_no_functions() {
    let mut client = Client::new(able());
    for (from, new) in [
        ("name: Job\n", "name: Job\ndescription: \"{{|}}\""),
        ("- name: Render", "- name: \"{{|}}\""),
    ] {
        let (text, cursor) = typed(from, new);
        let found = labels(&complete(&mut client, "a.yaml", &text, cursor));
        assert_eq!(found.join(" "), "", "{new}");
    }
}

#[test]
fn let_names_have_the_types_of_their_expressions() {
    let mut client = Client::new(able());
    let (text, cursor) = typed(
        "    let: [",
        "    let: [\"port = 4 + Param.Frames\", \"ports = [port, 2]\", \"name = Param.Scene.name\", \
         \"port = string(port)\", \"same = port == name\", \"wrong = 1 +\", \"last = |\"]",
    );
    let items = complete(&mut client, "a.yaml", &text, cursor);
    let found = described(&items, 6);
    for (name, expected) in [
        (
            "port",
            "**`port`**: `string` — `let` name for `string(port)`.",
        ),
        ("ports", "**`ports`**: `list[int]` — "),
        ("name", "**`name`**: `string` — "),
    ] {
        let own = found.iter().find(|(label, _)| label == name);
        let (_, about) = own.expect("the name");
        assert!(about.starts_with(expected), "{about}");
    }
    // The name of a binding is its own; those in its expression are earlier ones.
    for (mark, expected) in [
        (
            "port = 4",
            "**`port`**: `int` — `let` name for `4 + Param.Frames`.",
        ),
        (
            "port = string",
            "**`port`**: `string` — `let` name for `string(port)`.",
        ),
        ("port)", "**`port`**: `int` — "),
        ("port == name", "**`port`**: `string` — "),
    ] {
        let params = json!({
            "textDocument": {"uri": client.uri("a.yaml")},
            "position": position_at(&text, text.find(mark).expect("the mark")),
        });
        let hover = client.request("textDocument/hover", params);
        let hover = hover["contents"]["value"].as_str().expect("a text");
        assert!(hover.starts_with(expected), "{mark}: {hover}");
    }
    // What has a type has its methods.
    let (text, _) = typed(
        "      onEnter: {",
        "      onEnter: { command: \"{{port.|}}\" }",
    );
    let text = text.replacen("4 + Param.Frames", "Param.Scene", 1);
    let cursor = text.find("{{port.").expect("the mark") + "{{port.".len();
    let found = labels(&complete(&mut client, "a.yaml", &text, cursor));
    assert!(found.contains(&"port.parent".to_owned()), "{found:?}");
    let params = json!({
        "textDocument": {"uri": client.uri("a.yaml")},
        "position": position_at(&text, cursor - 2),
    });
    let hover = client.request("textDocument/hover", params);
    let hover = hover["contents"]["value"].as_str().expect("a text");
    assert!(
        hover.contains("**`port`**: `path` — `let` name for `Param.Scene`."),
        "{hover}"
    );
}
