//! `--fix`: a readable text stays readable, a second run changes nothing, and each fix alone changes the text and leaves it
//! readable.

use super::super::input::template as templates;
use super::super::{places, program};
use arbitrary::{Result, Unstructured};
use openjd_monitor::cli::Status;
use openjd_monitor_core::template::{Edit, Loaded, Syntax, limits, load};
use std::fs;
use std::path::Path;

/// Fixes the template that `bytes` stand for.
pub fn fix(bytes: &[u8]) {
    // Input that ends too early is no input.
    let _ = mended(&mut Unstructured::new(bytes));
}

fn mended(u: &mut Unstructured<'_>) -> Result<()> {
    let is_unsafe = u.arbitrary()?;
    let (text, syntax) = templates::any(u)?;
    let was_read = is_read(&text, syntax);
    let is_sound = |fixed: &str| !was_read || is_read(fixed, syntax);
    let checked = places::checked(text.as_bytes(), syntax);
    for finding in checked.found.iter().flat_map(|found| &found.findings) {
        let Some(fix) = &finding.fix else { continue };
        let fixed = Edit::apply(&fix.edits, checked.source.text());
        assert_ne!(fixed, text, "{finding:?}");
        assert!(is_sound(&fixed), "{finding:?}: {text}");
    }
    let name = match syntax {
        Syntax::Yaml => "a.yaml",
        Syntax::Json => "a.json",
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join(name);
    fs::write(&file, &text).expect("a file");
    let fixed = run(&file, is_unsafe);
    assert!(is_sound(&fixed), "{text}\n{fixed}");
    assert_eq!(run(&file, is_unsafe), fixed, "a second run: {text}");
    Ok(())
}

/// Returns true if `text` is well-formed.
fn is_read(text: &str, syntax: Syntax) -> bool {
    let limit = limits::DEFAULT_MAX_BYTES;
    matches!(load(text.as_bytes(), syntax, limit), Loaded::Document(_))
}

/// Fixes a file, and returns its text.
fn run(file: &Path, is_unsafe: bool) -> String {
    let arguments = ["check", "--no-config", "--allow-empty", "--fix"].map(Path::new);
    let more = is_unsafe.then_some(Path::new("--unsafe-fixes"));
    let ended = program::run(arguments.into_iter().chain(more).chain([file]));
    assert!(ended.status <= Status::Findings, "{ended:?}");
    fs::read_to_string(file).expect("UTF-8")
}
