//! Monitors on the official command lines, which know none: compiled by `polyfill`, and run by the Python supervisor.

use super::runtime::{Ended, Prepared, Started, beside};
use crate::official::generate::Plan;
use crate::official::python::interpreter;
use crate::official::session::Session;
use crate::official::{self, theirs};
use crate::run::docker;
use crate::run::official_cli;
use crate::support::{files, folder, program, python, read, root, skip, variable};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use openjd_monitor::conformance::{CaseFile, process};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

/// Number of cases that run at the same time. They do little but wait.
const WORKERS: usize = 12;
/// Time limit of a case.
const LIMIT: Duration = Duration::from_secs(120);

const SEED: usize = 2023;
const SESSIONS: usize = 20;

/// The official command lines that are installed, by the language of their runtime. Reports that `test` is skipped for
/// the others.
fn command_lines(test: &str) -> Vec<(&'static str, String)> {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let rust = official_cli::official(test).map(|path| ("Rust", text(&path)));
    let python = interpreter().map(|python| python.with_file_name("openjd"));
    let python = python
        .filter(|path| path.exists())
        .map(|path| ("Python", text(&path)));
    if python.is_none() {
        skip(test, "there is no target/tools/python/bin/openjd");
    }
    rust.into_iter().chain(python).collect()
}

/// Command line that runs a job with its monitors compiled, or `without` them.
fn polyfilled(openjd: &str, is_without: bool) -> Vec<String> {
    let monitor = match is_without {
        true => "without",
        false => env!("CARGO_BIN_EXE_openjd-monitor"),
    };
    let python = python("").unwrap_or_default();
    [&*python, &beside("polyfilled.py"), openjd, monitor]
        .map(str::to_owned)
        .to_vec()
}

/// Runs `work` on each item, [`WORKERS`] at a time; returns the results in order.
fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let queue = Mutex::new(items.iter().enumerate());
    let done = Mutex::new(BTreeMap::new());
    let next = || queue.lock().expect("no panic").next();
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some((index, item)) = next() {
                    let result = work(item);
                    done.lock().expect("no panic").insert(index, result);
                }
            });
        }
    });
    done.into_inner().expect("no panic").into_values().collect()
}

/// The process cases of the suite, and those in `fixtures/supervisor/cases`.
fn cases() -> Vec<CaseFile> {
    let own = files("fixtures/supervisor/cases", ".test.yaml")
        .into_iter()
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            CaseFile {
                name: name.leak(),
                folder: "jobs",
                text: read(&path).leak(),
            }
        });
    process::all().into_iter().chain(own).collect()
}

/// The verdicts on all cases, each as `case verdict`, without those that pass.
fn failures(openjd: &str, is_without: bool) -> Vec<String> {
    let command = polyfilled(openjd, is_without);
    let cases = cases();
    let verdicts = each(&cases, |case| {
        process::run(*case, &command, LIMIT).expect("it starts")
    });
    let named = cases
        .iter()
        .zip(verdicts)
        .map(|(case, verdict)| format!("{} {verdict:?}", case.id()));
    named
        .filter(|verdict| !verdict.ends_with(" Pass"))
        .collect()
}

#[test]
fn the_official_command_lines_pass_the_process_cases() {
    for (language, openjd) in command_lines("the_official_command_lines_pass_the_process_cases") {
        let failures = failures(&openjd, false);
        assert!(failures.is_empty(), "{language}: {}", failures.join("\n"));
    }
}

/// Cases about what a monitor must not do, which pass without one.
const PASS_WITHOUT: [&str; 5] = [
    "sch-5-period-that-resolves-to-the-floor",
    "ses-4-no-monitor-beside-an-unwrapped-task",
    "tim-1-first-check-after-one-period",
    // Without the monitor, the Environment has nothing at all, which is refused, too.
    "sch-2-nothing-to-monitor",
    "ses-5-fail-message-of-the-action",
];

#[test]
fn without_the_monitors_the_cases_fail() {
    let test = "without_the_monitors_the_cases_fail";
    let Some(openjd) = official_cli::official(test) else {
        return;
    };
    let failures = failures(&openjd.to_string_lossy(), true);
    let has_failed = |id: &str| {
        let mut names = failures
            .iter()
            .filter_map(|failure| failure.split(' ').next());
        names.any(|name| name == id)
    };
    let passed: Vec<_> = cases()
        .iter()
        .map(CaseFile::id)
        .filter(|id| !has_failed(id))
        .collect();
    assert_eq!(passed, PASS_WITHOUT, "{}", failures.join("\n"));
}

/// Starts the job of the examples on an official command line, with this environment template.
fn render(openjd: &str, environment: &Path, parameters: &[&str]) -> Started {
    let mut line = polyfilled(openjd, false);
    line.push(
        root()
            .join("docs/examples/render.yaml")
            .to_string_lossy()
            .into_owned(),
    );
    line.extend([
        "--environment".to_owned(),
        environment.to_string_lossy().into_owned(),
    ]);
    line.extend(
        parameters
            .iter()
            .flat_map(|parameter| ["-p", parameter])
            .map(str::to_owned),
    );
    // What the official Python tools print is waited for.
    let prepared = Prepared::new(line).with(|command| {
        command.env("PYTHONUNBUFFERED", "1");
    });
    prepared.start()
}

