//! Every valid template with a monitor at hand: what it is compiled to is the template without the monitor, with a
//! supervisor before some commands.

use crate::official::python::interpreter;
use crate::run::official_cli::official;
use crate::support::files;
use openjd_monitor_core::lint::{self, Level, Settings};
use openjd_monitor_core::polyfill::{Compiled, Options, Supervisor, Template, compile};
use openjd_monitor_core::template::{
    Document, Loaded, Slot, Syntax, TemplateKind, environments, load, without_extension,
};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The templates with a monitor or the extension that have no error.
fn templates() -> Vec<(PathBuf, Box<Document>, TemplateKind)> {
    let folders = [
        "fixtures/lint",
        "fixtures/polyfill",
        "fixtures/templates",
        "docs/examples",
        "fixtures/run",
    ];
    let all = folders.iter().flat_map(|folder| files(folder, ""));
    let valid = all.filter_map(|path| {
        let bytes = std::fs::read(&path).expect("a file");
        let Loaded::Document(document) = load(&bytes, Syntax::of_file(&path), u64::MAX) else {
            return None;
        };
        let kind = TemplateKind::of(&document)?;
        let is_plain = without_extension(kind, document.value()) == *document.value();
        (!is_plain && errors(&bytes, &path).is_empty()).then_some((path, document, kind))
    });
    valid.collect()
}

fn errors(bytes: &[u8], path: &Path) -> Vec<String> {
    let checked = lint::check(bytes, Syntax::of_file(path), &Settings::default());
    let findings = checked.found.unwrap_or_default().findings.into_iter();
    let errors = findings.filter(|finding| finding.level == Level::Error);
    errors.map(|finding| finding.message).collect()
}

fn compiled(document: &Document, kind: TemplateKind, supervisor: Supervisor) -> Compiled {
    let template = Template {
        document,
        kind,
        name: "template",
    };
    let options = Options {
        supervisor,
        is_whole: true,
        exit_overrides: true,
    };
    compile(&[template], &options)
}

/// Takes the supervisor away again.
fn without_supervisor(kind: TemplateKind, value: &Value, supervisor: Supervisor) -> Value {
    let mut plain = value.clone();
    for environment in environments(kind, value) {
        for slot in Slot::ALL {
            let path = environment.actions_path().key(slot.name());
            if let Some(action) = path.get_mut(&mut plain)
                && let Some((command, args)) = behind_supervisor(action, supervisor)
            {
                action["command"] = command;
                action["args"] = args;
                if action["args"] == json!([]) {
                    action.as_object_mut().expect("an action").remove("args");
                }
            }
        }
        let files = environment.path.key("script").key("embeddedFiles");
        let script = environment.path.key("script");
        if let Some(Value::Array(list)) = files.get_mut(&mut plain) {
            list.retain(|file| file["name"] != "OnMonitor");
            if list.is_empty() {
                let script = script.get_mut(&mut plain).expect("a script");
                script
                    .as_object_mut()
                    .expect("a mapping")
                    .remove("embeddedFiles");
            }
        }
    }
    plain
}

/// The action behind a supervisor; `None` for an action without one. Reads the arguments by the grammar of the docs.
fn behind_supervisor(action: &Value, supervisor: Supervisor) -> Option<(Value, Value)> {
    let args = action.get("args")?.as_array()?;
    let start: &[&str] = match supervisor {
        Supervisor::Native => &["supervise"],
        _ => &["-I", "-S", "{{Env.File.OnMonitor}}"],
    };
    let command = match supervisor {
        Supervisor::Native => "openjd-monitor",
        _ => "python3",
    };
    if action["command"] != command
        || !args.starts_with(&start.iter().map(|word| json!(word)).collect::<Vec<_>>())
    {
        return None;
    }
    let mut rest = args[start.len()..].iter();
    let count = loop {
        let option = rest.next()?.as_str().expect("text");
        assert!(option.starts_with("--"), "{option}");
        if let Some(count) = option.strip_prefix("--check=") {
            break count.parse::<usize>().expect("a number");
        }
    };
    for _ in 0..count {
        match rest.next()?.as_str()?.as_bytes()[0] {
            b'=' | b'j' => {}
            b'*' => drop(rest.next()?),
            other => panic!("{other}"),
        }
    }
    assert_eq!(rest.next()?, "--");
    let command = rest.next()?.clone();
    Some((command, rest.cloned().collect()))
}

/// Drops the least values of parameters, which compilation raises.
fn without_bounds(mut value: Value) -> Value {
    if let Some(Value::Array(parameters)) = value.get_mut("parameterDefinitions") {
        for parameter in parameters {
            parameter
                .as_object_mut()
                .expect("a parameter")
                .remove("minValue");
        }
    }
    value
}

#[test]
fn every_template_is_the_same_without_the_supervisor() {
    let templates = templates();
    assert!(templates.len() > 100);
    for (path, document, kind) in templates {
        let name = path.display();
        for supervisor in [Supervisor::Packed, Supervisor::Native] {
            let Compiled { texts, remarks } = compiled(&document, kind, supervisor);
            let Some(texts) = texts else {
                panic!("{name}: {remarks:?}");
            };
            let text = texts[0].as_bytes();
            assert_eq!(errors(text, &path), [] as [&str; 0], "{name}");
            let Loaded::Document(after) = load(text, Syntax::of_file(&path), u64::MAX) else {
                panic!("{name}");
            };
            let plain = without_supervisor(kind, after.value(), supervisor);
            let before = without_extension(kind, document.value());
            assert_eq!(without_bounds(plain), without_bounds(before), "{name}");
        }
    }
}

#[test]
fn both_official_command_lines_accept_what_templates_are_compiled_to() {
    let test = "both_official_command_lines_accept_what_templates_are_compiled_to";
    let folder = tempfile::tempdir().expect("a folder");
    let mut written = Vec::new();
    for (index, (path, document, kind)) in templates().into_iter().enumerate() {
        let plain = without_extension(kind, document.value());
        if let Some(texts) = compiled(&document, kind, Supervisor::Packed).texts {
            let ending = path.extension().unwrap_or_default().to_string_lossy();
            for (name, text) in [
                ("plain.json", plain.to_string()),
                (&*format!("compiled.{ending}"), texts[0].clone()),
            ] {
                let file = folder.path().join(format!("{index}-{name}"));
                std::fs::write(&file, text).expect("a file");
                written.push(file);
            }
        }
    }
    // What they refuse without the monitor, they may refuse with a supervisor.
    if let Some(official) = official(test) {
        let accepts = |file: &Path| {
            let output = Command::new(&official).arg("check").arg(file).output();
            let output = output.expect("it starts");
            (
                output.status.success(),
                String::from_utf8_lossy(&output.stderr).into_owned(),
            )
        };
        for pair in written.chunks(2) {
            let (plain, compiled) = (accepts(&pair[0]), accepts(&pair[1]));
            assert!(
                compiled.0 || !plain.0,
                "{}: {}",
                pair[1].display(),
                compiled.1
            );
        }
    }
    if let Some(python) = interpreter() {
        let verdicts = crate::agreement::python(&python, &written).1;
        for (pair, verdicts) in written.chunks(2).zip(verdicts.chunks(2)) {
            assert!(
                verdicts[1].is_empty() || !verdicts[0].is_empty(),
                "{}: {:?}",
                pair[1].display(),
                verdicts[1]
            );
        }
    }
}
