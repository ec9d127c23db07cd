//! The files that the build script has packed.

use std::sync::LazyLock;

static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/packed"));

/// Path and text of each file, with a NUL after each of both.
static FILES: LazyLock<String> = LazyLock::new(|| {
    let files = miniz_oxide::inflate::decompress_to_vec(PACKED);
    String::from_utf8(files.expect("the build script packs it")).expect("it packs texts")
});

/// Returns path and text of each file, ordered by path. The paths are those in the repository.
fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut parts = FILES.split('\0');
    std::iter::from_fn(move || Some((parts.next()?, parts.next()?)))
}

/// Returns the text of a file.
///
/// # Panics
///
/// Panics if the build script does not pack it.
pub(super) fn text(path: &str) -> &'static str {
    let file = all().find(|(own, _)| *own == path);
    file.expect("the build script packs it").1
}

/// Returns path and text of each file of the suite in `folder` and below, ordered by path. The paths are relative to
/// `folder`.
pub(super) fn cases(folder: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let folder = format!("fixtures/conformance/{folder}/");
    all().filter_map(move |(path, text)| Some((path.strip_prefix(folder.as_str())?, text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_packed_as_it_is() {
        let packed: Vec<_> = all().collect();
        assert!(packed.len() > 400, "{}", packed.len());
        for (path, text) in packed {
            assert_eq!(
                text,
                std::fs::read_to_string(path).expect("a text"),
                "{path}"
            );
        }
        assert!(text("docs/specification.md").starts_with("# "));
        assert!(text("fixtures/conformance/README.md").starts_with("# "));
    }
}