#[track_caller]
fn assert_failed(ended: &Ended, language: &str, texts: &[&str]) {
    let out = ended.text();
    assert_ne!(ended.status, 0, "{language}: {out}");
    for text in texts {
        assert!(out.contains(text), "{language}: no `{text}` in {out}");
    }
}

#[test]
fn a_worker_that_dies_fails_its_task() {
    for (language, openjd) in command_lines("a_worker_that_dies_fails_its_task") {
        let environment = root().join("docs/examples/worker.yaml");
        let fine = render(&openjd, &environment, &["SecondsPerFrame=0"]);
        let hung = render(&openjd, &environment, &["SecondsPerFrame=30"]);
        let ended = fine.end();
        assert_eq!(ended.status, 0, "{language}: {}", ended.text());
        assert!(
            ended.text().contains("frame 3 is done"),
            "{language}: {}",
            ended.text()
        );
        let worker = hung.wait_for("openjd_env: WORKER=");
        hung.wait_for("openjd_status: frame 1 of teapot");
        let worker = Pid::from_raw(worker.trim().parse().expect("a number"));
        kill(worker, Signal::SIGKILL).expect("it is alive");
        // What the worker has started outlives it for that time, as it would without a monitor.
        let (ended, folder) = hung.end_in_folder();
        assert_failed(
            &ended,
            language,
            &["openjd_fail: the worker has died", "the worker was gone"],
        );
        drop(folder);
    }
}

#[test]
fn a_container_that_hangs_or_dies_fails_its_task_on_the_official_command_lines() {
    let test = "a_container_that_hangs_or_dies_fails_its_task_on_the_official_command_lines";
    if let Some(problem) = &*docker::PROBLEM {
        return skip(test, problem);
    }
    let environment = docker::quick_example();
    let image = format!("ContainerImage={}", docker::IMAGE);
    for (language, openjd) in command_lines(test) {
        let path = environment.path().join("docker.yaml");
        let started = |seconds| render(&openjd, &path, &[&image, seconds]);
        let (fine, hung, dead) = (
            started("SecondsPerFrame=0"),
            started("SecondsPerFrame=1000"),
            started("SecondsPerFrame=1000"),
        );
        for (running, command) in [(hung, "pause"), (dead, "kill")] {
            let container = running.wait_for("openjd_env: DOCKER_CONTAINER_ID=");
            running.wait_for("openjd_status: frame 1 of teapot");
            if command == "pause" {
                running.wait_for("[onMonitor] healthy");
            }
            docker::docker(&[command, container.trim()]).expect("a container");
            let ended = running.end();
            assert_failed(&ended, language, &["Exiting Environment: Docker"]);
            if command == "pause" {
                let message = "onMonitor of environment 'Docker' reported unhealthy 2 consecutive time(s) while onWrapTaskRun was running (exit status 1)";
                assert_failed(
                    &ended,
                    language,
                    &["openjd_status: onMonitor: exit status 1", message],
                );
            }
            docker::assert_removed(container.trim());
        }
        let ended = fine.end();
        assert_eq!(ended.status, 0, "{language}: {}", ended.text());
    }
}

#[test]
fn a_cancel_of_the_user_ends_the_monitor() {
    let template = json!({
        "specificationVersion": "environment-2023-09",
        "extensions": ["MONITOR"],
        "environment": { "name": "Watched", "script": { "actions": {
            "onEnter": { "command": "sleep", "args": ["1000"] },
            "onExit": { "command": "true" },
            "onMonitor": { "command": { "command": "true" }, "period": 5, "initialDelay": 0, "onFailure": "terminate" },
        } } },
    });
    let folder = folder(&[("watched.json", &template.to_string())]);
    for (language, openjd) in command_lines("a_cancel_of_the_user_ends_the_monitor") {
        let started = render(&openjd, &folder.path().join("watched.json"), &[]);
        started.wait_for("[onMonitor] healthy");
        killpg(Pid::from_raw(started.pid()), Signal::SIGINT).expect("it runs");
        let ended = started.end();
        assert_failed(&ended, language, &["Exiting Environment: Watched"]);
        for text in ["unhealthy", "openjd_fail", "frame 1"] {
            assert!(!ended.text().contains(text), "{language}: {}", ended.text());
        }
    }
}

/// Clauses that no process case can show; `random_sessions_are_the_same_with_monitors` does, with cancels of the user.
const BY_RANDOM_SESSIONS: [&str; 2] = ["SES-6", "SES-7"];

