//! Runs a Session with the official Python runtime (`session.py`) and records the same processes.

use super::generate::Plan;
use super::session::{Session, replace_after};
use super::theirs::{Log, normalized};
use crate::support::root;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Python interpreter with the official runtime: that of `OPENJD_PYTHON`, else the one that `.ci/run` installs.
pub fn interpreter() -> Option<PathBuf> {
    let named = std::env::var_os("OPENJD_PYTHON").map(PathBuf::from);
    let path = named.unwrap_or_else(|| root().join("target/tools/python/bin/python"));
    path.exists().then_some(path)
}

/// Runs a plan whose commands are in `folder` with the official Python runtime.
pub fn run(python: &Path, plan: &Plan, folder: &Path) -> Session {
    let mut log = Log::new(folder);
    let mut child = Command::new(python)
        .arg(root().join("tests/it/official/session.py"))
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let request = json!({
        "template": plan.template,
        "environments": plan.environments,
        "parameters": plan.parameters,
    });
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin
        .write_all(request.to_string().as_bytes())
        .expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut done = Session {
        runs: Vec::new(),
        is_success: true,
    };
    let mut folders = Value::Null;
    for line in out.lines() {
        let told: Value = serde_json::from_str(line).expect("JSON");
        let Some(length) = told["log"].as_u64() else {
            folders = told;
            continue;
        };
        let text = |name: &str| told[name].as_str().map(|text| text.trim_end().to_owned());
        let end = text("end").expect("an end");
        done.is_success &= end == "success";
        let mut runs = log.read_to(usize::try_from(length).expect("a length"));
        if let Some(run) = runs.last_mut() {
            run.fail_message = text("fail").filter(|_| end == "failed");
            run.status = text("status");
            run.was_notified = told["notified"] == true;
            run.end = end;
        }
        done.runs.append(&mut runs);
    }
    let folder = |name: &str| folders[name].as_str().expect("a folder").to_owned();
    // Its names of temporary files are those of the module `tempfile`.
    let made_up = |rest: &str| {
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        (length == "tmp".len() + 8 && rest.starts_with("tmp")).then_some(length)
    };
    normalized(done, &folder("folder"), &folder("files")).normalized(&|text| {
        let text = replace_after(text, "/session/files/", made_up, "Unnamed");
        replace_after(&text, "/session/", made_up, "path_mapping")
    })
}
