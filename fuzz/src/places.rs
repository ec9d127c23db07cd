//! Checks of the places that findings are about.

use openjd_monitor_core::lint::{self, Checked, Settings};
use openjd_monitor_core::template::Syntax;
use std::ops::Range;

/// Checks a template with the default settings, and asserts that the places in what is found are sound.
pub fn checked(bytes: &[u8], syntax: Syntax) -> Checked {
    let checked = lint::check(bytes, syntax, &Settings::default());
    check(&checked);
    checked
}

/// Asserts that each place of a finding and each edit of a fix is a part of the text, and that edits are in order and
/// within what their fix looks at.
fn check(checked: &Checked) {
    let text = checked.source.text();
    let is_part = |span: &Range<usize>| text.get(span.clone()).is_some();
    for finding in checked.found.iter().flat_map(|found| &found.findings) {
        assert!(finding.span.iter().all(is_part), "{finding:?}");
        assert!(!finding.message.is_empty(), "{finding:?}");
        let mut related = finding.related.iter();
        assert!(
            related.all(|other| other.span.iter().all(is_part)),
            "{finding:?}"
        );
        if let Some(fix) = &finding.fix {
            assert!(is_part(&fix.within), "{finding:?}");
            let mut at = fix.within.start;
            for edit in &fix.edits {
                assert!(is_part(&edit.span) && at <= edit.span.start, "{finding:?}");
                at = edit.span.end;
            }
            assert!(at <= fix.within.end, "{finding:?}");
        }
    }
}
