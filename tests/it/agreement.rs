//! The verdict of `check` against those of the official command lines, in Rust and in Python, on every template at hand:
//! where these agree, `check` agrees with both, but for the kinds of `fixtures/agreement.toml`.

use crate::official::python::interpreter;
use crate::run::official_cli::official;
use crate::support::{each, files, generated, read, root, skip};
use openjd_monitor_core::lint::{self, Level, Settings};
use openjd_monitor_core::template::{
    Loaded, MONITOR, Syntax, TemplateKind, limits, load, without_extension,
};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Folders of templates; those beside the checkout are used if they exist.
const FOLDERS: [&str; 4] = [
    "docs/examples",
    "fixtures",
    "../shared/corpus",
    "../shared/upstream-suite",
];

#[derive(Deserialize)]
struct Kinds {
    kind: Vec<Kind>,
}

/// A kind of templates with different verdicts.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Kind {
    id: String,
    what: String,
    refused_by: Program,
    check: Verdict,
    why: String,
    /// Parts of the messages of the program that refuses.
    messages: Vec<String>,
    yaml: Option<String>,
    json: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Program {
    Rust,
    Python,
    Check,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Accepts,
    Refuses,
}

/// Errors that each program reports for a template; none if it accepts it.
struct Verdicts {
    rust: Vec<String>,
    python: Vec<String>,
    check: Vec<String>,
}

impl Verdicts {
    fn of(&self, program: Program) -> Verdict {
        match self.messages(program).is_empty() {
            true => Verdict::Accepts,
            false => Verdict::Refuses,
        }
    }

    fn messages(&self, program: Program) -> &[String] {
        match program {
            Program::Rust => &self.rust,
            Program::Python => &self.python,
            Program::Check => &self.check,
        }
    }

    /// The kinds that explain every message of `program`.
    fn kinds<'k>(&self, kinds: &'k [Kind], program: Program) -> Result<Vec<&'k Kind>, String> {
        let kind_of = |message: &String| {
            let mut kinds = kinds.iter().filter(|kind| kind.refused_by == program);
            let explains = |kind: &&Kind| kind.messages.iter().any(|part| message.contains(part));
            kinds
                .find(explains)
                .ok_or_else(|| format!("{program:?}: {message}"))
        };
        self.messages(program).iter().map(kind_of).collect()
    }

    /// Fails with a difference that is of no kind.
    fn explain(&self, kinds: &[Kind]) -> Result<(), String> {
        use Program::{Check, Python, Rust};
        let expected = match (self.of(Rust), self.of(Python)) {
            (rust, python) if rust == python => rust,
            (Verdict::Refuses, _) => self.kinds(kinds, Rust)?[0].check,
            (Verdict::Accepts, _) => self.kinds(kinds, Python)?[0].check,
        };
        match (expected, self.of(Check)) {
            (expected, own) if expected == own => Ok(()),
            (Verdict::Accepts, _) => self.kinds(kinds, Check).map(drop),
            (Verdict::Refuses, _) => Err(format!(
                "check accepts what is to be refused: {:?} {:?}",
                self.rust, self.python
            )),
        }
    }
}

/// The template without MONITOR, which no official program knows.
fn without_monitor(template: &Value) -> Value {
    let kind = match template.get("environment") {
        Some(_) => TemplateKind::Environment,
        None => TemplateKind::Job,
    };
    without_extension(kind, template)
}

/// Adds the templates in `value`, at any depth.
fn collect(value: &Value, found: &mut BTreeSet<String>) {
    let is_template = value["specificationVersion"].is_string();
    if is_template {
        found.insert(without_monitor(value).to_string());
    }
    match value {
        Value::Array(list) => list.iter().for_each(|value| collect(value, found)),
        Value::Object(map) if !is_template => map.values().for_each(|value| collect(value, found)),
        _ => {}
    }
}

/// Files with the templates at hand: those without MONITOR as they are, and the others without it, in `folder`.
fn inputs(folder: &Path) -> Vec<PathBuf> {
    let mut inputs = Vec::new();
    let mut stripped = BTreeSet::new();
    for path in FOLDERS
        .into_iter()
        .filter(|folder| root().join(folder).is_dir())
        .flat_map(|folder| [files(folder, ".yaml"), files(folder, ".json")].concat())
    {
        let bytes = std::fs::read(&path).expect("readable");
        let text = String::from_utf8_lossy(&bytes);
        if !text.contains("specificationVersion") {
            continue;
        }
        let is_plain = !text.contains(MONITOR) && !text.contains("onMonitor");
        match load(&bytes, Syntax::of_file(&path), limits::DEFAULT_MAX_BYTES) {
            Loaded::Document(document) if !is_plain || TemplateKind::of(&document).is_none() => {
                collect(document.value(), &mut stripped);
            }
            _ if is_plain => inputs.push(path),
            _ => {}
        }
    }
    for (number, text) in stripped.iter().enumerate() {
        let path = folder.join(format!("{number}.json"));
        std::fs::write(&path, text).expect("a file");
        inputs.push(path);
    }
    inputs
}

/// Returns what `check` finds wrong; what it cannot take for a template is wrong, too.
fn check(path: &Path) -> Vec<String> {
    let bytes = std::fs::read(path).expect("readable");
    let checked = lint::check(&bytes, Syntax::of_file(path), &Settings::default());
    let Some(found) = checked.found else {
        return vec!["not a template".to_owned()];
    };
    let errors = found.findings.into_iter();
    let errors = errors.filter(|finding| finding.level == Level::Error);
    errors.map(|finding| finding.message).collect()
}

fn rust(program: &Path, path: &Path) -> Vec<String> {
    let output = Command::new(program).arg("check").arg(path).output();
    let output = output.expect("it runs");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    match output.status.success() {
        true => Vec::new(),
        false => vec![said],
    }
}

