//! Reading of files up to a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Size that most files do not reach, so that one read takes the whole of them.
const USUAL_BYTES: usize = 16 << 10;

/// Opens a file to read it.
///
/// # Errors
///
/// Fails if the file cannot be opened, or is a named pipe: nobody may ever write to it.
pub fn open(path: &Path) -> io::Result<File> {
    match is_named_pipe(path) {
        true => Err(io::Error::other(
            "it is a named pipe; pass its text by standard input, or as a file",
        )),
        false => File::open(path),
    }
}

/// Returns true for a pipe that has a path of its own, and false for one that a shell has opened, such as `/dev/fd/63`.
#[cfg(unix)]
fn is_named_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let is_pipe = path
        .metadata()
        .is_ok_and(|known| known.file_type().is_fifo());
    is_pipe
        && path
            .canonicalize()
            .is_ok_and(|real| !real.starts_with("/dev/fd"))
}

#[cfg(not(unix))]
fn is_named_pipe(_: &Path) -> bool {
    false
}

/// Reads a file, or its first `limit` bytes and one more: enough for a caller that refuses longer ones.
///
/// # Errors
///
/// Fails if the file cannot be read.
pub fn start_of(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    start(open(path)?, limit)
}

/// Reads `source` to its end, or its first `limit` bytes and one more.
///
/// # Errors
///
/// Fails if `source` cannot be read.
pub fn start(source: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(USUAL_BYTES);
    source
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a file of at most `limit` bytes.
///
/// # Errors
///
/// Fails if the file cannot be read, or is longer.
pub fn whole(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let bytes = start_of(path, limit)?;
    match bytes.len() as u64 > limit {
        true => Err(io::Error::other(format!("it is larger than {limit} bytes"))),
        false => Ok(bytes),
    }
}
