//! Any bytes: each finding has places that are there, and stays the same.

use super::super::places;
use openjd_monitor_core::template::Syntax;

/// Checks `bytes` as a template.
pub fn findings(bytes: &[u8]) {
    let syntax = match bytes.first() {
        Some(b'{' | b'[') => Syntax::Json,
        _ => Syntax::Yaml,
    };
    let checked = places::checked(bytes, syntax);
    let again = places::checked(bytes, syntax);
    assert_eq!(format!("{:?}", checked.found), format!("{:?}", again.found));
}
