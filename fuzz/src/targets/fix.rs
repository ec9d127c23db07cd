//! `--fix`: a readable text stays readable and a template, nothing to fix is left, a second run changes nothing, and each fix alone changes
//! the text, leaves it readable, and keeps all keys and values around its edits.

use super::super::input::template as templates;
use super::super::{places, program};
use arbitrary::{Result, Unstructured};
use openjd_monitor::cli::Status;
use openjd_monitor_core::lint::{Finding, Fix, Safety};
use openjd_monitor_core::template::{Document, Edit, Loaded, Syntax, limits, load, visit};
use std::fs;
use std::ops::Range;
use std::path::Path;

/// Fixes the template that `bytes` stand for.
pub fn fix(bytes: &[u8]) {
    // Input that ends too early is no input.
    let _ = mended(&mut Unstructured::new(bytes));
}

fn mended(u: &mut Unstructured<'_>) -> Result<()> {
    let is_unsafe = u.arbitrary()?;
    let (text, syntax) = templates::any(u)?;
    let was_read = read(&text, syntax).is_some();
    let checked = places::checked(text.as_bytes(), syntax);
    let is_sound = |fixed: &str| {
        let found = places::checked(fixed.as_bytes(), syntax).found;
        let is_read = read(fixed, syntax).is_some();
        !was_read || is_read && found.is_some() == checked.found.is_some()
    };
    for finding in checked.found.iter().flat_map(|found| &found.findings) {
        let Some(fix) = &finding.fix else { continue };
        let shown = format!("{} at {:?} with {fix:?}", finding.message, finding.span);
        let fixed = Edit::apply(&fix.edits, checked.source.text());
        assert_ne!(fixed, text, "{shown}");
        // Of several slips, the first may be what the others were read by.
        let is_step = || {
            let slips = |text: &str| {
                let found = places::checked(text.as_bytes(), syntax).found;
                let of_syntax = |finding: &&Finding| finding.rule.id == "syntax";
                found.map(|found| found.findings.iter().filter(of_syntax).count())
            };
            let fewer = slips(&fixed)
                .zip(slips(&text))
                .is_some_and(|(after, before)| after < before);
            finding.rule.id == "syntax" && fewer
        };
        assert!(is_sound(&fixed) || is_step(), "{shown}: {text}");
        if let (Some(before), Some(after)) = (read(&text, syntax), read(&fixed, syntax)) {
            let mut after = words(&after).into_iter();
            // Quotes at both ends change what is between them.
            let [start, end] =
                [fix.edits.first(), fix.edits.last()].map(|edit| &edit.expect("an edit").span);
            let is_apart = |word: &Range<usize>| word.end < start.start || end.end < word.start;
            for (span, word) in words(&before) {
                let is_kept = !is_apart(&span) || after.any(|(_, other)| other == word);
                assert!(is_kept, "{word} at {span:?}, {shown}: {text}");
            }
        }
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
    let left = places::checked(fixed.as_bytes(), syntax).found;
    let mut left = left.iter().flat_map(|found| &found.findings);
    let is_wanted = |fix: &Fix| is_unsafe || fix.safety == Safety::Safe;
    let left = left.find(|finding| finding.fix.as_ref().is_some_and(is_wanted));
    let left = left.map(Finding::with_help);
    assert!(left.is_none(), "{left:?}: {text}\n{fixed}");
    Ok(())
}

/// Returns the document, if `text` is well-formed.
fn read(text: &str, syntax: Syntax) -> Option<Box<Document>> {
    match load(text.as_bytes(), syntax, limits::DEFAULT_MAX_BYTES) {
        Loaded::Document(document) => Some(document),
        _ => None,
    }
}

/// Returns the keys and the scalars of a document, in order.
fn words(document: &Document) -> Vec<(Range<usize>, String)> {
    let mut words = Vec::new();
    visit(document.value(), &mut |path, value| {
        // What an alias stands for is written elsewhere.
        if document.alias_span(path).is_some() {
            return;
        }
        let key = path.last_key().map(str::to_owned);
        words.extend(document.key_span(path).zip(key));
        if !value.is_object() && !value.is_array() {
            let written = (document.value_span(path)).map(|span| (span, value.to_string()));
            words.extend(written);
        }
    });
    words.sort_by_key(|(span, _)| span.start);
    words
}

/// Fixes a file, and returns its text.
fn run(file: &Path, is_unsafe: bool) -> String {
    let arguments = ["check", "--no-config", "--allow-empty", "--fix"].map(Path::new);
    let more = is_unsafe.then_some(Path::new("--unsafe-fixes"));
    let ended = program::run(arguments.into_iter().chain(more).chain([file]));
    assert!(ended.status <= Status::Findings, "{ended:?}");
    fs::read_to_string(file).expect("UTF-8")
}
