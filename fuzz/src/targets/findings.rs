//! Any bytes, and templates with mistakes: each finding has places that are there, and stays the same; what cannot be read
//! has one.

use super::super::input::template as templates;
use super::super::places;
use arbitrary::Unstructured;
use openjd_monitor_core::lint::Level;
use openjd_monitor_core::template::{Loaded, Syntax, limits, load};

/// Checks `bytes` as a template, or the template that they stand for.
pub fn findings(bytes: &[u8]) {
    match bytes.split_first() {
        // No file of text starts with such a character.
        Some((1..=8, rest)) => {
            // Input that ends too early is no input.
            if let Ok((text, syntax)) = templates::any(&mut Unstructured::new(rest)) {
                stable(text.as_bytes(), syntax);
            }
        }
        Some((b'{' | b'[', _)) => stable(bytes, Syntax::Json),
        _ => stable(bytes, Syntax::Yaml),
    }
}

fn stable(bytes: &[u8], syntax: Syntax) {
    let checked = places::checked(bytes, syntax);
    let again = places::checked(bytes, syntax);
    assert_eq!(format!("{:?}", checked.found), format!("{:?}", again.found));
    let loaded = load(bytes, syntax, limits::DEFAULT_MAX_BYTES);
    if let (Loaded::Malformed(..), Some(found)) = (loaded, checked.found) {
        let mut findings = found.findings.iter();
        assert!(
            findings.any(|finding| finding.level == Level::Error),
            "{}",
            checked.source.text()
        );
    }
}
