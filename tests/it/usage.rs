//! Runs every example in `docs/usage.md`, `docs/run.md` and `docs/conformance-templates.md`, and compares its output.

use crate::support::{folder, path_with, read};
use serde_json::Value;
use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A fenced block, with the line of text before it.
struct Block<'t> {
    before: &'t str,
    language: &'t str,
    text: String,
}

fn blocks(document: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut before = "";
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let inside = lines.by_ref().take_while(|line| *line != "```");
            let text = inside.map(|line| format!("{line}\n")).collect();
            blocks.push(Block {
                before,
                language,
                text,
            });
            before = "";
        } else if !line.is_empty() {
            before = line;
        }
    }
    blocks
}

impl Block<'_> {
    /// Name of the file that the block shows, from the line before it.
    fn file(&self) -> Option<&str> {
        let name = self.before.strip_prefix('`')?;
        let (name, _) = name.split_once('`')?;
        (self.before.ends_with(':') && self.language != "console").then_some(name)
    }
}

/// Runs `command` in `folder` and returns its output and exit status. `$?` starts as `status_before`.
fn shell(folder: &Path, command: &str, status_before: i32) -> (String, i32) {
    let program = Path::new(env!("CARGO_BIN_EXE_openjd-monitor"));
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("exec 2>&1; (exit {status_before}); {command}"))
        .current_dir(folder)
        .env_clear()
        .env("PATH", path_with(program.parent().expect("a folder")))
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    (printed, output.status.code().expect("no signal"))
}

/// Runs all examples before the heading `until`, and returns their folder.
pub fn folder_before(document: &str, until: &str) -> TempDir {
    let (document, _) = document.split_once(until).expect("the heading");
    let scratch = folder(&[]);
    for block in blocks(document) {
        if let Some(name) = block.file() {
            std::fs::write(scratch.path().join(name), &block.text).expect("a file");
        }
        if block.language == "console" {
            run(scratch.path(), &block.text);
        }
    }
    scratch
}

/// Runs each command of a block and compares its output with the lines below it.
pub fn run(folder: &Path, block: &str) {
    let mut status = 0;
    let commands = block.strip_prefix("$ ").expect("a command").split("\n$ ");
    for part in commands {
        let (command, expected) = part.split_once('\n').unwrap_or((part, ""));
        let (printed, ended) = shell(folder, command, status);
        let (printed, expected) = (timeless(&printed), timeless(expected));
        assert_eq!(printed.trim_end(), expected.trim_end(), "$ {command}");
        status = ended;
    }
}

/// The text without real times, which stand at the start of log lines, in traces and in summaries.
pub fn timeless(text: &str) -> String {
    let is_time = |c: char| c.is_ascii_digit() || c == ':' || c == '.';
    let mut shown = String::new();
    for line in text.lines() {
        let (before, rest) = ["{\"at\":", "Duration: ", "First unhealthy check: ", ""]
            .into_iter()
            .find_map(|before| Some((before, line.strip_prefix(before)?)))
            .unwrap_or_default();
        let after = rest.trim_start_matches(is_time);
        let time = &rest[..rest.len() - after.len()];
        let is_real = !before.is_empty() || time.starts_with("0:00:");
        shown += before;
        shown += if is_real { "TIME" } else { time };
        shown += after;
        shown.push('\n');
    }
    shown
}

/// Runs those of `commands` that call the program, and asserts that each reports findings.
fn run_found(folder: &Path, commands: &[&str]) {
    let own: Vec<_> = commands
        .iter()
        .filter(|command| command.starts_with("openjd-monitor "))
        .collect();
    assert!(!own.is_empty(), "{commands:?}");
    for command in own {
        let (printed, status) = shell(folder, command, 0);
        assert_eq!(status, 1, "$ {command}\n{printed}");
    }
}

/// The YAML after the heading `heading`.
fn yaml(document: &str, heading: &str) -> Value {
    let (_, after) = document.split_once(heading).expect("the heading");
    let block = &blocks(after)[0];
    serde_saphyr::from_str(&block.text).expect("YAML")
}

const BAD: &str = "specificationVersion: environment-2023-09\nenvironment: {name: E}\n";

#[test]
fn every_console_example_prints_what_it_says() {
    folder_before(&read("docs/usage.md"), "## pre-commit");
}

#[test]
#[cfg(unix)]
fn a_job_runs_as_shown() {
    let scratch = folder_before(&read("docs/run.md"), "## Processes");
    let picture = std::fs::read_to_string(scratch.path().join("run.svg")).expect("a picture");
    assert!(picture.starts_with("<svg"), "{picture}");
}

#[test]
fn the_conformance_cases_run_as_shown() {
    let document = read("docs/conformance-templates.md");
    let scratch = folder_before(&document, "## Adding a case");
    assert!(scratch.path().join("tests/2023-09/MONITOR/jobs").is_dir());
}

