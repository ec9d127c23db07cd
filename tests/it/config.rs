//! Tests of the configuration, on the built program.

use crate::support::{Ended, folder, generated, program, read};
use openjd_monitor::config::Config;
use openjd_monitor_core::lint::RULES;
use openjd_monitor_core::schema;
use serde_json::{Value, json};
use std::path::Path;

/// One error, `period-below-floor`, and one warning, `unused-extension`.
const MONITOR: &str = "specificationVersion: environment-2023-09
extensions: [MONITOR]
environment:
  name: Gpu
  script:
    actions:
      onEnter: {command: start}
      onMonitor: {command: {command: check}, period: 4, onFailure: log}
";
const UNUSED: &str = "specificationVersion: environment-2023-09
extensions: [MONITOR]
environment: {name: E, variables: {A: b}}
";

/// Runs `check` in `folder` with these arguments.
fn check(folder: &Path, arguments: &[&str]) -> Ended {
    let all = ["check", "--format", "json", "--min-level", "info"].iter();
    program(all.chain(arguments)).within(folder).run()
}

/// Warnings and errors of `check` in `folder`, as `path: level rule`.
fn found(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let ended = check(folder, arguments);
    let report: Value = serde_json::from_str(&ended.out)
        .unwrap_or_else(|error| panic!("{error}: {}{}", ended.out, ended.err));
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let findings = report["findings"].as_array().expect("a list").iter();
    findings
        .filter(|finding| finding["rule"] != "tasks-not-monitored")
        .map(|finding| {
            let [path, level, rule] = ["path", "level", "rule"].map(|key| text(&finding[key]));
            format!("{path}: {level} {rule}")
        })
        .collect()
}

/// Exit status and errors for a configuration with this text, each as `line:column: message`.
fn refused(config: &str) -> (i32, Vec<String>) {
    let folder = folder(&[("openjd-monitor.toml", config), ("a.yaml", MONITOR)]);
    let ended = check(folder.path(), &["a.yaml"]);
    assert_eq!(ended.out, "", "nothing is checked");
    let lines: Vec<_> = ended.err.lines().collect();
    let messages = lines
        .windows(2)
        .filter_map(|pair| {
            let place = pair[1]
                .trim()
                .strip_prefix("┌─ ")
                .or(pair[1].trim().strip_prefix("--> "))?;
            let place = place
                .strip_prefix("openjd-monitor.toml:")
                .expect("the file");
            Some(format!(
                "{place}: {}",
                pair[0].strip_prefix("error: ").expect("an error")
            ))
        })
        .collect();
    (ended.status, messages)
}

#[test]
fn rules_take_the_levels_they_are_given() {
    let with = |rules: &str| {
        let config = format!("[rules]\n{rules}\n");
        let folder = folder(&[
            ("openjd-monitor.toml", config.as_str()),
            ("a.yaml", MONITOR),
            ("b.yaml", UNUSED),
        ]);
        (check(folder.path(), &[]).status, found(folder.path(), &[]))
    };
    let lines = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| (*line).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        with(""),
        (
            1,
            lines(&[
                "a.yaml: error period-below-floor",
                "b.yaml: warning unused-extension"
            ])
        )
    );
    assert_eq!(
        with("period-below-floor = 'warning'\nunused-extension = 'error'"),
        (
            1,
            lines(&[
                "a.yaml: warning period-below-floor",
                "b.yaml: error unused-extension"
            ])
        )
    );
    assert_eq!(
        with("period-below-floor = 'info'\nunused-extension = 'off'"),
        (0, lines(&["a.yaml: info period-below-floor"]))
    );
}

#[test]
fn the_floor_of_periods_can_be_raised() {
    let text = MONITOR.replace("period: 4", "period: 20");
    let folder = folder(&[
        ("openjd-monitor.toml", "period-floor = 30\n"),
        ("a.yaml", &text),
    ]);
    let ended = program(["check"]).within(folder.path()).run();
    assert_eq!(ended.status, 1);
    assert!(
        ended
            .out
            .contains("`period` is 20, which is below the configured floor of 30 seconds"),
        "{}",
        ended.out
    );
    assert_eq!(found(folder.path(), &["--no-config"]), [] as [&str; 0]);
}

#[test]
fn rules_can_be_off_in_some_files_only() {
    let config = "[per-file-ignores]\n\"legacy/**\" = ['period-below-floor']\n\"*_env.yaml\" = ['unused-extension']\n";
    let folder = folder(&[
        ("openjd-monitor.toml", config),
        ("a.yaml", MONITOR),
        ("legacy/a.yaml", MONITOR),
        ("legacy/b.yaml", UNUSED),
        ("deep/down/b_env.yaml", UNUSED),
    ]);
    assert_eq!(
        found(folder.path(), &[]),
        [
            "a.yaml: error period-below-floor",
            "legacy/b.yaml: warning unused-extension"
        ]
    );
}

