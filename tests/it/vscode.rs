//! The extension for VS Code: what it does, and that it agrees with the program and the documentation.

use crate::docs::block;
use crate::support::{read, root, skip};
use serde_json::Value;
use std::process::Command;

fn manifest() -> Value {
    serde_json::from_str(&read("editors/vscode/package.json")).expect("JSON")
}

#[test]
fn the_extension_starts_the_server() {
    let mut node = Command::new("node");
    let node = node.args(["--test", "tests/editors/vscode.test.cjs"]);
    let Ok(output) = node.current_dir(root()).output() else {
        return skip("the_extension_starts_the_server", "there is no node");
    };
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{shown}");
}

#[test]
fn the_manifest_agrees_with_the_program() {
    let manifest = manifest();
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest["license"], env!("CARGO_PKG_LICENSE"));
    assert_eq!(manifest["repository"]["url"], env!("CARGO_PKG_REPOSITORY"));
}

#[test]
fn the_extension_serves_the_languages_that_are_documented() {
    let manifest = manifest();
    let events = manifest["activationEvents"].as_array().expect("a list");
    let languages = events
        .iter()
        .filter_map(|event| event.as_str()?.strip_prefix("onLanguage:"));
    let page = read("docs/editors.md");
    let settings: Value = serde_json::from_str(block(&page, "## VS Code", "json")).expect("JSON");
    let documented = settings["glspc.server.languageId"].as_array();
    let documented = documented.expect("a list").iter().filter_map(Value::as_str);
    // The extension serves the configuration by its name, whatever language the editor takes it for.
    let documented = documented.filter(|language| *language != "toml");
    assert!(languages.eq(documented), "{events:?}");
    let readme = read("editors/vscode/README.md");
    let properties = &manifest["contributes"]["configuration"]["properties"];
    for (name, property) in properties.as_object().expect("an object") {
        let default = property["default"].as_str().expect("a default");
        let is_listed = |line: &str| {
            line.starts_with(&format!("| `{name}` |"))
                && line.ends_with(&format!("| `{default}` |"))
        };
        assert!(readme.lines().any(is_listed), "{name}");
    }
}