#[test]
fn the_hook_checks_the_files_that_it_is_given() {
    let hooks: Value = serde_saphyr::from_str(&read(".pre-commit-hooks.yaml")).expect("YAML");
    let entries = hooks
        .as_array()
        .expect("hooks")
        .iter()
        .filter_map(|hook| hook["entry"].as_str());
    let entries = entries.filter(|entry| !entry.contains("polyfill"));
    let entries: HashSet<_> = entries.collect();
    assert_eq!(entries.len(), 1, "the hooks run the same");
    let entry = entries.into_iter().collect::<String>();
    let folder = folder(&[
        ("bad.yaml", BAD),
        ("other.yaml", "a: 1\n"),
        ("out/bad.yaml", BAD),
        ("openjd-monitor.toml", "exclude = ['out']\n"),
    ]);
    let status = |files: &str| shell(folder.path(), &format!("{entry} {files}"), 0).1;
    assert_eq!(status("bad.yaml other.yaml"), 1);
    assert_eq!(status("other.yaml"), 0);
    assert_eq!(status("other.yaml out/bad.yaml"), 0);
}

#[test]
fn the_hook_for_compiled_templates_tells_when_they_are_out_of_date() {
    let hooks: Value = serde_saphyr::from_str(&read(".pre-commit-hooks.yaml")).expect("YAML");
    let example = yaml(&read("docs/usage.md"), "### Compiled templates");
    let example = &example["repos"][0]["hooks"][0];
    let arguments = example["args"].as_array().expect("arguments").iter();
    let arguments: Vec<_> = arguments.filter_map(Value::as_str).collect();
    let worker = read("docs/examples/worker.yaml");
    let folder = folder(&[("templates/worker.yaml", &worker)]);
    let ids = ["openjd-monitor-polyfill", "openjd-monitor-polyfill-rust"];
    for id in ids {
        let mut hooks = hooks.as_array().expect("hooks").iter();
        let hook = hooks.find(|hook| hook["id"] == id).expect("the hook");
        assert_eq!(hook["pass_filenames"], false, "{id}");
        let entry = hook["entry"].as_str().expect("a command");
        let check = format!("{entry} {}", arguments.join(" "));
        let write = check.replace(" --check", "");
        std::fs::write(folder.path().join("templates/worker.yaml"), &worker).expect("a file");
        let _ = std::fs::remove_dir_all(folder.path().join("compiled"));
        assert_eq!(shell(folder.path(), &check, 0).1, 1, "{id}: there is none");
        assert_eq!(shell(folder.path(), &write, 0).1, 0, "{id}");
        assert_eq!(shell(folder.path(), &check, 0).1, 0, "{id}");
        let changed = worker.replace("period: 5", "period: 6");
        std::fs::write(folder.path().join("templates/worker.yaml"), changed).expect("a file");
        assert_eq!(shell(folder.path(), &check, 0).1, 1, "{id}: out of date");
    }
    assert!(ids.iter().any(|id| example["id"] == *id));
}

#[test]
fn the_recipes_for_warnings_fail_on_warnings() {
    let document = read("docs/usage.md");
    let hooks: Value = serde_saphyr::from_str(&read(".pre-commit-hooks.yaml")).expect("YAML");
    let warning = "specificationVersion: environment-2023-09\nextensions: [MONITOR]\nenvironment: {name: E, variables: {A: a}}\n";
    let folder = folder(&[("warning.yaml", warning)]);
    for (heading, is_failure) in [
        ("## pre-commit", false),
        ("### Without a build", false),
        ("### Showing warnings", true),
        ("### With an installed program", true),
    ] {
        let recipe = yaml(&document, heading);
        let own = &recipe["repos"][0]["hooks"][0];
        // pre-commit takes what a hook does not say from the repository.
        let mut of_repository = hooks.as_array().expect("hooks").iter();
        let same = of_repository
            .find(|hook| hook["id"] == own["id"])
            .expect("the hook");
        let entry = own.get("entry").unwrap_or(&same["entry"]);
        let mut command = entry.as_str().expect("a command").to_owned();
        for argument in own["args"].as_array().into_iter().flatten() {
            command += &format!(" {}", argument.as_str().expect("a text"));
        }
        let (printed, status) = shell(folder.path(), &format!("{command} warning.yaml"), 0);
        assert_eq!(status, i32::from(is_failure), "{heading}\n{printed}");
    }
}

#[test]
fn the_pipeline_of_gitlab_has_its_reports() {
    let pipeline = yaml(&read("docs/usage.md"), "## GitLab");
    let job = &pipeline["openjd-monitor"];
    let script = job["script"].as_array().expect("a script");
    let commands: Vec<_> = script.iter().filter_map(Value::as_str).collect();
    let folder = folder(&[("bad.yaml", BAD)]);
    run_found(folder.path(), &commands);
    for (kind, start) in [("codequality", "[\n  {"), ("junit", "<?xml ")] {
        let name = job["artifacts"]["reports"][kind].as_str().expect("a file");
        let report = std::fs::read_to_string(folder.path().join(name)).expect("a report");
        assert!(report.starts_with(start), "{report}");
    }
}

#[test]
fn completions_and_manual_pages_are_printed_as_shown() {
    let document = read("docs/usage.md");
    let (_, after) = document
        .split_once("## Shell completions")
        .expect("the heading");
    let folder = folder(&[]);
    for line in blocks(after)[0].text.lines() {
        let (command, _) = line.split_once(" > ").expect("a file");
        let (printed, status) = shell(folder.path(), command, 0);
        assert!(status == 0 && printed.len() > 500, "$ {command}\n{printed}");
    }
}
