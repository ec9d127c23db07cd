//! URIs of documents, and the paths of their files.

use lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::path::{Path, PathBuf};

/// Characters percent-encoded in a path: all but the unreserved ones of RFC 3986, and its separators.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// Returns the path of a `file:` URI; `None` for any other.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    // The host, where there is one, is this machine.
    let path = &rest[rest.find('/')?..];
    let path = percent_decode_str(path).decode_utf8().ok()?.into_owned();
    let drive = path.get(1..).filter(|rest| {
        let rest = rest.as_bytes();
        cfg!(windows)
            && rest.first().is_some_and(u8::is_ascii_alphabetic)
            && rest.get(1) == Some(&b':')
    });
    Some(PathBuf::from(drive.unwrap_or(&path)))
}

/// Returns the URI of the file at `path`; `None` for a path that has none.
pub(super) fn of_path(path: &Path) -> Option<Uri> {
    let path = std::path::absolute(path).ok()?;
    let path = path.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
    let encoded = utf8_percent_encode(path.trim_start_matches('/'), ENCODED);
    format!("file:///{encoded}").parse().ok()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_that_of_its_uri() {
        for path in ["/a/b c/é%20.yaml", "/", "/a+b&c.yaml"] {
            let uri = of_path(Path::new(path));
            let back = uri.as_ref().and_then(path_of);
            assert_eq!(back.as_deref(), Some(Path::new(path)), "{uri:?}");
        }
        let other: Option<Uri> = "untitled:Untitled-1".parse().ok();
        assert_eq!(other.as_ref().and_then(path_of), None);
    }
}