#[test]
fn excluded_files_are_not_read_even_if_named() {
    let folder = folder(&[
        (
            "openjd-monitor.toml",
            "exclude = ['legacy', '*.tpl.yaml']\n",
        ),
        ("a.yaml", MONITOR),
        ("b.tpl.yaml", MONITOR),
        ("sub/legacy/a.yaml", MONITOR),
    ]);
    let only_a = ["a.yaml: error period-below-floor"];
    assert_eq!(found(folder.path(), &[]), only_a);
    let named = [
        "a.yaml",
        "./b.tpl.yaml",
        "sub/legacy/a.yaml",
        "sub/../b.tpl.yaml",
    ];
    assert_eq!(found(folder.path(), &named), only_a);
    assert_eq!(found(folder.path(), &["sub", "a.yaml"]), only_a);
    let ended = check(folder.path(), &["b.tpl.yaml", "sub/legacy/a.yaml"]);
    assert_eq!(ended.status, 3);
    assert!(
        ended
            .err
            .contains("the 0 files that were read, 2 more being excluded"),
        "{}",
        ended.err
    );
    let ended = check(folder.path(), &["b.tpl.yaml", "--allow-empty"]);
    assert_eq!(ended.status, 0);
    // Standard input is a file by its name.
    let stdin = "check - --allow-empty --stdin-filename legacy/x.yaml".split(' ');
    let ended = program(stdin).within(folder.path()).stdin(MONITOR).run();
    assert_eq!(ended.status, 0, "{}", ended.out);
}

#[test]
fn the_nearest_configuration_within_the_repository_applies() {
    let off = "[rules]\nperiod-below-floor = 'off'\n";
    let info = "[rules]\nperiod-below-floor = 'info'\n";
    let folder = folder(&[
        ("openjd-monitor.toml", off),
        ("a.yaml", MONITOR),
        ("sub/deep/a.yaml", MONITOR),
        ("near/openjd-monitor.toml", info),
        ("near/deep/a.yaml", MONITOR),
        ("repository/.git/HEAD", ""),
        ("repository/deep/a.yaml", MONITOR),
    ]);
    let expected = [
        "near/deep/a.yaml: info period-below-floor",
        "repository/deep/a.yaml: error period-below-floor",
    ];
    assert_eq!(found(folder.path(), &[]), expected);
    // It is the file that counts, not from where it is checked.
    let sub = folder.path().join("sub");
    assert_eq!(
        found(
            &sub,
            &["deep/a.yaml", "../near/deep/a.yaml", "../repository"]
        ),
        expected.map(|line| format!("../{line}"))
    );
    let deep = folder.path().join("near/deep");
    let ended = program(["check", "-", "--format", "json", "--min-level", "info"])
        .within(&deep)
        .stdin(MONITOR)
        .run();
    assert!(ended.out.contains("\"level\": \"info\""), "{}", ended.out);
}

#[test]
fn the_command_line_overrides_the_configuration() {
    let folder = folder(&[
        ("openjd-monitor.toml", "max-template-size = 100\n"),
        (
            "other/strict.toml",
            "exclude = ['b.yaml']\n[per-file-ignores]\n'a.yaml' = ['period-below-floor']\n",
        ),
        ("a.yaml", MONITOR),
        ("b.yaml", MONITOR),
        ("other/a.yaml", MONITOR),
    ]);
    let with = |arguments: &[&str]| found(folder.path(), arguments);
    assert_eq!(with(&["a.yaml"]), ["a.yaml: error syntax"]);
    assert_eq!(
        with(&["a.yaml", "--max-template-size", "1000"]),
        ["a.yaml: error period-below-floor"]
    );
    assert_eq!(
        with(&["a.yaml", "--no-config"]),
        ["a.yaml: error period-below-floor"]
    );
    // The patterns of a file that is named are relative to its own folder, too; one without a slash
    // means any.
    assert_eq!(with(&["--config", "other/strict.toml"]), [] as [&str; 0]);
    let ended = check(
        folder.path(),
        &["--config", "other/strict.toml", "--no-config"],
    );
    assert_eq!(ended.status, 2);
    let ended = check(folder.path(), &["--config", "gone.toml"]);
    assert_eq!(ended.status, 2);
    assert!(
        ended.err.starts_with("error: cannot read `gone.toml`: "),
        "{}",
        ended.err
    );
}

