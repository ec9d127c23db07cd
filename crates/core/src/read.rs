//! Reading of files up to a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Reads a file, or its first `limit` bytes and one more: enough for a caller that refuses longer ones.
///
/// # Errors
///
/// Fails if the file cannot be read.
pub fn start_of(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    start(File::open(path)?, limit)
}

/// Reads `source` to its end, or its first `limit` bytes and one more.
///
/// # Errors
///
/// Fails if `source` cannot be read.
pub fn start(source: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
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
