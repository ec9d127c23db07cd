//! Compares the log of Sessions without monitors with that of the official command line, `openjd run` of the crate
//! `openjd-cli`, which `.ci/run` installs in `target/tools`.
//!
//! The environment variables `SEED` and `SESSIONS` set the seed and the number of random Sessions.

use crate::official::generate::Generator;
use crate::official::session::{LISTED, replace_after};
use crate::support::{files, read, root, skip, variable};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const SEED: usize = 2026;
const SESSIONS: usize = 20;

/// Path of the official command line. Without one, reports that `test` is skipped.
pub fn official(test: &str) -> Option<PathBuf> {
    let path = root().join("target/tools/bin/openjd");
    if !path.exists() {
        skip(
            test,
            "there is no target/tools/bin/openjd (`cargo install openjd-cli --root target/tools`)",
        );
        return None;
    }
    Some(path)
}

/// Runs `program run` with these arguments; returns its log, and `true` if it succeeds.
fn log(program: &Path, arguments: &[String]) -> (Vec<String>, bool) {
    let temporary = tempfile::tempdir().expect("a folder");
    let output = Command::new(program)
        .arg("run")
        // The official program logs every byte as it is.
        .args(
            program
                .ends_with("openjd-monitor")
                .then_some("--raw-output"),
        )
        .args(arguments)
        .env("TMPDIR", temporary.path())
        .current_dir(root())
        .output()
        .expect("it runs");
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    let out = out.split("\n\n---").next().unwrap_or_default();
    // Lines of texts with several have no time of their own.
    let lines = out
        .lines()
        .map(|line| line.split_once('\t').map_or(line, |(_, text)| text));
    let own = |line: &&str| !line.starts_with("[session] ");
    let text = lines.filter(own).collect::<Vec<_>>().join("\n");
    let text = text.replace(&*temporary.path().to_string_lossy(), "TMP");
    let mut lines: Vec<_> = normalized(&text).split('\n').map(str::to_owned).collect();
    let (mut start, mut listed) = (None, Vec::new());
    let [first, last] = LISTED.map(|mark| format!("argument {mark}"));
    for (at, line) in lines.iter().enumerate() {
        if *line == first {
            start = Some(at + 1);
        } else if *line == last
            && let Some(start) = start.take()
        {
            listed.push(start..at);
        }
    }
    // What `WrappedAction.Environment` lists is compared in `official`.
    for range in listed.into_iter().rev() {
        lines.drain(range);
    }
    (lines, output.status.success())
}

/// The log with placeholders for the names that each program gives its folders and files.
fn normalized(text: &str) -> String {
    let word = |rest: &str| {
        rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .or(Some(rest.len()))
    };
    let hex = |rest: &str| {
        let length = rest
            .find(|c: char| !c.is_ascii_hexdigit())
            .unwrap_or(rest.len());
        (length == 32).then_some(length)
    };
    let owner = |rest: &str| {
        let (_, rest_of_owner) = rest.split_once('/')?;
        let (owner, _) = rest_of_owner.split_once('/')?;
        ["environments/", "steps/"]
            .iter()
            .find(|kind| rest.starts_with(**kind))
            .map(|kind| kind.len() + owner.len() + 1)
    };
    let digits = |rest: &str| {
        let length = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        (length > 0).then_some(length)
    };
    let text = replace_after(text, "TMP/OpenJD/cli-", word, "");
    let text = replace_after(&text, "TMP/openjd-monitor-", word, "");
    let text = text
        .replace("TMP/OpenJD/cli-", "WD")
        .replace("TMP/openjd-monitor-", "WD");
    let text = replace_after(&text, "WD/embedded_files", hex, "");
    let text = replace_after(&text, "WD/embedded_files/", owner, "");
    let text = replace_after(&text, "WD/embedded_files/", hex, "Unnamed");
    let text = replace_after(&text, "WD/embedded_files/Unnamed", digits, "");
    let text = replace_after(&text, "WD/pathmapping_", hex, "");
    text.replace(
        "WD/pathmapping_.json",
        "WD/embedded_files/path_mapping.json",
    )
}

