//! The texts that the build script has packed.

/// Returns a packed text.
///
/// # Panics
///
/// Panics if the build script has not packed it.
pub(crate) fn unpacked(packed: &[u8]) -> String {
    let text = miniz_oxide::inflate::decompress_to_vec(packed);
    String::from_utf8(text.expect("the build script packs it")).expect("it packs texts")
}

/// Embeds the packed text of this file of `schema/` or `docs/rules/`.
macro_rules! packed {
    ($name:expr) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/packed/", $name))
    };
}
pub(crate) use packed;