#[test]
fn every_mistake_is_reported_at_its_place() {
    let config = "period-flor = 10
period-floor = 3
max-template-size = 0
exclude = ['a[', 5]

[rules]
unknown-fields = 'off'
openjd = 'warn'
syntax = 'off'

[per-file-ignores]
'a.yaml' = 'openjd'
'b.yaml' = ['sintax', 'syntax']
";
    let (status, messages) = refused(config);
    assert_eq!(status, 2);
    assert_eq!(
        messages,
        [
            "1:1: `period-flor` is not a key of the configuration",
            "2:16: `period-floor` is 3, which is below the 5 seconds of the specification",
            "3:21: `max-template-size` is 0, but no template is that small",
            "4:12: `a[` is not a pattern of paths: unclosed character class; missing ']'",
            "4:18: an item of `exclude` must be a string, not an integer",
            "7:1: there is no rule `unknown-fields`",
            "8:10: `warn` is not a level",
            "9:10: `syntax` cannot be turned off",
            "12:12: the value of `a.yaml` must be a list of strings, not a string",
            "13:13: there is no rule `sintax`",
            "13:23: `syntax` cannot be turned off",
        ]
    );
    assert_eq!(refused("period-floor = \n").1.len(), 1);
    assert_eq!(refused("period-floor = 10\nperiod-floor = 20\n").1.len(), 1);
    assert_eq!(
        refused("rules = 1\nexclude = 'x'\nperiod-floor = 99999999999999999999\n")
            .1
            .len(),
        3
    );
    assert_eq!(refused(&"#".repeat(1024 * 1024 + 1)).1.len(), 1);
}

#[test]
fn a_refused_configuration_is_drawn_like_a_template() {
    let folder = folder(&[
        (
            "openjd-monitor.toml",
            "[rules]\n\"Ärger\" = 'off'\nunknown-fields = 'info'\n",
        ),
        ("a.yaml", MONITOR),
    ]);
    insta::assert_snapshot!(check(folder.path(), &[]).err);
}

#[test]
fn the_schema_lists_the_rules_of_the_table() {
    let path = "schema/config.schema.json";
    let text = read(path);
    let start = "\"description\": \"The id of a rule.\",\n      \"enum\": [";
    let (before, rest) = text.split_once(start).expect("the ids of the rules");
    let (_, after) = rest.split_once("\n      ]").expect("the end of the list");
    let ids = RULES.map(|rule| format!("\n        \"{}\"", rule.id));
    let ids = ids.join(",");
    generated(path, &format!("{before}{start}{ids}\n      ]{after}"));
}

#[test]
fn the_reader_agrees_with_the_schema() {
    let accepted = [
        json!({}),
        json!({"period-floor": 5, "max-template-size": 1, "exclude": ["a"]}),
        json!({"rules": {"openjd": "off", "syntax": "info", "wrong-type": "warning"}}),
        json!({"per-file-ignores": {"*.yaml": ["openjd"], "x": []}}),
    ];
    let rejected = [
        json!({"period-floor": 4}),
        json!({"period-floor": "5"}),
        json!({"period": 5}),
        json!({"max-template-size": 0}),
        json!({"exclude": "a"}),
        json!({"exclude": [""]}),
        json!({"rules": {"openjd": "on"}}),
        json!({"rules": {"nothing": "off"}}),
        json!({"rules": {"syntax": "off"}}),
        json!({"per-file-ignores": {"": []}}),
        json!({"per-file-ignores": {"x": ["syntax"]}}),
        json!({"per-file-ignores": {"x": "openjd"}}),
    ];
    for (values, is_accepted) in [(&accepted[..], true), (&rejected[..], false)] {
        for value in values {
            let text = toml::to_string(value).expect("TOML");
            let read = Config::parse(&text, "/".into());
            assert_eq!(read.is_ok(), is_accepted, "{text}{read:?}");
            assert_eq!(schema::CONFIG.is_valid(value), is_accepted, "{value}");
        }
    }
}

#[test]
fn the_schema_of_the_configuration_can_be_printed() {
    assert_eq!(
        program(["schema", "config"]).run().out,
        read("schema/config.schema.json")
    );
}

#[cfg(unix)]
#[test]
fn a_configuration_that_is_found_may_link_only_to_a_configuration() {
    let folder = folder(&[
        ("secrets.txt", "token = s3cr3t\n"),
        (
            "shared/openjd-monitor.toml",
            "[rules]\nperiod-below-floor = \"off\"\n",
        ),
        ("a/a.yaml", MONITOR),
        ("b/b.yaml", MONITOR),
    ]);
    let link = |target: &str, name: &str| {
        let made = std::os::unix::fs::symlink(target, folder.path().join(name));
        made.expect("a link");
    };
    link("../shared/openjd-monitor.toml", "a/openjd-monitor.toml");
    assert_eq!(found(folder.path(), &["a"]), Vec::<String>::new());
    link("../secrets.txt", "b/openjd-monitor.toml");
    let ended = check(folder.path(), &["b"]);
    assert_eq!((ended.status, ended.out.as_str()), (2, ""));
    assert!(!ended.err.contains("s3cr3t"), "{}", ended.err);
    let reason = "secrets.txt`, and may only be one to a file called `openjd-monitor.toml`";
    assert!(ended.err.contains(reason), "{}", ended.err);
    // Whoever names a file may see it.
    let named = check(folder.path(), &["--config", "secrets.txt", "b"]);
    assert!(named.err.contains("s3cr3t"), "{}", named.err);
}
