//! `add-monitor`: what it recognizes, what it adds, and what it leaves alone.

use crate::support::{Ended, folder, program};
use serde_json::{Value, json};

/// An environment template with comments, whose `onEnter` runs `enter`, and `hooks` beside it.
fn template(enter: &str, hooks: &str) -> String {
    let enter = enter.replace('\n', "\n          ");
    format!(
        r#"# Who wrote this, and why.
specificationVersion: environment-2023-09
extensions: [EXPR, WRAP_ACTIONS] # needed by the hooks
environment:
  name: Outer
  script:
    actions:
      onEnter: # starts it
        command: bash
        args: ["{{{{Env.File.Enter}}}}"]
{hooks}      # The end.
      onExit: {{ command: echo, args: [left] }} # cleans up
    embeddedFiles:
      - name: Enter
        type: TEXT
        data: |
          {enter}
"#
    )
}

fn hooks(command: &str) -> String {
    format!(
        r#"      onWrapEnvEnter: &wrap
        command: bash
        args: ["-c", '{command} "$@"', bash, "{{{{WrappedAction.Command}}}}", "{{{{WrappedAction.Args}}}}"]
      onWrapTaskRun: *wrap
      onWrapEnvExit: *wrap # the last one
"#
    )
}

fn add(text: &str, more: &[&str]) -> Ended {
    program(["add-monitor", "-"].iter().chain(more))
        .stdin(text)
        .run()
}