#[test]
fn each_clause_that_is_kept_has_a_case() {
    let mut shown: BTreeSet<_> = cases().iter().flat_map(CaseFile::clauses).collect();
    shown.extend(BY_RANDOM_SESSIONS.map(str::to_owned));
    let page = read("docs/polyfill.md");
    let rows = page.lines().filter_map(|line| {
        let (clause, rest) = line
            .strip_prefix("| [")?
            .split_once("](specification.md#")?;
        let kept = rest.split(" | ").nth(1)?;
        Some((clause.to_owned(), kept.to_owned()))
    });
    let rows: Vec<_> = rows.collect();
    assert!(rows.len() > 40, "{rows:?}");
    let without_case: Vec<_> = rows
        .iter()
        .filter(|(clause, kept)| kept != "refused" && !shown.contains(clause))
        .collect();
    assert!(
        without_case.iter().all(|(_, kept)| kept != "yes"),
        "{without_case:?}"
    );
}

/// The layers of a template that may have a monitor.
fn environments(template: &mut Value) -> Vec<&mut Value> {
    if template.get("environment").is_some() {
        return vec![&mut template["environment"]];
    }
    let mut found = Vec::new();
    let Value::Object(fields) = template else {
        return found;
    };
    for (name, value) in fields {
        let lists: Vec<&mut Value> = match name.as_str() {
            "jobEnvironments" => vec![value],
            "steps" => {
                let steps = value.as_array_mut().expect("a list").iter_mut();
                steps
                    .filter_map(|step| step.get_mut("stepEnvironments"))
                    .collect()
            }
            _ => continue,
        };
        found.extend(
            lists
                .into_iter()
                .flat_map(|list| list.as_array_mut().expect("a list")),
        );
    }
    found
}

/// The plan with a monitor that stays healthy in each Environment with actions, compiled.
fn monitored(plan: &Plan) -> Plan {
    let add = |template: &Value| {
        let mut template = template.clone();
        let mut has_monitor = false;
        for environment in environments(&mut template) {
            let actions = environment
                .pointer_mut("/script/actions")
                .and_then(Value::as_object_mut);
            let Some(actions) = actions.filter(|actions| !actions.is_empty()) else {
                continue;
            };
            has_monitor = true;
            let check = json!({ "command": "true" });
            let monitor = json!({ "command": check, "period": 5, "initialDelay": 0, "onFailure": "terminate" });
            actions.insert("onMonitor".to_owned(), monitor);
        }
        if has_monitor {
            let fields = template.as_object_mut().expect("a mapping");
            let extensions = fields.entry("extensions").or_insert_with(|| json!([]));
            extensions
                .as_array_mut()
                .expect("a list")
                .push(json!("MONITOR"));
        }
        template
    };
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let write = |name: &str, template: &Value| {
        std::fs::write(place(name), add(template).to_string()).expect("a file");
        place(name)
    };
    let compiled = place("compiled");
    std::fs::create_dir(&compiled).expect("a folder");
    let mut line = vec![
        "polyfill".to_owned(),
        write("job.json", &plan.template),
        "-o".to_owned(),
        compiled.clone(),
    ];
    let names: Vec<_> = (0..plan.environments.len())
        .map(|index| format!("environment-{index}.json"))
        .collect();
    for (name, environment) in names.iter().zip(&plan.environments) {
        line.extend(["--environment".to_owned(), write(name, environment)]);
    }
    if names.is_empty() {
        line.push("--not-wrapped".to_owned());
    }
    let ended = program(&line).run();
    assert_eq!(ended.status, 0, "{}", ended.err);
    let read = |name: &str| {
        let text = std::fs::read_to_string(Path::new(&compiled).join(name)).expect("a file");
        serde_json::from_str(&text).expect("JSON")
    };
    Plan {
        template: read("job.json"),
        environments: names.iter().map(|name| read(name)).collect(),
        parameters: plan.parameters.clone(),
        owners: plan.owners.clone(),
    }
}

/// A random Session on a runtime, as it is and with monitors; asserts that they are the same.
fn assert_same(number: usize, run: &(dyn Fn(&Plan, &Path) -> Session + Sync)) -> usize {
    let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let [plain, watched] = folders
        .each_ref()
        .map(|folder| official::plan(number, &official::recorder(folder.path())));
    let plain = run(&plain, folders[0].path());
    let watched = run(&monitored(&watched), folders[1].path());
    let text = |session: &Session, folder: &Path| {
        format!("{session:#?}").replace(&*folder.to_string_lossy(), "FOLDER")
    };
    let plain_text = text(&plain, folders[0].path());
    let watched_text = text(&watched, folders[1].path());
    assert_eq!(
        watched_text, plain_text,
        "with monitors, plain, SEED={number}"
    );
    plain.runs.len()
}

#[test]
fn random_sessions_are_the_same_with_monitors() {
    let seed = variable("SEED", SEED);
    let numbers: Vec<_> = (seed..seed + variable("SESSIONS", SESSIONS)).collect();
    let runs: usize = each(&numbers, |number| assert_same(*number, &theirs::run))
        .iter()
        .sum();
    assert!(runs > 0);
    let test = "random_sessions_are_the_same_with_monitors";
    let Some(interpreter) = interpreter() else {
        return skip(
            test,
            "there is no Python with openjd-sessions 0.13.0 (`OPENJD_PYTHON`)",
        );
    };
    let on_python = |plan: &Plan, folder: &Path| official::python::run(&interpreter, plan, folder);
    each(&numbers, |number| assert_same(*number, &on_python));
}
