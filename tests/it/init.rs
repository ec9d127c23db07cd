//! `init`: every template is clean, whatever the options, and no file is replaced unasked. `run/init.rs` runs them.

use crate::support::{folder, program};
use serde_json::Value;

/// The kinds, each with an option of its own.
const KINDS: [(&str, [&str; 2]); 6] = [
    ("docker", ["--image", "it's \"quoted\": {{ #1 `x`"]),
    ("apptainer", ["--image", "/images/a b.sif"]),
    ("daemon", ["--command", "serve --port \"$PORT\" 'a b'"]),
    ("license", ["--server", "27000@a:27001@b"]),
    ("conda", ["--packages", "python=3.12 blender"]),
    ("heartbeat", ["--minutes", "1"]),
];

fn init(kind: &str, more: &[&str]) -> crate::support::Ended {
    program(["init", "--kind", kind].iter().chain(more)).run()
}

#[test]
fn every_template_is_clean_and_says_what_was_asked_for() {
    for (kind, own) in KINDS {
        let default: &[&str] = match kind {
            "daemon" => &["--command", "serve"],
            _ => &[],
        };
        let all = [
            &own[..],
            &[
                "--period",
                "5",
                "--failures",
                "4",
                "--name",
                "A \"b\" __IMAGE__",
            ],
        ];
        for options in [default, &own[..], &all.concat()] {
            let ended = init(kind, options);
            assert_eq!((ended.status, &*ended.err), (0, ""), "{kind} {options:?}");
            let checked = program(["check", "-", "--min-level", "info", "--fail-on", "info"])
                .stdin(ended.out.clone())
                .run();
            assert_eq!(checked.status, 0, "{kind} {options:?}\n{}", checked.out);
            let template: Value = serde_saphyr::from_str(&ended.out).expect("YAML");
            let text = template.to_string();
            let monitor = &template["environment"]["script"]["actions"]["onMonitor"];
            if options.is_empty() {
                assert_eq!(monitor["period"], 30);
                assert_eq!(monitor["failureThreshold"], 2);
                assert_eq!(monitor["command"]["timeout"], 10);
            }
            if options.len() == all.concat().len() {
                assert_eq!(monitor["period"], 5);
                assert_eq!(monitor["failureThreshold"], 4);
                // Less than the period.
                assert_eq!(monitor["command"]["timeout"], 4);
                assert_eq!(template["environment"]["name"], "A \"b\" __IMAGE__");
            }
            if options.contains(&own[1]) {
                let value = Value::from(own[1]).to_string();
                let is_there = text.contains(value.trim_matches('"'));
                assert!(is_there, "{kind}: {value} in {text}");
            }
        }
    }
}

#[test]
fn a_wrong_option_is_said_and_nothing_is_written() {
    for (arguments, message) in [
        (&["--kind", "podman"] as &[_], "possible values: docker"),
        (&["--kind", "daemon"], "--kind daemon needs --command"),
        (
            &["--kind", "license", "--image", "x"],
            "--image is for --kind docker and apptainer, and has no effect with --kind license",
        ),
        (&["--kind", "docker", "--period", "4"], "4 is not in 5.."),
        (&["--kind", "docker", "--failures", "0"], "0 is not in 1.."),
        (&["--kind", "docker", "--force"], "--output"),
        (&["--kind", "docker", "--name", "a\nb"], "one line of text"),
        (
            &["--kind", "daemon", "--command", "serve {{Param.Unknown}}"],
            "(the new template):48:",
        ),
    ] {
        let ended = program(["init"].iter().chain(arguments)).run();
        assert_eq!(ended.status, 2, "{arguments:?}: {}", ended.err);
        assert!(ended.err.contains(message), "{arguments:?}: {}", ended.err);
        assert_eq!(ended.out, "", "{arguments:?}");
    }
}

#[test]
fn a_file_is_replaced_with_force_only() {
    let folder = folder(&[("old.yaml", "old")]);
    let init = |more: &[&str]| {
        let arguments = ["init", "--kind", "docker", "--output"];
        program(arguments.iter().chain(more))
            .within(folder.path())
            .run()
    };
    let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a file");
    let refused = init(&["old.yaml"]);
    assert_eq!(refused.status, 2);
    assert_eq!(
        refused.err,
        "error: `old.yaml` exists already; --force replaces it\n"
    );
    assert_eq!(text("old.yaml"), "old");
    assert_eq!(init(&["new.yaml"]).status, 0);
    assert_eq!(init(&["old.yaml", "--force"]).status, 0);
    assert!(text("new.yaml").starts_with("# Runs the tasks"));
    assert_eq!(text("old.yaml"), text("new.yaml"));
    assert_eq!(init(&["missing/new.yaml"]).status, 3);
}