/// Returns the versions of the command line and its model, and what it finds wrong with each file.
pub fn python(interpreter: &Path, paths: &[PathBuf]) -> ([String; 2], Vec<Vec<String>>) {
    let mut child = Command::new(interpreter)
        .arg(root().join("tests/official/check.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let list: String = paths
        .iter()
        .map(|path| format!("{}\n", path.display()))
        .collect();
    // It answers while it reads.
    let writer = std::thread::spawn(move || stdin.write_all(list.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("no panic").expect("it reads");
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    let (versions, rest) = out.split_once('\n').expect("versions");
    let wrong = rest.lines().map(|line| {
        let wrong: Option<Vec<String>> = serde_json::from_str(line).expect("JSON");
        wrong.unwrap_or_default()
    });
    let versions = serde_json::from_str(versions).expect("two versions");
    (versions, wrong.collect())
}

fn page(versions: &[String; 3], kinds: &[Kind], examples: &[Verdicts]) -> String {
    let count = |differs: [bool; 2]| {
        let of = |example: &Verdicts| {
            [Program::Rust, Program::Python]
                .map(|other| example.of(Program::Check) != example.of(other))
        };
        examples
            .iter()
            .filter(|example| of(example) == differs)
            .count()
    };
    // The text below has these numbers as words.
    assert_eq!(
        count([true, false]),
        1,
        "Where they differ, it is that of Rust, but for one kind"
    );
    assert_eq!(count([true, true]), 2, "Two kinds are refused on purpose");
    let [rust, python, model] = versions;
    let mut page = format!(
        "# Agreement with the official command lines

The verdict of `openjd-monitor check` is that of `openjd check`, wherever the two official programs give the same one:
`openjd-cli` {rust} in Rust, and `openjd-cli` {python} in Python (with `openjd-model` {model}). Where they differ, it is that
of Rust, but for one kind. Two kinds are refused on purpose, although both accept them.

This table lists every kind of template on which the three do not agree. Both official programs refuse every template that
lists MONITOR, so they are asked about what is left without it.

| template | Rust | Python | `check` | reason |
| --- | --- | --- | --- | --- |
"
    );
    let verdict = |verdicts: &Verdicts, program| match verdicts.of(program) {
        Verdict::Accepts => "accepts",
        Verdict::Refuses => "refuses",
    };
    for (kind, verdicts) in kinds.iter().zip(examples) {
        page += &format!(
            "| {} | {} | {} | {} | {} |\n",
            kind.what,
            verdict(verdicts, Program::Rust),
            verdict(verdicts, Program::Python),
            verdict(verdicts, Program::Check),
            kind.why
        );
    }
    page += "
`tests/it/agreement.rs` asks all three about the examples of these kinds in `fixtures/agreement.toml`, more than five hundred
other templates of this repository, and the templates of upstream's conformance suite where it is present. It fails on a
difference that is of no kind. `UPDATE_GENERATED=1 cargo test agreement` writes this page.
";
    page
}

#[test]
fn every_difference_from_the_official_command_lines_is_of_a_known_kind() {
    let test = "every_difference_from_the_official_command_lines_is_of_a_known_kind";
    let Some(program) = official(test) else {
        return;
    };
    let Some(interpreter) = interpreter() else {
        return skip(test, "there is no Python with the official command line");
    };
    let Kinds { kind: kinds } = toml::from_str(&read("fixtures/agreement.toml")).expect("kinds");
    let folder = tempfile::tempdir().expect("a folder");
    let example = |kind: &Kind| {
        let (text, ending) = match (&kind.yaml, &kind.json) {
            (Some(text), None) => (text, "yaml"),
            (None, Some(text)) => (text, "json"),
            _ => panic!("{}: one example is needed", kind.id),
        };
        let path = folder.path().join(format!("{}.{ending}", kind.id));
        std::fs::write(&path, text).expect("a file");
        path
    };
    let mut paths: Vec<_> = kinds.iter().map(example).collect();
    paths.extend(inputs(folder.path()));
    assert!(paths.len() > 500, "{}", paths.len());
    let (versions, by_python) = python(&interpreter, &paths);
    let verdicts = each(&paths, |path| (rust(&program, path), check(path)));
    assert_eq!(by_python.len(), verdicts.len());
    let verdicts: Vec<_> = verdicts
        .into_iter()
        .zip(by_python)
        .map(|((rust, check), python)| Verdicts {
            rust,
            python,
            check,
        })
        .collect();
    for (kind, example) in kinds.iter().zip(&verdicts) {
        let is_refused = |own| example.of(own) == Verdict::Refuses;
        assert!(is_refused(kind.refused_by), "{}", kind.id);
        for own in [Program::Rust, Program::Python] {
            assert_eq!(is_refused(own), own == kind.refused_by, "{}", kind.id);
        }
        assert_eq!(example.of(Program::Check), kind.check, "{}", kind.id);
    }
    let differences = paths.iter().zip(&verdicts).filter_map(|(path, verdicts)| {
        let difference = verdicts.explain(&kinds).err()?;
        let text = std::fs::read_to_string(path).unwrap_or_default();
        Some(format!("{}: {difference}\n{text}", path.display()))
    });
    let differences: Vec<_> = differences.collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let installed = read("target/tools/.crates.toml");
    let cli = installed.split("\"openjd-cli ").nth(1).expect("openjd-cli");
    let cli = cli.split(' ').next().unwrap_or_default().to_owned();
    let [python, model] = versions;
    generated(
        "docs/agreement.md",
        &page(&[cli, python, model], &kinds, &verdicts[..kinds.len()]),
    );
}
