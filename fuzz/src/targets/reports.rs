//! Texts from anywhere, in each format of `check` and in what `simulate` prints.

use super::super::input::{scenario, template as templates, text};
use super::super::{fit, program};
use arbitrary::{Result, Unstructured};
use openjd_monitor::report::{self, Format, Report, Style, Template};
use openjd_monitor_core::lint::{self, Level, Settings};
use openjd_monitor_core::template::Syntax;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// Prints what there is to say about the template or the scenario that `bytes` stand for.
pub fn reports(bytes: &[u8]) {
    let mut u = Unstructured::new(bytes);
    // Input that ends too early is no input.
    let _ = match u.ratio(1, 4) {
        Ok(true) => simulated(&mut u),
        _ => checked(&mut u),
    };
}

/// Checks a template under any name, and writes the report in each format.
fn checked(u: &mut Unstructured<'_>) -> Result<()> {
    let name = text::file_name(u)?;
    let (text, syntax) = templates::any(u)?;
    let checked = lint::check(text.as_bytes(), syntax, &Settings::default());
    let Some(found) = checked.found else {
        return Ok(());
    };
    let count = found.findings.len();
    let report = Report {
        folder: PathBuf::from("/folder"),
        templates: vec![Template::new(name.clone(), checked.source, found.findings)],
        skipped: 0,
    };
    for format in fit::FORMATS {
        for styles in [false, true] {
            let written = write(&report, format, styles);
            fit::report(format, &written, styles);
            match format {
                "concise" | "github" => assert_eq!(written.lines().count(), count, "{written}"),
                "json" => {
                    let report: Value = serde_json::from_str(&written).expect("JSON");
                    let findings = report["findings"].as_array().expect("a list");
                    assert_eq!(findings.len(), count);
                    // Programs get the name as it is.
                    assert!(findings.iter().all(|finding| finding["path"] == *name));
                }
                _ => {}
            }
        }
    }
    // With the name of a file that is there, and as the command line has it.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(&name);
    fs::write(&path, &text).expect("a file");
    let format = *u.choose(&fit::FORMATS)?;
    let arguments = ["check", "--no-config", "--allow-empty", "--format", format];
    let arguments = arguments.map(PathBuf::from).into_iter().chain([path]);
    let ended = program::run(arguments);
    fit::report(format, &ended.out, false);
    fit::text(&ended.err, false);
    Ok(())
}

fn write(report: &Report, format: &str, styles: bool) -> String {
    let format = <Format as clap::ValueEnum>::from_str(format, false).expect("a format");
    let style = Style {
        format,
        color: styles,
        links: styles,
        min_level: Level::Info,
        has_summary: true,
    };
    let mut out = Vec::new();
    report::write(report, style, &mut out).expect("memory");
    String::from_utf8(out).expect("UTF-8")
}

/// Prints the trace of a scenario, as text, as JSON and as a picture, and what a template with hostile texts comes to.
fn simulated(u: &mut Unstructured<'_>) -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.json");
    let picture = folder.path().join("a.svg");
    let options: &[&str] = match u.ratio(1, 2)? {
        true => {
            fs::write(&file, scenario::any(u)?).expect("a file");
            &[]
        }
        false => {
            let (text, syntax) = templates::any(u)?;
            if syntax == Syntax::Yaml {
                return Ok(());
            }
            fs::write(&file, text).expect("a file");
            &["--fail-from", "20", "--take", "onRun=60"]
        }
    };
    for format in ["text", "json"] {
        let arguments = [
            "simulate",
            "--format",
            format,
            "--max-events",
            "10000",
            "--timeline",
        ];
        let arguments = arguments.map(PathBuf::from);
        let arguments = arguments.into_iter().chain([picture.clone(), file.clone()]);
        let ended = program::run(arguments.chain(options.iter().map(PathBuf::from)));
        fit::text(&ended.out, false);
        fit::text(&ended.err, false);
        if format == "json" {
            for line in ended.out.lines() {
                serde_json::from_str::<Value>(line).expect("JSON");
            }
        }
    }
    if let Ok(svg) = fs::read_to_string(&picture) {
        fit::xml(&svg);
    }
    Ok(())
}
