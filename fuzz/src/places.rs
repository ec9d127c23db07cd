//! Checks of the places that findings are about.

use openjd_monitor_core::lint::{self, Checked, Finding, Settings};
use openjd_monitor_core::template::Syntax;
use std::ops::Range;

/// The rules whose findings are about what their messages quote first.
const NAMING: [&str; 13] = [
    "draft-variable-name",
    "ignored-message",
    "redundant-override",
    "undefined-slot",
    "undefined-variable",
    "unguarded-session-variable",
    "unknown-field",
    "unquoted-interpolation",
    "unreplaced-reference",
    "unused-embedded-file",
    "unused-let",
    "unused-parameter",
    "variable-out-of-scope",
];

/// Checks a template with the default settings, and asserts that the places in what is found are sound.
pub fn checked(bytes: &[u8], syntax: Syntax) -> Checked {
    let checked = lint::check(bytes, syntax, &Settings::default());
    check(&checked);
    checked
}

/// Asserts that each place of a finding and each edit of a fix is a part of the text, that what a message quotes is there,
/// and that edits are in order and within what their fix looks at.
fn check(checked: &Checked) {
    let text = checked.source.text();
    let is_part = |span: &Range<usize>| text.get(span.clone()).is_some();
    for finding in checked.found.iter().flat_map(|found| &found.findings) {
        let shown = format!(
            "{} at {:?} with {:?}",
            finding.message, finding.span, finding.fix
        );
        assert!(finding.span.iter().all(is_part), "{shown}");
        assert!(!finding.message.trim().is_empty(), "{shown}");
        assert!(is_named(finding, text), "{shown}: {text:?}");
        let mut related = finding.related.iter();
        assert!(
            related.all(|other| other.span.iter().all(is_part)),
            "{shown}"
        );
        if let Some(fix) = &finding.fix {
            assert!(is_part(&fix.within), "{shown}");
            let mut at = fix.within.start;
            for edit in &fix.edits {
                assert!(is_part(&edit.span) && at <= edit.span.start, "{shown}");
                at = edit.span.end;
            }
            assert!(at <= fix.within.end, "{shown}");
        }
    }
}

/// Returns false if a finding is about a name, and elsewhere.
fn is_named(finding: &Finding, text: &str) -> bool {
    let quoted = finding.message.split('`').nth(1).unwrap_or_default();
    // Where it is defined, a parameter or a file has its last part only.
    let name = match finding.rule.id {
        "unused-embedded-file" | "unused-parameter" => quoted.rsplit('.').next(),
        _ => Some(quoted),
    };
    let there = finding.span.clone().and_then(|span| text.get(span));
    let (Some(name), Some(there)) = (name, there) else {
        return true;
    };
    // Other characters may be written in another way on one of the two sides.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    !NAMING.contains(&finding.rule.id)
        || !name.chars().all(is_plain)
        || there.contains(['\\', '\n', '\r'])
        || there.contains(name)
}