fn compare(official: &Path, arguments: &[String], context: &str) {
    let mut ours = log(Path::new(env!("CARGO_BIN_EXE_openjd-monitor")), arguments);
    let mut theirs = log(official, arguments);
    // Of an Environment whose action it does not start, it tells the exit status of the action before.
    let rule = "=".repeat(46);
    for at in (1..theirs.0.len()).rev() {
        if theirs.0[at].starts_with("Process exited with code: ") && theirs.0[at - 1] == rule {
            theirs.0.remove(at);
        }
    }
    // It shows the value of a message that stands in the middle of a line.
    for line in &mut theirs.0 {
        if let Some(at) = line.find("openjd_redacted_env: ").filter(|at| *at > 0)
            && let Some(equals) = line[at..].find('=')
        {
            line.replace_range(at + equals + 1.., "********");
        }
    }
    // A task that it does not start is an error to the official command line, which then says no more.
    if !theirs.0.iter().any(|line| line == "Local session ended.") {
        let end = ["", "Session ended with errors.", "Local session ended."];
        let rest = ours.0.len() - end.len();
        assert_eq!(ours.0.split_off(rest), end, "{context}");
    }
    for (ours, theirs) in ours.0.iter().zip(&theirs.0) {
        assert_eq!(ours, theirs, "ours, theirs, {context}");
    }
    assert_eq!(ours, theirs, "ours, theirs, {context}");
}

#[test]
fn random_sessions_are_logged_alike() {
    let Some(official) = official("random_sessions_are_logged_alike") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let recorder = folder.path().join("say.sh");
    std::fs::write(
        &recorder,
        concat!(include_str!("say.sh"), include_str!("../official/act.sh")),
    )
    .expect("a script");
    std::fs::set_permissions(&recorder, PermissionsExt::from_mode(0o700)).expect("a mode");
    let recorder = recorder.to_string_lossy();
    let seed = variable("SEED", SEED);
    for number in seed..seed + variable("SESSIONS", SESSIONS) {
        let plan = Generator::new(number as u64, &recorder).plan();
        let file = |name: &str, value: &Value| {
            let path = folder.path().join(name);
            std::fs::write(&path, value.to_string()).expect("a file");
            path.to_string_lossy().into_owned()
        };
        let mut arguments = vec![file("job.json", &plan.template)];
        for (index, environment) in plan.environments.iter().enumerate() {
            arguments.push("--environment".to_owned());
            arguments.push(file(&format!("environment-{index}.json"), environment));
        }
        for (name, value) in &plan.parameters {
            arguments.push("-p".to_owned());
            arguments.push(match value {
                Value::String(text) => format!("{name}={text}"),
                other => format!("{name}={other}"),
            });
        }
        compare(&official, &arguments, &format!("SEED={number}"));
    }
}

#[test]
fn sessions_of_every_kind_are_logged_alike() {
    let Some(official) = official("sessions_of_every_kind_are_logged_alike") else {
        return;
    };
    let templates = files("fixtures/run", ".yaml");
    assert!(!templates.is_empty());
    for path in templates {
        let text = read(&path);
        // The first line may say with which arguments.
        let arguments = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("# run: "));
        let arguments = shlex::split(arguments.unwrap_or_default()).expect("words");
        let path = path.to_string_lossy().into_owned();
        let all: Vec<_> = std::iter::once(path.clone()).chain(arguments).collect();
        compare(&official, &all, &path);
    }
}

#[test]
fn jobs_of_the_corpus_are_logged_alike() {
    let test = "jobs_of_the_corpus_are_logged_alike";
    let Some(official) = official(test) else {
        return;
    };
    let corpus = root().join("../shared/corpus");
    if !corpus.exists() {
        return skip(test, "the corpus is not here");
    }
    // Those that need nothing but a shell and Python.
    let jobs = [
        "deadline-cloud-samples/job_bundles--simple_job--template.yaml",
        "openjd-specifications/host-requirements.yaml",
        "openjd-specifications/path-mapping.yaml",
        "openjd-specifications/stdout-messages.yaml",
    ];
    for job in jobs {
        // Paths in it are relative to it, and it may write there.
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("job.yaml");
        std::fs::copy(corpus.join(job), &path).expect("a copy");
        compare(&official, &[path.to_string_lossy().into_owned()], job);
    }
}