/// Asserts that this monitor is added, that the template is clean, and that all else is as it was.
fn assert_added(text: &str, watched: &str, line: &str) {
    let ended = add(text, &[]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    assert!(
        ended.err.contains(&format!("watches {watched}")),
        "{}",
        ended.err
    );
    let template: Value = serde_saphyr::from_str(&ended.out).expect("YAML");
    let monitor = &template["environment"]["script"]["actions"]["onMonitor"];
    let command = &monitor["command"];
    let args = command["args"].as_array().expect("arguments").iter();
    let words = args.filter_map(Value::as_str).filter(|word| *word != "-c");
    let words: Vec<_> = words.collect();
    assert_eq!(words.join(" "), line, "{}", ended.out);
    assert_eq!(monitor["period"], 30);
    assert_eq!(monitor["failureThreshold"], 2);
    assert_eq!(monitor["scope"], json!(["onWrapEnvEnter", "onWrapTaskRun"]));
    let checked = program(["check", "-", "--fail-on", "warning"])
        .stdin(ended.out.clone())
        .run();
    assert_eq!(checked.status, 0, "{}\n{}", checked.out, ended.out);
    // Every line is still there, in order, but for the one with the extensions.
    let mut rest = ended.out.lines();
    for line in text.lines() {
        let is_same = |new: &str| {
            new == line
                || line.starts_with("extensions: [") && {
                    new.starts_with("extensions: [")
                        && new.ends_with(line.split(']').next_back().unwrap_or_default())
                }
        };
        assert!(rest.any(is_same), "no `{line}` in\n{}", ended.out);
    }
    let again = add(&ended.out, &[]);
    assert_eq!((again.status, &again.out), (0, &ended.out), "{}", again.err);
}

#[test]
fn what_hooks_run_tasks_in_is_watched() {
    let enter = "id=$(docker run --detach image sleep infinity)\necho \"openjd_env: BOX=$id\"";
    assert_added(
        &template(enter, &hooks("exec docker exec \"$BOX\"")),
        "what `docker exec` runs commands in",
        "docker exec \"$BOX\" true",
    );
    assert_added(
        &template(
            "podman run -d --name render image",
            &hooks("exec podman container exec -it render"),
        ),
        "what `podman container exec` runs commands in",
        "container exec render true",
    );
    let enter = "apptainer instance start a.sif job\necho \"openjd_env: NAME=job\"";
    assert_added(
        &template(
            enter,
            &hooks("exec apptainer run --nv \"instance://$NAME\""),
        ),
        "what `apptainer run` runs commands in",
        "apptainer exec \"instance://$NAME\" true",
    );
}

#[test]
fn what_is_started_on_entering_is_watched() {
    for (enter, watched, line) in [
        (
            "docker run -d --name cache redis",
            "the container `cache`",
            "docker ps --quiet --no-trunc --filter name='^cache$' --filter status=running | grep -q .",
        ),
        (
            "id=$(podman run --detach redis)\necho \"openjd_env: CACHE_ID=$id\"",
            "the container in `CACHE_ID`",
            "podman ps --quiet --no-trunc --filter \"id=$CACHE_ID\" --filter status=running | grep -q .",
        ),
        (
            "NAME=cache-$$\necho \"openjd_env: NAME=$NAME\"\ndocker run --name \"$NAME\" -d redis",
            "the container in `NAME`",
            "docker ps --quiet --no-trunc --filter \"name=^$NAME$\" --filter status=running | grep -q .",
        ),
        (
            "name=cache-$$\necho $name > .name.txt\ndocker run --rm -d --name $name redis",
            "the container that the file `.name.txt` names",
            "docker ps --quiet --no-trunc --filter \"name=^$(cat '.name.txt')$\" --filter status=running | grep -q .",
        ),
        (
            "apptainer instance start redis.sif cache",
            "the instance `cache`",
            "apptainer exec instance://cache true",
        ),
        (
            "serve >log 2>&1 &\necho \"openjd_env: SERVER=$!\"",
            "the process in `SERVER`",
            "kill -0 \"$SERVER\"",
        ),
        (
            "serve >log 2>&1 &\npid=$!\nsleep 1\necho \"openjd_env: SERVER=${pid}\"",
            "the process in `SERVER`",
            "kill -0 \"$SERVER\"",
        ),
        (
            "serve >log 2>&1 &\necho $! >serve.pid",
            "the process in the file `serve.pid`",
            "kill -0 \"$(cat 'serve.pid')\"",
        ),
        (
            "serve --daemon --pidfile /run/serve.pid",
            "the process in the file `/run/serve.pid`",
            "kill -0 \"$(cat '/run/serve.pid')\"",
        ),
        (
            "serve --port 8080 >log 2>&1 &",
            "the server on port 8080",
            "exec 3<>/dev/tcp/127.0.0.1/8080",
        ),
    ] {
        // With hooks of its own, and without any.
        let pass_on = hooks("exec");
        assert_added(&template(enter, &pass_on), watched, line);
        assert_added(&template(enter, ""), watched, line);
    }
}

#[test]
fn an_unknown_thing_is_said_with_what_was_looked_for() {
    for enter in [
        "echo hello",
        "serve >log &",
        "serve --pidfile \"$HOME/serve.pid\"",
        "serve --port \"$PORT\" &",
        "docker run --rm image",
        "docker run --detach --name \"$(uuidgen)\" image",
    ] {
        let text = template(enter, "");
        let ended = add(&text, &[]);
        assert_eq!((ended.status, &ended.out), (3, &text), "{enter}");
        for words in [
            "<stdin>: `Outer`: nothing that a monitor could watch is recognized",
            "`docker exec`",
            "`echo $! > FILE`",
            "write an `onMonitor`",
        ] {
            assert!(ended.err.contains(words), "{enter}: {}", ended.err);
        }
    }
}

#[test]
fn a_file_is_changed_in_place_and_a_diff_changes_nothing() {
    let text = template("serve --port 8080 &", "");
    let folder = folder(&[
        ("serve.yaml", &text),
        ("other.yaml", "a: 1"),
        (
            "bad.yaml",
            "specificationVersion: environment-2023-09\nenvironment: {name: E}\n",
        ),
    ]);
    let add = |arguments: &[&str]| {
        program(["add-monitor"].iter().chain(arguments))
            .within(folder.path())
            .run()
    };
    let now = || std::fs::read_to_string(folder.path().join("serve.yaml")).expect("a file");
    let diff = add(&["serve.yaml", "--diff", "--period", "5", "--failures", "1"]);
    assert_eq!((diff.status, &*diff.err), (1, ""));
    assert!(
        diff.out.starts_with("--- serve.yaml\n+++ serve.yaml\n@@ "),
        "{}",
        diff.out
    );
    assert_eq!(now(), text);
    let ended = add(&["serve.yaml", "--period", "5", "--failures", "1"]);
    assert_eq!((ended.status, &*ended.out), (0, ""), "{}", ended.err);
    assert_eq!(
        ended.err,
        "note: serve.yaml: the monitor of `Outer` watches the server on port 8080, and gets the hooks that run tasks in it\n"
    );
    let added: Vec<_> = diff
        .out
        .lines()
        .skip(2)
        .filter_map(|line| line.strip_prefix('+'))
        .collect();
    let changed = now();
    assert!(
        added
            .iter()
            .all(|line| changed.lines().any(|own| own == *line)),
        "{changed}"
    );
    let template: Value = serde_saphyr::from_str(&changed).expect("YAML");
    let monitor = &template["environment"]["script"]["actions"]["onMonitor"];
    assert_eq!(monitor["period"], 5);
    assert_eq!(monitor["failureThreshold"], 1);
    assert_eq!(monitor["command"]["timeout"], 4);
    assert_eq!(
        template["extensions"],
        json!(["EXPR", "WRAP_ACTIONS", "FEATURE_BUNDLE_1", "MONITOR"])
    );

    for (file, status) in [
        ("missing.yaml", 3),
        ("other.yaml", 2),
        ("bad.yaml", 2),
        (".", 2),
    ] {
        let ended = add(&[file]);
        assert_eq!(
            (ended.status, &*ended.out),
            (status, ""),
            "{file}: {}",
            ended.err
        );
        assert!(ended.err.contains("error"), "{file}: {}", ended.err);
    }
}

#[test]
fn each_environment_of_a_job_is_told_apart_in_json_too() {
    let environment = |name: &str, command: Value| json!({ "name": name, "script": { "actions": { "onEnter": command } } });
    let serve = json!({ "command": "serve", "args": ["--daemon", "--port", "80"] });
    let monitored = json!({ "name": "Monitored", "script": { "actions": {
        "onEnter": serve,
        "onMonitor": { "command": { "command": "ask" }, "period": 60, "onFailure": "log" },
    } } });
    let job = json!({
        "specificationVersion": "jobtemplate-2023-09",
        "extensions": ["MONITOR"],
        "name": "Job",
        "jobEnvironments": [
            monitored,
            environment("Plain", json!({ "command": "echo" })),
            { "name": "Variables", "variables": { "A": "1" } },
            environment("Server", serve.clone()),
        ],
        "steps": [{ "name": "Step", "script": { "actions": { "onRun": { "command": "task" } } } }],
    });
    let folder = folder(&[(
        "job.json",
        &serde_json::to_string_pretty(&job).expect("JSON"),
    )]);
    let ended = program(["add-monitor", "job.json"])
        .within(folder.path())
        .run();
    // What is known is added, and the rest is said.
    assert_eq!(ended.status, 3, "{}", ended.err);
    assert!(
        ended.err.contains("job.json: `Plain`: nothing that"),
        "{}",
        ended.err
    );
    assert!(!ended.err.contains("`Variables`"), "{}", ended.err);
    let text = std::fs::read(folder.path().join("job.json")).expect("a file");
    let mut changed: Value = serde_json::from_slice(&text).expect("JSON");
    let actions = &changed["jobEnvironments"][3]["script"]["actions"];
    assert_eq!(
        actions["onMonitor"]["command"]["args"],
        json!(["-c", "exec 3<>/dev/tcp/127.0.0.1/80"])
    );
    assert_eq!(actions["onWrapTaskRun"]["command"], "env");
    let timeout = &actions["onWrapTaskRun"]["timeout"];
    assert_eq!(*timeout, "{{WrappedAction.Timeout}}");
    let extensions = &changed["extensions"];
    assert_eq!(
        *extensions,
        json!(["MONITOR", "EXPR", "WRAP_ACTIONS", "FEATURE_BUNDLE_1"])
    );
    changed["jobEnvironments"][3] = environment("Server", serve);
    changed["extensions"] = json!(["MONITOR"]);
    assert_eq!(changed, job);
}

#[test]
fn tasks_that_another_environment_wraps_are_its_to_watch() {
    let job = "
specificationVersion: jobtemplate-2023-09
extensions: [EXPR, WRAP_ACTIONS]
name: Job
jobEnvironments:
  - name: Server
    script: {actions: {onEnter: {command: serve, args: [--daemon, --port, '80']}}}
  - name: Box
    script:
      actions:
        onWrapEnvEnter: &wrap {command: docker, args: [exec, box, '{{WrappedAction.Command}}']}
        onWrapTaskRun: *wrap
        onWrapEnvExit: *wrap
steps:
  - name: Step
    script: {actions: {onRun: {command: task}}}
";
    let ended = add(job, &[]);
    assert_eq!(ended.status, 3);
    let advice = "the server on port 80 can be watched, but beside tasks only by the Environment that wraps them: write \
                  the check into the `onMonitor` of `Box`";
    assert!(ended.err.contains(advice), "{}", ended.err);
    assert!(
        ended
            .err
            .contains("the monitor of `Box` watches what `docker exec`"),
        "{}",
        ended.err
    );
}

#[test]
fn one_environment_of_a_session_gets_hooks() {
    let server = |name: &str, port: u32| {
        json!({
            "name": name,
            "script": {"actions": {"onEnter": {
                "command": "serve", "args": ["--daemon", "--port", port.to_string()], "timeout": 60,
            }}},
        })
    };
    let step = |name: &str, port: u32| {
        json!({
            "name": name,
            "stepEnvironments": [server(&format!("Of{name}"), port)],
            "script": {"actions": {"onRun": {"command": "task"}}},
        })
    };
    let mut job = json!({
        "specificationVersion": "jobtemplate-2023-09",
        "name": "Job",
        "steps": [step("First", 81), step("Second", 82)],
    });
    let checks = |changed: &str| {
        let checked = program(["check", "-"]).stdin(changed).run();
        assert_eq!(checked.status, 0, "{}\n{changed}", checked.out);
    };
    let apart = add(&job.to_string(), &[]);
    assert_eq!(apart.status, 0, "{}", apart.err);
    assert_eq!(apart.out.matches("onMonitor").count(), 2, "{}", apart.out);
    checks(&apart.out);
    job["jobEnvironments"] = json!([server("A", 83), server("B", 84)]);
    let together = add(&job.to_string(), &[]);
    assert_eq!(together.status, 3, "{}", together.err);
    assert_eq!(together.out.matches("onMonitor").count(), 1);
    let advice = "the Environment that wraps them: write the check into the `onMonitor` of `A`";
    assert_eq!(together.err.matches(advice).count(), 3, "{}", together.err);
    checks(&together.out);
}
